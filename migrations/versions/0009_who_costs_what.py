"""Which repository a model's answer was paid for, and whose threads were judged."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 0 is nobody: what was paid before anybody asked for whom.
    op.add_column(
        "model_calls", sa.Column("repo_id", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("verdicts", sa.Column("author", sa.Text(), server_default="", nullable=False))
