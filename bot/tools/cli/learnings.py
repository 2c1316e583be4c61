"""The commands about a learnings file: lint, export, audit, research, show, mcp."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.tools.cli.lint_output import Checked, as_annotations, as_json, as_text, counted

if TYPE_CHECKING:
    from bot.core.learnings import Document, Entry
    from bot.core.learnings.audit import ThreadState
    from bot.core.learnings.lint import Agreement

DEFAULT_FILE: Final = Path("docs/learnings.md")
SETTINGS_FILE: Final = Path(".github/learnings.yml")
FORMATS: Final[Mapping[str, Callable[[Sequence[Checked]], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_annotations,
}


class Misuse(click.ClickException):
    """What was asked for cannot be done with what was given: one line, exit 2."""

    exit_code = 2


file_option = click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=DEFAULT_FILE,
    show_default=True,
    help="The learnings file.",
)


@click.command()
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option(
    "--fix", is_flag=True, help="Put right what is safe to put right, then report the rest."
)
def lint(paths: Sequence[Path], form: str, fix: bool) -> None:
    """Check learnings files. Exit 1 if there are errors; with hints and warnings alone exit 0.

    Tags, deny_words and budget are read from .github/learnings.yml above the file.

    \b
    Example:
      precedent lint docs/learnings.md --fix
    """
    checked = [_check(path, fix=fix) for path in paths]
    click.echo(FORMATS[form](checked), nl=form != "github")
    if any(finding.severity == "error" for file in checked for finding in file.findings):
        raise SystemExit(1)


@click.command()
@file_option
def export(file: Path) -> None:
    """Print the learnings file as JSON.

    \b
    Example:
      precedent export --file docs/learnings.md
    """
    from bot.core.learnings.json_export import export_document

    click.echo(_json(export_document(_read(file))))


@click.command()
@file_option
@click.option(
    "--repo", metavar="OWNER/NAME", help="Ask GitHub too, as the App that the settings name."
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def audit(file: Path, repo: str | None, as_json: bool) -> None:
    """List entries that may no longer stand. Exit 1 if there are any.

    Looked at: chains of "Superseded by", winners that do not stand, paths after "See:" that are
    gone, dates after "Review after:"; with --repo also open and partial entries whose issue closed,
    winners that were never merged.

    \b
    Example:
      precedent audit --file docs/learnings.md --repo acme/engine
    """
    from bot.core.learnings.audit import audit as audit_document
    from bot.core.learnings.audit import numbers_to_ask

    document, root = _read(file), _checkout_above(file)
    states = _ask_github(repo, numbers_to_ask(document)) if repo else None
    today = datetime.now(UTC).date()
    doubts = audit_document(
        document,
        exists=lambda path: root is None or (root / path).exists(),
        states=states,
        today=today,
    )
    if as_json:
        rows = [
            {
                "line": doubt.entry.line,
                "head": doubt.entry.head,
                "rule": doubt.rule,
                "why": doubt.why,
            }
            for doubt in doubts
        ]
        click.echo(_json({"doubts": rows}))
    else:
        for doubt in doubts:
            click.echo(f"{file}:{doubt.entry.line}: {doubt.entry.head}: {doubt.rule}: {doubt.why}")
        click.echo(
            f"{counted(len(doubts), 'reason', 'reasons')} for doubt." if doubts else "No doubts."
        )
        if root is None:
            click.echo("Not in a checkout: the paths after See: were not looked at.")
    if doubts:
        raise SystemExit(1)


@click.command()
@click.argument("query")
@file_option
@click.option(
    "-k", type=click.IntRange(1, 50), default=5, show_default=True, help="How many entries at most."
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def research(query: str, file: Path, k: int, as_json: bool) -> None:
    """Find what was decided about something, best match first, each with why it is shown.

    \b
    Example:
      precedent research "cache rendered images per user"
    """
    from bot.core.recall.research import NOT_INSTRUCTION, describe
    from bot.core.recall.research import research as find_answers
    from bot.tools.learnings_file import line_dates

    document = _read(file)
    dates = line_dates(file)
    answers = find_answers(document, query, k)
    if as_json:
        rows = [
            {
                **_entry_json(file, answer.entry, dates),
                "current": answer.current,
                "found": answer.found.head,
                "reason": answer.reason,
                "score": round(answer.score, 3),
                "confidence": round(answer.confidence, 3),
            }
            for answer in answers
        ]
        click.echo(_json({"query": query, "answers": rows, "note": NOT_INSTRUCTION}))
        return
    for place, answer in enumerate(answers, 1):
        text = describe(answer.entry, source=str(file), changed=dates.get(answer.entry.line))
        click.echo(f"{place}. {text}\n  Why shown: {answer.reason}\n")
    click.echo(NOT_INSTRUCTION if answers else "Nothing on record speaks of that.")


@click.command()
@click.argument("number", metavar="'#N'")
@file_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def show(number: str, file: Path, as_json: bool) -> None:
    """Show an entry with what it superseded and what superseded it. Exit 1 if there is none.

    \b
    Example:
      precedent show '#12'
    """
    from bot.core.learnings.graph import Graph
    from bot.core.recall.research import describe, what_stands
    from bot.tools.learnings_file import line_dates

    wanted = _number(number)
    document = _read(file)
    found = document.find(wanted)
    graph, dates = Graph(document), line_dates(file)
    standing = graph.what_stands(wanted)
    older = graph.superseded_by_this(found[0]) if found else ()
    newer = standing.entry if standing.entry and standing.entry not in found else None
    if as_json:
        click.echo(
            _json(
                {
                    "number": wanted,
                    "entries": [_entry_json(file, entry, dates) for entry in found],
                    "superseded": [_entry_json(file, entry, dates) for entry in older],
                    "path": list(standing.path),
                    "stands": _entry_json(file, standing.entry, dates) if standing.entry else None,
                }
            )
        )
    else:
        shown = [
            ("", found),
            ("It took the place of:", older),
            ("Now instead:", [newer] if newer else []),
        ]
        for title, entries in shown:
            for entry in entries:
                text = describe(entry, source=str(file), changed=dates.get(entry.line))
                click.echo(f"{title}\n{text}\n" if title else f"{text}\n")
        click.echo(what_stands(document, wanted))
    if not found:
        raise SystemExit(1)


@click.command()
@file_option
def mcp(file: Path) -> None:
    """Serve the learnings file to coding agents over MCP, on standard input and output.

    \b
    Example:
      claude mcp add precedent -- precedent mcp --file docs/learnings.md
    """
    from bot.tools.mcp import agent_server

    _read(file)
    agent_server(file).run()


def _read(path: Path) -> "Document":
    from bot.core.learnings import parse

    return parse(_text(path))


def _text(path: Path) -> str:
    from bot.tools.learnings_file import UnusableFile, read_learnings

    try:
        return read_learnings(path)
    except UnusableFile as error:
        raise Misuse(str(error)) from None


def _check(path: Path, *, fix: bool) -> Checked:
    from bot.core.learnings import parse, render
    from bot.core.learnings.lint import fix_document, lint_document
    from bot.tools.learnings_file import UnusableFile, write_learnings

    text, agreement = _text(path), _agreement(path)
    document = parse(text)
    if fix:
        document = fix_document(document, agreement)
    if fix and render(document) != text:
        try:
            write_learnings(path, render(document), instead_of=text)
        except UnusableFile as error:
            raise Misuse(str(error)) from None
    return Checked(path=path, document=document, findings=lint_document(document, agreement))


def _agreement(path: Path) -> "Agreement":
    """What the repository of a file agreed on; the defaults where it has no settings."""
    from bot.core.learnings.lint import Agreement

    places = (folder / SETTINGS_FILE for folder in path.absolute().parents)
    place = next((place for place in places if place.is_file()), None)
    if place is None:
        return Agreement()
    from bot.core.repository_settings import BadRepositorySettings, parse_repository_settings

    try:
        settings = parse_repository_settings(_text(place))
    except BadRepositorySettings as error:
        raise Misuse(f"{place}: {error}") from None
    return Agreement(
        tags=settings.tags, deny_words=settings.deny_words, budget_lines=settings.budget.lines
    )


def _checkout_above(path: Path) -> Path | None:
    return next((folder for folder in path.absolute().parents if (folder / ".git").exists()), None)


def _number(text: str) -> int:
    digits = text.strip().removeprefix("#")
    if not re.fullmatch(r"[1-9]\d{0,9}", digits, re.ASCII):
        raise Misuse(f"{text!r} is no number of an issue: write '#12' or 12")
    return int(digits)


def _entry_json(path: Path, entry: "Entry", dates: "Mapping[int, date]") -> dict[str, object]:
    """The words of an entry that fails the safety rules stay out; `withheld` says why."""
    from bot.core.learnings.json_export import export_entry
    from bot.core.recall.research import why_withheld

    changed, danger = dates.get(entry.line), why_withheld(entry)
    row = {
        **export_entry(entry),
        "source": f"{path}:{entry.line}",
        "changed": changed and changed.isoformat(),
    }
    return (
        {**row, "takeaway": None, "see": None, "withheld": danger}
        if danger
        else {**row, "withheld": None}
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _ask_github(repo: str, numbers: Collection[int]) -> "Mapping[int, ThreadState]":
    from bot.app import Outside
    from bot.core.errors import GiveUp, TryLater
    from bot.tools.cli.run import read_environment
    from bot.tools.github_once import ask_in_person, ask_states

    try:
        return ask_states(ask_in_person(read_environment(), Outside()), repo, numbers)
    except (GiveUp, TryLater) as error:
        raise click.ClickException(f"GitHub does not answer for {repo}: {error}") from error
