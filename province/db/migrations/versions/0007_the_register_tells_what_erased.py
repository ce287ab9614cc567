"""The register of erased subjects keeps the operations that erased them.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erased", sa.Column("line", sa.LargeBinary(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('app.scope', '*', true)")
    op.execute(
        "UPDATE erased SET line = (SELECT o.line FROM op o WHERE o.subject = erased.subject "
        "AND o.kind = 'Erased' ORDER BY o.received_ms, o.op_id LIMIT 1)"
    )


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
