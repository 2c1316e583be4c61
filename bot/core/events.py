"""Turn an HTTP request from GitHub into a delivery, and a delivery into an event."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict

from bot.core.commands import is_command
from bot.core.errors import BadDelivery
from bot.core.github_values import (
    MAX_NUMBER,
    a_full_name,
    a_login,
    a_moment,
    a_number,
    a_ref,
    a_sha,
    an_action,
    an_id,
)

# GitHub never sends more than 25 MB; the margin is for its headers' idea of a megabyte.
MAX_BODY_BYTES = 26 * 1024 * 1024
MAX_HEADER_CHARS = 200
SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One POST from GitHub, not yet parsed. A redelivery carries the same guid."""

    guid: str
    event: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class RepositoryRef:
    """``id`` stays when a repository is renamed or transferred; ``full_name`` does not."""

    id: int
    full_name: str
    default_branch: str


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What every event says, in GitHub's own strings: its name, its action (None where its name
    says all), to which repository, through which installation, and who did it.

    ``cause`` identifies the event by what is signed: the guid is not, so a captured body can come
    with another one.
    """

    name: str
    action: str | None
    cause: str
    installation_id: int
    repository: RepositoryRef
    sender: str
    sender_is_bot: bool

    @property
    def title(self) -> str:
        return f"{self.name}.{self.action}" if self.action else self.name


@dataclass(frozen=True, kw_only=True)
class IssueEvent(Happened):
    number: int


@dataclass(frozen=True, kw_only=True)
class IssueCommentEvent(Happened):
    """On the issue or pull request ``number``; last changed ``at``, None where GitHub does not say.

    ``closed_at`` is of the thread, None while it is open. ``says_command``: it looks like one of
    our slash commands.
    """

    number: int
    at: datetime | None
    comment_id: int
    says_command: bool
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PullRequestEvent(Happened):
    number: int
    head_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewEvent(Happened):
    """Of the pull request ``number``."""

    number: int
    head_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewCommentEvent(Happened):
    """On a line of the pull request ``number``."""

    number: int
    head_ref: str
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CheckEvent(Happened):
    """A check run, or the suite of all. ``number`` is of the pull request, None for a branch."""

    number: int | None


@dataclass(frozen=True, kw_only=True)
class PushEvent(Happened):
    """``paths`` are those it changed; with ``every_path`` it may have changed others."""

    ref: str
    paths: frozenset[str]
    every_path: bool


@dataclass(frozen=True, kw_only=True)
class OwnersEvent(Happened):
    """An owner did something to the App or to a whole repository. ``repository`` is none."""


Event = (
    IssueEvent
    | IssueCommentEvent
    | PullRequestEvent
    | ReviewEvent
    | ReviewCommentEvent
    | CheckEvent
    | PushEvent
    | OwnersEvent
)


@dataclass(frozen=True)
class Ignored:
    """Can be read, and is none of our business."""

    why: str


class MalformedPayload(ValueError):
    """Signed by GitHub's secret, yet not the shape its event announces: kept, never worked."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a request says of itself before its body. ``length`` is None where it does not say how
    long that is."""

    guid: str
    event: str
    signature: str
    length: int | None


def read_head(headers: Mapping[str, str]) -> Head:
    """Raises BadDelivery with the status to answer: for such a request no body need be read."""
    signature, length = headers.get("x-hub-signature-256", ""), headers.get("content-length")
    if not SIGNATURE.fullmatch(signature):
        raise BadDelivery("no signature in X-Hub-Signature-256")
    if length is not None and not (
        length.isascii() and length.isdigit() and len(length) < 16 and int(length) <= MAX_BODY_BYTES
    ):
        raise BadDelivery(f"more than {MAX_BODY_BYTES} bytes", status=413)
    guid, event = headers.get("x-github-delivery", ""), headers.get("x-github-event", "")
    for name, value in (("X-GitHub-Delivery", guid), ("X-GitHub-Event", event)):
        if (
            not value
            or len(value) > MAX_HEADER_CHARS
            or not value.isascii()
            or not value.isprintable()
        ):
            raise BadDelivery(f"header {name} is missing or unreadable", status=400)
    return Head(
        guid=guid, event=event, signature=signature, length=None if length is None else int(length)
    )


class SignatureCheck:
    """Over the raw bytes as they come. With two secrets, either may have signed."""

    def __init__(self, given: str, *, secrets: Sequence[str]) -> None:
        self._given = given
        self._codes = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets]

    def update(self, chunk: bytes) -> None:
        for code in self._codes:
            code.update(chunk)

    def require_match(self) -> None:
        """Raises BadDelivery."""
        given = self._given.encode()
        matches = [
            hmac.compare_digest(f"sha256={code.hexdigest()}".encode(), given)
            for code in self._codes
        ]
        if not any(matches):
            raise BadDelivery("signature does not match")


def signed_delivery(head: Head, body: bytes) -> Delivery:
    """Of a body whose signature is right. It is not parsed here: what is signed is kept first."""
    # By what it is, not by what it says: JSON under another content type is JSON still.
    if body.startswith(b"payload="):
        raise BadDelivery(
            "a form: set the content type of the webhook to application/json", status=415
        )
    return Delivery(guid=head.guid, event=head.event, body=body)


def sign(body: bytes, *, secret: str) -> str:
    """The value of X-Hub-Signature-256.
    https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries"""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def parse_event(delivery: Delivery) -> Event | Ignored:
    """What happened, or why a delivery that can be read is not about an installation or what is in
    it.

    Raises MalformedPayload when the body cannot be what its event header says.
    """
    payload = _object(delivery.body)
    if delivery.event not in READERS:
        return Ignored(f"nothing follows from {delivery.event}")
    of_app = payload.get("installation") is not None
    # All of it is read: without an installation it may be a repository's own webhook, but no other
    # shape.
    readable = payload if of_app else {**payload, "installation": {"id": 1}}
    try:
        event = READERS[delivery.event](delivery, readable)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise MalformedPayload(f"{delivery.event}: {error!r:.200}") from error
    return (
        event
        if of_app
        else Ignored("it names no installation: sent by a webhook that is not the App's")
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise MalformedPayload(f"not JSON: {error!r:.200}") from error
    if not isinstance(payload, dict):
        raise MalformedPayload(f"not an object but {type(payload).__name__}")
    return payload


NO_REPOSITORY: Final = RepositoryRef(id=0, full_name="", default_branch="")


class Common(TypedDict):
    """The fields of ``Happened``."""

    name: str
    action: str | None
    cause: str
    installation_id: int
    repository: RepositoryRef
    sender: str
    sender_is_bot: bool


def _owners(delivery: Delivery, payload: dict[str, Any]) -> OwnersEvent:
    """Not about one repository, whatever it names: who handles it looks at all of the
    installation."""
    # Nothing in it tells one such event from the next within a second, but the whole does.
    digest = hashlib.sha256(delivery.body).hexdigest()[:16]
    which = f"{an_id(payload['installation']['id'])}:{digest}"
    action = an_action(payload["action"])
    return OwnersEvent(**_common(delivery, payload, NO_REPOSITORY, action=action, which=which))


def _push(delivery: Delivery, payload: dict[str, Any]) -> PushEvent:
    ref, repository = a_ref(payload["ref"]), _repository(payload["repository"])
    which = f"{repository.id}:{ref}:{a_sha(payload['after'])}"
    return PushEvent(
        **_common(delivery, payload, repository, action=None, which=which),
        ref=ref,
        paths=_pushed_paths(payload),
        # A forced push, or one of many commits, does not list what it changed.
        every_path=bool(payload.get("forced")) or len(payload.get("commits") or ()) >= 20,
    )


def _issue(delivery: Delivery, payload: dict[str, Any]) -> IssueEvent:
    if "comment" in payload:
        raise KeyError("issues event with a comment")
    issue = payload["issue"]
    return IssueEvent(**_about(delivery, payload, issue), number=a_number(issue["number"]))


def _issue_comment(delivery: Delivery, payload: dict[str, Any]) -> IssueCommentEvent:
    comment, issue = payload["comment"], payload["issue"]
    moment = _moment(comment)
    return IssueCommentEvent(
        **_about(delivery, payload, comment),
        number=a_number(issue["number"]),
        at=a_moment(moment) if moment else None,
        comment_id=an_id(comment["id"]),
        says_command=is_command(str(comment.get("body") or "")),
        closed_at=a_moment(issue["closed_at"]) if issue.get("closed_at") else None,
    )


def _pull_request(delivery: Delivery, payload: dict[str, Any]) -> PullRequestEvent:
    pull = payload["pull_request"]
    return PullRequestEvent(
        **_about(delivery, payload, pull),
        number=a_number(pull["number"]),
        head_ref=a_ref(pull["head"]["ref"]),
    )


def _review(delivery: Delivery, payload: dict[str, Any]) -> ReviewEvent:
    pull = payload["pull_request"]
    return ReviewEvent(
        **_about(delivery, payload, payload["review"]),
        number=a_number(pull["number"]),
        head_ref=a_ref(pull["head"]["ref"]),
    )


def _review_comment(delivery: Delivery, payload: dict[str, Any]) -> ReviewCommentEvent:
    pull, comment = payload["pull_request"], payload["comment"]
    return ReviewCommentEvent(
        **_about(delivery, payload, comment),
        number=a_number(pull["number"]),
        head_ref=a_ref(pull["head"]["ref"]),
        comment_id=an_id(comment["id"]),
    )


def _check(delivery: Delivery, payload: dict[str, Any]) -> CheckEvent:
    check = payload[delivery.event]
    return CheckEvent(**_about(delivery, payload, check), number=_checked_number(check))


# Which events are read, and how. Each reader takes the member of the payload that its event is
# about: its absence means that header and body do not belong together.
READERS: Final[Mapping[str, Callable[[Delivery, dict[str, Any]], Event]]] = {
    "issues": _issue,
    "issue_comment": _issue_comment,
    "pull_request": _pull_request,
    "pull_request_review": _review,
    "pull_request_review_comment": _review_comment,
    "push": _push,
    "check_run": _check,
    "check_suite": _check,
    # What owners do to the App and to whole repositories.
    "installation": _owners,
    "installation_repositories": _owners,
    "repository": _owners,
}


def _about(delivery: Delivery, payload: dict[str, Any], subject: dict[str, Any]) -> Common:
    """The event of an issue, a comment, a check: whatever has an id and a moment of its last
    change."""
    repository, moment = _repository(payload["repository"]), _moment(subject)
    if moment:
        a_moment(moment)
    which = f"{repository.id}:{an_id(subject['id'])}:{moment}"
    action = an_action(payload["action"])
    return _common(delivery, payload, repository, action=action, which=which)


def _common(
    delivery: Delivery,
    payload: dict[str, Any],
    repository: RepositoryRef,
    *,
    action: str | None,
    which: str,
) -> Common:
    """`which` tells the event from all others of its name and action."""
    sender = payload["sender"]
    return {
        "name": delivery.event,
        "action": action,
        "cause": f"{delivery.event}.{action}:{which}",
        "installation_id": an_id(payload["installation"]["id"]),
        "repository": repository,
        "sender": a_login(sender["login"]),
        "sender_is_bot": sender.get("type") == "Bot",
    }


def _moment(subject: dict[str, Any]) -> Any:
    """As it is written. A check run has no other moment than its end."""
    return subject.get("updated_at") or subject.get("completed_at")


def _checked_number(check: dict[str, Any]) -> int | None:
    """Which pull request a check is about. GitHub does not name those from forks: our check runs
    carry the number."""
    carried = str(check.get("external_id") or "").partition(":")[0]
    # Other Apps put anything there.
    if carried.isdecimal() and carried.isascii() and len(carried) <= len(str(MAX_NUMBER)):
        return int(carried) if 1 <= int(carried) <= MAX_NUMBER else None
    pulls = check.get("pull_requests") or ()
    return a_number(pulls[0]["number"]) if pulls else None


def _repository(repository: dict[str, Any]) -> RepositoryRef:
    return RepositoryRef(
        id=an_id(repository["id"]),
        full_name=a_full_name(repository["full_name"]),
        default_branch=a_ref(repository.get("default_branch") or "main"),
    )


def _pushed_paths(payload: dict[str, Any]) -> frozenset[str]:
    commits = payload.get("commits") or ()
    return frozenset(
        str(path)
        for commit in commits
        for key in ("added", "modified", "removed")
        for path in commit.get(key) or ()
    )
