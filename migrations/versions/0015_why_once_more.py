"""What the cause and the reason of a job said in passing: that it is done once more, and that the
App was not allowed to do it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("again", "forbidden"):
        op.add_column(
            "jobs", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    jobs = sa.table(
        "jobs",
        *(sa.column(name) for name in ("kind", "cause", "state", "why", "again", "forbidden")),
    )
    once_more = sa.or_(
        sa.and_(jobs.c.kind == "judge_thread", jobs.c.cause.like("again:%")),
        sa.and_(jobs.c.kind == "lint_check", jobs.c.cause.like(r"check\_%", escape="\\")),
        sa.and_(jobs.c.kind == "show_prior_art", jobs.c.cause.not_like("issues.opened:%")),
    )
    op.execute(sa.update(jobs).where(once_more).values(again=sa.true()))
    forbidden = sa.and_(jobs.c.state == "buried", jobs.c.why.like("Forbidden:%"))
    op.execute(sa.update(jobs).where(forbidden).values(forbidden=sa.true()))
