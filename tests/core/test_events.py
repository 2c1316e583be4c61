import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.core.errors import BadDelivery
from bot.core.events import (
    Delivery,
    Event,
    Ignored,
    MalformedPayload,
    SignatureCheck,
    parse_event,
    read_head,
    sign,
    signed_delivery,
)

SECRET = "correct horse battery staple"
BODY = b'{"zen": "Keep it logically awesome."}'


def read_delivery(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> Delivery:
    """As the web side does, with the body in one piece."""
    head = read_head(headers)
    check = SignatureCheck(head.signature, secrets=secrets)
    check.update(body)
    check.require_match()
    return signed_delivery(head, body)


def headers(**changed: str) -> dict[str, str]:
    given = {
        "x-hub-signature-256": sign(BODY, secret=SECRET),
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-github-event": "ping",
        "content-type": "application/json",
    }
    return {**given, **{name.replace("_", "-"): value for name, value in changed.items()}}


def issue_payload(**changed: Any) -> dict[str, Any]:
    payload = {
        "action": "closed",
        "installation": {"id": 7},
        "repository": {"id": 11, "full_name": "hopper/hopper", "default_branch": "main"},
        "sender": {"login": "ada", "type": "User"},
        "issue": {"id": 1900, "number": 19, "updated_at": "2026-05-04T10:00:00Z"},
    }
    return {**payload, **changed}


def event_of(payload: object, *, name: str = "issues") -> Event | None:
    event = read(payload, name=name)
    return None if isinstance(event, Ignored) else event


def read(payload: object, *, name: str = "issues") -> Event | Ignored:
    return parse_event(Delivery(guid="g", event=name, body=json.dumps(payload).encode()))


def refusal_of(
    given: dict[str, str], body: bytes = BODY, *, secrets: tuple[str, ...] = (SECRET,)
) -> int:
    with pytest.raises(BadDelivery) as refused:
        read_delivery(given, body, secrets=secrets)
    return refused.value.status


def test_githubs_own_example_of_a_signature():
    # https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert sign(b"Hello, World!", secret="It's a Secret to Everybody") == expected


def test_a_signed_request_is_a_delivery():
    assert read_delivery(headers(), BODY, secrets=[SECRET]) == Delivery(
        guid="72d3162e-cc78-11e3-81ab-4c9367dc0958", event="ping", body=BODY
    )


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        sign(BODY, secret="another"),
        sign(BODY, secret=SECRET)[:-1],
        sign(BODY, secret=SECRET).upper(),
        sign(BODY, secret=SECRET).removeprefix("sha256="),
        "sha1=7d38cdd689735b008b3c702edd92eea23791c5f6",
        "sha256=" + "é" * 64,
        "sha256=" + "0" * 10_000,
        f"{sign(BODY, secret=SECRET)}, {sign(BODY, secret=SECRET)}",
    ],
)
def test_any_other_signature_is_refused(signature: str):
    assert refusal_of(headers(x_hub_signature_256=signature)) == 401


def test_a_changed_body_is_refused():
    assert refusal_of(headers(), BODY + b" ") == 401


def test_both_secrets_are_accepted_during_a_rotation():
    signed = headers(x_hub_signature_256=sign(BODY, secret="the old one"))

    assert read_delivery(signed, BODY, secrets=[SECRET, "the old one"]).body == BODY


def test_without_a_secret_nothing_is_accepted():
    assert refusal_of(headers(), secrets=()) == 401


def test_a_form_is_refused_with_the_cure():
    form = b"payload=" + BODY
    with pytest.raises(BadDelivery, match="application/json") as refused:
        read_delivery(
            headers(x_hub_signature_256=sign(form, secret=SECRET)), form, secrets=[SECRET]
        )

    assert refused.value.status == 415


def test_json_is_json_whatever_it_calls_itself():
    assert read_delivery(headers(content_type="text/plain"), BODY, secrets=[SECRET]).body == BODY


@pytest.mark.parametrize("name", ["x_github_delivery", "x_github_event"])
@pytest.mark.parametrize("value", ["", "é", "a\nb", "a" * 201])
def test_an_unreadable_header_is_refused(name: str, value: str):
    assert refusal_of(headers(**{name: value})) == 400


def test_an_issue_event_says_what_happened():
    event = event_of(issue_payload())

    assert event is not None
    assert (event.name, event.action, event.number, event.repository.id) == (
        "issues",
        "closed",
        19,
        11,
    )


