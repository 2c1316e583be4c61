"""What the check run on a pull request says: what is wrong with its lines, and what was wrong
before."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from bot.core.learnings import Document, parse
from bot.core.learnings.lint import Agreement, Finding, Rule, Severity, lint_document
from bot.core.repository_settings import (
    BadRepositorySettings,
    RepositorySettings,
    parse_repository_settings,
)
from bot.core.text.cleaning import cut, harmless
from bot.core.text.secrets import cut_between_words, redact

CHECK_NAME: Final = "Precedent: learnings"
Conclusion = Literal["success", "neutral", "failure"]
Level = Literal["failure", "warning", "notice"]

# Three requests of fifty, which is what GitHub takes at once. Nobody reads more.
MOST_ANNOTATIONS: Final = 150
MOST_OLD: Final = 30
# A minute of one core is too much for a stranger's pull request; 400 lines have some 60,000
# characters.
MOST_CHARS: Final = 1_000_000
LONGEST_MESSAGE: Final = 400
LONGEST_SUGGESTION: Final = 1_500
LEVELS: Final[dict[Severity, Level]] = {"error": "failure", "warning": "warning", "hint": "notice"}
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "hint")
REFERENCE: Final = re.compile(r"`#(\d+)`|#(\d+)")
# What is said of the file as a whole stands at a line that may be any.
OF_THE_FILE: Final[frozenset[Rule]] = frozenset({"size-budget"})


@dataclass(frozen=True, kw_only=True)
class Version:
    """A file on one commit. ``text`` is None where there is none, or where it cannot be read and
    ``why`` says why."""

    text: str | None = None
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class Remark:
    """``at`` is the text of the line, by which an old finding is known wherever its line has moved
    to."""

    path: str
    line: int
    severity: Severity
    rule: str
    message: str
    at: str = ""
    suggestion: str = ""


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """Of one file: ``new`` came with the pull request, ``old`` was there before, ``beside`` is
    about the whole."""

    new: Sequence[Remark] = ()
    old: Sequence[Remark] = ()
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class Annotation:
    path: str
    line: int
    level: Level
    title: str
    message: str
    better: str = ""


@dataclass(frozen=True, kw_only=True)
class Check:
    """``key`` is equal for equal checks of one thread."""

    conclusion: Conclusion
    title: str
    summary: str
    annotations: Sequence[Annotation] = ()
    key: str = field(default="", compare=False)


# --- the two files


def remarks_on_learnings(
    path: str, *, head: Version, base: Version, settings: RepositorySettings
) -> Remarks:
    if head.why:
        return _unreadable(path, head, base)
    if head.text is None:
        return Remarks(beside=f"This pull request takes `{path}` away." if base != head else "")
    if len(head.text) > MOST_CHARS:
        return Remarks(
            beside=f"`{path}` is too large to be checked here. Run `precedent lint {path}`."
        )
    agreement = Agreement(
        tags=settings.tags, deny_words=settings.deny_words, budget_lines=settings.budget.lines
    )
    found = _lint(path, head.text, agreement)
    before = base.text or ""
    return _told_apart(
        found, _lint(path, before, agreement) if found and len(before) <= MOST_CHARS else []
    )


def remarks_on_settings(path: str, *, head: Version, base: Version) -> Remarks:
    if head.why:
        return _unreadable(path, head, base)
    return _told_apart(_mistakes(path, head.text or ""), _mistakes(path, base.text or ""))


def _unreadable(path: str, head: Version, base: Version) -> Remarks:
    remark = Remark(path=path, line=1, severity="error", rule="no-text", message=f"{head.why}")
    return Remarks(old=[remark]) if head.why == base.why else Remarks(new=[remark])


def _lint(path: str, text: str, agreement: Agreement) -> list[Remark]:
    document = parse(text)
    # A file that has grown no tags is not asked for them line by line.
    uses_tags = bool(agreement.tags) or any(entry.tags for entry in document.entries)
    found = [
        each
        for each in lint_document(document, agreement)
        if uses_tags or each.rule != "missing-tags"
    ]
    return [_remark(path, document, finding, agreement) for finding in found]


def _remark(path: str, document: Document, finding: Finding, agreement: Agreement) -> Remark:
    line = document.lines[finding.line - 1] if finding.line <= len(document.lines) else ""
    return Remark(
        path=path,
        line=finding.line,
        severity=finding.severity,
        rule=finding.rule,
        # The word is in the pull request for all to see, and still we are not the ones to repeat
        # it.
        message="a word that must not appear here"
        if finding.rule == "denied-word"
        else finding.message,
        at="" if finding.rule in OF_THE_FILE else line.strip(),
        suggestion=_suggestion(finding, agreement),
    )


def _suggestion(finding: Finding, agreement: Agreement) -> str:
    """The line as it should read; empty where there is none that may be repeated."""
    line = finding.fix.text.strip() if finding.fix else ""
    denied = any(
        word.strip() and word.strip().casefold() in line.casefold() for word in agreement.deny_words
    )
    return "" if denied or len(line) > LONGEST_SUGGESTION or redact(line) != line else line


def _mistakes(path: str, text: str) -> list[Remark]:
    try:
        parse_repository_settings(text)
    except BadRepositorySettings as error:
        return [
            Remark(
                path=path,
                line=max(line, 1),
                severity="error",
                rule="settings",
                message=said,
                at=said,
            )
            for line, said in error.mistakes
        ]
    return []


def _told_apart(found: Sequence[Remark], before: Sequence[Remark]) -> Remarks:
    """An old finding is one that the base has as well, about a line that reads the same."""
    known = Counter((remark.rule, remark.at) for remark in before)
    new: list[Remark] = []
    old: list[Remark] = []
    for remark in found:
        is_old = known[remark.rule, remark.at] > 0
        known[remark.rule, remark.at] -= is_old
        (old if is_old else new).append(remark)
    return Remarks(new=new, old=old)


# --- what is said of them


def check_of(files: Sequence[Remarks], *, number: int | None) -> Check:
    """The worst first; only what is new and an error fails."""
    new = sorted(
        (remark for file in files for remark in file.new),
        key=lambda each: (SEVERITIES.index(each.severity), each.path),
    )
    old = [remark for file in files for remark in file.old]
    beside = [file.beside for file in files if file.beside]
    check = Check(
        conclusion=_conclusion(new, beside),
        title=_title(new, beside),
        summary="\n\n".join(
            filter(None, [_said(new, beside), _left_out(new), _cures(new), _folded(old)])
        ),
        annotations=[_annotation(remark) for remark in new[:MOST_ANNOTATIONS]],
    )
    digest = hashlib.sha256(repr(check).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return replace(check, key=f"{number or 0}:{digest}")


def _conclusion(new: Sequence[Remark], beside: Sequence[str]) -> Conclusion:
    if any(remark.severity == "error" for remark in new):
        return "failure"
    return "neutral" if new or beside else "success"


def _title(new: Sequence[Remark], beside: Sequence[str]) -> str:
    counts = Counter(remark.severity for remark in new)
    named = [
        f"{counts[each]} {each}{'' if counts[each] == 1 else 's'}"
        for each in SEVERITIES
        if counts[each]
    ]
    return ", ".join(named) or ("Not checked" if beside else "Nothing to say")


def _said(new: Sequence[Remark], beside: Sequence[str]) -> str:
    if new:
        found = (
            "What came with this pull request is marked at its lines. Only errors fail the check."
        )
        return "\n\n".join([found, *beside])
    return "\n\n".join(beside) or "Nothing is wrong with what this changes."


def _left_out(new: Sequence[Remark]) -> str:
    more = len(new) - MOST_ANNOTATIONS
    return (
        f"{more:,} more findings are left out: `precedent lint` shows them all." if more > 0 else ""
    )


def _cures(new: Sequence[Remark]) -> str:
    cures = []
    fixable = next((remark.path for remark in new if remark.suggestion), None)
    if fixable:
        cures.append(f"`precedent lint --fix {fixable}` puts right what needs no thought.")
    if any(remark.rule == "settings" for remark in new):
        cures.append(
            "Until the settings can be read, the last ones that could be read stay in force."
        )
    return " ".join(cures)


def _folded(old: Sequence[Remark]) -> str:
    if not old:
        return ""
    lines = [
        f"- `{each.path}` line {each.line}, {each.rule}: {_harmless(each.message)}"
        for each in old[:MOST_OLD]
    ]
    more = [f"- and {len(old) - MOST_OLD:,} more"] if len(old) > MOST_OLD else []
    count = "1 finding was" if len(old) == 1 else f"{len(old):,} findings were"
    title = (
        f"<details><summary>{count} there before, and nobody is asked to put it right"
        " here</summary>"
    )
    return "\n".join([title, "", *lines, *more, "", "</details>"])


def _annotation(remark: Remark) -> Annotation:
    return Annotation(
        path=remark.path,
        line=remark.line,
        level=LEVELS[remark.severity],
        title=remark.rule,
        message=_plain(remark.message),
        better=remark.suggestion,
    )


def _plain(message: str) -> str:
    """Annotations are no Markdown: nothing in them is code, so nothing in them may look like a
    reference."""
    return REFERENCE.sub(
        lambda found: f"number {found[1] or found[2]}", _harmless(message)
    ).replace("GH-", "GH ")


def _harmless(message: str) -> str:
    return (
        cut(
            harmless(cut_between_words(message, 4 * LONGEST_MESSAGE), one_line=True),
            LONGEST_MESSAGE,
        )
        or "see the line"
    )
