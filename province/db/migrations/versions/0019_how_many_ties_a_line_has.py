"""With how many others a line goes on that is kept apart: counted with what waits.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("quarantine", sa.Column("ties", number, nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    waits = "SELECT 1 FROM quarantine q WHERE q.op_id = tie.op_id AND q.settled_ms IS NULL"
    op.execute(f"UPDATE tie SET key = NULL WHERE key IS NOT NULL AND NOT EXISTS ({waits})")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
