"""Rows are seen by their stream's number: PostgreSQL keeps the scope whatever a handler forgets."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SCOPE = "(SELECT current_setting('app.scope', true))"
_ALL = f"{_SCOPE} = '*'"


def _within(column: str) -> str:
    """Compared with a list that is made once a statement: integers, no function per row."""
    listed = f"string_to_array(nullif({_SCOPE}, ''), ',')::bigint[]"
    return f"{_ALL} OR {column} = ANY (CASE WHEN {_ALL} THEN '{{}}'::bigint[] ELSE {listed} END)"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("listing", "subject", "action", "quarantine", "notice", "op"):
        column = "stream" if table == "listing" else "home"
        sees = _within(column)
        if table == "op":
            sees += (
                f" OR EXISTS (SELECT 1 FROM listing l WHERE l.op_id = op.op_id AND ({_within('l.stream')}))"
            )
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY sees ON {table} FOR SELECT USING ({sees})")
        op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE USING ({sees})")
        op.execute(f"CREATE POLICY brings ON {table} FOR INSERT WITH CHECK (true)")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
