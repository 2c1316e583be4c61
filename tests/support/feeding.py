"""Every public function of the pure core, and arguments of any size for it, made by its annotations
alone."""

import importlib
import inspect
import types
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from bot.core.capture.model import Model, shipped_model
from bot.core.learnings import parse
from bot.core.learnings.document import Document
from bot.core.learnings.entry import Entry
from bot.core.threads import Remark, Thread
from tests.support.imports import ROOT

MAY: Final = datetime(2026, 5, 4, tzinfo=UTC)
# What GitHub cuts, or we do: by the name of a parameter or field.
SHORT: Final[Mapping[str, int]] = {"title": 256, "thread_title": 256, "labels": 50}
# Words of a maintainer or names that GitHub checks: no text of strangers.
OURS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("author", "by", "login", "decider"), "sam"),
    **dict.fromkeys(("tags", "vocabulary"), "config"),
    **dict.fromkeys(("path", "target"), "docs/learnings.md"),
    "deny_words": "zebra",
}
# Text that is a learnings file.
FILES: Final = frozenset({"document", "base", "line"})
# How much of a text is wanted, where one would be none.
ROOM: Final[Mapping[str, int]] = {"chars": 60_000, "limit": 6_000, "room": 10, "most": 10, "k": 10}
PLAIN: Final[Mapping[object, object]] = {
    int: 1,
    float: 1.0,
    Decimal: Decimal(1),
    bool: True,
    datetime: MAY,
    date: MAY.date(),
    timedelta: timedelta(days=1),
    Exception: RuntimeError("a"),
    None: None,
    type(None): None,
    Any: None,
}
SEVERAL: Final[Mapping[object, Callable[[Iterable[object]], object]]] = {
    list: list,
    set: set,
    frozenset: frozenset,
    Counter: Counter,
    Sequence: list,
    Collection: list,
    Iterable: list,
    Iterator: iter,
}


class CannotMake(Exception):
    """No value of this annotation is known."""


@dataclass(frozen=True)
class Reader:
    """A function, or a method or property with the class whose instances have it."""

    name: str
    function: Callable[..., object]
    owner: type | None

    def arguments(self, text: str) -> dict[str, object]:
        """New for each call: what a value has read once it may keep."""
        made = Made(text)
        named = {"self": made.of(self.owner)} if self.owner else {}
        return named | made.parameters(self.function)

    def takes_text(self) -> bool:
        """Whether any text reaches it. Raises CannotMake."""
        return Made("a").reaches(self)


class Made:
    """Values that hold one text wherever they hold any."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.used = False

    def reaches(self, reader: Reader) -> bool:
        if reader.owner:
            self.of(reader.owner)
        self.parameters(reader.function)
        return self.used

    def parameters(self, function: Callable[..., object]) -> dict[str, object]:
        hints = get_type_hints(function)
        return {
            name: self.of(hints[name], name=name)
            for name, parameter in inspect.signature(function).parameters.items()
            if name not in ("self", "cls", "_cls")
            and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        }

    def of(self, annotation: Any, *, name: str = "") -> object:
        if annotation in WRITTEN:
            self.used = self.used or annotation is not str or name not in OURS
            return WRITTEN[annotation](self.text, name)
        if annotation in PLAIN:
            return ROOM.get(name, PLAIN[annotation]) if annotation is int else PLAIN[annotation]
        if isinstance(annotation, TypeVar) and annotation.__bound__:
            return self.of(annotation.__bound__, name=name)
        if isinstance(annotation, type) and not get_args(annotation):
            return self._instance(annotation)
        return self._composed(get_origin(annotation), get_args(annotation), name)

    def _composed(self, origin: Any, of: tuple[Any, ...], name: str) -> object:
        if origin is Literal:
            return of[0]
        if origin in (types.UnionType, Union):
            return self.of(of[0], name=name)
        if origin is Callable:
            return lambda *_: self.of(of[1])
        if origin is tuple:
            kinds = of[:1] if of[1:] == (...,) else of
            return tuple(self.of(kind, name=name) for kind in kinds)
        if origin in (dict, Mapping):
            return {self.of(of[0]): self.of(of[1], name=name)}
        if origin in SEVERAL:
            return SEVERAL[origin]([self.of(of[0], name=name)])
        raise CannotMake(origin, of)

    def _instance(self, kind: type) -> object:
        if issubclass(kind, Enum):
            return next(iter(kind))
        if inspect.isabstract(kind):
            return self._instance(kind.__subclasses__()[0])
        if issubclass(kind, BaseModel):
            hints = get_type_hints(kind)
            values: Any = {name: self.of(hints[name], name=name) for name in kind.model_fields}
            return kind.model_construct(**values)
        if not kind.__module__.startswith("bot."):
            raise CannotMake(kind)
        if is_dataclass(kind):
            return kind(**self._fields(kind))
        maker = kind.__new__ if issubclass(kind, tuple) else kind.__init__
        return kind(**self.parameters(maker))

    def _fields(self, kind: Any) -> dict[str, object]:
        """Those without a default, and those that hold text."""
        hints = get_type_hints(kind)
        return {
            field.name: self.of(hints[field.name], name=field.name)
            for field in fields(kind)
            if field.init and (field.default is MISSING or not _is_plain(hints[field.name]))
        }


def a_text(text: str, name: str) -> str:
    if name in FILES:
        return a_file(text)
    return OURS.get(name, text[: SHORT.get(name)])


def a_file(text: str, _: str = "") -> str:
    return f"- **#1** (merged) \u2014 {text}"


def a_thread(text: str, _: str = "") -> Thread:
    """A declined issue, described by a stranger and closed with a maintainer's comment."""
    said = [
        Remark(author="sam", kind="description", text=text, at=MAY),
        Remark(author="olive", kind="comment", text=text, at=MAY, writes=True),
    ]
    return Thread(
        number=1,
        kind="issue",
        title=text[: SHORT["title"]],
        author="sam",
        closed_as="not_planned",
        created_at=MAY,
        remarks=said,
    )


WRITTEN: Final[Mapping[object, Callable[[str, str], object]]] = {
    str: a_text,
    object: a_text,
    bytes: lambda text, _: text.encode(),
    Document: lambda text, _: parse(a_file(text)),
    Entry: lambda text, _: parse(a_file(text)).entries[0],
    Thread: a_thread,
    Model: lambda *_: shipped_model(),
}


def _is_plain(annotation: Any) -> bool:
    return all(each in PLAIN for each in get_args(annotation) or (annotation,))


def public_readers() -> Iterator[Reader]:
    """All functions, methods and properties with a public name in bot/core."""
    for path in sorted((ROOT / "bot" / "core").rglob("*.py")):
        module = importlib.import_module(_module_name(path))
        short = module.__name__.removeprefix("bot.core.")
        for name, found in vars(module).items():
            if name.startswith("_") or getattr(found, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(found):
                yield from _methods(f"{short}.{name}", found)
            elif inspect.isfunction(inspect.unwrap(found)):
                yield Reader(f"{short}.{name}", inspect.unwrap(found), None)


def _methods(prefix: str, owner: type) -> Iterator[Reader]:
    for name, found in vars(owner).items():
        if name.startswith("_"):
            continue
        match found:
            case property(fget=function) | cached_property(func=function) if function:
                yield Reader(f"{prefix}.{name}", function, owner)
            case classmethod() | staticmethod():
                yield Reader(f"{prefix}.{name}", getattr(owner, name), None)
            case _ if inspect.isfunction(found):
                yield Reader(f"{prefix}.{name}", found, owner)


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
