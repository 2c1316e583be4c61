"""A week in which a maintainer does to the pull request whatever can be done to it: no line is
lost, and every step is answered once."""

from bot.adapters.store.database import Database
from bot.core.jobs import CONFIG_PATH
from github_sandbox import actions
from github_sandbox.state import Issue
from tests.support.loop import BRANCH, PATH, Loop
from tests.support.tales import ANCHORS, ANCHORS_REFUSED, POLLING, POLLING_REFUSED

NEW_PATH = "docs/decisions.md"
REWORDED = "- **#3** (not-planned) — Nothing is polled: the watcher tells. [tags: tiles]"


class Week:
    """The maintainer's side of the loop; `path` is where the file is by now."""

    def __init__(self, db: Database) -> None:
        self.loop, self.path = Loop(db), PATH

    @property
    def newest(self) -> Issue:
        return self.loop.proposals[-1]

    def lines(self) -> list[int]:
        """The entries that the open pull request adds; empty where none is open."""
        if not self.newest.open:
            return []
        added = self.loop.diff_lines(self.newest, "+")
        return [n for n in (1, 3) if len([line for line in added if f"**#{n}**" in line]) == 1]

    def answers(self) -> int:
        return sum(len(self.loop.bot_comments(pull)) for pull in self.loop.proposals)

    def set_box(self, number: int, *, ticked: bool) -> None:
        was, will = ("[ ]", "[x]") if ticked else ("[x]", "[ ]")
        body = self.newest.body.replace(f"- {was} **`#{number}`**", f"- {will} **`#{number}`**")
        assert body != self.newest.body
        actions.edit(self.loop.sandbox, self.newest, self.loop.owner, body=body)
        self.loop.settle()

    def say(self, words: str) -> None:
        actions.comment(self.loop.sandbox, self.newest, self.loop.owner, words)

    def close(self) -> None:
        actions.close(self.loop.sandbox, self.newest, self.loop.owner)
        self.loop.settle()

    def close_by_machine(self) -> None:
        tidy = self.loop.sandbox.add_user("tidy-app", type="Bot")
        self.loop.repo.roles["tidy-app"] = "write"
        actions.close(self.loop.sandbox, self.newest, tidy)
        self.loop.settle()


def test_a_maintainers_week_loses_nothing(sqlite_db: Database) -> None:
    week = Week(sqlite_db)
    loop = week.loop
    loop.decline(ANCHORS, ANCHORS_REFUSED)
    loop.settle()
    loop.decline(POLLING, POLLING_REFUSED)
    loop.settle()
    assert week.lines() == [1, 3]

    # Monday: a freeze, which is put off in as many words, and lifted the same day.
    week.say("Not now: we freeze for the release.")
    week.close()
    assert (week.lines(), week.answers()) == ([], 1)
    loop.settle_later(hours=5)
    week.say("/learnings undo")
    loop.settle()
    assert week.lines() == [1, 3]

    # Tuesday: the file moves, the setting follows later.
    loop.settle_later(days=1)
    loop.push({NEW_PATH: "# Decisions\n"})
    loop.settle()
    loop.push({CONFIG_PATH: f"path: {NEW_PATH}\n"})
    loop.settle()
    assert [change.path for change in loop.changes(week.newest)] == [NEW_PATH]
    assert week.lines() == [1, 3]

    # Wednesday: one line is unticked, the other reworded, and the first wanted after all.
    loop.settle_later(days=1)
    week.set_box(1, ticked=False)
    assert week.lines() == [3]
    text = loop.file(branch=BRANCH, path=NEW_PATH)
    (line,) = (each for each in text.split("\n") if "**#3**" in each)
    actions.edit_pull_file(
        loop.sandbox, week.newest, loop.owner, path=NEW_PATH, text=text.replace(line, REWORDED)
    )
    loop.settle()
    week.set_box(1, ticked=True)
    assert week.lines() == [1, 3]

    # Thursday: closed by mistake and opened again.
    loop.settle_later(days=1)
    before = week.answers()
    week.close()
    assert week.answers() == before + 1
    actions.reopen(loop.sandbox, week.newest, loop.owner)
    loop.settle()
    assert (week.lines(), week.answers()) == ([1, 3], before)

    # Friday: a machine closes it; it is back the next day by itself.
    loop.settle_later(days=1)
    week.close_by_machine()
    assert (week.lines(), week.answers()) == ([], before + 1)
    loop.settle_later(days=1)
    assert week.lines() == [1, 3]

    # The weekend: closed, and undone with a command.
    week.close()
    assert week.lines() == []
    week.say("/learnings undo")
    loop.settle()
    assert week.lines() == [1, 3]
    assert REWORDED in loop.file(branch=BRANCH, path=NEW_PATH)
