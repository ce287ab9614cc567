"""What waits for years is told by turns and found by index: an open question, and a part of all by chance.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "notice", columns, postgresql_where=condition, sqlite_where=condition)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("notice", sa.Column("turn", number, nullable=False, server_default="0"))
    chance = "abs(random()) % 4611686018427387904"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
        chance = "floor(random() * 4611686018427387904)::bigint"
    op.execute(f"UPDATE notice SET turn = {chance} WHERE settled_ms IS NULL")
    _partial("ix_notice_turn", ["home", "turn"], "settled_ms IS NULL")
    kinds = "('duplicate', 'transfer_request')"
    _partial("ix_notice_open", ["home", "at_ms"], f"settled_ms IS NULL AND kind IN {kinds}")
    _partial("ix_notice_said", ["home", "at_ms"], f"settled_ms IS NULL AND kind NOT IN {kinds}")
    op.drop_index("ix_notice_asked", table_name="notice")
    op.drop_index("ix_notice_waits", table_name="notice")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
