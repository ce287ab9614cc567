"""What is kept apart is found by the operation, by the record it is about, and by what it goes on with.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from province import ties

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COMMENT = (
    "Which operations that were kept apart are about which record of a person, and go on with which line: "
    "hashes only. Of what is blank no key is left."
)


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("op_id", sa.String(), nullable=False, server_default=""))
    waits = sa.text("settled_ms IS NULL")
    op.create_index("ix_quarantine_op", "quarantine", ["op_id"], postgresql_where=waits, sqlite_where=waits)
    op.create_table(
        "tie",
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("op_id", sa.String(), nullable=False),
        sa.UniqueConstraint("key", "op_id", name="ux_tie_key"),
        comment=COMMENT,
    )
    op.create_index("ix_tie_op", "tie", ["op_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    ties.note_all(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
