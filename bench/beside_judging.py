"""`python -m bench.beside_judging`: acknowledgements while 3,000 comments of 64 KB are judged, and
without."""

import asyncio
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.load import Load, body_of, send
from bot.tools.demo.stage import WEBHOOK_SECRET, Stage, free_port
from github_sandbox import OWNER, STRANGER, actions
from github_sandbox.state import Comment, Issue

COMMENTS = 3000
COMMENT_BYTES = 64 * 1000
SECONDS = 30.0
PER_SECOND = 20.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), port=free_port()) as stage:
        with stage.clock.at(datetime.now(UTC) - timedelta(days=1)):
            issue = _long_thread(stage)
        stage.start_bot()
        stage.settle(patience=timedelta(minutes=5))
        worker = next(
            each for each in psutil.Process().children(recursive=True) if "worker" in each.cmdline()
        )
        with ProcessPoolExecutor(1) as elsewhere:
            print(
                "nothing judged:",
                _report(elsewhere.submit(_send, stage.bot_port).result()),
                flush=True,
            )
            before = sum(worker.cpu_times()[:2])
            sending = elsewhere.submit(_send, stage.bot_port)
            time.sleep(2)
            actions.close(stage.sandbox, issue, stage.sandbox.user(OWNER), reason="not_planned")
            load = sending.result()
        worked = sum(worker.cpu_times()[:2]) - before
    print(f"beside judging: {_report(load)}; the worker took {worked:.1f} s of processor time")


def _report(load: Load) -> str:
    return (
        f"{len(load.seconds)} kept, {load.refused} refused, p50 {load.percentile(0.5) * 1e3:.0f}"
        " ms, "
        f"p99 {load.percentile(0.99) * 1e3:.0f} ms, {load.percentile(1) * 1e3:.0f} ms at most"
    )


def _long_thread(stage: Stage) -> Issue:
    """Its comments are put there without webhooks, as if long ago."""
    repo = stage.sandbox.add_repository("acme/engine", files={"README.md": "# Engine\n"})
    author = stage.sandbox.user(STRANGER)
    issue = actions.open_issue(
        stage.sandbox, repo, author, title="Support YAML anchors", body="They save lines."
    )
    now, text = stage.sandbox.clock(), body_of(COMMENT_BYTES).decode()[:COMMENT_BYTES]
    issue.comments += [
        Comment(
            id=stage.sandbox.new_id(),
            issue=issue,
            author=author,
            body=text,
            created_at=now,
            updated_at=now,
        )
        for _ in range(COMMENTS)
    ]
    return issue


def _send(port: int) -> Load:
    secret, body = WEBHOOK_SECRET, body_of(10_000)
    return asyncio.run(
        send(port, secret=secret, body=body, connections=4, seconds=SECONDS, per_second=PER_SECOND)
    )


if __name__ == "__main__":
    main()
