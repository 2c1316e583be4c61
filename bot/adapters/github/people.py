"""People who sign in with GitHub: who they are, and which repositories they may write to."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from bot.adapters.github.addresses import address
from bot.core.errors import BotError, TryLater
from bot.core.status.repository_status import Person

PATIENCE: Final = httpx.Timeout(15, connect=5)
PER_PAGE: Final = 100
# Of installations as of repositories of one: whoever has more than a thousand sees the first
# thousand.
MAX_PAGES: Final = 10


class SignInRefused(BotError):
    """GitHub does not say who this is; the message is for the person."""


class NotRegistered(BotError):
    """GitHub does not know the App as we describe it; the message is for whoever runs the bot."""


class GitHubPeople:
    """https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app"""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_url: str,
        web_url: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client_id, self._client_secret = client_id, client_secret
        self._api_url, self._web_url = api_url, web_url
        self._transport = transport

    def address(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Where somebody goes to say who they are."""
        asked = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._web_url}/login/oauth/authorize?{urlencode(asked)}"

    def person(self, answer: Mapping[str, str], *, verifier: str, redirect_uri: str) -> Person:
        """Whoever GitHub sends back with this answer. Their token is used here and kept nowhere.

        Raises SignInRefused, NotRegistered or TryLater.
        """
        _check(answer)
        proof = {
            "code": answer.get("code", ""),
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        with self._client() as client:
            token = self._token(client, proof)
            client.headers.update(
                {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
            )
            login = _asked(client, "GET", f"{self._api_url}/user").get("login")
            if not isinstance(login, str):
                raise TryLater("GitHub did not say who this is")
            return self._reach(client, login)

    def check_credentials(self) -> None:
        """Raises NotRegistered where GitHub does not accept id and secret, TryLater where it does
        not say."""
        with self._client() as client, suppress(SignInRefused):
            self._token(client, {"code": "of-nobody"})

    def _client(self) -> httpx.Client:
        return httpx.Client(transport=self._transport, timeout=PATIENCE)

    def _token(self, client: httpx.Client, proof: Mapping[str, str]) -> str:
        fields = {"client_id": self._client_id, "client_secret": self._client_secret, **proof}
        url = f"{self._web_url}/login/oauth/access_token"
        answer = _asked(client, "POST", url, data=fields, headers={"Accept": "application/json"})
        _check(answer)
        if not isinstance(answer.get("access_token"), str):
            raise TryLater("GitHub does not answer a sign-in as it should")
        return str(answer["access_token"])

    def _reach(self, client: httpx.Client, login: str) -> Person:
        writable, closed = set(), set()
        for installation in self._pages(
            client, "/user/installations", under="installations", hidden={404}
        ):
            place, opened = (
                address("/user/installations/{}/repositories", int(installation["id"])),
                False,
            )
            for repo in self._pages(client, place, under="repositories", hidden={403, 404}):
                opened = True
                if (repo.get("permissions") or {}).get("push") is True:
                    writable.add(int(repo["id"]))
            if installation.get("suspended_at") and not opened:
                closed.add(int(installation["id"]))
        return Person(login=login, repositories=frozenset(writable), suspended=frozenset(closed))

    def _pages(
        self, client: httpx.Client, path: str, *, under: str, hidden: Collection[int]
    ) -> Iterator[Mapping[str, Any]]:
        """Nothing where GitHub answers with a status of `hidden`: it does not show such a list, or
        not to them."""
        for page in range(1, MAX_PAGES + 1):
            url = f"{self._api_url}{path}?per_page={PER_PAGE}&page={page}"
            found = _asked(client, "GET", url, hidden=hidden).get(under) or []
            yield from found
            if len(found) < PER_PAGE:
                return


def _check(answer: Mapping[str, Any]) -> None:
    """https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors"""
    match answer.get("error"):
        case None:
            return
        case "access_denied":
            raise SignInRefused("You told GitHub not to say who you are.")
        case "incorrect_client_credentials" | "redirect_uri_mismatch" as error:
            raise NotRegistered(error)
        case _:
            raise SignInRefused("GitHub does not know this sign-in any more.")


def _asked(
    client: httpx.Client, method: str, url: str, *, hidden: Collection[int] = (), **more: Any
) -> Mapping[str, Any]:
    try:
        answer = client.request(method, url, **more)
        if answer.status_code in hidden:
            return {}
        body = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise TryLater(f"GitHub does not answer a sign-in: {type(error).__name__}") from error
    if not isinstance(body, dict):
        raise TryLater("GitHub does not answer a sign-in as it should")
    return body
