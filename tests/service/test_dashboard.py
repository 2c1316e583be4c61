"""The dashboard through its front door: who gets in, what they see, and what nobody sees."""

import asyncio
import re
import threading
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.adapters.store import schema
from bot.adapters.store.database import Database
from bot.adapters.store.model_calls import SqlLedger
from bot.adapters.store.sessions import Sessions
from bot.core.events import sign
from bot.core.jobs import CONFIG_PATH
from bot.ports.model import ModelCall
from bot.service.dashboard import Cookies
from bot.service.dashboard.pages import SESSION_COOKIE, SIGN_IN_COOKIE, THREADS
from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, actions, asgi_of, faults
from github_sandbox.sandbox import CLIENT_SECRET, PERMISSIONS
from tests.support.loop import BRANCH, PATH, SECRET, Loop, with_merged_decisions
from tests.support.tales import (
    ANCHORS,
    ANCHORS_AGAIN,
    ANCHORS_AGAIN_BODY,
    ANCHORS_REFUSED,
    POLLING,
    POLLING_REFUSED,
)

HERE = "http://testserver"
SESSION_SECRET = "what-the-cookies-are-signed-with"
SIGN_IN = {
    "client_id": "Iv1.sandbox1",
    "client_secret": CLIENT_SECRET,
    "session_secret": SESSION_SECRET,
    "web_url": "http://github.test",
}


def looked_at(loop: Loop) -> Loop:
    """The App knows where people come back to."""
    loop.sandbox.app.callback_urls = [f"{HERE}/signed-in"]
    return loop


@pytest.fixture
def loop(sqlite_db: Database) -> Loop:
    """One proposal is open."""
    loop = looked_at(Loop(sqlite_db, **SIGN_IN))
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    return loop


class Browser:
    """Somebody with a browser of their own."""

    def __init__(self, loop: Loop, login: str = OWNER) -> None:
        self.loop, self.login = loop, login
        self.http = TestClient(loop.http.app, base_url=HERE, follow_redirects=False)
        self.github = TestClient(
            asgi_of(loop.sandbox), base_url="http://github.test", follow_redirects=False
        )

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def go_to_github(self, path: str = "/sign-in") -> dict[str, str]:
        """What the sign-in asks GitHub for."""
        address = urlsplit(self.get(path).headers["location"])
        assert (
            f"{address.scheme}://{address.netloc}{address.path}"
            == "http://github.test/login/oauth/authorize"
        )
        return {name: values[0] for name, values in parse_qs(address.query).items()}

    def authorize(self, asked: dict[str, str]) -> str:
        """Say yes there; where GitHub sends the browser, without the address of the bot."""
        answer = self.github.post("/login/oauth/authorize", data=asked | {"login": self.login})
        return answer.headers["location"].removeprefix(HERE)

    def sign_in(self, path: str = "/sign-in") -> httpx.Response:
        return self.get(self.authorize(self.go_to_github(path)))

    def sees(self, path: str = "/") -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


def signed_in(loop: Loop, login: str = OWNER) -> Browser:
    browser = Browser(loop, login)
    assert browser.sign_in().headers["location"] == "/"
    return browser


def page_of(loop: Loop) -> str:
    return f"/repositories/{loop.repo.id}"


# --- closed


@pytest.mark.parametrize("without", ["client_id", "client_secret", "session_secret"])
def test_half_a_sign_in_is_none_and_says_what_is_missing(sqlite_db, without):
    loop = Loop(sqlite_db, **{name: value for name, value in SIGN_IN.items() if name != without})
    page = loop.http.get("/")
    named = {"client_id": "GITHUB_CLIENT_ID", "client_secret": "GITHUB_CLIENT_SECRET"}.get(
        without, "SESSION_SECRET"
    )

    assert (page.status_code, f"<code>{named}</code>" in page.text) == (200, True)
    assert loop.http.get("/sign-in").status_code == 404


def test_without_sign_in_the_front_page_tells_nothing_of_any_repository(sqlite_db):
    loop = with_merged_decisions(sqlite_db)
    page = loop.http.get("/")

    assert "Precedent is running" in page.text
    assert all(word not in page.text for word in ("acme", "engine", ANCHORS, CLIENT_SECRET))
    assert loop.http.get(page_of(loop)).status_code == 404


