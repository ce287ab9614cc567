"""Which files were merged into which, for files that are heard of later than the merge.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from province import merging

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged",
        sa.Column("op_id", sa.String(), primary_key=True),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("kept", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        comment="Merges by the file that was kept: ids only. waits: where it is at home is not known yet.",
    )
    op.create_index("ix_merged_alias", "merged", ["alias"])
    op.create_index("ix_merged_kept", "merged", ["kept"])
    op.create_index(
        "ix_merged_waits",
        "merged",
        ["kept"],
        postgresql_where=sa.text("waits"),
        sqlite_where=sa.text("waits"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    merging.note_all(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
