"""A small project with a past: two decisions on record, one pull request to regret, proposals to
answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.tools.demo.stage import Stage
from github_sandbox import CONTRIBUTOR, OWNER, STRANGER, actions
from github_sandbox.state import Issue, Repository

NAME: Final = "acme/harbor"
PATH: Final = "docs/learnings.md"

README: Final = """\
# Harbor

A job queue in one file: workers fetch, run, report. Small on purpose.

What was decided, and why, is in [docs/learnings.md](docs/learnings.md).
"""
CONFIG: Final = """\
def read_config(path):
    with open(path) as file:
        return parse(file.read())
"""
QUEUE: Final = """\
def fetch(connection):
    return connection.execute("SELECT * FROM jobs WHERE state = 'ready' LIMIT 1")
"""
QUEUE_BATCHED: Final = """\
BATCH = 20


def fetch(connection):
    return connection.execute(f"SELECT * FROM jobs WHERE state = 'ready' LIMIT {BATCH}")
"""
RELOAD_RULE: Final = (
    "Settings are read once, at start: after a live reload two workers differed for an hour."
)
BATCH_RULE: Final = (
    "Workers fetch jobs in batches of 20, because a query per job kept the database at 80 % load."
)
LEARNINGS: Final = f"""\
# Learnings

What was decided here, why, and what would reopen it. One line per decision, approved by a person.

## Configuration

- **#1** (not-planned) — {RELOAD_RULE} See: harbor/config.py. [tags: config]

## Queue

- **PR #2** (merged) — {BATCH_RULE} See: harbor/queue.py. [tags: queue, database]
"""


@dataclass(frozen=True, kw_only=True)
class Harbor:
    """The repository and what the story needs of it."""

    repo: Repository
    batches: Issue
    anchors: Issue
    polling: Issue


def plant(stage: Stage) -> Harbor:
    """Before the bot looks: nothing of this is news to it."""
    sandbox = stage.sandbox
    with stage.clock.at(datetime(2025, 11, 3, 9, tzinfo=UTC)):
        files = {"README.md": README, "harbor/config.py": CONFIG, "harbor/queue.py": QUEUE}
        repo = sandbox.add_repository(NAME, files=files, description="A job queue in one file")
    owner, carl, sam = (sandbox.user(login) for login in (OWNER, CONTRIBUTOR, STRANGER))
    with stage.clock.at(datetime(2025, 12, 9, 15, tzinfo=UTC)):
        reload = actions.open_issue(
            sandbox, repo, sam, title="Reload settings while running", body="A restart is slow."
        )
        actions.comment(
            sandbox,
            reload,
            owner,
            "We tried: two workers ran with different settings for an hour. No.",
        )
        actions.close(sandbox, reload, owner, reason="not_planned")
    with stage.clock.at(datetime(2026, 2, 17, 11, tzinfo=UTC)):
        batches = actions.propose_edit(
            sandbox,
            repo,
            carl,
            files={"harbor/queue.py": QUEUE_BATCHED},
            title="Fetch jobs in batches of 20",
            body=(
                "A query per job keeps the database at 80 % load. One query for twenty"
                " brings it to 9 %."
            ),
        )
        actions.merge(sandbox, batches, owner)
        actions.commit_files(
            sandbox,
            repo,
            owner,
            branch="main",
            files={PATH: LEARNINGS},
            message="Start the learnings file",
        )
    with stage.clock.at(datetime(2026, 5, 6, 10, tzinfo=UTC)):
        anchors = actions.open_issue(
            sandbox,
            repo,
            carl,
            title="Support YAML anchors in the configuration",
            body=(
                "I repeat the same retry block for six queues. Anchors and aliases would"
                " let me write it once."
            ),
        )
        polling = actions.open_issue(
            sandbox,
            repo,
            sam,
            title="Poll the queue every millisecond",
            body="Our jobs are tiny; a worker that asks more often would start them sooner.",
        )
        actions.open_issue(
            sandbox,
            repo,
            sam,
            title="Typo in the README",
            body="It says “report” where it means “reports”.",
        )
    return Harbor(repo=repo, batches=batches, anchors=anchors, polling=polling)
