"""Whoever adds a kind of job, an event or a command is told by mypy of every place that has to know
it."""

import re
import shutil
from pathlib import Path

import pytest
from mypy import api

from tests.support.imports import ROOT

A_KIND = {
    "bot/core/jobs.py": (
        "\nJob = (\n",
        "\n@dataclass(frozen=True, kw_only=True)\nclass Weather(Task):\n"
        '    kind: ClassVar = "weather"\n\n\nJob = (\n    Weather |\n',
    )
}
AN_EVENT = {
    "bot/core/events.py": (
        "\nEvent = (\n",
        "\n@dataclass(frozen=True, kw_only=True)\nclass StarEvent(Happened):\n    stars: int\n"
        "\n\nEvent = (\n    StarEvent |\n",
    )
}
A_VERB = {"bot/core/commands.py": ('Verb = Literal["add"', 'Verb = Literal["forecast", "add"')}


def forgotten(folder: Path, change: dict[str, tuple[str, str]], *told: str) -> set[str]:
    """The functions in which mypy misses something after the change of a copy; `told` are the files
    it looks at besides."""
    for name in {*change, *told}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, (before, after) in change.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    given = [str(folder / name) for name in {*change, *told}]
    options = ["--config-file=", "--follow-imports=skip", "--ignore-missing-imports"]
    cache = f"--cache-dir={folder}/cache"
    said, trouble, _ = api.run(
        [*options, "--explicit-package-bases", "--namespace-packages", cache, *given]
    )
    assert trouble == ""
    return {
        _function(Path(path), int(line))
        for path, line in re.findall(r'^(.+?):(\d+): error: .*"assert_never"', said, re.MULTILINE)
    }


def _function(path: Path, line: int) -> str:
    """The name of the function in which a line stands."""
    before = path.read_text(encoding="utf-8").splitlines()[:line]
    return [found[1] for found in map(re.compile(r"def (\w+)").match, before) if found][-1]


@pytest.mark.parametrize(
    ("change", "told", "places"),
    [
        (A_KIND, ["bot/features/handlers.py"], {"lane_of", "slot_of", "handle"}),
        (AN_EVENT, ["bot/core/jobs.py"], {"plan_jobs"}),
        (
            A_VERB,
            ["bot/features/command/decide.py", "bot/ports/__init__.py"],
            {"usage_of", "follow_ups", "_obeyed"},
        ),
    ],
    ids=["kind", "event", "verb"],
)
def test_the_places_that_must_know_a_new_member_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change, told, places
):
    monkeypatch.chdir(tmp_path)

    assert forgotten(tmp_path, change, *told) == places
