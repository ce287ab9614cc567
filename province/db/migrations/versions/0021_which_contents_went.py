"""Which contents went lately is found without reading all that there are.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    went = sa.text("gone_ms IS NOT NULL")
    op.create_index("ix_content_gone", "content", ["gone_ms"], postgresql_where=went, sqlite_where=went)


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
