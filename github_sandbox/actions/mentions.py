"""What a text names elsewhere shows in the timeline of what it names.

https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
"""

import re
from collections.abc import Iterator

from github_sandbox.sandbox import Sandbox
from github_sandbox.state import Account, Issue, TimelineEvent

# Code is no reference, and neither is what a comment hides.
UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|^(?:```|~~~).*?(?:^(?:```|~~~)|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE
)
NAMED = re.compile(r"(?<![\w/#&-])(?:([\w.-]+/[\w.-]+))?#(\d{1,9})\b")


def cross_reference(sandbox: Sandbox, source: Issue, by: Account, text: str) -> None:
    """Once for each thread named, however often it is named."""
    for target in _named(sandbox, source, text):
        if target is not source and all(event.source is not source for event in target.events):
            event = TimelineEvent(
                id=sandbox.new_id(),
                name="cross-referenced",
                actor=by,
                at=sandbox.clock(),
                source=source,
            )
            target.events.append(event)


def _named(sandbox: Sandbox, source: Issue, text: str) -> Iterator[Issue]:
    page = re.escape(sandbox.site.web)
    read = re.sub(
        rf"{page}/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d{{1,9}})\b", r"\1#\2", UNREAD.sub(" ", text)
    )
    for name, number in NAMED.findall(read):
        repo = sandbox.find_repository(name) if name else source.repo
        found = repo.issues.get(int(number)) if repo else None
        if found:
            yield found
