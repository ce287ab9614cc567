"""What a notice says besides its ids: who is to have the file, masked facts.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("more", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
