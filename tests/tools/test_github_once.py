"""What a command learns from GitHub when a person asks it to."""

import pytest

from bot.app import Outside
from bot.core.errors import BadSettings, GiveUp
from bot.core.settings import Settings
from bot.tools.github_once import ask_in_person, ask_states
from github_sandbox import OWNER, STRANGER, InProcess, Sandbox, actions


@pytest.fixture
def sandbox():
    sandbox = Sandbox()
    repo = sandbox.add_repository("acme/engine")
    owner, stranger = sandbox.user(OWNER), sandbox.user(STRANGER)
    actions.open_issue(sandbox, repo, stranger, title="Still open")
    actions.close(sandbox, actions.open_issue(sandbox, repo, stranger, title="Closed"), owner)
    merged, refused = (
        actions.propose_edit(sandbox, repo, owner, files={f"{name}.py": name}, title=name)
        for name in ("a", "b")
    )
    actions.merge(sandbox, merged, owner)
    actions.close(sandbox, refused, owner)
    return sandbox


def test_every_state_is_told_and_an_unknown_number_left_out(sandbox):
    settings = Settings(
        app_id=sandbox.app.id, private_key=sandbox.private_key, api_url=sandbox.site.api
    )
    github = ask_in_person(settings, Outside(github=InProcess(sandbox)))

    assert ask_states(github, "acme/engine", [1, 2, 3, 4, 99]) == {
        1: "open",
        2: "closed",
        3: "merged",
        4: "closed",
    }


def test_a_repository_without_the_app_is_said_to_be_one(sandbox):
    settings = Settings(
        app_id=sandbox.app.id, private_key=sandbox.private_key, api_url=sandbox.site.api
    )
    github = ask_in_person(settings, Outside(github=InProcess(sandbox)))
    with pytest.raises(GiveUp, match="404"):
        ask_states(github, "acme/elsewhere", [1])


def test_without_an_app_the_settings_to_make_are_named():
    with pytest.raises(BadSettings, match="GITHUB_APP_ID"):
        ask_in_person(Settings(), Outside())
