"""Who is calling: App JWTs and installation tokens, checked as GitHub checks them."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from github_sandbox.errors import Refused, forbidden_to_app, not_found, unprocessable
from github_sandbox.quota import NO_INSTALLATION
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Installation, Level, Repository, Token

# https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
LONGEST_JWT = timedelta(minutes=10)
# GitHub forgives clocks a little; so a JWT made in the same second is never refused.
DRIFT = timedelta(seconds=60)
TOKEN_LIFE = timedelta(hours=1)


def check_app(sandbox: Sandbox, authorization: str) -> None:
    """Raises 401 unless the header carries a JWT of the App, signed with its key and not too
    long-lived."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "bearer" or text.count(".") != 2:
        raise Refused(401, "A JSON web token could not be decoded")
    try:
        # Times are checked below against the sandbox's clock, not the machine's.
        claims = jwt.decode(
            text, _public_key(sandbox.private_key), algorithms=["RS256"], options=_SIGNATURE_ONLY
        )
    except jwt.PyJWTError:
        raise Refused(401, "A JSON web token could not be decoded") from None
    _check_claims(claims, sandbox)


_SIGNATURE_ONLY: Any = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_iss": False,
}


@lru_cache
def _public_key(private_key: str) -> Any:
    """Kept: to load a key is to check its primes, which takes longer than all the rest of an
    answer."""
    return load_pem_private_key(private_key.encode(), password=None).public_key()


def _check_claims(claims: Mapping[str, Any], sandbox: Sandbox) -> None:
    now = sandbox.auth_clock()
    issuers = (str(sandbox.app.id), sandbox.app.client_id)
    if str(claims.get("iss")) not in issuers:
        raise Refused(401, "Integration not found")
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(expires, int) or expires <= now.timestamp():
        raise Refused(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time",
        )
    if expires > (now + LONGEST_JWT + DRIFT).timestamp():
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int) or issued > (now + DRIFT).timestamp():
        why = "must be an Integer representing the time that the assertion was issued"
        raise Refused(401, f"'Issued at' claim ('iat') {why}")


def issue_token(sandbox: Sandbox, installation: Installation, asked: Mapping[str, Any]) -> Token:
    """Narrowed to what was asked for.
    https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app"""
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    token = Token(
        text=_new_text(sandbox),
        installation=installation,
        permissions=_narrowed(installation, asked.get("permissions")),
        expires_at=sandbox.auth_clock() + TOKEN_LIFE,
        repositories=_chosen(sandbox, installation, asked),
    )
    sandbox.tokens[token.text] = token
    return token


def _new_text(sandbox: Sandbox) -> str:
    """The newer form is about 520 characters long and has dots."""
    if not sandbox.long_tokens:
        return f"ghs_{secrets.token_hex(18)}"
    claims, signature = secrets.token_urlsafe(112), secrets.token_urlsafe(256)
    return f"ghs_{sandbox.app.id}_eyJhbGciOiJSUzI1NiJ9.{claims}.{signature}"


def _narrowed(installation: Installation, asked: Mapping[str, Level] | None) -> Mapping[str, Level]:
    if not asked:
        return dict(installation.permissions)
    for name, level in asked.items():
        given = installation.permissions.get(name)
        if given is None or (level == "write" and given == "read"):
            raise unprocessable("The permissions requested are not granted to this installation.")
    return dict(asked) | {"metadata": "read"}


def _chosen(
    sandbox: Sandbox, installation: Installation, asked: Mapping[str, Any]
) -> frozenset[int] | None:
    names, ids = asked.get("repositories") or [], asked.get("repository_ids") or []
    if not names and not ids:
        return None
    chosen = [
        repo for repo in sandbox.covered(installation) if repo.name in names or repo.id in ids
    ]
    if len(chosen) < len(set(names)) + len(set(ids)):
        why = "does not exist or is not accessible to the parent installation."
        raise unprocessable(f"There is at least one repository that {why}")
    return frozenset(repo.id for repo in chosen)


def find_token(sandbox: Sandbox, authorization: str) -> Token | None:
    """None without credentials; raises 401 for ones that are wrong, expired, or of a suspended
    installation."""
    if not authorization:
        return None
    text = authorization.partition(" ")[2].strip()
    token = sandbox.tokens.get(text)
    if sandbox.sign_ins.person(text, now=sandbox.auth_clock()):
        # An App may act for people as well; nobody has needed that of this GitHub yet.
        raise forbidden_to_app()
    if token is None or token.expires_at <= sandbox.auth_clock():
        raise Refused(401, "Bad credentials")
    if token.installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    return token


def find_person(sandbox: Sandbox, authorization: str) -> Account:
    """Who has signed in; raises 401 without their token, 403 with an installation's."""
    text = authorization.partition(" ")[2].strip()
    if not text:
        raise Refused(401, "Requires authentication")
    if text in sandbox.tokens:
        raise forbidden_to_app()
    person = sandbox.sign_ins.person(text, now=sandbox.auth_clock())
    if person is None:
        raise Refused(401, "Bad credentials")
    return person


def caller_of(sandbox: Sandbox, authorization: str) -> int:
    text = authorization.partition(" ")[2].strip()
    token, person = (
        sandbox.tokens.get(text),
        sandbox.sign_ins.person(text, now=sandbox.auth_clock()),
    )
    return token.installation.id if token else person.id if person else NO_INSTALLATION


def check_access(
    token: Token | None, repo: Repository, *, permissions: Sequence[str], level: Level
) -> None:
    """Raises what GitHub answers: 404 for what the caller must not know of, 403 for what it may not
    do."""
    if token is None:
        if repo.private:
            raise not_found()
        if level == "write":
            raise Refused(401, "Requires authentication")
        return
    if not token.reaches(repo):
        if repo.private:
            raise not_found()
        if level == "write":
            raise forbidden_to_app()
        return
    if not any(token.allows(permission, level) for permission in permissions):
        raise forbidden_to_app()
    if level == "write" and repo.archived:
        raise Refused(403, "Repository was archived so is read-only.")
