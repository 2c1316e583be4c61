"""Webhooks of the sandbox: each payload is read by githubkit's webhook models, signatures by
GitHub's test vector."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from githubkit import webhooks

from github_sandbox import OWNER, Sandbox, actions
from github_sandbox.hooks import SentWebhook, sign
from github_sandbox.state import Issue
from tests.support.sandbox_client import NAME, World, new_world, refused

PATH = "docs/learnings.md"


@pytest.fixture
def world() -> World:
    return new_world()


def named(webhook: SentWebhook) -> str:
    return f"{webhook.event}.{webhook.action}" if webhook.action else webhook.event


def sent_by(world: World, act: Callable[[], object]) -> list[str]:
    """Names of the webhooks an act sends; each is read by the model of its event."""
    before = len(world.sandbox.webhooks)
    act()
    new = world.sandbox.webhooks[before:]
    for webhook in new:
        webhooks.parse(webhook.event, webhook.body)  # type: ignore[call-overload]
    return [named(webhook) for webhook in new]


def issue_in(world: World) -> Issue:
    return actions.open_issue(
        world.sandbox, world.repo, world.stranger, title="Try it", body="Why not?"
    )


def pull_in(world: World, text: str = "new\n") -> Issue:
    return actions.propose_edit(
        world.sandbox, world.repo, world.contributor, files={PATH: text}, title="Edit"
    )


def test_the_signature_is_github_s() -> None:
    # https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(b"Hello, World!", secret="It's a Secret to Everybody") == expected


def test_a_webhook_is_addressed_as_github_addresses_it(world: World) -> None:
    issue_in(world)
    webhook = world.sandbox.webhooks[-1]
    assert webhook.headers["X-GitHub-Event"] == "issues"
    assert webhook.headers["X-GitHub-Delivery"] == webhook.guid
    assert webhook.headers["X-Hub-Signature-256"] == sign(
        webhook.body, secret=world.sandbox.webhook_secret
    )
    assert webhook.headers["Content-Type"] == "application/json"


def test_installing_is_announced() -> None:
    world = new_world()
    [first] = world.sandbox.webhooks
    webhooks.parse("installation", first.body)
    assert named(first) == "installation.created"
    assert sent_by(world, lambda: world.sandbox.uninstall(world.installation, by=world.owner)) == [
        "installation.deleted"
    ]


def test_check_runs_are_announced(world: World) -> None:
    checks, pull = world.client().rest.checks, pull_in(world).pull
    assert pull
    run_of = {"name": "lint", "head_sha": pull.head_sha}
    concluded = run_of | {"conclusion": "success"}
    assert sent_by(world, lambda: checks.create(*NAME, **run_of)) == ["check_run.created"]
    [run] = world.repo.check_runs.values()
    assert sent_by(world, lambda: checks.update(*NAME, run.id, conclusion="neutral")) == [
        "check_run.completed"
    ]
    assert sent_by(
        world, lambda: actions.rerequest(world.sandbox, world.repo, run, world.owner)
    ) == ["check_run.rerequested"]
    assert sent_by(world, lambda: checks.create(*NAME, **concluded)) == [
        "check_run.created",
        "check_run.completed",
    ]


def test_who_may_not_write_checks_is_not_told_of_them(world: World) -> None:
    run = (
        world.client()
        .rest.checks.create(*NAME, name="lint", head_sha=world.repo.git.head("main"))
        .parsed_data
    )
    world.installation.permissions["checks"] = "read"
    kept = world.repo.check_runs[run.id]
    kept.status = "completed"
    assert (
        sent_by(world, lambda: actions.rerequest(world.sandbox, world.repo, kept, world.owner))
        == []
    )


def test_issues_are_announced(world: World) -> None:
    s, owner = world.sandbox, world.owner
    assert sent_by(world, lambda: issue_in(world)) == ["issues.opened"]
    issue = world.repo.issues[1]
    assert sent_by(world, lambda: actions.edit(s, issue, owner, title="New", body="New")) == [
        "issues.edited"
    ]
    assert sent_by(world, lambda: actions.add_labels(s, issue, owner, ["idea"])) == [
        "issues.labeled"
    ]
    assert sent_by(world, lambda: actions.remove_label(s, issue, owner, "idea")) == [
        "issues.unlabeled"
    ]
    assert sent_by(world, lambda: actions.close(s, issue, owner, reason="not_planned")) == [
        "issues.closed"
    ]
    assert sent_by(world, lambda: actions.reopen(s, issue, owner)) == ["issues.reopened"]


@pytest.mark.parametrize("opened", [issue_in, pull_in])
def test_comments_are_announced_on_issues_and_pull_requests(
    world: World, opened: Callable[[World], Issue]
) -> None:
    s, owner, issue = world.sandbox, world.owner, opened(world)
    assert sent_by(world, lambda: actions.comment(s, issue, owner, "No")) == [
        "issue_comment.created"
    ]
    [said] = issue.comments
    assert sent_by(world, lambda: actions.edit_comment(s, said, owner, "Yes")) == [
        "issue_comment.edited"
    ]
    assert sent_by(world, lambda: actions.delete_comment(s, said, owner)) == [
        "issue_comment.deleted"
    ]


def test_pull_requests_are_announced_with_their_pushes(world: World) -> None:
    s, owner = world.sandbox, world.owner
    assert sent_by(world, lambda: pull_in(world)) == ["push", "pull_request.opened"]
    issue = world.repo.issues[1]
    edited = sent_by(world, lambda: actions.edit_pull_file(s, issue, owner, path="x", text="y\n"))
    assert edited == ["push", "pull_request.synchronize"]
    assert sent_by(world, lambda: actions.close(s, issue, owner)) == ["pull_request.closed"]
    assert sent_by(world, lambda: actions.reopen(s, issue, owner)) == ["pull_request.reopened"]
    assert sent_by(world, lambda: actions.merge(s, issue, owner)) == ["push", "pull_request.closed"]
    assert sent_by(world, lambda: actions.revert(s, issue, owner)) == [
        "push",
        "pull_request.opened",
    ]


def test_merging_announces_the_issue_it_closes(world: World) -> None:
    issue_in(world)
    pull = actions.propose_edit(
        world.sandbox,
        world.repo,
        world.contributor,
        files={PATH: "x\n"},
        title="Edit",
        body="Fixes #1",
    )
    merged = sent_by(world, lambda: actions.merge(world.sandbox, pull, world.owner))
    assert merged == ["push", "pull_request.closed", "issues.closed"]


def test_reviews_are_announced(world: World) -> None:
    issue = pull_in(world)
    approved = sent_by(
        world, lambda: actions.review(world.sandbox, issue, world.owner, state="APPROVED")
    )
    assert approved == ["pull_request_review.submitted"]
    said = sent_by(
        world,
        lambda: actions.comment_on_line(
            world.sandbox, issue, world.owner, path=PATH, line=1, body="Why?"
        ),
    )
    assert said == ["pull_request_review.submitted", "pull_request_review_comment.created"]
    assert issue.pull
    [why] = issue.pull.review_comments
    answered = sent_by(
        world, lambda: actions.reply_on_line(world.sandbox, why, world.owner, "Because.")
    )
    assert answered == said


def test_a_reaction_sends_nothing(world: World) -> None:
    issue = issue_in(world)
    assert sent_by(world, lambda: actions.react(world.sandbox, issue, world.owner, "+1")) == []


def test_branches_made_and_deleted_are_pushes(world: World) -> None:
    head = world.repo.git.head("main")
    assert head
    made = sent_by(
        world,
        lambda: actions.create_branch(world.sandbox, world.repo, world.owner, branch="b", at=head),
    )
    gone = sent_by(
        world, lambda: actions.delete_branch(world.sandbox, world.repo, world.owner, branch="b")
    )
    assert (made, gone) == (["push"], ["push"])
    created, deleted = (json.loads(webhook.body) for webhook in world.sandbox.webhooks[-2:])
    assert (created["created"], created["forced"], deleted["deleted"]) == (True, False, True)


def test_a_push_lists_what_it_touched(world: World) -> None:
    changes = {PATH: "new\n", "added.txt": "x\n", "README.md": None}
    actions.commit_files(
        world.sandbox, world.repo, world.owner, branch="main", files=changes, message="Change"
    )
    [commit] = json.loads(world.sandbox.webhooks[-1].body)["commits"]
    assert (commit["added"], commit["removed"], commit["modified"]) == (
        ["added.txt"],
        ["README.md"],
        [PATH],
    )


def test_what_the_app_does_itself_is_announced_as_its_bot_s(world: World) -> None:
    world.client().rest.issues.create(*NAME, title="By the bot")
    payload = json.loads(world.sandbox.webhooks[-1].body)
    assert (payload["sender"]["login"], payload["sender"]["type"]) == ("precedent[bot]", "Bot")
    assert payload["installation"]["id"] == world.installation.id


def test_a_repository_without_the_app_is_silent(world: World) -> None:
    world.installation.repositories = [world.repo]
    other = world.sandbox.add_repository("acme/other", install=False)
    assert (
        sent_by(world, lambda: actions.open_issue(world.sandbox, other, world.owner, title="x"))
        == []
    )


def test_a_suspended_installation_is_not_told(world: World) -> None:
    world.installation.suspended_at = world.clock()
    assert sent_by(world, lambda: issue_in(world)) == []


def test_webhooks_are_handed_over_when_the_act_is_done() -> None:
    held: list[str] = []

    def receive(headers: object, body: bytes) -> int:
        held.append(json.loads(body).get("action", "push"))
        return 202

    world = new_world(on_delivery=receive)
    pull_in(world)
    assert held == ["created", "push", "opened"]
    assert {webhook.status for webhook in world.sandbox.webhooks} == {202}


def test_what_was_done_before_a_refusal_is_still_announced() -> None:
    held: list[bytes] = []

    def receive(headers: object, body: bytes) -> int:
        held.append(body)
        return 202

    world = new_world(on_delivery=receive)
    issue_in(world)
    with refused(422, "not a member"):
        world.client().request(
            "PATCH", "/repos/acme/lantern/issues/1", json={"title": "New", "state": "gone"}
        )
    assert json.loads(held[-1])["action"] == "edited"


def test_a_redelivery_keeps_its_guid(world: World) -> None:
    issue_in(world)
    first = world.sandbox.webhooks[-1]
    world.sandbox.redeliver(first)
    again = world.sandbox.webhooks[-1]
    assert (again.guid, again.body, again.redelivery) == (first.guid, first.body, True)


class Receiver(BaseHTTPRequestHandler):
    got: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(self.headers["X-GitHub-Event"])
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_webhooks_are_posted_to_an_address() -> None:
    got: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Listening", (Receiver,), {"got": got}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    sandbox = Sandbox(webhook_url=f"http://127.0.0.1:{server.server_port}/webhook")
    repo = sandbox.add_repository("acme/lantern")
    actions.open_issue(sandbox, repo, sandbox.user(OWNER), title="x")
    sandbox.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert (got, [webhook.status for webhook in sandbox.webhooks]) == (
        ["installation", "issues"],
        [202, 202],
    )


def test_an_address_that_does_not_answer_is_remembered() -> None:
    sandbox = Sandbox(webhook_url="http://127.0.0.1:9/webhook")
    sandbox.add_repository("acme/lantern")
    sandbox.close()
    assert [webhook.status for webhook in sandbox.webhooks] == [0]


# --- bad days


def guids(world: World) -> list[str]:
    return [webhook.guid for webhook in world.sandbox.webhooks]


def test_a_doubled_webhook_is_sent_twice_under_one_guid(world: World) -> None:
    before = len(world.sandbox.webhooks)
    with world.sandbox.webhooks_gone_wrong("doubled"):
        issue_in(world)
    one, two = world.sandbox.webhooks[before:]

    assert (one.guid, one.body) == (two.guid, two.body)
    assert one.id < two.id


def test_a_late_webhook_leaves_when_the_bad_day_is_over(world: World) -> None:
    before = guids(world)
    with world.sandbox.webhooks_gone_wrong("late"):
        issue_in(world)
        world.clock.pass_time(hours=3)
        assert guids(world) == before
    [late] = world.sandbox.webhooks[len(before) :]

    assert (named(late), late.at) == ("issues.opened", world.clock())


def test_reordered_webhooks_leave_the_last_one_first(world: World) -> None:
    before = len(world.sandbox.webhooks)
    with world.sandbox.webhooks_gone_wrong("reordered"):
        actions.close(world.sandbox, issue_in(world), world.owner)

    assert [named(each) for each in world.sandbox.webhooks[before:]] == [
        "issues.closed",
        "issues.opened",
    ]
