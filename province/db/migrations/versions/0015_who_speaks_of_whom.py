"""Which operations of other subjects speak of somebody: found wherever they are when he is erased.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from province import speaking

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COMMENT = (
    "Which operations of other subjects, listed or kept apart, speak of whom: ids only. Of whom is forgotten "
    "with his erasure."
)


def upgrade() -> None:
    op.create_table(
        "speaks",
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("op_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.UniqueConstraint("about", "op_id", name="ux_speaks_about"),
        comment=COMMENT,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    speaking.note_all(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
