"""What a repository sets in `.github/learnings.yml`: strict, every key with a default, hard ceilings."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import BotError

MAX_CHARS: Final = 64 * 1024
MAX_DEPTH: Final = 6
MOST_BRACKETS: Final = 500
# No part of the path may begin with a dot.
PATH_PATTERN: Final = r"^(docs(/\w[\w.-]*)*/\w[\w-]*(\.[\w-]+)*\.md|LEARNINGS\.md)$"

Labels = tuple[str, ...]


class BadRepositorySettings(BotError):
    """One message per mistake, each with its line (1-based; 0 where the file as a whole is meant)."""

    def __init__(self, mistakes: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {text}" for line, text in mistakes))
        self.mistakes = mistakes


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
    wont_fix_labels: Labels = ("wontfix", "won't fix", "not-planned", "declined")
    ignore_labels: Labels = ("stale", "duplicate", "invalid", "spam", "question")
    ignore_authors: Labels = ()
    tags: Labels = ()
    deny_words: Labels = ()
    sign_off: bool = False
    budget: Budget = Budget()


def parse_repository_settings(text: str) -> RepositorySettings:
    """Raises BadRepositorySettings. An empty file is the defaults."""
    if len(text) > MAX_CHARS:
        raise BadRepositorySettings([(0, f"the file is larger than {MAX_CHARS // 1024} KB")])
    try:
        _refuse_tricks(text)
        given = yaml.safe_load(text)
        lines = _lines_of_keys(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadRepositorySettings([_mistake_in_yaml(error)]) from error
    if given is None:
        return RepositorySettings()
    if not isinstance(given, dict):
        raise BadRepositorySettings([(1, "expected `key: value` lines")])
    try:
        return RepositorySettings.model_validate(given)
    except ValidationError as error:
        raise BadRepositorySettings([_mistake(detail, lines) for detail in error.errors()]) from error


def _refuse_tricks(text: str) -> None:
    """Aliases (bombs) and deep nesting have no use here. The parser itself takes the square of what stays open."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise BadRepositorySettings([(0, f"more than {MOST_BRACKETS} brackets are opened")])
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise BadRepositorySettings([(_line(event), "aliases are not allowed")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise BadRepositorySettings([(_line(event), "nested too deeply")])


def _lines_of_keys(text: str) -> Mapping[str, int]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines: dict[str, int] = {}
    for key, _ in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value in lines:
            raise BadRepositorySettings([(_line(key), f"{key.value!r} is set twice")])
        lines[key.value] = _line(key)
    return lines


def _line(place: Any) -> int:
    return int(place.start_mark.line) + 1


def _mistake_in_yaml(error: Exception) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    return (mark.line + 1 if mark else 0), str(getattr(error, "problem", None) or error)


def _mistake(detail: Any, lines: Mapping[str, int]) -> tuple[int, str]:
    place = ".".join(str(part) for part in detail["loc"])
    known = ", ".join(RepositorySettings.model_fields)
    message = f"unknown key; known: {known}" if detail["type"] == "extra_forbidden" else detail["msg"]
    return lines.get(str(detail["loc"][0]), 0), f"{place}: {message}"
