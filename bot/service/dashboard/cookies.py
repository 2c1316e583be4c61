"""What a browser keeps: the name of its session, and for ten minutes what it went to GitHub
with."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

SIGN_IN_LIFE: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One way to GitHub and back. ``to`` is the repository to show then, 0 for all."""

    state: str
    verifier: str
    to: int

    @property
    def challenge(self) -> str:
        """S256. https://datatracker.ietf.org/doc/html/rfc7636#section-4.2"""
        return _base64(hashlib.sha256(self.verifier.encode()).digest())


class Cookies:
    """Each purpose has a key of its own, so that one cookie cannot pass for another."""

    def __init__(self, secret: str) -> None:
        self._keys = {
            purpose: hmac.digest(secret.encode(), purpose.encode(), "sha256")
            for purpose in ("session", "sign-in", "verifier")
        }

    def new_session(self) -> str:
        return secrets.token_urlsafe(32)

    def name_of(self, session: str) -> str:
        """Under which the database keeps it."""
        return hmac.new(self._keys["session"], session.encode(), "sha256").hexdigest()

    def begin(self, *, to: int, now: datetime) -> tuple[SignIn, str]:
        """With the cookie that remembers it."""
        state = secrets.token_urlsafe(24)
        told = {"state": state, "to": to, "exp": int((now + SIGN_IN_LIFE).timestamp())}
        return self._sign_in(state, to), jwt.encode(told, self._keys["sign-in"], algorithm="HS256")

    def find_sign_in(self, cookie: str, *, state: str, now: datetime) -> SignIn | None:
        """None where the cookie is not ours or too old, or `state` not what this browser went away
        with."""
        found = self._read(cookie)
        if found is None or found["exp"] <= now.timestamp():
            return None
        if not hmac.compare_digest(str(found["state"]).encode(), state.encode()):
            return None
        return self._sign_in(str(found["state"]), int(found["to"]))

    def _sign_in(self, state: str, to: int) -> SignIn:
        # Follows from the state, so that the browser need not carry it.
        verifier = _base64(hmac.digest(self._keys["verifier"], state.encode(), "sha256"))
        return SignIn(state=state, verifier=verifier, to=to)

    def _read(self, cookie: str) -> Mapping[str, Any] | None:
        # The time is the caller's, not the machine's.
        options: Any = {"verify_exp": False, "require": ["exp"]}
        try:
            found: Mapping[str, Any] = jwt.decode(
                cookie, self._keys["sign-in"], algorithms=["HS256"], options=options
            )
        except jwt.PyJWTError:
            return None
        return found


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