# --- the way in


def test_signed_out_nothing_is_shown_but_the_way_in(loop):
    for path, status in (("/", 200), (page_of(loop), 401)):
        page = Browser(loop).get(path)

        assert (page.status_code, "Sign in with GitHub" in page.text) == (status, True)
        assert all(word not in page.text for word in ("acme", "engine", ANCHORS))


def test_somebody_who_may_write_sees_the_repository(loop):
    assert "acme/engine" in signed_in(loop).sees()


def test_the_sign_in_leads_to_the_page_that_was_asked_for(loop):
    page = Browser(loop).get(page_of(loop)).text

    assert f'href="/sign-in?to={loop.repo.id}"' in page
    assert Browser(loop).sign_in(f"/sign-in?to={loop.repo.id}").headers["location"] == page_of(loop)


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "5/../../evil", "٣", "9" * 5000]
)
def test_the_sign_in_leads_nowhere_else(loop, to):
    browser = Browser(loop)
    asked = browser.http.get("/sign-in", params={"to": to}).headers["location"]
    back = browser.authorize(
        {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    )

    assert browser.get(back).headers["location"] == "/"


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(loop):
    browser = Browser(loop)
    for answer in (browser.get("/sign-in"), browser.sign_in()):
        flags = answer.headers["set-cookie"].lower()

        assert ("httponly" in flags, "samesite=lax" in flags) == (True, True)


def test_behind_https_the_cookies_stay_on_it(sqlite_db):
    loop = looked_at(Loop(sqlite_db, **SIGN_IN, public_url="https://bot.example"))
    answer = Browser(loop).get("/sign-in")

    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["set-cookie"].startswith("__Host-")
    assert "redirect_uri=https%3A%2F%2Fbot.example%2Fsigned-in" in answer.headers["location"]


def test_no_token_and_no_verifier_is_given_to_the_browser_or_kept(loop):
    browser = signed_in(loop)
    session = browser.http.cookies[SESSION_COOKIE]
    browser.get("/sign-in")
    told = jwt.decode(browser.http.cookies[SIGN_IN_COOKIE], options={"verify_signature": False})
    with loop.db.reading() as tx:
        [kept] = tx.execute(sa.select(schema.sessions)).mappings()

    assert set(told) == {"state", "to", "exp"}
    assert set(kept) == {"id", "login", "repositories", "suspended", "expires_at"}
    assert kept["id"] != session


def test_pages_allow_no_script_and_no_frame(loop):
    page = signed_in(loop).get(page_of(loop))
    policy = page.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"


# --- the wrong way in


def refused(loop: Loop, answer: httpx.Response, status: int) -> None:
    assert (answer.status_code, SESSION_COOKIE in answer.headers.get("set-cookie", "")) == (
        status,
        False,
    )
    assert "Not signed in" in answer.text


def test_an_answer_to_another_browser_s_question_is_refused(loop):
    mine, theirs = Browser(loop), Browser(loop, STRANGER)
    mine.get("/sign-in")

    refused(loop, mine.get(theirs.authorize(theirs.go_to_github())), 400)


def test_a_changed_state_is_refused(loop):
    browser = Browser(loop)
    asked = browser.go_to_github()

    refused(loop, browser.get(browser.authorize(asked | {"state": "forged"})), 400)
    refused(loop, browser.get("/signed-in?code=x&state=%C3%A9"), 400)


def test_an_answer_after_ten_minutes_is_refused(loop):
    browser = Browser(loop)
    back = browser.authorize(browser.go_to_github())
    loop.clock.advance(minutes=10)

    refused(loop, browser.get(back), 400)


def test_a_code_that_was_used_is_refused(loop):
    browser = Browser(loop)
    back = browser.authorize(browser.go_to_github())
    kept = browser.http.cookies[SIGN_IN_COOKIE]
    assert browser.get(back).status_code == 303
    again = Browser(loop)
    again.http.cookies.set(SIGN_IN_COOKIE, kept)

    refused(loop, again.get(back), 403)


def test_a_code_caught_on_its_way_is_worth_nothing_elsewhere(loop):
    victim, thief = Browser(loop), Browser(loop)
    code = parse_qs(urlsplit(victim.authorize(victim.go_to_github())).query)["code"][0]
    state = thief.go_to_github()["state"]

    refused(loop, thief.get(f"/signed-in?code={code}&state={state}"), 403)


def test_whoever_says_no_is_not_signed_in(loop):
    refused(loop, Browser(loop, "").sign_in(), 403)


def test_credentials_that_github_does_not_know_are_told_to_the_operator(sqlite_db, logged):
    loop = looked_at(Loop(sqlite_db, **SIGN_IN))
    loop.sandbox.app.client_secret = "another-secret"

    refused(loop, Browser(loop).sign_in(), 502)
    assert "sign_in_not_registered" in [entry["event"] for entry in logged]


def test_an_address_that_is_not_registered_is_told_to_the_operator(loop, logged):
    loop.sandbox.app.callback_urls = [f"{HERE}/signed-in", "https://elsewhere.example"]
    browser = Browser(loop)
    asked = browser.go_to_github() | {"redirect_uri": "https://unknown.example"}
    back = (
        browser.github.get("/login/oauth/authorize", params=asked)
        .headers["location"]
        .removeprefix(HERE)
    )

    refused(loop, browser.get(back), 502)
    assert ("sign_in_not_registered", "redirect_uri_mismatch") in [
        (entry["event"], entry.get("why")) for entry in logged
    ]


def test_a_github_that_does_not_answer_is_waited_for(loop):
    loop.sandbox.bad_days.add(faults.Fault(status=502, message="Bad Gateway", path="/user$"))
    answer = Browser(loop).sign_in()

    assert (answer.status_code, "Not now" in answer.text) == (503, True)


# --- sessions


def test_a_session_ends_after_an_hour(loop):
    browser = signed_in(loop)
    loop.clock.advance(minutes=60)

    assert "acme/engine" not in browser.sees()


def test_a_session_ends_when_somebody_signs_out_also_for_who_has_copied_the_cookie(loop):
    browser = signed_in(loop)
    copied = browser.http.cookies[SESSION_COOKIE]
    browser.http.post("/sign-out")
    thief = Browser(loop)
    thief.http.cookies.set(SESSION_COOKIE, copied)

    assert "acme/engine" not in browser.sees()
    assert "acme/engine" not in thief.sees()


def test_another_site_cannot_sign_somebody_out(loop):
    browser = signed_in(loop)
    answer = browser.http.post("/sign-out", headers={"origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "acme/engine" in browser.sees()


def test_signing_in_again_ends_the_session_before(loop):
    browser = signed_in(loop)
    before = browser.http.cookies[SESSION_COOKIE]
    browser.sign_in()
    old = Browser(loop)
    old.http.cookies.set(SESSION_COOKIE, before)

    assert "acme/engine" in browser.sees()
    assert "acme/engine" not in old.sees()


def test_a_cookie_that_somebody_planted_does_not_become_a_session(loop):
    browser = Browser(loop)
    browser.http.cookies.set(SESSION_COOKIE, "planted")
    browser.sign_in()
    attacker = Browser(loop)
    attacker.http.cookies.set(SESSION_COOKIE, "planted")

    assert "acme/engine" not in attacker.sees()


def test_whoever_reads_the_database_cannot_sign_in_with_it(loop):
    signed_in(loop)
    with loop.db.reading() as tx:
        name = tx.execute(sa.select(schema.sessions.c.id)).scalar_one()
    browser = Browser(loop)
    browser.http.cookies.set(SESSION_COOKIE, name)

    assert "acme/engine" not in browser.sees()


def test_another_session_secret_signs_everybody_out(loop):
    session = signed_in(loop).http.cookies[SESSION_COOKIE]

    assert Cookies(SESSION_SECRET).name_of(session) != Cookies("another-secret-than-ours").name_of(
        session
    )


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJsb2dpbiI6Im9saXZlLW93bmVyIn0.", "ü" * 9]
)
@pytest.mark.parametrize("name", [SESSION_COOKIE, SIGN_IN_COOKIE])
def test_what_is_no_cookie_of_ours_opens_nothing(loop, name, cookie):
    headers = {"cookie": f"{name}={cookie}".encode()}

    assert "Sign in with GitHub" in Browser(loop).http.get("/", headers=headers).text
    refused(loop, Browser(loop).http.get("/signed-in?code=x&state=x", headers=headers), 400)


def test_a_forged_sign_in_is_refused(loop):
    sign_in, cookie = Cookies("another-secret-than-ours").begin(to=0, now=loop.clock())
    browser = Browser(loop)
    browser.http.cookies.set(SIGN_IN_COOKIE, cookie)

    refused(loop, browser.get(f"/signed-in?code=x&state={sign_in.state}"), 400)


def test_sessions_that_are_over_are_forgotten(loop):
    signed_in(loop)
    Sessions(loop.db).forget(before=loop.clock() + timedelta(minutes=59))
    assert sessions_kept(loop) == 1
    Sessions(loop.db).forget(before=loop.clock() + timedelta(minutes=61))

    assert sessions_kept(loop) == 0


def sessions_kept(loop: Loop) -> int:
    with loop.db.reading() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(schema.sessions)).scalar_one()


# --- who sees what


@pytest.mark.parametrize("login", [CONTRIBUTOR, STRANGER])
def test_who_may_not_write_sees_nothing(loop, login):
    browser = signed_in(loop, login)

    assert "acme/engine" not in browser.sees()
    assert browser.get(page_of(loop)).status_code == 404


def test_who_writes_to_one_repository_does_not_see_another(loop):
    other = loop.sandbox.add_repository(
        "zenith/compiler", owner=CONTRIBUTOR, files={"README.md": "# Compiler\n"}
    )
    issue = actions.open_issue(loop.sandbox, other, loop.stranger, title=POLLING, body="Faster.")
    actions.comment(loop.sandbox, issue, loop.contributor, POLLING_REFUSED)
    actions.close(loop.sandbox, issue, loop.contributor, reason="not_planned")
    loop.settle()
    browser = signed_in(loop, CONTRIBUTOR)

    assert ("zenith/compiler" in browser.sees(), "acme/engine" in browser.sees()) == (True, False)
    assert browser.get(f"/repositories/{other.id}").status_code == 200
    assert browser.get(page_of(loop)).status_code == 404


@pytest.mark.parametrize("id", ["0", "999", "x", "-1", "٣", "9" * 5000])
def test_what_is_not_there_looks_like_what_may_not_be_seen(loop, id):
    browser = signed_in(loop)
    stranger = signed_in(loop, STRANGER)

    assert browser.get(f"/repositories/{id}").status_code == 404
    assert "There is no such repository, or you may not" in stranger.get(page_of(loop)).text


def test_who_loses_the_right_to_write_sees_nothing_after_the_next_sign_in(loop):
    browser = signed_in(loop)
    loop.repo.roles[OWNER] = "read"
    browser.sign_in()

    assert browser.get(page_of(loop)).status_code == 404


def test_a_repository_that_the_bot_has_not_read_is_not_named(loop):
    loop.sandbox.add_repository("acme/silent")
    page = signed_in(loop).sees()

    assert "Nothing has happened yet in one repository with the App" in page
    assert "acme/silent" not in page


# --- what is to be seen


def test_a_proposed_line_is_shown_with_its_pull_request(loop):
    page = signed_in(loop).sees(page_of(loop))

    assert f'href="http://github.test/acme/engine/pull/{loop.proposal.number}"' in page
    assert "In the pull request <b>1</b>" in page


def test_what_waits_for_its_day_is_shown_in_order(sqlite_db):
    files = {"README.md": "", CONFIG_PATH: "max_new_entries_per_day: 1\n"}
    loop = looked_at(Loop(sqlite_db, files=files, **SIGN_IN))
    for title, reason in ((POLLING, POLLING_REFUSED), (ANCHORS, ANCHORS_REFUSED)):
        for copy in ("", " again"):
            loop.decline(title + copy, reason)
            loop.settle()
            loop.clock.advance(minutes=5)
    page = signed_in(loop).sees(page_of(loop))
    line = page.split("Next in line <b>3</b>")[1].split("</ol>")[0]

    assert re.findall(r"issues/(\d+)", line) == ["3", "4", "5"]


def test_what_was_refused_and_what_was_recorded_is_shown(loop):
    actions.close(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert "<summary>Refused <b>1</b></summary>" in page
    assert "<summary>Recorded <b>1</b></summary>" in page
    assert "Nothing waits for review." in page
    assert "in a person's words" not in page


def test_a_line_that_a_person_reworded_reads_as_they_left_it(loop):
    text = loop.file(branch=BRANCH)
    line = next(each for each in text.split("\n") if each.startswith("- **#1**"))
    edited = text.replace(line, "- **#1** (not-planned) — Anchors hide where a value comes from.")
    actions.edit_pull_file(loop.sandbox, loop.proposal, loop.owner, path=PATH, text=edited)
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert "Anchors hide where a value comes from." in page
    assert "in a person's words" in page


def test_a_change_to_a_line_that_stands_is_shown_with_what_brought_it_about(loop):
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle()
    actions.reopen(loop.sandbox, loop.repo.issues[1], loop.owner)
    loop.settle()
    browser = signed_in(loop)

    assert "Change #1: reopened" in browser.sees(page_of(loop))
    assert "<dd>1</dd><dt>proposed</dt>" in browser.sees()


def test_a_verdict_that_says_no_is_shown_with_its_reason(loop):
    issue = loop.open_issue("Make it faster", "Please.")
    actions.close(loop.sandbox, issue, loop.owner, reason="not_planned")
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert "no line" in page
    assert "worth a line" in page


def test_an_answer_of_a_model_that_was_not_used_is_counted_and_shown(loop, sqlite_db):
    ledger = SqlLedger(sqlite_db, repo_id=loop.repo.id)
    for key in ("used", "not used"):
        ledger.keep_call(
            ModelCall(key=key, model="m-1", answer="{}", cost_usd=Decimal(0), at=loop.clock())
        )
    ledger.discard("not used", "the takeaway has numbers that are not in the thread: 47")
    page = signed_in(loop).sees(page_of(loop))

    assert "Of <b>2</b> answers <b>1</b> was not used." in page
    assert page.count("numbers that are not in the thread: 47") == 1


def test_without_a_model_the_page_does_not_speak_of_answers(loop):
    assert "answers" not in signed_in(loop).sees(page_of(loop))


def test_a_comment_that_was_only_written_down_is_shown(sqlite_db):
    loop = looked_at(with_merged_decisions(sqlite_db, settings="comment: shadow\n", **SIGN_IN))
    issue = loop.open_issue(ANCHORS_AGAIN, ANCHORS_AGAIN_BODY)
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert loop.bot_comments(issue) == []
    assert '<span class="chip">shadow</span>' in page
    assert "**Prior decision:**" in page


def test_a_job_that_was_given_up_is_shown_with_its_reason_and_the_way_back(loop):
    actions.merge(loop.sandbox, loop.proposal, loop.owner)
    loop.settle_later(minutes=1)
    loop.sandbox.bad_days.add(faults.not_accessible(method="POST", path="/git/trees$"))
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    browser = signed_in(loop)
    page = browser.sees(page_of(loop))

    assert "One job was given up." in page
    assert "Resource not accessible by integration" in page
    assert "precedent deliveries replay" in page
    assert "1 to put right" in browser.sees()


def test_a_job_that_waits_is_shown_with_why(loop):
    loop.sandbox.bad_days.add(faults.Fault(status=502, message="Bad Gateway", path="/pulls"))
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    work = signed_in(loop).sees(page_of(loop)).split("<h2>Work</h2>")[1]

    assert ("waits" in work, "502" in work) == (True, True)


def test_a_mistake_in_the_settings_file_is_shown_with_its_line(loop):
    loop.push({CONFIG_PATH: "propose: true\ncolour: blue\n"})
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert "cannot be used: line 2" in page
    assert f"/acme/engine/blob/HEAD/{CONFIG_PATH}" in page


def test_a_missing_permission_is_named_until_it_is_granted(loop):
    installation = loop.sandbox.installation_of(loop.repo)
    fewer = {name: level for name, level in PERMISSIONS.items() if name != "issues"}
    actions.accept_permissions(loop.sandbox, installation, loop.owner, fewer)
    loop.settle()
    browser = signed_in(loop)

    assert "The permission issues: write is not granted." in browser.sees(page_of(loop))
    assert f"http://github.test/settings/installations/{installation.id}" in browser.sees(
        page_of(loop)
    )
    actions.accept_permissions(loop.sandbox, installation, loop.owner, PERMISSIONS)
    loop.settle()
    assert "is not granted" not in browser.sees(page_of(loop))


def test_a_suspended_installation_is_shown_to_who_is_signed_in(loop):
    browser = signed_in(loop)
    actions.suspend(loop.sandbox, loop.sandbox.installation_of(loop.repo), loop.owner)
    loop.settle()

    assert "The installation is suspended" in browser.sees(page_of(loop))


def deliver_garbage(loop: Loop) -> None:
    body = b'{"action": "opened"}'
    signed = {
        "x-hub-signature-256": sign(body, secret=SECRET),
        "x-github-delivery": "g9",
        "x-github-event": "issues",
    }
    loop.http.post("/webhook", content=body, headers=signed)
    loop.run_jobs()


def test_deliveries_that_could_not_be_read_are_shown_in_red_with_the_command_that_lists_them(loop):
    deliver_garbage(loop)
    page = signed_in(loop).sees()

    assert '<div class="trouble"><p><b>One delivery of the last hour could not be read' in page
    assert "precedent deliveries list --malformed" in page


def test_an_hour_later_they_are_not(loop):
    deliver_garbage(loop)
    loop.clock.advance(minutes=61)

    assert "could not be read" not in signed_in(loop).sees()


def test_who_may_write_to_nothing_is_not_told_of_them(loop):
    deliver_garbage(loop)

    assert "could not be read" not in signed_in(loop, STRANGER).sees()


def test_a_suspended_installation_is_named_to_who_signs_in_later(loop):
    actions.suspend(loop.sandbox, loop.sandbox.installation_of(loop.repo), loop.owner)
    loop.settle()

    assert "The installation on acme is suspended." in signed_in(loop).sees()
    assert "acme" not in signed_in(loop, STRANGER).sees()


def test_where_all_is_well_nothing_is_asked_for(loop):
    browser = signed_in(loop)

    assert "all is well" in browser.sees()
    assert 'class="trouble' not in browser.sees(page_of(loop))


# --- what strangers wrote


def test_what_strangers_wrote_is_text_and_nothing_else(sqlite_db):
    loop = looked_at(Loop(sqlite_db, **SIGN_IN))
    loop.decline(
        f"<script>alert(1)</script> {ANCHORS}",
        f'<img src=x onerror=alert(2)> "{ANCHORS_REFUSED}" {{{{ 7*7 }}}}',
    )
    loop.push({CONFIG_PATH: "'<b>colour</b>': blue\n"})
    loop.settle()
    page = signed_in(loop).sees(page_of(loop))

    assert "&lt;script&gt;alert(1)" in page
    assert all(danger not in page for danger in ("<script", "<img", "<b>colour", "49"))


# --- the webhook beside it


def test_sign_ins_that_hang_do_not_keep_deliveries_waiting(loop):
    hanging, go_on = threading.Event(), threading.Event()
    loop.sandbox.wait = lambda _: (hanging.set(), go_on.wait(30))
    loop.sandbox.bad_days.add(faults.slow(seconds=9, path="/user$", times=20))
    ways = [Browser(loop) for _ in range(THREADS + 2)]
    backs = [(way.authorize(way.go_to_github()), way.http.cookies[SIGN_IN_COOKIE]) for way in ways]
    loop.open_issue("Meanwhile")
    webhook = loop.sandbox.webhooks[-1]

    async def meanwhile() -> tuple[int, int, int]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(loop.http.app), base_url=HERE
        ) as client:
            pages = [
                asyncio.create_task(
                    client.get(back, headers={"cookie": f"{SIGN_IN_COOKIE}={cookie}"})
                )
                for back, cookie in backs
            ]
            await asyncio.to_thread(hanging.wait, 30)
            kept = await client.post("/webhook", content=webhook.body, headers=webhook.headers)
            ready = await client.get("/readyz")
            hung = sum(not page.done() for page in pages)
            go_on.set()
            await asyncio.gather(*pages)
            return kept.status_code, ready.status_code, hung

    kept, ready, hung = asyncio.run(meanwhile())

    assert (kept, hung) == (202, len(ways))
    assert ready in (200, 503)


def test_a_page_never_writes(loop):
    browser, written = signed_in(loop), []

    @sa.event.listens_for(loop.db.engine, "before_cursor_execute")
    def executed(_connection, _cursor, statement, *_):
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(statement)

    browser.sees()
    browser.sees(page_of(loop))

    assert written == []
