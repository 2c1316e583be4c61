"""The pull request in a real browser: is it understood at a glance?"""

import os
import shutil
from pathlib import Path

import pytest

from bot.adapters.store.database import Database
from github_sandbox.server import serving
from tests.support.loop import Loop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Where to leave pictures of the pages, for somebody who wants to look at them.
PICTURES = os.environ.get("TEST_PICTURES")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="NO CHROMIUM: the pull request was NOT looked at in a browser; apt-get install chromium",
)

SCREEN = {"width": 1280, "height": 900}
SEVEN = {
    "Support YAML anchors in the configuration": "We won't support anchors: an alias hides the"
    " value from whoever"
    " reviews the change, and a hidden value is how wrong timeouts reach production.",
    "Poll the queue every millisecond": "We decided against it because a busy loop costs a"
    " whole core per worker, and"
    " the notification arrives within ten milliseconds anyway.",
    "Cache rendered pages per user": "We won't cache them, because the cache was larger than"
    " the database and nobody"
    " could say when an entry was stale.",
    "Drop support for PostgreSQL 13": "We decided against dropping it, because two thirds of"
    " the installations that"
    " report their version still run on it.",
    "Read settings from the registry": "We won't read the registry, since settings that are no"
    " file can be neither"
    " reviewed nor copied to another machine.",
    "Sign log lines with a key": "We decided against it: a key on the machine that writes the"
    " log is in the hands of"
    " whoever forges the log.",
    "Retry failed uploads for ever": "We won't retry for ever, because a full disk then looks"
    " like a slow network and"
    " nobody is told for days.",
}


def test_seven_entries_are_seen_on_one_screen(sqlite_db: Database):
    from playwright.sync_api import sync_playwright

    loop = Loop(sqlite_db)
    for title, reason in SEVEN.items():
        loop.decline(title, reason)
    loop.settle()
    number = loop.proposal.number

    with serving(loop.sandbox) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SCREEN)
        page.goto(f"{address}/acme/engine/pull/{number}")
        said = page.locator("article.remark .markdown").first
        fold = said.locator("details").first
        assert said.get_by_role("listitem").filter(has_text="—").count() >= len(SEVEN)
        above_the_fold = fold.bounding_box()["y"]
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / "proposal.png")
        browser.close()

    assert above_the_fold < SCREEN["height"]
