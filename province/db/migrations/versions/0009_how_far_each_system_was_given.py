"""Each system that is given files has a place of its own: what one took was hidden from the others.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("exported", "exported_to_one")
    op.create_table(
        "exported",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("stream", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("system", "stream", name="exported_of_systems_pkey"),
    )
    op.execute("INSERT INTO exported (system, stream, seq) SELECT '', stream, seq FROM exported_to_one")
    op.drop_table("exported_to_one")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
