"""People sign in to the sandbox's App; every answer is read by githubkit's models."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from githubkit import TokenAuthStrategy
from githubkit_schemas.latest.models import PublicUser, RateLimitOverview
from starlette.testclient import TestClient

from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, Sandbox, actions, asgi_of
from github_sandbox.quota import PER_HOUR
from tests.support.sandbox_client import World, new_world, refused

HERE = "https://bot.example/signed-in"
VERIFIER = "a-verifier-that-only-the-bot-knows-and-is-long-enough"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
JSON = {"Accept": "application/json"}


class Visitor:
    """A browser at the sandbox, and the App that it came from."""

    def __init__(self, world: World) -> None:
        self.world, self.sandbox = world, world.sandbox
        self.app = self.sandbox.app
        self.app.callback_urls = [HERE, "https://bot.example/other"]
        self.http = TestClient(
            asgi_of(self.sandbox), base_url=self.sandbox.site.web, follow_redirects=False
        )

    def asks(self, **changed: str) -> dict[str, str]:
        asked = {
            "client_id": self.app.client_id,
            "redirect_uri": HERE,
            "state": "s",
            "code_challenge": CHALLENGE,
        }
        return asked | {"code_challenge_method": "S256"} | changed

    def authorize(self, login: str = OWNER, **changed: str) -> dict[str, str]:
        """What the browser is sent back with."""
        answer = self.http.post(
            "/login/oauth/authorize", data=self.asks(**changed) | {"login": login}
        )
        return self.brought(answer.headers["location"])

    def brought(self, location: str) -> dict[str, str]:
        assert location.startswith(f"{HERE}?")
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}

    def exchange(self, code: str, **changed: str) -> dict[str, str | int]:
        known = {
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "redirect_uri": HERE,
        }
        fields = known | {"code": code, "code_verifier": VERIFIER} | changed
        answer = self.http.post("/login/oauth/access_token", data=fields, headers=JSON)
        assert answer.status_code == 200
        return answer.json()

    def token(self, login: str = OWNER) -> str:
        return str(self.exchange(self.authorize(login)["code"])["access_token"])

    def client(self, login: str = OWNER):
        return self.world.client(TokenAuthStrategy(self.token(login)))


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(new_world())


# --- saying yes


def test_the_page_offers_everybody_and_does_nothing_yet(visitor):
    page = visitor.http.get("/login/oauth/authorize", params=visitor.asks())

    assert page.status_code == 200
    assert all(f"Authorize as {login}" in page.text for login in (OWNER, CONTRIBUTOR, STRANGER))
    assert "form-action 'self' https://bot.example" in page.headers["content-security-policy"]


def test_a_yes_brings_a_code_and_the_state_back(visitor):
    brought = visitor.authorize(state="x y&z")

    assert set(brought) == {"code", "state"}
    assert brought["state"] == "x y&z"


def test_a_no_brings_no_code(visitor):
    brought = visitor.authorize(login="")

    assert (brought["error"], "code" in brought) == ("access_denied", False)


def test_an_address_that_is_not_registered_gets_nothing(visitor):
    asked = visitor.asks(redirect_uri="https://bot.example/signed-in/elsewhere")
    shown = visitor.http.get("/login/oauth/authorize", params=asked)

    assert visitor.brought(shown.headers["location"])["error"] == "redirect_uri_mismatch"
    assert (
        visitor.http.post("/login/oauth/authorize", data=asked | {"login": OWNER}).status_code
        == 403
    )


def test_without_an_address_the_first_registered_one_is_meant(visitor):
    assert "code" in visitor.authorize(redirect_uri="")


@pytest.mark.parametrize(
    "changed", [{"client_id": "Iv1.another"}, {"code_challenge_method": "plain"}]
)
def test_a_wish_that_cannot_be_granted_is_not_offered(visitor, changed):
    page = visitor.http.get("/login/oauth/authorize", params=visitor.asks(**changed))

    assert (page.status_code, "Authorize as" in page.text) == (404, False)


def test_another_site_cannot_say_yes_for_somebody(visitor):
    asked = visitor.asks() | {"login": OWNER}
    answer = visitor.http.post(
        "/login/oauth/authorize", data=asked, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403


# --- the token


def test_a_code_becomes_a_token_that_runs_out(visitor):
    answer = visitor.exchange(visitor.authorize()["code"])

    assert str(answer["access_token"]).startswith("ghu_")
    assert str(answer["refresh_token"]).startswith("ghr_")
    assert (answer["expires_in"], answer["refresh_token_expires_in"]) == (28_800, 15_897_600)
    assert (answer["scope"], answer["token_type"]) == ("", "bearer")


def test_without_asking_for_json_the_answer_is_a_form(visitor):
    fields = {
        "client_id": visitor.app.client_id,
        "client_secret": visitor.app.client_secret,
        "code": "wrong",
    }
    answer = visitor.http.post("/login/oauth/access_token", data=fields)

    assert parse_qs(answer.text)["error"] == ["bad_verification_code"]


def test_a_code_is_good_once(visitor):
    code = visitor.authorize()["code"]
    visitor.exchange(code)

    assert visitor.exchange(code)["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "guessed"}, "bad_verification_code"),
        ({"code_verifier": "guessed"}, "bad_verification_code"),
        ({"client_secret": "guessed"}, "incorrect_client_credentials"),
        ({"client_id": "Iv1.another"}, "incorrect_client_credentials"),
        ({"redirect_uri": "https://bot.example/other"}, "redirect_uri_mismatch"),
    ],
)
def test_a_wrong_exchange_is_answered_with_the_error_and_status_200(visitor, changed, error):
    answer = visitor.exchange(**({"code": visitor.authorize()["code"]} | changed))

    assert (answer["error"], "access_token" in answer) == (error, False)


def test_a_code_without_a_challenge_needs_no_verifier(visitor):
    assert "access_token" in visitor.exchange(
        visitor.authorize(code_challenge="")["code"], code_verifier=""
    )


def test_a_code_runs_out_after_ten_minutes():
    visitor = Visitor(new_world(auth_clock=(clock := MovableClock())))
    code = visitor.authorize()["code"]
    clock.minutes = 10

    assert visitor.exchange(code)["error"] == "bad_verification_code"


def test_a_token_runs_out_and_is_renewed_once():
    visitor = Visitor(new_world(auth_clock=(clock := MovableClock())))
    given = visitor.exchange(visitor.authorize()["code"])
    clock.minutes = 8 * 60
    with refused(401, "Bad credentials"):
        visitor.world.client(
            TokenAuthStrategy(str(given["access_token"]))
        ).rest.users.get_authenticated()
    renew = {"grant_type": "refresh_token", "refresh_token": str(given["refresh_token"])}
    first, second = visitor.exchange("", **renew), visitor.exchange("", **renew)

    assert str(first["access_token"]).startswith("ghu_")
    assert second["error"] == "bad_refresh_token"


class MovableClock:
    def __init__(self) -> None:
        self.world, self.minutes = new_world().clock, 0

    def __call__(self):
        return self.world() + timedelta(minutes=self.minutes)


# --- what it opens


def test_a_token_says_whose_it_is(visitor):
    answer = visitor.client(CONTRIBUTOR).rest.users.get_authenticated()

    assert PublicUser.model_validate(answer.json()).login == CONTRIBUTOR


def test_somebody_sees_the_installations_they_have_a_part_in(visitor):
    visitor.sandbox.add_repository("zenith/compiler", owner=CONTRIBUTOR)

    def accounts(login: str) -> list[str]:
        found = (
            visitor.client(login).rest.apps.list_installations_for_authenticated_user().parsed_data
        )
        return [each.account.login for each in found.installations]

    assert (accounts(OWNER), accounts(CONTRIBUTOR), accounts(STRANGER)) == (
        ["acme"],
        ["acme", "zenith"],
        [],
    )


def test_each_repository_says_what_they_may_do_there(visitor):
    def may(login: str) -> dict[str, bool]:
        listed = visitor.client(login).rest.apps.list_installation_repos_for_authenticated_user(
            visitor.world.installation.id
        )
        return {repo.full_name: repo.permissions.push for repo in listed.parsed_data.repositories}

    assert (may(OWNER), may(CONTRIBUTOR)) == ({"acme/lantern": True}, {"acme/lantern": False})


def test_what_somebody_has_no_part_in_is_not_there_for_them(visitor):
    with refused(404, "Not Found"):
        visitor.client(STRANGER).rest.apps.list_installation_repos_for_authenticated_user(
            visitor.world.installation.id
        )


def test_a_suspended_installation_is_listed_and_not_opened(visitor):
    actions.suspend(visitor.sandbox, visitor.world.installation, visitor.world.owner)
    client = visitor.client()
    [listed] = (
        client.rest.apps.list_installations_for_authenticated_user().parsed_data.installations
    )

    assert listed.suspended_at is not None
    with refused(403, "suspended"):
        client.rest.apps.list_installation_repos_for_authenticated_user(
            visitor.world.installation.id
        )


def test_only_people_have_a_self(visitor):
    with refused(403, "Resource not accessible by integration"):
        visitor.world.client().rest.users.get_authenticated()
    with refused(401, "Requires authentication"):
        visitor.world.anonymous().rest.users.get_authenticated()


# --- what is left of an hour


def test_asking_for_the_limit_costs_nothing(visitor):
    client = visitor.client()
    client.rest.users.get_authenticated()
    twice = [client.rest.rate_limit.get().parsed_data.resources.core for _ in range(2)]

    assert [(core.limit, core.used) for core in twice] == [(PER_HOUR, 1)] * 2


def test_the_limit_is_told_when_nothing_is_left(visitor):
    visitor.sandbox.quotas.per_hour = 1
    client = visitor.client()
    client.rest.users.get_authenticated()
    with refused(403, "rate limit exceeded"):
        client.rest.users.get_authenticated()

    assert (
        RateLimitOverview.model_validate(
            client.rest.rate_limit.get().json()
        ).resources.core.remaining
        == 0
    )


def test_an_installation_may_ask_for_the_limit(visitor):
    assert visitor.world.client().rest.rate_limit.get().parsed_data.resources.core.limit == PER_HOUR


def test_the_limit_is_not_told_to_who_shows_a_wrong_token(visitor):
    with refused(401, ""):
        visitor.world.client(TokenAuthStrategy("ghs_wrong")).rest.rate_limit.get()


def test_no_app_signs_people_in_before_it_names_an_address():
    sandbox = Sandbox()
    answer = TestClient(asgi_of(sandbox)).get(
        "/login/oauth/authorize", params={"client_id": sandbox.app.client_id}
    )

    assert answer.status_code == 404
