"""GitHub's REST API over the sandbox's state: one table of routes, each family of endpoints in its
own module."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from github_sandbox.auth import caller_of
from github_sandbox.errors import Refused
from github_sandbox.faults import Asked, Fault, Hung
from github_sandbox.payloads import API_PREFIX
from github_sandbox.rest import (
    apps,
    checks,
    contents,
    deliveries,
    gitdata,
    issues,
    pulls,
    repositories,
    users,
)
from github_sandbox.rest.call import Answer, Call, Endpoint, open_call
from github_sandbox.sandbox import Sandbox

FILES = re.compile(r"/git/(?:trees|blobs)$|/contents/")
# The first route that fits answers: checks of a commit before commits, whose names may have
# slashes.
FAMILIES = (apps, users, deliveries, checks, repositories, issues, pulls, contents, gitdata)


def routes(sandbox: Sandbox) -> list[Route]:
    table = [entry for family in FAMILIES for entry in family.ENDPOINTS]
    by_name = [_route(sandbox, endpoint, endpoint.path) for endpoint in table]
    # A repository can be asked for by its id as well; that is where a renamed one redirects to.
    inside = [endpoint for endpoint in table if endpoint.path.startswith(f"{repositories.REPO}/")]
    by_id = [
        _route(sandbox, each, each.path.replace(repositories.REPO, repositories.REPO_BY_ID, 1))
        for each in inside
    ]
    return by_name + by_id


def _route(sandbox: Sandbox, endpoint: Endpoint, path: str) -> Route:
    async def respond(request: Request) -> Response:
        body = await request.body()
        # In a thread: a webhook's receiver is called from here, and may itself call this GitHub
        # before it answers.
        answer = await run_in_threadpool(_answer, sandbox, endpoint, request, body)
        return _response(answer, at=sandbox.auth_clock())

    return Route(path, respond, methods=[endpoint.method])


def _answer(sandbox: Sandbox, endpoint: Endpoint, request: Request, body: bytes) -> Answer:
    asked = _asked(sandbox, request, body)
    fault = sandbox.bad_days.take(asked)
    answer = (
        _faulty(fault)
        if fault and fault.moment == "before"
        else _sound(sandbox, endpoint, request, body)
    )
    before, sandbox.last_answers[str(request.url)] = (
        sandbox.last_answers.get(str(request.url)),
        answer,
    )
    if fault and fault.moment == "after":
        answer = _faulty(fault)
    elif fault and fault.moment == "stale":
        answer = before or answer
        sandbox.last_answers[str(request.url)] = answer
    elif fault and fault.moment == "slow":
        sandbox.wait(fault.delay)
    answer = _counted(
        sandbox, _caller(sandbox, request), _conditional(answer, request), free=endpoint.free
    )
    sandbox.bad_days.asked.append(replace(asked, status=answer.status))
    if answer.status == 0:
        raise Hung
    return answer


def _conditional(answer: Answer, request: Request) -> Answer:
    """304 for what the caller has already.
    https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate"""
    if request.method != "GET" or answer.status != 200:
        return answer
    # Another token makes another ETag, also for the same answer:
    # https://github.com/github/docs/issues/34689
    seen = [
        request.headers.get("authorization", ""),
        json.dumps([answer.body, dict(answer.headers)]),
    ]
    etag = f'W/"{hashlib.sha256(chr(10).join(seen).encode()).hexdigest()}"'
    headers = {**answer.headers, "etag": etag}
    if request.headers.get("if-none-match") == etag:
        return Answer(304, None, headers)
    return Answer(200, answer.body, headers)


def _counted(sandbox: Sandbox, caller: int, answer: Answer, *, free: bool) -> Answer:
    now = sandbox.clock()
    if answer.status != 304 and not free:
        sandbox.quotas.spend(caller, now=now)
    return replace(answer, headers={**sandbox.quotas.headers(caller, now=now), **answer.headers})


def _caller(sandbox: Sandbox, request: Request) -> int:
    """Whose hour a request counts against: an installation's, or a person's own."""
    return caller_of(sandbox, request.headers.get("authorization", ""))


def _sound(sandbox: Sandbox, endpoint: Endpoint, request: Request, body: bytes) -> Answer:
    try:
        with sandbox.turn():
            if not endpoint.free:
                sandbox.quotas.check(_caller(sandbox, request), now=sandbox.clock())
            return endpoint.answer(open_call(sandbox, endpoint, request, body))
    except Refused as refusal:
        return refused(refusal)


def _faulty(fault: Fault) -> Answer:
    return Answer(fault.status, {"message": fault.message, "documentation_url": ""}, fault.headers)


def _asked(sandbox: Sandbox, request: Request, body: bytes) -> Asked:
    named = request.path_params.get("installation", "")
    return Asked(
        method=request.method,
        path=request.url.path.removeprefix(API_PREFIX),
        installation_id=_caller(sandbox, request) or (int(named) if named.isdecimal() else None),
        at=sandbox.clock(),
        agent=request.headers.get("user-agent", ""),
        # Files are in the repository anyway.
        body=b"" if FILES.search(request.url.path) else body,
    )


def refused(refusal: Refused) -> Answer:
    said = {
        "message": refusal.message,
        "documentation_url": refusal.docs,
        "status": str(refusal.status),
    }
    headers = {"Location": refusal.location} if refusal.location else {}
    return Answer(
        refusal.status, said | ({"errors": refusal.errors} if refusal.errors else {}), headers
    )


def _response(answer: Answer, *, at: datetime) -> Response:
    headers = {
        "Date": format_datetime(at, usegmt=True),
        "X-GitHub-Media-Type": "github.v3; format=json",
        **answer.headers,
    }
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.body, status_code=answer.status, headers=headers)


__all__ = ["Call", "routes"]
