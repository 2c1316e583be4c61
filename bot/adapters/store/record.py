"""What proposals and comments came to, over all repositories."""

from collections import Counter

import sqlalchemy as sa

from bot.adapters.store.database import Database
from bot.adapters.store.line_codec import entry_of
from bot.adapters.store.schema import comments, model_calls, proposal_entries, repositories
from bot.core.recall.comment_outcome import Outcome
from bot.core.status.report import (
    AnswerTally,
    CommentTally,
    Count,
    ProposalTally,
    Report,
    fate_of,
)


def read_report(db: Database) -> Report:
    return Report(proposals=_proposals(db), comments=_comments(db), answers=_answers(db))


def _proposals(db: Database) -> list[ProposalTally]:
    query = sa.select(repositories.c.full_name, proposal_entries).join_from(
        proposal_entries, repositories
    )
    with db.reading() as tx:
        rows = tx.execute(query).all()
    fates = Counter(
        (
            row.full_name,
            fate_of(entry_of(row)),
        )
        for row in rows
    )
    return [
        ProposalTally(repository=name, fate=fate, count=count)
        for (name, fate), count in sorted(fates.items())
    ]


def _comments(db: Database) -> list[CommentTally]:
    query = sa.select(
        repositories.c.full_name, comments.c.version, comments.c.state, comments.c.outcome
    )
    with db.reading() as tx:
        rows = tx.execute(query.join_from(comments, repositories)).all()
    outcomes = Counter(
        (row.full_name, row.version, _counted_as(row.state, row.outcome)) for row in rows
    )
    return [
        CommentTally(repository=name, version=version, outcome=outcome, count=count)
        for (name, version, outcome), count in sorted(outcomes.items())
    ]


def _answers(db: Database) -> list[AnswerTally]:
    names = (repositories.c.full_name, model_calls.c.model)
    counts = (sa.func.count(), sa.func.count(model_calls.c.discarded))
    query = (
        sa.select(*names, *counts)
        .join_from(model_calls, repositories, repositories.c.id == model_calls.c.repo_id)
        .group_by(*names)
        .order_by(*names)
    )
    with db.reading() as tx:
        rows = tx.execute(query).all()
    return [
        AnswerTally(repository=name, model=model, count=count, discarded=discarded)
        for name, model, count, discarded in rows
    ]


def _counted_as(state: str, outcome: Outcome) -> Count:
    match state, outcome:
        case "shadow", ("hit" | "assist"):
            return "shadow hit" if outcome == "hit" else "shadow assist"
        case "shadow", _:
            return "shadow"
        case "silent", "unknown":
            return "unwritten"
        case _:
            return outcome