@pytest.mark.parametrize("name", ["ping", "quantum_entanglement"])
def test_an_event_that_we_know_nothing_of_is_ignored(name: str):
    assert read({"zen": "Anything added dilutes everything else."}, name=name) == Ignored(
        f"nothing follows from {name}"
    )


@pytest.mark.parametrize("name", ["issues", "repository"])
def test_what_a_repositorys_own_webhook_sends_is_ignored(name: str):
    payload = {key: value for key, value in issue_payload().items() if key != "installation"}

    assert read(payload, name=name) == Ignored(
        "it names no installation: sent by a webhook that is not the App's"
    )


@pytest.mark.parametrize("missing", ["issue", "repository", "sender"])
def test_what_names_no_installation_and_is_of_no_known_shape_is_malformed(missing: str):
    payload = {
        key: value for key, value in issue_payload().items() if key not in {"installation", missing}
    }

    with pytest.raises(MalformedPayload):
        read(payload)


def test_a_malformed_value_is_not_quoted_in_full():
    with pytest.raises(MalformedPayload) as malformed:
        read(issue_payload(installation={"id": "x" * 10_000}))

    assert len(str(malformed.value)) < 300


def test_the_same_event_under_another_guid_has_the_same_cause():
    body = json.dumps(issue_payload()).encode()
    one, other = (
        parse_event(Delivery(guid=guid, event="issues", body=body)) for guid in ("a", "b")
    )

    assert isinstance(one, Event)
    assert isinstance(other, Event)
    assert one.cause == other.cause


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "reopened"},
        {"issue": {"id": 1900, "number": 19, "updated_at": "2026-05-04T10:00:01Z"}},
        {"issue": {"id": 1901, "number": 19, "updated_at": "2026-05-04T10:00:00Z"}},
        {"repository": {"id": 12, "full_name": "hopper/hopper", "default_branch": "main"}},
    ],
)
def test_another_event_has_another_cause(changed: dict[str, Any]):
    one, other = event_of(issue_payload()), event_of(issue_payload(**changed))

    assert one is not None
    assert other is not None
    assert one.cause != other.cause


def check_payload(*, name: str = "check_run", **checked: Any) -> dict[str, Any]:
    subject = {"id": 5, "completed_at": "2026-05-04T10:00:00Z", "pull_requests": [], **checked}
    return issue_payload(action="rerequested", **{name: subject, "issue": None})


def test_a_check_carries_the_number_of_its_pull_request_also_from_a_fork():
    event = event_of(check_payload(external_id="19:0123456789abcdef"), name="check_run")

    assert event is not None
    assert (event.name, event.action, event.number) == ("check_run", "rerequested", 19)


def test_all_checks_of_a_commit_are_about_its_pull_request():
    suite = check_payload(
        name="check_suite", updated_at="2026-05-04T10:00:00Z", pull_requests=[{"number": 19}]
    )
    event = event_of(suite, name="check_suite")

    assert event is not None
    assert event.number == 19


@pytest.mark.parametrize("external_id", ["", "0:0123456789abcdef", "nineteen", "\u00b9\u2079"])
def test_a_check_of_a_branch_has_no_number(external_id: str):
    event = event_of(check_payload(external_id=external_id), name="check_run")

    assert event is not None
    assert event.number is None


def test_ids_beyond_32_bits_are_kept():
    event = event_of(
        issue_payload(
            repository={"id": 2**53 - 1, "full_name": "a/b"}, installation={"id": 2**53 - 1}
        )
    )

    assert event is not None
    assert (event.repository.id, event.installation_id) == (2**53 - 1, 2**53 - 1)


def changed_at(path: str, value: object) -> dict[str, Any]:
    """A payload of whatever event, with one value replaced."""
    payload = issue_payload(
        action="created",
        comment={"id": 5, "updated_at": "2026-05-04T10:00:00Z"},
        pull_request={
            "id": 6,
            "number": 20,
            "updated_at": "2026-05-04T10:00:00Z",
            "head": {"ref": "topic"},
        },
        ref="refs/heads/main",
        after="b" * 40,
        check_run={
            "id": 5,
            "completed_at": "2026-05-04T10:00:00Z",
            "pull_requests": [{"number": 19}],
        },
    )
    *places, last = path.split(".")
    holder: Any = payload
    for place in places:
        holder = holder[int(place) if place.isdecimal() else place]
    holder[last] = value
    return payload


NO_NUMBERS = [None, True, 0, -1, 1.0, "1", [], 2**63]


