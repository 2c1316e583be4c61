"""What proposals and comments came to, over all repositories."""

from collections import Counter

import sqlalchemy as sa

from bot.proposals import from_json
from bot.reporting import CommentTally, ProposalTally, Report, fate_of
from bot.store.database import Database
from bot.store.schema import comments, proposal_entries, repositories


def read_report(db: Database) -> Report:
    return Report(proposals=_proposals(db), comments=_comments(db))


def _proposals(db: Database) -> list[ProposalTally]:
    query = sa.select(repositories.c.full_name, proposal_entries).join_from(proposal_entries, repositories)
    with db.reading() as tx:
        rows = tx.execute(query).all()
    fates = Counter(
        (
            row.full_name,
            fate_of(
                from_json(
                    row.draft, life=row.state, line=row.line, drafted_at=row.drafted_at, proposed_at=row.proposed_at
                )
            ),
        )
        for row in rows
    )
    return [ProposalTally(repository=name, fate=fate, count=count) for (name, fate), count in sorted(fates.items())]


def _comments(db: Database) -> list[CommentTally]:
    name, version = repositories.c.full_name.label("repository"), comments.c.version
    outcome = sa.case((comments.c.state == "shadow", "shadow"), else_=comments.c.outcome).label("outcome")
    count = sa.func.count().label("count")
    query = sa.select(name, version, outcome, count).join_from(comments, repositories)
    with db.reading() as tx:
        rows = tx.execute(query.group_by(name, version, outcome).order_by(name, version, outcome)).mappings().all()
    return [CommentTally(**row) for row in rows]
