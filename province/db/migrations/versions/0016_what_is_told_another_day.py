"""One person twice is told to a station up to so many a day; what is beyond waits for its day.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("notice", sa.Column("waits_until", number, nullable=True))
    twice = sa.text("kind = 'duplicate'")
    op.create_index(
        "ix_notice_twice", "notice", ["home", "at_ms"], postgresql_where=twice, sqlite_where=twice
    )


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
