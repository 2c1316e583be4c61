"""What a repository sets in `.github/learnings.yml`: strict, every key with a default, hard
ceilings."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from bot.core.errors import BotError

MAX_CHARS: Final = 64 * 1024
MAX_DEPTH: Final = 6
MOST_BRACKETS: Final = 500
# No part of the path may begin with a dot.
PATH_PATTERN: Final = r"^(docs(/\w[\w.-]*)*/\w[\w-]*(\.[\w-]+)*\.md|LEARNINGS\.md)$"

LONGEST_REASON: Final = 400
MERGE_TAG: Final = "tag:yaml.org,2002:merge"


class BadRepositorySettings(BotError):
    """One message per mistake, each with its line (1-based; 0 where the file as a whole is
    meant)."""

    def __init__(self, mistakes: list[tuple[int, str]]) -> None:
        self.mistakes = [(line, _printable(text)) for line, text in mistakes]
        super().__init__("; ".join(f"line {line}: {text}" for line, text in self.mistakes))


def _printable(text: str) -> str:
    """Reasons repeat what stands in the file: no database takes all that can be escaped there."""
    shown = "".join(
        each if each.isprintable() else ascii(each)[1:-1] for each in text[:LONGEST_REASON]
    )
    return shown[:LONGEST_REASON]


def _word(given: str) -> str:
    if not given.isprintable():
        raise ValueError("only printable characters are allowed")
    return given


Labels = tuple[Annotated[str, AfterValidator(_word)], ...]


def _switch(given: object) -> object:
    # YAML 1.1 reads a bare on and off as true and false.
    return {True: "on", False: "off"}.get(given, given) if isinstance(given, bool) else given


class Budget(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: int = Field(default=400, ge=10, le=100_000)


class RepositorySettings(BaseModel):
    """Defaults are what a repository without the file gets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(default="docs/learnings.md", pattern=PATH_PATTERN)
    propose: bool = True
    comment: Annotated[Literal["on", "shadow", "off"], BeforeValidator(_switch)] = "on"
    max_comments_per_day: int = Field(default=10, ge=0, le=50)
    max_new_entries_per_day: int = Field(default=10, ge=0, le=50)
    pause_days: int = Field(default=30, ge=1, le=365)
    wont_fix_labels: Labels = ("wontfix", "won't fix", "not-planned", "declined")
    ignore_labels: Labels = ("stale", "duplicate", "invalid", "spam", "question")
    ignore_authors: Labels = ()
    tags: Labels = ()
    deny_words: Labels = ()
    sign_off: bool = False
    budget: Budget = Budget()


class SettingsLoader(yaml.SafeLoader):
    """Constructors of YAML raise whatever their conversions raise; here it is always an error with
    its place."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except yaml.YAMLError:
            raise
        except Exception as error:
            kind = str(node.tag).rpartition(":")[2]
            raise ConstructorError(
                problem=f"cannot be read as {kind}", problem_mark=node.start_mark
            ) from error


def parse_repository_settings(text: str) -> RepositorySettings:
    """Raises BadRepositorySettings, whatever stands there. An empty file is the defaults."""
    if len(text) > MAX_CHARS:
        raise BadRepositorySettings([(0, f"the file is larger than {MAX_CHARS // 1024} KB")])
    given, lines = _read(text)
    if given is None:
        return RepositorySettings()
    if not isinstance(given, dict):
        raise BadRepositorySettings([(1, "expected `key: value` lines")])
    try:
        return RepositorySettings.model_validate(given)
    except ValidationError as error:
        raise BadRepositorySettings(
            [_mistake(detail, lines) for detail in error.errors()]
        ) from error


def settings_in_force(kept: str | None) -> RepositorySettings:
    """Of text that was good when it was kept. Where this release reads more strictly: the
    defaults."""
    try:
        return parse_repository_settings(kept or "")
    except BadRepositorySettings:
        return RepositorySettings()


def _read(text: str) -> tuple[object, Mapping[str, int]]:
    """The value, and where each of its keys stands."""
    try:
        _refuse_tricks(text)
        return yaml.load(text, Loader=SettingsLoader), _lines_of_keys(text)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise BadRepositorySettings([_mistake_in_yaml(error, text)]) from error


def _refuse_tricks(text: str) -> None:
    """Aliases (bombs) and deep nesting have no use here. The parser itself takes the square of what
    stays open."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise BadRepositorySettings([(0, f"more than {MOST_BRACKETS} brackets are opened")])
    loader, depth = yaml.SafeLoader(text), 0
    while event := _next_event(loader):
        if isinstance(event, yaml.AliasEvent):
            raise BadRepositorySettings([(_line(event), "aliases are not allowed")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if depth > MAX_DEPTH:
            raise BadRepositorySettings([(_line(event), "nested too deeply")])


def _next_event(loader: yaml.SafeLoader) -> Any:
    """None at the end. The scanner, too, raises whatever its conversions raise."""
    try:
        return loader.get_event() if loader.check_event() else None  # type: ignore[no-untyped-call]
    except yaml.YAMLError:
        raise
    except Exception as error:
        raise BadRepositorySettings([(loader.line + 1, "cannot be read as YAML")]) from error


def _lines_of_keys(text: str) -> Mapping[str, int]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines: dict[str, int] = {}
    for key, _ in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.tag == MERGE_TAG:
            raise BadRepositorySettings([(_line(key), "merge keys are not allowed")])
        if not key.value.isprintable():
            raise BadRepositorySettings([(_line(key), f"{key.value!r} is no key")])
        if key.value in lines:
            raise BadRepositorySettings([(_line(key), f"{key.value!r} is set twice")])
        lines[key.value] = _line(key)
    return lines


def _line(place: Any) -> int:
    return int(place.start_mark.line) + 1


def _mistake_in_yaml(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    match error:
        case yaml.MarkedYAMLError(problem_mark=mark, problem=problem) if mark is not None:
            return mark.line + 1, str(problem)
        case ReaderError(position=position, reason=reason):
            return text.count("\n", 0, position) + 1, str(reason)
        case _:
            return 0, str(error)


def _mistake(detail: Any, lines: Mapping[str, int]) -> tuple[int, str]:
    place = ".".join(str(part) for part in detail["loc"])
    known = ", ".join(RepositorySettings.model_fields)
    message = (
        f"unknown key; known: {known}" if detail["type"] == "extra_forbidden" else detail["msg"]
    )
    return lines.get(str(detail["loc"][0]), 1), f"{place}: {message}"
