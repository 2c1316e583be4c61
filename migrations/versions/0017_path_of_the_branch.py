"""Where the learnings file was when we wrote our branch: people may move it meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposals", sa.Column("path", sa.Text(), nullable=True))
    op.add_column("proposals", sa.Column("next_path", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("proposals", "next_path")
    op.drop_column("proposals", "path")
