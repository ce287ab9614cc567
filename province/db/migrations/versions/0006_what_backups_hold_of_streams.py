"""How much of each stream the oldest restorable backup holds, for payloads of people who left.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("stream", sa.Column("safe", number, nullable=False, server_default="0"))
    op.create_table(
        "backup_head",
        sa.Column("backup", sa.String(), primary_key=True),
        sa.Column("stream", number, primary_key=True),
        sa.Column("head", number, nullable=False),
        comment="What a backup holds of each stream; written with the marks of the replicas.",
    )


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
