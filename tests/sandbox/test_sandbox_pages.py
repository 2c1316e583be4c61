"""The sandbox's web page: what a person sees and does there, without a browser."""

from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from github_sandbox import STRANGER, InProcess, actions, serving
from github_sandbox.pages.markdown import diff_lines, render_markdown
from github_sandbox.state import Issue
from tests.support.sandbox_client import LEARNINGS, World, new_world

PATH = "docs/learnings.md"


@pytest.fixture
def world() -> World:
    return new_world()


@pytest.fixture
def browser(world: World) -> Iterator[httpx.Client]:
    with httpx.Client(
        transport=InProcess(world.sandbox), base_url=world.sandbox.site.web, follow_redirects=True
    ) as one:
        yield one


def act_as(browser: httpx.Client, login: str) -> None:
    browser.post("/act-as", data={"login": login, "back": "/"})


def read(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def pull_in(world: World) -> Issue:
    files = {PATH: LEARNINGS.replace("One.", "One, edited.")}
    return actions.propose_edit(
        world.sandbox, world.repo, world.contributor, files=files, title="Edit the first"
    )


def test_the_home_page_shows_the_learnings_and_what_happened_last(
    world: World, browser: httpx.Client
) -> None:
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll every second")
    page = read(browser, "/acme/lantern")
    assert "<h2>Core</h2>" in page
    assert "Poll every second" in page


def test_an_issue_is_opened_commented_and_closed_with_a_reason(
    world: World, browser: httpx.Client
) -> None:
    act_as(browser, STRANGER)
    browser.post(
        "/acme/lantern/issues/new", data={"title": "Poll", "body": "Every second?\r\nPlease."}
    )
    act_as(browser, "olive-owner")
    browser.post(
        "/acme/lantern/issues/1/comment",
        data={"body": "No: it burns a core.", "then": "not_planned"},
    )
    issue = world.repo.issues[1]
    assert (issue.author, issue.body) == (world.stranger, "Every second?\nPlease.")
    assert (issue.comments[0].author, issue.closed_by, issue.state_reason) == (
        world.owner,
        world.owner,
        "not_planned",
    )
    assert "closed this as not planned" in read(browser, "/acme/lantern/issues/1")


def test_an_issue_is_reopened(world: World, browser: httpx.Client) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll")
    actions.close(world.sandbox, issue, world.owner)
    browser.post("/acme/lantern/issues/1/comment", data={"body": "", "then": "reopen"})
    assert issue.open


def test_closed_issues_are_on_their_own_list(world: World, browser: httpx.Client) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll")
    actions.close(world.sandbox, issue, world.owner)
    assert "Poll" not in read(browser, "/acme/lantern/issues")
    assert "Poll" in read(browser, "/acme/lantern/issues?state=closed")


def test_a_pull_request_shows_its_diff_in_two_colours(world: World, browser: httpx.Client) -> None:
    pull_in(world)
    page = read(browser, "/acme/lantern/pull/1")
    assert (
        '<tr class="removed"><td>5</td><td></td><td><pre>- - **#1** (merged) — One.</pre>' in page
    )
    assert (
        '<tr class="added"><td></td><td>5</td><td><pre>+ - **#1** (merged) — One, edited.</pre>'
        in page
    )


def test_a_file_of_the_pull_request_is_edited_then_merged_then_reverted(
    world: World, browser: httpx.Client
) -> None:
    pull_in(world)
    edited = LEARNINGS.replace("One.", "One, edited twice.")
    browser.post(
        f"/acme/lantern/pull/1/edit/{PATH}",
        data={"text": edited.replace("\n", "\r\n"), "message": "Again"},
    )
    browser.post("/acme/lantern/issues/1/merge")
    assert world.repo.git.read("main", PATH) == edited
    answer = browser.post("/acme/lantern/issues/1/revert")
    assert answer.url.path == "/acme/lantern/pull/2"
    browser.post("/acme/lantern/issues/2/merge")
    browser.post("/acme/lantern/issues/2/delete-branch")
    assert list(world.repo.git.branches()) == ["carl-contributor-patch-1", "main"]
    assert world.repo.git.read("main", PATH) == LEARNINGS


def test_a_change_is_proposed_from_the_home_page(world: World, browser: httpx.Client) -> None:
    act_as(browser, STRANGER)
    answer = browser.post(
        f"/acme/lantern/edit/{PATH}", data={"text": "x\n", "message": "Shorten", "body": "Why not"}
    )
    assert answer.url.path == "/acme/lantern/pull/1"
    assert (world.repo.issues[1].author, world.repo.issues[1].title) == (world.stranger, "Shorten")


def test_reviews_and_comments_on_lines_are_shown(world: World, browser: httpx.Client) -> None:
    pull_in(world)
    browser.post(
        "/acme/lantern/issues/1/review",
        data={"state": "CHANGES_REQUESTED", "body": "Say which version."},
    )
    browser.post(
        "/acme/lantern/issues/1/comment-on-line", data={"path": PATH, "line": "5", "body": "Here."}
    )
    page = read(browser, "/acme/lantern/pull/1")
    assert "asked for changes" in page
    assert f"<code>{PATH}:5</code>" in page


def test_an_answer_is_shown_where_the_comment_on_the_line_is(
    world: World, browser: httpx.Client
) -> None:
    issue = pull_in(world)
    said = actions.comment_on_line(
        world.sandbox, issue, world.owner, path=PATH, line=5, body="Here."
    )
    browser.post(
        "/acme/lantern/issues/1/reply-on-line", data={"comment": str(said.id), "body": "There too."}
    )
    page = read(browser, "/acme/lantern/pull/1")
    assert page.index("Here.") < page.index("There too.")
    assert page.count("reviewed") == 1


def test_a_reaction_is_given_and_taken_back(world: World, browser: httpx.Client) -> None:
    issue = actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll")
    said = actions.comment(world.sandbox, issue, world.stranger, "Please")
    for expected in (1, 0):
        browser.post(
            "/acme/lantern/issues/1/react", data={"comment": str(said.id), "content": "-1"}
        )
        assert len(said.reactions) == expected


def test_an_issue_is_edited(world: World, browser: httpx.Client) -> None:
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll")
    browser.post(
        "/acme/lantern/issues/1/edit", data={"title": "Poll slowly", "body": "Every minute"}
    )
    assert world.repo.issues[1].title == "Poll slowly"


def test_a_stranger_may_not_merge_and_is_told(world: World, browser: httpx.Client) -> None:
    issue = pull_in(world)
    act_as(browser, STRANGER)
    answer = browser.post("/acme/lantern/issues/1/merge")
    assert answer.status_code == 403
    assert "Must have write access" in answer.text
    assert issue.open


def test_the_bot_cannot_be_acted_as(world: World, browser: httpx.Client) -> None:
    act_as(browser, "precedent[bot]")
    browser.post("/acme/lantern/issues/new", data={"title": "By whom?"})
    assert world.repo.issues[1].author is world.owner


def test_webhooks_are_listed_and_sent_again(world: World, browser: httpx.Client) -> None:
    first = world.sandbox.webhooks[0]
    assert "<b>installation</b> · created" in read(browser, "/webhooks")
    browser.post(f"/webhooks/{first.id}/redeliver")
    assert [webhook.guid for webhook in world.sandbox.webhooks] == [first.guid, first.guid]


def test_a_webhook_shows_what_was_sent(world: World, browser: httpx.Client) -> None:
    actions.open_issue(world.sandbox, world.repo, world.stranger, title="Poll every second")
    webhook = world.sandbox.webhooks[-1]
    page = read(browser, f"/webhooks/{webhook.id}")
    assert webhook.headers["X-Hub-Signature-256"] in page
    assert '"title": "Poll every second"' in page


def test_hostile_text_stays_text(world: World, browser: httpx.Client) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{ 7 * 7 }}"
    issue = actions.open_issue(
        world.sandbox, world.repo, world.stranger, title=hostile, body=hostile, labels=[hostile]
    )
    actions.comment(world.sandbox, issue, world.stranger, hostile)
    last = f"/webhooks/{world.sandbox.webhooks[-1].id}"
    for path in (
        "/acme/lantern",
        "/acme/lantern/issues",
        "/acme/lantern/issues/1",
        "/webhooks",
        last,
    ):
        page = browser.get(path).text
        assert "<script" not in page
        assert "<img src=x" not in page