@pytest.mark.parametrize(
    ("name", "path", "values"),
    [
        (
            "issue_comment",
            "repository.full_name",
            ["../../app/installations", "a/..", "./b", "a", "a/b/c", "a/b?c", "ä/b"],
        ),
        (
            "issue_comment",
            "repository.full_name",
            [None, 1, "", "a/b\n", "a/" + "b" * 101, "a b/c", "a/\ud800"],
        ),
        ("issue_comment", "repository.id", NO_NUMBERS),
        (
            "issue_comment",
            "repository.default_branch",
            ["a..b", "a b", "-\0", "/a", "a/", "a.lock", "a@{b", 1],
        ),
        ("issue_comment", "installation.id", NO_NUMBERS),
        (
            "issue_comment",
            "sender.login",
            [None, "", "../x", "a/b", "a b", "a" * 101, "[bot]", "\u0430da"],
        ),
        ("issue_comment", "comment.id", NO_NUMBERS),
        ("issue_comment", "issue.number", [*NO_NUMBERS, 2**31]),
        ("issue_comment", "issue", [None, {}, [], "1"]),
        ("issue_comment", "action", [None, 1, "", "Closed", "a" * 65, "clo\0sed", "\ud800"]),
        (
            "issue_comment",
            "comment.updated_at",
            ["2026-05-04T10:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"],
        ),
        (
            "issue_comment",
            "comment.updated_at",
            [1, "2026-05-04\x0010:00:00Z", "2026-02-30T10:00:00Z", "2026-05-04"],
        ),
        ("pull_request", "pull_request.head.ref", [None, "", "a..b", "a\nb"]),
        ("pull_request", "pull_request.number", [*NO_NUMBERS, 2**31]),
        ("push", "ref", [None, "", "refs/heads/a b", "refs/heads/../x", "x" * 1001]),
        ("push", "after", [None, 1, "b" * 39, "B" * 40, "g" * 40, "../" + "b" * 37]),
        ("check_run", "check_run.pull_requests.0.number", [*NO_NUMBERS, 2**31]),
        ("installation", "installation.id", NO_NUMBERS),
        ("installation", "action", [None, 1, "a/b"]),
    ],
)
def test_a_value_that_github_cannot_send_makes_the_payload_malformed(
    name: str, path: str, values: list[object]
):
    for value in values:
        with pytest.raises(MalformedPayload):
            event_of(changed_at(path, value), name=name)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("issue_comment", "repository.full_name", "-old-name-/.github"),
        ("issue_comment", "repository.full_name", "octo_corp/a..b"),
        ("issue_comment", "sender.login", "dependabot[bot]"),
        ("issue_comment", "sender.login", "ada_lovelace"),
        ("issue_comment", "comment.updated_at", "2026-05-04T10:00:00.123+02:00"),
        ("issue_comment", "issue.number", 2**31 - 1),
        ("issue_comment", "comment.id", 2**63 - 1),
        ("issue_comment", "installation.id", 2**63 - 1),
        ("pull_request", "pull_request.head.ref", "feature/\u00fcber#1(2)"),
        ("push", "ref", "refs/tags/v1.0"),
        ("push", "after", "0" * 40),
        ("push", "after", "a" * 64),
    ],
)
def test_what_github_can_send_is_an_event(name: str, path: str, value: object):
    assert event_of(changed_at(path, value), name=name) is not None


@pytest.mark.parametrize("external_id", ["0:x", "2147483648", "9" * 5_000, "build-7"])
def test_what_other_apps_call_their_checks_is_no_number(external_id: str):
    event = event_of(check_payload(external_id=external_id), name="check_run")

    assert event is not None
    assert event.number is None


def test_a_comment_sent_as_an_issue_is_malformed():
    with pytest.raises(MalformedPayload):
        event_of(issue_payload(comment={"id": 1}))


def test_an_issue_sent_as_a_comment_is_malformed():
    with pytest.raises(MalformedPayload):
        event_of(issue_payload(), name="issue_comment")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"1" * 5_000,
        b"[]",
        b"null",
        b"{}",
        b'{"action": "closed", "issue": null}',
        json.dumps(issue_payload(sender=None)).encode(),
        json.dumps(issue_payload(repository=[])).encode(),
        json.dumps(issue_payload(installation={"id": "x"})).encode(),
        json.dumps(issue_payload(issue={"id": 1, "number": 1, "updated_at": "yesterday"})).encode(),
        json.dumps(issue_payload(installation={"id": float("inf")})).encode(),
    ],
)
def test_a_body_that_cannot_be_an_issue_event_is_malformed(body: bytes):
    with pytest.raises(MalformedPayload):
        parse_event(Delivery(guid="g", event="issues", body=body))
