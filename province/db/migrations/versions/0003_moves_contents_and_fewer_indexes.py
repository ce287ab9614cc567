"""Moves, contents, requests between stations, links of the view; an index that nobody read goes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCOPE = "(SELECT current_setting('app.scope', true))"
_ALL = f"{_SCOPE} = '*'"


def _within(column: str) -> str:
    listed = f"string_to_array(nullif({_SCOPE}, ''), ',')::bigint[]"
    return f"{_ALL} OR {column} = ANY (CASE WHEN {_ALL} THEN '{{}}'::bigint[] ELSE {listed} END)"


def upgrade() -> None:
    op.create_table(
        "moved",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("stream", _BIG, nullable=False),
        sa.Column("home", _BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at_ms", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("subject", "stream"),
    )
    op.create_table(
        "content",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("op_id", sa.String(), nullable=False),
        sa.Column("home", _BIG, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("gone_ms", _BIG, nullable=True),
        sa.PrimaryKeyConstraint("digest", "op_id", "home"),
    )
    op.create_index("ix_content_subject", "content", ["subject"])
    op.create_table(
        "view_link",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("expires_ms", _BIG, nullable=False),
        sa.Column("used_ms", _BIG, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at_ms", _BIG, nullable=False),
        sa.Column("dropped_ms", _BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "exported",
        sa.Column("stream", _BIG, nullable=False),
        sa.Column("seq", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("stream"),
    )
    op.add_column("notice", sa.Column("sender", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("answers", sa.String(), nullable=True))
    op.create_index("ix_org_parent", "org", ["parent"])
    op.create_index("ix_device_org", "device", ["org"])
    op.drop_index("ix_op_home", table_name="op")
    with op.batch_alter_table("listing") as listing:
        listing.drop_constraint("ux_listing_op", type_="unique")
        listing.create_unique_constraint("ux_listing_op", ["op_id", "stream"])
    if op.get_bind().dialect.name == "postgresql":
        _guard()


def _guard() -> None:
    for table in ("listing", "subject", "action", "quarantine", "notice", "op"):
        op.execute(f"ALTER POLICY changes ON {table} WITH CHECK (true)")
    for table, column in (("moved", "stream"), ("content", "home")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY sees ON {table} FOR SELECT USING ({_within(column)})")
        op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE USING ({_within(column)}) WITH CHECK (true)")
        op.execute(f"CREATE POLICY brings ON {table} FOR INSERT WITH CHECK (true)")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
