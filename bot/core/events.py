"""Turn an HTTP request from GitHub into a delivery, and a delivery into an event."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
class Event:
    """What happened, in GitHub's own strings, with the few facts that planning needs.

    ``cause`` identifies the event by what is signed: the guid is not, so a captured body can come
    with another one. ``number`` is None for events that are not about one thread; ``ref`` and
    ``paths`` are a push's, ``comment_id`` is a comment's, which ``says_command`` when it looks like
    one of our slash commands.
    """

    name: str
    action: str | None
    cause: str
    installation_id: int
    repository: RepositoryRef
    sender: str
    sender_is_bot: bool
    number: int | None = None
    at: datetime | None = None
    head_ref: str | None = None
    ref: str | None = None
    paths: frozenset[str] = frozenset()
    every_path: bool = False
    comment_id: int | None = None
    says_command: bool = False

    @property
    def title(self) -> str:
        return f"{self.name}.{self.action}" if self.action else self.name


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
    if delivery.event not in SUBJECTS and delivery.event not in ABOUT_INSTALLATIONS:
        return Ignored(f"nothing follows from {delivery.event}")
    of_app = payload.get("installation") is not None
    # All of it is read: without an installation it may be a repository's own webhook, but no other
    # shape.
    readable = payload if of_app else {**payload, "installation": {"id": 1}}
    try:
        if delivery.event in ABOUT_INSTALLATIONS:
            event = _installation_event(delivery, readable)
        else:
            event = _event(delivery.event, readable)
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


# Which member of the payload an event is about: its absence means that header and body do not
# belong together.
SUBJECTS: Mapping[str, str] = {
    "issues": "issue",
    "issue_comment": "comment",
    "pull_request": "pull_request",
    "pull_request_review": "review",
    "pull_request_review_comment": "comment",
    "push": "ref",
    "check_run": "check_run",
    "check_suite": "check_suite",
}


# What owners do to the App and to whole repositories.
ABOUT_INSTALLATIONS = frozenset({"installation", "installation_repositories", "repository"})
NO_REPOSITORY = RepositoryRef(id=0, full_name="", default_branch="")


def _installation_event(delivery: Delivery, payload: dict[str, Any]) -> Event:
    """Not about one repository, whatever it names: who handles it looks at all of the
    installation."""
    sender, installation_id = payload["sender"], an_id(payload["installation"]["id"])
    action = an_action(payload["action"])
    # Nothing in it tells one such event from the next within a second, but the whole does.
    digest = hashlib.sha256(delivery.body).hexdigest()[:16]
    return Event(
        name=delivery.event,
        action=action,
        cause=f"{delivery.event}.{action}:{installation_id}:{digest}",
        installation_id=installation_id,
        repository=NO_REPOSITORY,
        sender=a_login(sender["login"]),
        sender_is_bot=sender.get("type") == "Bot",
    )


def _event(name: str, payload: dict[str, Any]) -> Event:
    if name == "issues" and "comment" in payload:
        raise KeyError("issues event with a comment")
    return _push(payload) if name == "push" else _event_of_object(name, payload)


def _push(payload: dict[str, Any]) -> Event:
    ref, repository, sender = (
        a_ref(payload["ref"]),
        _repository(payload["repository"]),
        payload["sender"],
    )
    return Event(
        name="push",
        action=None,
        cause=f"push.None:{repository.id}:{ref}:{a_sha(payload['after'])}",
        installation_id=an_id(payload["installation"]["id"]),
        repository=repository,
        sender=a_login(sender["login"]),
        sender_is_bot=sender.get("type") == "Bot",
        ref=ref,
        paths=_pushed_paths(payload),
        # A forced push, or one of many commits, does not list what it changed.
        every_path=bool(payload.get("forced")) or len(payload.get("commits") or ()) >= 20,
    )


def _event_of_object(name: str, payload: dict[str, Any]) -> Event:
    """About an issue, a comment, a check: whatever has an id and a moment of its last change."""
    subject, sender, repository = (
        payload[SUBJECTS[name]],
        payload["sender"],
        _repository(payload["repository"]),
    )
    about_check = name.startswith("check_")
    thread: Any = (
        None if about_check else payload["issue" if name.startswith("issue") else "pull_request"]
    )
    # A check run has no other moment than its end.
    moment = subject.get("updated_at") or subject.get("completed_at")
    at, subject_id = a_moment(moment) if moment else None, an_id(subject["id"])
    action = an_action(payload["action"])
    return Event(
        name=name,
        action=action,
        cause=f"{name}.{action}:{repository.id}:{subject_id}:{moment}",
        installation_id=an_id(payload["installation"]["id"]),
        repository=repository,
        sender=a_login(sender["login"]),
        sender_is_bot=sender.get("type") == "Bot",
        number=_checked_number(subject) if about_check else a_number(thread["number"]),
        at=at,
        head_ref=a_ref(thread["head"]["ref"]) if name.startswith("pull_request") else None,
        comment_id=subject_id if SUBJECTS[name] == "comment" else None,
        says_command=name == "issue_comment" and is_command(str(subject.get("body") or "")),
    )


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
