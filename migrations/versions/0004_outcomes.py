"""Whose issue a comment stands under, who judged, what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comments", sa.Column("author", sa.Text(), server_default="", nullable=False))
    op.add_column("comments", sa.Column("version", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "comments", sa.Column("outcome", sa.Text(), server_default="unknown", nullable=False)
    )
