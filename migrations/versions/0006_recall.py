"""Copies of decided threads in versions, several entries told of in one comment, an index for
bursts of issues."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "repositories", sa.Column("known_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "repositories",
        sa.Column("threads_version", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column("threads", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("threads", sa.Column("decided_as", sa.Text(), nullable=True))
    op.add_column(
        "threads", sa.Column("version", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_index("ix_threads_repo_id_version", "threads", ["repo_id", "version"])
    op.add_column("comments", sa.Column("further", sa.JSON(), server_default="[]", nullable=False))
    op.create_index("ix_jobs_repo_id_kind_created_at", "jobs", ["repo_id", "kind", "created_at"])
