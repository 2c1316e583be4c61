"""The marker by which the bot knows what it has answered: one answer to each comment."""

from typing import Literal


def marker_of(kind: Literal["answer", "review"], comment_id: int) -> str:
    """Of the answer to a command, or to a remark on a line."""
    return f"<!-- precedent:{kind} {comment_id} -->"


def signed(text: str, marker: str) -> str:
    return f"{text}\n{marker}"
