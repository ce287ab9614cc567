"""What waits apart of one machine is counted at each push that adds to it.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waits = sa.text("settled_ms IS NULL")
    op.create_index(
        "ix_quarantine_waits", "quarantine", ["device"], postgresql_where=waits, sqlite_where=waits
    )


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
