"""Deliveries that nothing came of: how often they were tried, when they are tried again, when they
were put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deliveries", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("deliveries", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_deliveries_put_aside",
        "deliveries",
        ["settled_at"],
        sqlite_where=sa.text("outcome IN ('malformed', 'unplanned')"),
        postgresql_where=sa.text("outcome IN ('malformed', 'unplanned')"),
    )
