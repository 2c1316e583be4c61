"""`python -m bench.comment`: from an issue opened to the comment under it, GitHub being the
sandbox, by rule."""

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.tools.demo.stage import Stage, free_port
from github_sandbox import OWNER, STRANGER, actions
from github_sandbox.state import Issue, Repository

PATH = "docs/learnings.md"
LEARNINGS = (
    "# Learnings\n\n- **#1** (won't-fix) — YAML anchors stay out: an alias hides the value"
    " from review.\n"
)
PROPOSAL = "Support YAML anchors in the configuration"
AGAIN = "Let config files reuse blocks with YAML anchors and aliases"
AGAIN_BODY = (
    "I repeat the same block five times. With anchors and aliases the configuration would"
    " be shorter."
)
LOOK_SECONDS = 0.005
# We comment 20 times a minute at most: more would measure that.
PAUSE_SECONDS = 3.1


def main() -> None:
    count = _arguments().comments
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), port=free_port()) as stage:
        with stage.clock.at(datetime.now(UTC) - timedelta(days=30)):
            # One repository each: nobody is told more than twice a day, nor in a burst.
            repositories = [_with_a_past(stage, f"acme/engine-{place}") for place in range(count)]
        stage.start_bot()
        for repo in repositories:
            _keep_decision(stage, repo)
        stage.settle(patience=timedelta(minutes=5))
        waits = sorted(_wait_for_comment(stage, repo) for repo in repositories)
    p50, p95 = waits[count // 2], waits[int(count * 0.95)]
    print(f"{count} comments: p50 {p50:.2f} s, p95 {p95:.2f} s, {waits[-1]:.2f} s at most")


def _with_a_past(stage: Stage, name: str) -> Repository:
    repo = stage.sandbox.add_repository(name, files={"README.md": "# Engine\n"})
    issue = actions.open_issue(
        stage.sandbox, repo, stage.sandbox.user(STRANGER), title=PROPOSAL, body=""
    )
    actions.close(stage.sandbox, issue, stage.sandbox.user(OWNER), reason="not_planned")
    return repo


def _keep_decision(stage: Stage, repo: Repository) -> None:
    owner = stage.sandbox.user(OWNER)
    actions.commit_files(
        stage.sandbox,
        repo,
        owner,
        branch="main",
        files={PATH: LEARNINGS},
        message="Start the learnings file",
    )


def _wait_for_comment(stage: Stage, repo: Repository) -> float:
    time.sleep(PAUSE_SECONDS)
    began = time.perf_counter()
    issue = actions.open_issue(
        stage.sandbox, repo, stage.sandbox.user(STRANGER), title=AGAIN, body=AGAIN_BODY
    )
    while not _is_told(issue):
        time.sleep(LOOK_SECONDS)
        assert time.perf_counter() - began < 60, f"no comment in {repo.full_name}"
    return time.perf_counter() - began


def _is_told(issue: Issue) -> bool:
    return any(comment.author.type == "Bot" for comment in list(issue.comments))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.comment", description=__doc__)
    parser.add_argument("--comments", type=int, default=30)
    return parser.parse_args()


if __name__ == "__main__":
    main()
