"""What GitHub's timeline and sub-issues say of a thread. Other repositories are never followed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.threads import Mention, Remark

ADDRESS = re.compile(r"/repos/([^/]+/[^/]+)/(?:issues|pulls)/([1-9]\d{0,9})$")


def with_short_references(remark: Remark, full_name: str) -> Remark:
    """As GitHub shows it: the address of a thread of the same repository reads `#8`."""
    here, found, _ = remark.url.lower().partition("/" + full_name.lower() + "/")
    if not found:
        return remark
    page = re.compile(
        rf"(?<![\w(<\"'`]){re.escape(here + found)}(?:issues|pull)/([1-9]\d{{0,9}})(?:#[\w-]+)?(?![\w/])",  # noqa: E501
        re.I,
    )
    return replace(remark, text=page.sub(r"#\1", remark.text))


def number_here(address: object, full_name: str) -> int | None:
    """The number of the thread at an address of the API; None when it is in another repository."""
    place = ADDRESS.search(address) if isinstance(address, str) else None
    return int(place[2]) if place and place[1].lower() == full_name.lower() else None


def read_children(listed: Sequence[Any], full_name: str) -> tuple[int, ...]:
    numbers = (number_here(_part(child, "url"), full_name) for child in listed)
    return tuple(number for number in numbers if number)


def read_mentions(timeline: Sequence[Any], full_name: str) -> tuple[Mention, ...]:
    """https://docs.github.com/rest/using-the-rest-api/issue-event-types#cross-referenced"""
    sources = [
        _part(_part(event, "source"), "issue")
        for event in timeline
        if _is(event, "cross-referenced")
    ]
    return tuple(
        Mention(
            number=number,
            author=str(_part(_part(source, "user"), "login") or ""),
            text=str(_part(source, "body") or ""),
            merged=bool(_part(_part(source, "pull_request"), "merged_at")),
        )
        for source in sources
        if (number := number_here(_part(source, "url"), full_name))
    )


def read_landed(timeline: Sequence[Any]) -> bool:
    """The last close names the commit that did it.
    https://docs.github.com/rest/using-the-rest-api/issue-event-types#closed"""
    closings = [event for event in timeline if _is(event, "closed")]
    return bool(closings and _part(closings[-1], "commit_id"))


def _is(event: Any, name: str) -> bool:
    return bool(_part(event, "event") == name)


def _part(of: Any, name: str) -> Any:
    """None where a server leaves it out."""
    return of.get(name) if isinstance(of, Mapping) else None
