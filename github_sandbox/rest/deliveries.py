"""The App's log of what it sent. https://docs.github.com/rest/apps/webhooks"""

import json
from typing import Any

from github_sandbox.errors import not_found
from github_sandbox.hooks import SentWebhook
from github_sandbox.payloads import moment
from github_sandbox.rest.call import MOST_PER_PAGE, Answer, Call, Endpoint, ok


def get_config(call: Call) -> Answer:
    return ok(
        {
            "content_type": "json",
            "insecure_ssl": "0",
            "secret": "********",
            "url": call.sandbox.hook_url,
        }
    )


def list_deliveries(call: Call) -> Answer:
    """Newest first, from the cursor on; an attempt is in the log when it has ended."""
    size = min(int(call.query.get("per_page", "30")), MOST_PER_PAGE)
    below = int(call.query.get("cursor", "").removeprefix("v1_") or 0)
    ended = [each for each in reversed(call.sandbox.webhooks) if each.status is not None]
    page = [each for each in ended if not below or each.id < below][: size + 1]
    headers = {}
    if len(page) > size:
        following = call.url.include_query_params(cursor=f"v1_{page[size - 1].id}")
        headers["Link"] = f'<{following}>; rel="next"'
    return Answer(200, [_brief(each) for each in page[:size]], headers)


def get_delivery(call: Call) -> Answer:
    sent = _asked(call)
    payload = None if sent.guid in call.sandbox.unreadable else json.loads(sent.body)
    request = {"headers": dict(sent.headers), "payload": payload}
    return ok(
        _brief(sent)
        | {
            "url": call.sandbox.hook_url,
            "request": request,
            "response": {"headers": {}, "payload": ""},
        }
    )


def redeliver(call: Call) -> Answer:
    call.sandbox.redeliver(_asked(call))
    return Answer(202, {})


def _asked(call: Call) -> SentWebhook:
    wanted = call.number("delivery")
    found = next((each for each in call.sandbox.webhooks if each.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _brief(sent: SentWebhook) -> dict[str, Any]:
    payload = json.loads(sent.body)
    arrived = sent.status is not None and 200 <= sent.status < 300
    return {
        "id": sent.id,
        "guid": sent.guid,
        "delivered_at": moment(sent.at),
        "redelivery": sent.redelivery,
        "duration": 0.1,
        "status": "OK" if arrived else "Invalid HTTP Response: 502",
        "status_code": sent.status or 502,
        "event": sent.event,
        "action": sent.action,
        "installation_id": payload.get("installation", {}).get("id"),
        "repository_id": payload.get("repository", {}).get("id"),
        "throttled_at": None,
    }


HOOK = "/app/hook"
DELIVERY = f"{HOOK}/deliveries/{{delivery}}"
ENDPOINTS = (
    Endpoint(method="GET", path=f"{HOOK}/config", answer=get_config, caller="app"),
    Endpoint(method="GET", path=f"{HOOK}/deliveries", answer=list_deliveries, caller="app"),
    Endpoint(method="GET", path=DELIVERY, answer=get_delivery, caller="app"),
    Endpoint(method="POST", path=f"{DELIVERY}/attempts", answer=redeliver, caller="app"),
)
