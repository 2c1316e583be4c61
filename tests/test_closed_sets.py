"""Whoever adds a kind of job, an event or a command is told by mypy of every place that has to know
it; a feature that does what it has not asked for is told as well."""

import re
import shutil
from pathlib import Path

import pytest
from mypy import api

from tests.support.imports import ROOT

PORTS = [f"bot/ports/{each}.py" for each in ("github", "store", "model", "world", "parts")]
A_KIND = (
    "\nJob = (\n",
    "\n@dataclass(frozen=True, kw_only=True)\nclass Weather(Task):\n"
    '    kind: ClassVar = "weather"\n\n\nJob = (\n    Weather |\n',
)
AN_EVENT = (
    "\nEvent = (\n",
    "\n@dataclass(frozen=True, kw_only=True)\nclass StarEvent(Happened):\n    stars: int\n"
    "\n\nEvent = (\n    StarEvent |\n",
)
A_VERB = ('Verb = Literal["add"', 'Verb = Literal["forecast", "add"')


def said_of(folder: Path, change: dict[str, tuple[str, str]], *told: str) -> list[tuple[str, str]]:
    """What mypy says of a copy after a change: the function and the message; `told` are the files
    it looks at besides."""
    for name in {*change, *told}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, (before, after) in change.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    options = ["--config-file=", "--follow-imports=skip", "--ignore-missing-imports"]
    packages = ["--explicit-package-bases", "--namespace-packages", f"--cache-dir={folder}/cache"]
    said, trouble, _ = api.run(
        [*options, *packages, *(str(folder / name) for name in {*change, *told})]
    )
    assert trouble == ""
    return [
        (_function(Path(path), int(line)), message)
        for path, line, message in re.findall(r"^(.+?):(\d+): error: (.*)", said, re.MULTILINE)
    ]


def _function(path: Path, line: int) -> str:
    """The name of the function in which a line stands."""
    before = path.read_text(encoding="utf-8").splitlines()[:line]
    return [found[1] for found in map(re.compile(r"def (\w+)").match, before) if found][-1]


def test_every_place_that_must_know_a_new_kind_event_or_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    change = {
        "bot/core/jobs.py": A_KIND,
        "bot/core/events.py": AN_EVENT,
        "bot/core/commands.py": A_VERB,
    }
    told = ["bot/features/handlers.py", "bot/features/command/decide.py", "bot/ports/store.py"]

    missed = {place for place, why in said_of(tmp_path, change, *told) if '"assert_never"' in why}
    of_the_kind, of_the_event = {"lane_of", "slot_of", "handle"}, {"plan_jobs"}
    assert missed == of_the_kind | of_the_event | {"usage_of", "follow_ups", "_obeyed"}


def test_a_feature_that_does_what_it_has_not_asked_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Who comments cannot even name a branch."""
    monkeypatch.chdir(tmp_path)
    change = {
        "bot/features/show_prior_art.py": ("repo.summary(", "repo.head("),
        "bot/features/follow_comment.py": ("repo.delete_comment(", "repo.create_branch("),
        "bot/features/lint_check.py": ("repo.write_check(", "repo.comment("),
        "bot/features/reread_thread.py": ("ctx.store.keep_thread(", "ctx.store.keep_lines("),
        "bot/features/sync_installation.py": ("ctx.note(", "ctx.judge("),
    }

    said = "\n".join(why for _, why in said_of(tmp_path, change, *PORTS))
    refused = re.findall(r'"(\w+)" has no attribute "(\w+)"', said)
    assert {
        ("Repo", "head"),
        ("Repo", "create_branch"),
        ("Repo", "comment"),
        ("ThreadCopies", "keep_lines"),
        ("Context", "judge"),
    } <= set(refused)
