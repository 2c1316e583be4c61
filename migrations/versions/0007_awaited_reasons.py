"""Which thread may bring the reason that a verdict found wanting."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("awaits", sa.BigInteger(), nullable=True))