def test_pages_forbid_scripts_and_foreign_content(browser: httpx.Client) -> None:
    policy = browser.get("/acme/lantern").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_form_from_another_site_does_nothing(world: World, browser: httpx.Client) -> None:
    answer = browser.post(
        "/acme/lantern/issues/new", data={"title": "x"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403
    assert world.repo.issues == {}


def test_one_cannot_be_sent_elsewhere_by_the_switcher(browser: httpx.Client) -> None:
    answer = browser.post(
        "/act-as", data={"login": STRANGER, "back": "//evil.example"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/"


def test_what_is_not_there_is_404(browser: httpx.Client) -> None:
    for path in (
        "/nobody/nothing",
        "/acme/lantern/issues/99",
        "/acme/lantern/blob/main/nothing.txt",
    ):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See #12.", '<p>See <a href="/o/r/issues/12">#12</a>.</p>'),
        ("Reverts a/b#3", '<p>Reverts <a href="/a/b/issues/3">a/b#3</a></p>'),
        ("it's <#6>", '<p>it&#x27;s &lt;<a href="/o/r/issues/6">#6</a>&gt;</p>'),
        ("`#12`", "<p><code>#12</code></p>"),
        ("[#12](https://example.org)", '<p><a href="https://example.org">#12</a></p>'),
        ("- [x] done", "<ul>\n<li>☑ done</li>\n</ul>"),
        ("a <!-- hidden --> b", "<p>a  b</p>"),
        ("<!-- hidden -->", ""),
        ("x <b onclick=y>z</b>", "<p>x &lt;b onclick=y&gt;z</b></p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        (
            "<details>\n<summary>More</summary>\n\n*Text*\n\n</details>",
            "<details>\n<summary>More</summary>\n<p><em>Text</em></p>\n</details>",
        ),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert str(render_markdown(text, base="/o/r")).strip() == expected


def test_lines_of_a_diff_are_numbered_on_both_sides() -> None:
    shown = [
        (line.kind, line.old, line.new)
        for line in diff_lines("@@ -2,2 +2,2 @@ x\n a\n-b\n+c\n\\ No newline")
    ]
    assert shown == [
        ("hunk", None, None),
        ("kept", 2, 2),
        ("removed", 3, None),
        ("added", None, 3),
        ("note", None, None),
    ]


def test_it_is_served_on_loopback_under_its_own_address() -> None:
    world = new_world()
    with serving(world.sandbox) as address:
        assert httpx.get(f"{address}/acme/lantern").status_code == 200
        described = httpx.get(f"{address}/api/v3/repos/acme/lantern").json()
        assert described["url"] == f"{address}/api/v3/repos/acme/lantern"


def test_a_pull_request_shows_its_checks_and_asks_for_them_again(
    world: World, browser: httpx.Client
) -> None:
    pull = pull_in(world)
    assert pull.pull
    annotation = {
        "path": PATH,
        "start_line": 5,
        "end_line": 5,
        "annotation_level": "failure",
        "message": "<b>Twice</b>",
    }
    output = {"title": "1 error", "summary": "Look at `line 5`.", "annotations": [annotation]}
    asked = {
        "name": "lint",
        "head_sha": pull.pull.head_sha,
        "conclusion": "failure",
        "output": output,
    }
    run = world.client().request("POST", "/repos/acme/lantern/check-runs", json=asked).json()
    shown = browser.get(f"/acme/lantern/pull/{pull.number}").text

    assert "✗ lint" in shown
    assert "<code>line 5</code>" in shown
    assert f"<code>{PATH}:5</code>" in shown
    assert "&lt;b&gt;Twice&lt;/b&gt;" in shown
    browser.post(f"/acme/lantern/issues/{pull.number}/rerequest", data={"run": str(run["id"])})
    assert world.sandbox.webhooks[-1].action == "rerequested"
