"""People sign in to the App: the web application flow, with PKCE, and tokens that run out.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from github_sandbox.state import Account, App

CODE_LIFE = timedelta(minutes=10)
# https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
TOKEN_LIFE = timedelta(hours=8)
REFRESH_LIFE = timedelta(seconds=15_897_600)
MISMATCH = "The redirect_uri MUST match the registered callback URL for this application."


class OAuthRefused(Exception):
    """Answered with status 200 and these words.

    https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.fields = {"error": error, "error_description": description}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code stands for until it is exchanged. ``challenge`` is empty where PKCE was not asked
    for."""

    person: Account
    redirect_uri: str
    challenge: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class UserToken:
    text: str
    person: Account
    expires_at: datetime
    refresh: str
    refresh_until: datetime


class SignIns:
    """Codes and tokens that are out."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}
        self._tokens: dict[str, UserToken] = {}

    def person(self, token: str, *, now: datetime) -> Account | None:
        found = self._tokens.get(token)
        return found.person if found and found.expires_at > now else None

    def new_code(self, person: Account, *, redirect_uri: str, challenge: str, now: datetime) -> str:
        code = secrets.token_hex(10)
        self._grants[code] = Grant(
            person=person,
            redirect_uri=redirect_uri,
            challenge=challenge,
            expires_at=now + CODE_LIFE,
        )
        return code

    def answer(
        self, app: App, fields: Mapping[str, str], *, now: datetime
    ) -> Mapping[str, str | int]:
        """A token for a code or for a refresh token, each good once. Raises OAuthRefused."""
        secret = fields.get("client_secret", "")
        if fields.get("client_id") != app.client_id or not secrets.compare_digest(
            secret, app.client_secret
        ):
            raise OAuthRefused(
                "incorrect_client_credentials",
                "The client_id and/or client_secret passed are incorrect.",
            )
        if fields.get("grant_type") == "refresh_token":
            return _rendered(self._refreshed(fields.get("refresh_token", ""), now=now))
        return _rendered(self._exchanged(fields, now=now))

    def _exchanged(self, fields: Mapping[str, str], *, now: datetime) -> UserToken:
        grant = self._grants.pop(fields.get("code", ""), None)
        proof = _challenge_of(fields.get("code_verifier", ""))
        if (
            grant is None
            or grant.expires_at <= now
            or (grant.challenge and grant.challenge != proof)
        ):
            raise OAuthRefused("bad_verification_code", "The code passed is incorrect or expired.")
        if fields.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
            raise OAuthRefused("redirect_uri_mismatch", MISMATCH)
        return self._issue(grant.person, now=now)

    def _refreshed(self, refresh: str, *, now: datetime) -> UserToken:
        old = next((token for token in self._tokens.values() if token.refresh == refresh), None)
        if old is None or old.refresh_until <= now:
            raise OAuthRefused(
                "bad_refresh_token", "The refresh token passed is incorrect or expired."
            )
        del self._tokens[old.text]
        return self._issue(old.person, now=now)

    def _issue(self, person: Account, *, now: datetime) -> UserToken:
        token = UserToken(
            text=f"ghu_{secrets.token_hex(18)}",
            person=person,
            expires_at=now + TOKEN_LIFE,
            refresh=f"ghr_{secrets.token_hex(38)}",
            refresh_until=now + REFRESH_LIFE,
        )
        self._tokens[token.text] = token
        return token


def _challenge_of(verifier: str) -> str:
    """S256. https://datatracker.ietf.org/doc/html/rfc7636#section-4.2"""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _rendered(token: UserToken) -> Mapping[str, str | int]:
    return {
        "access_token": token.text,
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "refresh_token": token.refresh,
        "refresh_token_expires_in": int(REFRESH_LIFE.total_seconds()),
        # Always these two: what an App may do is in its permissions.
        "scope": "",
        "token_type": "bearer",
    }
