"""How many pushes of each machine there were: what a restore takes back is told by it (M-8.6).

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("device", sa.Column("pushes", number, nullable=False, server_default="1"))


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
