"""A verdict is one replica's: two lives of a file, or a thief, may bring an action of the same name.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COMMENT = "Verdicts other than accepted, as the owner of each replica was told them."


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("action_pkey", "action")
        op.create_primary_key("action_pkey", "action", ["id", "replica"])
        op.create_table_comment("action", COMMENT)
        return
    op.rename_table("action", "action_before")
    op.create_table(
        "action",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("replica", sa.String(), primary_key=True),
        sa.Column("home", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
    )
    op.execute(
        "INSERT INTO action (id, replica, home, verdict, reason, at_ms) "
        "SELECT id, replica, home, verdict, reason, at_ms FROM action_before"
    )
    op.drop_table("action_before")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
