"""The set-up in a real browser, against real processes: from an empty folder to a bot that runs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from github_sandbox import Sandbox
from github_sandbox.server import serving
from tests.support.free_port import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Where to leave pictures of the pages, for somebody who wants to look at them.
PICTURES = os.environ.get("TEST_PICTURES")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="NO CHROMIUM: the set-up was NOT driven in a browser; apt-get install chromium",
)


@dataclass
class FirstStart:
    address: str
    port: int
    folder: Path
    sandbox: Sandbox


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[FirstStart]:
    """`precedent serve` in an empty folder, as a newcomer starts it."""
    sandbox, port = Sandbox(), free_port()
    with serving(sandbox):
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in ("PATH", "HOME", "VIRTUAL_ENV")
            },
            "GITHUB_API_URL": sandbox.site.api,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "bot", "serve", "--host", "127.0.0.1", "--port", str(port)]
        bot = subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        try:
            assert bot.stdout is not None
            said = re.search(r"Open (\S+)", bot.stdout.readline())
            assert said is not None
            yield FirstStart(address=said[1], port=port, folder=tmp_path, sandbox=sandbox)
        finally:
            bot.terminate()
            bot.communicate(timeout=30)


def test_a_newcomer_goes_from_an_empty_folder_to_a_running_bot(first_start):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1100})
        complaints: list[str] = []
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        wait_for(f"http://127.0.0.1:{first_start.port}/healthz")

        page.goto(first_start.address)
        picture(page, "1-choose")
        page.get_by_label("Name of the App").fill("Precedent of Acme")
        page.get_by_role("button", name="Continue").click()
        picture(page, "2-hand-over")
        page.get_by_role("button", name="Continue on GitHub").click()
        picture(page, "3-github")
        page.get_by_role("button", name="Create GitHub App").click()
        page.get_by_text("Precedent of Acme is made").wait_for()
        picture(page, "4-created")
        browser.close()

    assert complaints == []
    assert (first_start.folder / ".env").stat().st_mode & 0o777 == 0o600
    assert wait_for(f"http://127.0.0.1:{first_start.port}/readyz", after="setup").status_code == 200


def picture(page: "object", name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def wait_for(address: str, *, after: str = "nothing") -> httpx.Response:
    """The first answer, of another state than this one."""
    import time

    for _ in range(300):
        try:
            answer = httpx.get(address)
            if f'"state":"{after}"' not in answer.text:
                return answer
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{address} never answered")
