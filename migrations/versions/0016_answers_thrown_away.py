"""Of a model's answers: the tokens they took, and why one was not used."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "model_calls", sa.Column("tokens", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("model_calls", sa.Column("discarded", sa.Text(), nullable=True))
