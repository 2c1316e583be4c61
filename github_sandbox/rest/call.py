"""One REST request, checked and opened, and the answer to it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, TypeVar

from starlette.datastructures import URL
from starlette.requests import Request

from github_sandbox.auth import check_access, check_app, find_person, find_token
from github_sandbox.errors import Refused, not_found, unprocessable
from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue, Level, Repository, Token

T = TypeVar("T")

# https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
DEFAULT_PER_PAGE, MOST_PER_PAGE = 30, 100


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Call:
    sandbox: Sandbox
    method: str
    url: URL
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, Any]
    authorization: str = ""
    token: Token | None = None
    person: Account | None = None

    @property
    def actor(self) -> Account:
        return self.sandbox.app.bot

    @cached_property
    def repo(self) -> Repository:
        if "id" in self.parameters:
            found = self.sandbox.repositories.get(self.number("id"))
        else:
            name = f"{self.parameters['owner']}/{self.parameters['repo']}"
            found = self.sandbox.find_repository(name)
            if found is None and name.lower() in self.sandbox.former_names:
                raise self._moved(name, self.sandbox.former_names[name.lower()])
        if found is None:
            raise not_found()
        return found

    def _moved(self, name: str, repo_id: int) -> Refused:
        """https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects"""
        location = str(self.url).replace(f"/repos/{name}", f"/repositories/{repo_id}", 1)
        if self.method == "GET":
            return Refused(301, "Moved Permanently", location=location)
        return Refused(307, "Temporary Redirect", location=location)

    @property
    def issue(self) -> Issue:
        found = self.repo.issues.get(self.number("number"))
        if found is None:
            raise not_found()
        return found

    @property
    def pull_issue(self) -> Issue:
        if self.issue.pull is None:
            raise not_found()
        return self.issue

    def number(self, name: str) -> int:
        text = self.parameters[name]
        if not text.isdecimal():
            raise not_found()
        return int(text)

    @property
    def since(self) -> datetime | None:
        text = self.query.get("since")
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise unprocessable('Invalid request.\n\n"since" is not a date.') from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def required(self, name: str, kind: type[T]) -> T:
        value = self.optional(name, kind)
        if value is None:
            raise unprocessable(f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return value

    def optional(self, name: str, kind: type[T]) -> T | None:
        value = self.fields.get(name)
        if value is not None and not isinstance(value, kind):
            named = {
                str: "a string",
                int: "an integer",
                list: "an array",
                dict: "an object",
                bool: "a boolean",
            }
            raise unprocessable(
                f"Invalid request.\n\nFor 'properties/{name}', {value!r:.80} is not {named[kind]}."
            )
        return value


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """`permissions`: any one of them at `level` lets an installation in; none means the endpoint
    asks for none.

    `caller`: who may call: the App by its JWT, an installation by its token, somebody who signed in
    to the App by theirs, or anybody who may see the repository. `free`: it is answered beyond the
    rate limit, and costs nothing.
    """

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    answer: Callable[[Call], Answer]
    permissions: Sequence[str] = ()
    level: Level = "read"
    caller: Literal["app", "installation", "person", "anybody"] = "anybody"
    free: bool = False


def reads(path: str, answer: Callable[[Call], Answer], *permissions: str) -> Endpoint:
    return Endpoint(method="GET", path=path, answer=answer, permissions=permissions)


def writes(
    method: Literal["POST", "PATCH", "PUT", "DELETE"],
    path: str,
    answer: Callable[[Call], Answer],
    *permissions: str,
) -> Endpoint:
    return Endpoint(method=method, path=path, answer=answer, permissions=permissions, level="write")


def open_call(sandbox: Sandbox, endpoint: Endpoint, request: Request, body: bytes) -> Call:
    """Raises what GitHub answers to wrong credentials, missing rights, and bodies that are not JSON
    objects."""
    authorization = request.headers.get("authorization", "")
    token = person = None
    if endpoint.caller == "app":
        check_app(sandbox, authorization)
    elif endpoint.caller == "person":
        person = find_person(sandbox, authorization)
    elif not endpoint.free:
        token = find_token(sandbox, authorization)
        if endpoint.caller == "installation" and token is None:
            raise Refused(401, "Requires authentication")
    call = Call(
        sandbox=sandbox,
        method=request.method,
        url=request.url,
        parameters=request.path_params,
        query=request.query_params,
        fields=_fields(body),
        authorization=authorization,
        token=token,
        person=person,
    )
    if endpoint.permissions:
        check_access(token, call.repo, permissions=endpoint.permissions, level=endpoint.level)
    return call


def _fields(body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    try:
        fields = json.loads(body)
        # Half a surrogate pair is JSON and yet no text: it could be neither committed nor sent in a
        # webhook.
        json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refused(400, "Problems parsing JSON") from None
    if not isinstance(fields, dict):
        raise Refused(400, "Body should be a JSON object")
    return fields


def ok(body: Any) -> Answer:
    return Answer(200, body)


def created(body: Any) -> Answer:
    return Answer(201, body)


def no_content() -> Answer:
    return Answer(204)


def paged(
    call: Call, values: Sequence[T], render: Callable[[T], Any], *, under: str | None = None
) -> Answer:
    """One page, with the Link header; `under` wraps it in an object with a total, as some lists
    are."""
    size = min(max(_query_number(call, "per_page", DEFAULT_PER_PAGE), 1), MOST_PER_PAGE)
    page = max(_query_number(call, "page", 1), 1)
    shown: Any = [render(value) for value in values[(page - 1) * size : page * size]]
    if under:
        shown = {"total_count": len(values), under: shown}
    return Answer(200, shown, _links(call, page, last=max(1, -(-len(values) // size))))


def _query_number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdecimal() else default


def _links(call: Call, page: int, *, last: int) -> Mapping[str, str]:
    targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    wanted = [*(("prev", "first") if page > 1 else ()), *(("next", "last") if page < last else ())]
    links = [
        f'<{call.url.include_query_params(page=targets[name])}>; rel="{name}"' for name in wanted
    ]
    return {"Link": ", ".join(links)} if links else {}
