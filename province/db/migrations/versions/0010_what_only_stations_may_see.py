"""Restricted facts stand apart from the log, where the database shows them to stations only.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from province import restricted

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SCOPE = "(SELECT current_setting('app.scope', true))"
_ALL = f"{_SCOPE} = '*'"
_SEES = "(SELECT current_setting('app.sees', true)) = 'station'"


def _within(column: str) -> str:
    listed = f"string_to_array(nullif({_SCOPE}, ''), ',')::bigint[]"
    return f"{_ALL} OR {column} = ANY (CASE WHEN {_ALL} THEN '{{}}'::bigint[] ELSE {listed} END)"


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    op.add_column(
        "op", sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.create_table(
        "restricted",
        sa.Column("op_id", sa.String(), primary_key=True),
        sa.Column("home", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        comment="Whole lines of what only stations may see (M-9.6). Who forgets this table tells nothing.",
    )
    if postgres:
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    restricted.part_all(op.get_bind())
    if not postgres:
        return
    listed = f"EXISTS (SELECT 1 FROM listing l WHERE l.op_id = restricted.op_id AND ({_within('l.stream')}))"
    sees = f"{_ALL} OR ({_SEES} AND ({_within('home')} OR {listed}))"
    op.execute("ALTER TABLE restricted ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE restricted FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sees ON restricted FOR SELECT USING ({sees})")
    op.execute(
        f"CREATE POLICY changes ON restricted FOR UPDATE USING ({sees}) WITH CHECK ({_within('home')})"
    )
    op.execute(f"CREATE POLICY brings ON restricted FOR INSERT WITH CHECK ({_within('home')})")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
