"""The numbers an entry names, by role."""

from collections.abc import Sequence

from bot.core.reading import Said
from bot.core.reading.prose import read_sentences
from bot.core.reading.references import (
    find_grounds,
    find_issue,
    find_parent,
    find_pointer,
    find_reverted,
    find_winner,
)
from bot.core.threads import Thread
from bot.core.verdicts import References


def name_references(
    thread: Thread, reasons: Sequence[Said], *, successor: int | None = None
) -> References:
    """A thread has one role, and never refers to itself."""
    said = [thread.title, *(s for remark in thread.remarks for s in read_sentences(remark.text))]
    merged = thread.closed_as == "merged"
    judged = _said_by_others_who_write(thread)
    winner = successor or (None if merged else find_winner(judged))
    issue = (
        find_issue(thread.title, read_sentences(thread.description))
        if thread.kind == "pull_request"
        else None
    )
    # What a merged change points to may be anything; a refusal points to where its reasons stand.
    ground = (
        None
        if merged
        else find_grounds(judged) or find_pointer([reason.sentence for reason in reasons])
    )
    parent = thread.parent or find_parent(said) or issue or ground
    return References(
        winner=winner if winner != thread.number else None,
        superseded_by=successor,
        parent=parent if parent not in (thread.number, winner) else None,
        reverts=find_reverted(said) if merged else None,
    )


def _said_by_others_who_write(thread: Thread) -> list[str]:
    remarks = (
        remark for remark in thread.remarks if remark.writes and remark.author != thread.author
    )
    return [sentence for remark in remarks for sentence in read_sentences(remark.text)]
