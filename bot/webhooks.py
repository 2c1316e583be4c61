"""Turn an HTTP request from GitHub into a delivery, and a delivery into an event."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.commands import is_command
from bot.errors import BadDelivery

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

    ``cause`` identifies the event by what is signed: the guid is not, so a captured body can come with another one.
    ``number`` is None for events that are not about one thread; ``ref`` and ``paths`` are a push's, ``comment_id`` is
    a comment's, which ``says_command`` when it looks like one of our slash commands.
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
    """What a request says of itself before its body. ``length`` is None where it does not say how long that is."""

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
        if not value or len(value) > MAX_HEADER_CHARS or not value.isascii() or not value.isprintable():
            raise BadDelivery(f"header {name} is missing or unreadable", status=400)
    return Head(guid=guid, event=event, signature=signature, length=None if length is None else int(length))


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
        matches = [hmac.compare_digest(f"sha256={code.hexdigest()}".encode(), given) for code in self._codes]
        if not any(matches):
            raise BadDelivery("signature does not match")


def signed_delivery(head: Head, body: bytes) -> Delivery:
    """Of a body whose signature is right. It is not parsed here: what is signed is kept first."""
    # By what it is, not by what it says: JSON under another content type is JSON still.
    if body.startswith(b"payload="):
        raise BadDelivery("a form: set the content type of the webhook to application/json", status=415)
    return Delivery(guid=head.guid, event=head.event, body=body)


def sign(body: bytes, *, secret: str) -> str:
    """The value of X-Hub-Signature-256. https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries"""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def parse_event(delivery: Delivery) -> Event | Ignored:
    """What happened, or why a delivery that can be read is not about an installation or what is in it.

    Raises MalformedPayload when the body cannot be what its event header says.
    """
    payload = _object(delivery.body)
    if delivery.event not in SUBJECTS and delivery.event not in ABOUT_INSTALLATIONS:
        return Ignored(f"nothing follows from {delivery.event}")
    of_app = payload.get("installation") is not None
    # All of it is read: without an installation it may be a repository's own webhook, but no other shape.
    readable = payload if of_app else {**payload, "installation": {"id": 1}}
    try:
        if delivery.event in ABOUT_INSTALLATIONS:
            event = _installation_event(delivery, readable)
        else:
            event = _event(delivery.event, readable)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise MalformedPayload(f"{delivery.event}: {error!r:.200}") from error
    return event if of_app else Ignored("it names no installation: sent by a webhook that is not the App's")


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise MalformedPayload(f"not JSON: {error!r:.200}") from error
    if not isinstance(payload, dict):
        raise MalformedPayload(f"not an object but {type(payload).__name__}")
    return payload


# Which member of the payload an event is about: its absence means that header and body do not belong together.
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
    """Not about one repository, whatever it names: who handles it looks at all of the installation."""
    sender, installation_id = payload["sender"], int(payload["installation"]["id"])
    # Nothing in it tells one such event from the next within a second, but the whole does.
    digest = hashlib.sha256(delivery.body).hexdigest()[:16]
    return Event(
        name=delivery.event,
        action=payload["action"],
        cause=f"{delivery.event}.{payload['action']}:{installation_id}:{digest}",
        installation_id=installation_id,
        repository=NO_REPOSITORY,
        sender=str(sender["login"]),
        sender_is_bot=sender.get("type") == "Bot",
    )


def _event(name: str, payload: dict[str, Any]) -> Event:
    subject = payload[SUBJECTS[name]]
    if name == "issues" and "comment" in payload:
        raise KeyError("issues event with a comment")
    thread = payload.get("issue") or payload.get("pull_request") or {}
    sender = payload["sender"]
    # A check run has no other moment than its end.
    moment = subject.get("updated_at") or subject.get("completed_at") if isinstance(subject, dict) else None
    which = f"{subject['id']}:{moment}" if isinstance(subject, dict) else f"{subject}:{payload['after']}"
    return Event(
        name=name,
        action=payload.get("action"),
        cause=f"{name}.{payload.get('action')}:{int(payload['repository']['id'])}:{which}",
        installation_id=int(payload["installation"]["id"]),
        repository=_repository(payload["repository"]),
        sender=str(sender["login"]),
        sender_is_bot=sender.get("type") == "Bot",
        number=int(thread["number"]) if thread else _checked_number(name, subject),
        at=datetime.fromisoformat(moment) if moment else None,
        head_ref=str(thread["head"]["ref"]) if name.startswith("pull_request") else None,
        ref=str(subject) if name == "push" else None,
        paths=_pushed_paths(payload) if name == "push" else frozenset(),
        # A forced push, or one of many commits, does not list what it changed.
        every_path=name == "push" and (bool(payload.get("forced")) or len(payload.get("commits") or ()) >= 20),
        comment_id=int(subject["id"]) if SUBJECTS[name] == "comment" else None,
        says_command=name == "issue_comment" and is_command(str(subject.get("body") or "")),
    )


def _checked_number(name: str, subject: Any) -> int | None:
    """Which pull request a check is about. GitHub does not name those from forks: our check runs carry the number."""
    if not name.startswith("check_"):
        return None
    carried = str(subject.get("external_id") or "").partition(":")[0]
    if carried.isdecimal() and carried.isascii():
        return int(carried) or None
    pulls = subject.get("pull_requests") or ()
    return int(pulls[0]["number"]) if pulls else None


def _repository(repository: dict[str, Any]) -> RepositoryRef:
    return RepositoryRef(
        id=int(repository["id"]),
        full_name=str(repository["full_name"]),
        default_branch=str(repository.get("default_branch") or "main"),
    )


def _pushed_paths(payload: dict[str, Any]) -> frozenset[str]:
    commits = payload.get("commits") or ()
    return frozenset(
        str(path) for commit in commits for key in ("added", "modified", "removed") for path in commit.get(key) or ()
    )
