"""Everything the bot sent to any sandbox: whether some of it would mention, close or link back to
something.

Reads as GitHub reads, by means of its own: what the bot thinks of a text has no say here.
"""

import json
import re
import weakref
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt

from bot.core.proposal.body import OURS
from github_sandbox import Sandbox
from github_sandbox.faults import Asked

AGENT = "precedent"
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# In these GitHub looks for nothing. https://docs.github.com/get-started/writing-on-github
# Nor in the text of a link: https://github.com/gjtorikian/html-pipeline, mention filter.
QUIET = {"a", "code", "pre", "script", "style"}
# As GitHub's own pipeline finds them: https://github.com/gjtorikian/html-pipeline, mention filter.
MENTION = re.compile(
    r"(?<![\w`])@[a-z\d][a-z\d-]*(?:/[a-z\d._-]+)?(?=\.+[ \t\W]|\.+$|[^0-9a-zA-Z_./]|$)",
    re.IGNORECASE,
)
# https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
REFERENCE = re.compile(r"#\d+\b|\bGH-\d+\b", re.IGNORECASE)
THREAD = re.compile(
    (
        r"https?://(?!redirect\.github\.com/)[^\s/]+/[^\s/]+/[^\s/]+/(?:issues|pulls?"
        r"|discussions|commit)/\w+"
    ),
    re.IGNORECASE,
)
# https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
CLOSING = re.compile(
    (
        r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:[\w.-]+/[\w.-]+)?(?:#\d|GH-\d"
        r"|https?://)"
    ),
    re.IGNORECASE,
)
KINDS = {
    "mention": MENTION,
    "closing keyword": CLOSING,
    "reference": REFERENCE,
    "address of a thread": THREAD,
}


class Shown(HTMLParser):
    """The words of a page outside code, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links, self._quiet = "", list[str](), 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._quiet += tag in QUIET
        self.links += [value for name, value in attributes if name in ("href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in QUIET

    def handle_data(self, text: str) -> None:
        # What stands around code does not grow together.
        self.words += "\0" if self._quiet else text


def harm_in_markdown(text: str) -> list[str]:
    shown = Shown(MARKDOWN.render(text))
    return harm_in(shown.words) + [
        f"address of a thread: {link}" for link in shown.links if THREAD.match(link)
    ]


def harm_in(text: str) -> list[str]:
    """A text in which nothing is code: titles, commit messages."""
    return [
        f"{kind}: {found[0]}" for kind, pattern in KINDS.items() for found in pattern.finditer(text)
    ]


def harm_sent(asked: Asked) -> list[str]:
    if asked.method not in ("POST", "PATCH", "PUT") or not asked.body:
        return []
    fields = json.loads(asked.body)
    return (
        [f"{asked.method} {asked.path}: {harm}" for harm in _harm(asked, fields)]
        if isinstance(fields, dict)
        else []
    )


def _harm(asked: Asked, fields: dict[str, Any]) -> Iterator[str]:
    for name in ("title", "message", "commit_title", "commit_message"):
        yield from harm_in(fields.get(name) or "")
    yield from harm_in_markdown(_of_ours(asked, fields.get("body") or ""))
    output = fields.get("output") or {}
    for name in ("summary", "text"):
        yield from harm_in_markdown(output.get(name) or "")
    for each in (output, *(output.get("annotations") or ())):
        yield from harm_in(" ".join(each.get(name) or "" for name in ("title", "message")))


def _of_ours(asked: Asked, body: str) -> str:
    """Whoever renews a description sends back what people wrote around it, and all of theirs where
    nothing is ours."""
    if asked.method == "PATCH" and re.search(r"/(?:pulls|issues)/\d+$", asked.path):
        return "".join(OURS.findall(body))
    return body


class Door:
    """Every sandbox of a test session; what was sent to it is looked at once."""

    def __init__(self) -> None:
        self._watched: list[tuple[weakref.ref[Sandbox], Sequence[Asked], int]] = []

    def watch(self, sandbox: Sandbox) -> None:
        self._watched.append((weakref.ref(sandbox), sandbox.bad_days.asked, 0))

    def find_harm(self) -> list[str]:
        """In what was sent since the last time."""
        new = [
            asked
            for _, sent, seen in self._watched
            for asked in sent[seen:]
            if asked.agent == AGENT
        ]
        self._watched = [
            (made, sent, len(sent)) for made, sent, _ in self._watched if made() is not None
        ]
        return [harm for asked in new for harm in harm_sent(asked)]
