"""GitHub as the App itself sees it: its installations, and the log of what was sent to it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from bot.adapters.github.addresses import address
from bot.adapters.github.client import GitHubApp
from bot.adapters.github.refusals import Missing
from bot.core.events import Delivery
from bot.ports.github import HookAttempt, Installation

MOST_PAGES: Final = 10_000


class GitHubOwnApp:
    """``OwnApp`` over REST."""

    def __init__(self, app: GitHubApp) -> None:
        self._app = app

    def attempts(self, *, since: datetime) -> Iterator[HookAttempt]:
        try:
            for page in self._app.app_pages("/app/hook/deliveries"):
                found = [_attempt(each) for each in page]
                yield from (attempt for attempt in found if attempt.at >= since)
                if not found or found[-1].at < since:
                    return
        except Missing:
            # A server without such a log has nothing that could be missing here.
            return

    def sent(self, attempt: HookAttempt) -> Delivery | None:
        try:
            found = self._app.as_app("GET", address("/app/hook/deliveries/{}", attempt.id))
        except Missing:
            return None
        payload = (found.get("request") or {}).get("payload")
        if not payload:
            return None
        body = payload if isinstance(payload, str) else json.dumps(payload)
        return Delivery(guid=attempt.guid, event=found["event"], body=body.encode())

    def redeliver(self, attempt: HookAttempt) -> None:
        self._app.as_app("POST", address("/app/hook/deliveries/{}/attempts", attempt.id))

    def installation(self, installation_id: int) -> Installation | None:
        try:
            found = self._app.as_app("GET", address("/app/installations/{}", installation_id))
        except Missing:
            return None
        return Installation(
            id=installation_id,
            account=(found.get("account") or {}).get("login", ""),
            suspended=bool(found.get("suspended_at")),
            permissions=found.get("permissions"),
        )

    def repositories(self, installation_id: int) -> Mapping[int, str]:
        # All of them: what is not in this list is forgotten.
        place = "/installation/repositories"
        found = self._app.pages(place, installation_id=installation_id, repo_id=0, most=MOST_PAGES)
        return {repo["id"]: repo["full_name"] for repo in found}


def _attempt(found: Mapping[str, Any]) -> HookAttempt:
    return HookAttempt(
        id=found["id"],
        guid=found["guid"],
        at=datetime.fromisoformat(found["delivered_at"]),
        arrived=200 <= (found.get("status_code") or 0) < 300,
        redelivery=bool(found.get("redelivery")),
    )
