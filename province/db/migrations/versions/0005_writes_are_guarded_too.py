"""The database keeps writes within the scope too; indexes for notices and for what was kept apart.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SCOPE = "(SELECT current_setting('app.scope', true))"
_ALL = f"{_SCOPE} = '*'"
_TABLES = ("listing", "subject", "action", "quarantine", "notice", "op", "moved", "content")


def _within(column: str) -> str:
    listed = f"string_to_array(nullif({_SCOPE}, ''), ',')::bigint[]"
    return f"{_ALL} OR {column} = ANY (CASE WHEN {_ALL} THEN '{{}}'::bigint[] ELSE {listed} END)"


def _partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "notice", columns, postgresql_where=condition, sqlite_where=condition)


def upgrade() -> None:
    _partial("ix_notice_waits", ["home", "at_ms"], "settled_ms IS NULL")
    _partial("ix_notice_asked", ["at_ms"], "kind = 'transfer_request' AND settled_ms IS NULL")
    _partial("ix_notice_pair", ["subjects"], "kind = 'duplicate'")
    _partial("ix_notice_answers", ["answers"], "answers IS NOT NULL")
    op.create_index("ix_notice_sender", "notice", ["sender", "at_ms"])
    op.drop_index("ix_notice_home", table_name="notice")
    op.create_index("ix_quarantine_action", "quarantine", ["action"])
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _TABLES:
        column = "stream" if table in ("listing", "moved") else "home"
        # 0: kept apart of a machine that has no station under it; nobody but the server's own work sees it
        nowhere = "home = 0 OR " if table in ("action", "quarantine") else ""
        op.execute(f"ALTER POLICY brings ON {table} WITH CHECK ({nowhere}{_within(column)})")
        op.execute(f"ALTER POLICY changes ON {table} WITH CHECK ({nowhere}{_within(column)})")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
