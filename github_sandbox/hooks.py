"""Signed webhooks: how they are addressed, sent and remembered. None is ever sent again by itself,
as on GitHub."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from uuid import uuid4

import httpx

from github_sandbox.payloads import Payload

# Takes headers and body, answers with the receiver's status.
Receiver = Callable[[Mapping[str, str], bytes], int]

# https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks#respond-within-10-seconds
ANSWER_WITHIN_S = 10.0


@dataclass(eq=False, kw_only=True)
class SentWebhook:
    """``status`` is what the receiver answered; None while unanswered, 0 when it could not be
    reached."""

    id: int
    guid: str
    event: str
    action: str | None
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    redelivery: bool = False
    status: int | None = None


def sign(body: bytes, *, secret: str) -> str:
    """Not the bot's own function on purpose: this side stands for GitHub, so it is an independent
    witness."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def new_webhook(
    event: str, payload: Payload, *, id: int, secret: str, app_id: int, at: datetime
) -> SentWebhook:
    """https://docs.github.com/webhooks/webhook-events-and-payloads#delivery-headers"""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    guid = str(uuid4())
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": sign(body, secret=secret),
    }
    action = payload.get("action")
    return SentWebhook(
        id=id, guid=guid, event=event, action=action, headers=headers, body=body, at=at
    )


class Postman:
    """Posts webhooks to an address from a thread of its own, one after another."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: SimpleQueue[SentWebhook | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
        self._thread.start()

    def post(self, webhook: SentWebhook) -> None:
        self._waiting.put(webhook)

    def close(self) -> None:
        """Returns when everything posted so far has been sent."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(timeout=ANSWER_WITHIN_S) as client:
            while webhook := self._waiting.get():
                try:
                    answer = client.post(
                        self._url, content=webhook.body, headers=dict(webhook.headers)
                    )
                    webhook.status = answer.status_code
                except httpx.HTTPError:
                    webhook.status = 0
