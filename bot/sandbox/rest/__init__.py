"""GitHub's REST API over the sandbox's state: one table of routes, each family of endpoints in its own module."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import Refused
from bot.sandbox.rest import apps, contents, gitdata, issues, pulls, repositories
from bot.sandbox.rest.call import Answer, Call, Endpoint, open_call
from bot.sandbox.sandbox import Sandbox

FAMILIES = (apps, repositories, issues, pulls, contents, gitdata)


def routes(sandbox: Sandbox) -> list[Route]:
    table = [entry for family in FAMILIES for entry in family.ENDPOINTS]
    return [_route(sandbox, endpoint) for endpoint in table]


def _route(sandbox: Sandbox, endpoint: Endpoint) -> Route:
    async def respond(request: Request) -> Response:
        body = await request.body()
        # In a thread: a webhook's receiver is called from here, and may itself call this GitHub before it answers.
        return _response(await run_in_threadpool(_answer, sandbox, endpoint, request, body))

    return Route(endpoint.path, respond, methods=[endpoint.method])


def _answer(sandbox: Sandbox, endpoint: Endpoint, request: Request, body: bytes) -> Answer:
    try:
        with sandbox.turn():
            return endpoint.answer(open_call(sandbox, endpoint, request, body))
    except Refused as refusal:
        return refused(refusal)


def refused(refusal: Refused) -> Answer:
    said = {"message": refusal.message, "documentation_url": refusal.docs, "status": str(refusal.status)}
    return Answer(refusal.status, said | ({"errors": refusal.errors} if refusal.errors else {}))


def _response(answer: Answer) -> Response:
    headers = {"X-GitHub-Media-Type": "github.v3; format=json", **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.body, status_code=answer.status, headers=headers)


__all__ = ["Call", "routes"]
