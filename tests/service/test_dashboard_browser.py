"""The dashboard in a real browser, against a real bot and a real sandbox: signed in on its own
page."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.tools.demo import seed
from bot.tools.demo.stage import Stage, free_port
from github_sandbox import actions

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Where to leave pictures of the pages, for somebody who wants to look at them.
PICTURES = os.environ.get("TEST_PICTURES")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="NO CHROMIUM: the dashboard was NOT driven in a browser; apt-get install chromium",
)


WHY = "We will not support anchors: they hide where a value comes from."


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """One decision is drafted and proposed."""
    with Stage(tmp_path, port=free_port()) as stage:
        harbor = seed.plant(stage)
        stage.start_bot()
        owner = stage.sandbox.user("olive-owner")
        actions.comment(stage.sandbox, harbor.anchors, owner, WHY)
        actions.close(stage.sandbox, harbor.anchors, owner, reason="not_planned")
        stage.settle()
        yield stage


def test_a_maintainer_signs_in_and_sees_what_a_stranger_does_not(stage):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        complaints: list[str] = []

        def sign_in(login: str):
            page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text) if message.type == "error" else None
                ),
            )
            page.goto(stage.dashboard)
            page.get_by_role("link", name="Sign in with GitHub").click()
            page.get_by_role("button", name=f"Authorize as {login}").click()
            page.wait_for_url(f"{stage.dashboard}/")
            return page

        page = sign_in("olive-owner")
        picture(page, "dashboard-1-overview")
        page.get_by_role("link", name="acme/harbor").click()
        page.get_by_text("In the pull request").wait_for()
        picture(page, "dashboard-2-repository")
        assert page.get_by_text(WHY).count() == 1
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in with GitHub").wait_for()

        assert sign_in("sam-stranger").get_by_text("acme/harbor").count() == 0
        browser.close()

    assert complaints == []


def picture(page: "object", name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
