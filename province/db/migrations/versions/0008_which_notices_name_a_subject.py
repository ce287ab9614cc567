"""Which notices name a subject; what could not be read is kept by its place in its replica.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SCOPE = "(SELECT current_setting('app.scope', true))"
_ALL = f"{_SCOPE} = '*'"
_LISTED = f"string_to_array(nullif({_SCOPE}, ''), ',')::bigint[]"
_WITHIN = f"{_ALL} OR home = ANY (CASE WHEN {_ALL} THEN '{{}}'::bigint[] ELSE {_LISTED} END)"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "notice_subject",
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("notice", sa.String(), primary_key=True),
        sa.Column("home", number, nullable=False),
        comment="Which notices name a subject: found without going over all of them.",
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute("SELECT set_config('app.scope', '*', true)")  # the owner is kept within a scope too
    each = "json_each(n.subjects) s"
    if postgres:
        each = "jsonb_array_elements_text(n.subjects::jsonb) AS s(value)"
    op.execute(
        "INSERT INTO notice_subject(subject, notice, home) "
        f"SELECT DISTINCT s.value, n.id, n.home FROM notice n, {each}"
    )
    # two machines may have an unreadable line at one place: the name alone says nothing
    op.execute("UPDATE quarantine SET action = action || '-' || replica "
               "WHERE action = 'line-' || CAST(replica_seq AS VARCHAR)")  # fmt: skip
    op.execute("UPDATE action SET id = id || '-' || replica "
               "WHERE id LIKE 'line-%' AND id NOT LIKE 'line-%-%'")  # fmt: skip
    if not postgres:
        return
    op.execute("ALTER TABLE notice_subject ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notice_subject FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sees ON notice_subject FOR SELECT USING ({_WITHIN})")
    op.execute(f"CREATE POLICY changes ON notice_subject FOR UPDATE USING ({_WITHIN}) WITH CHECK ({_WITHIN})")
    op.execute(f"CREATE POLICY brings ON notice_subject FOR INSERT WITH CHECK ({_WITHIN})")


def downgrade() -> None:
    raise NotImplementedError("a server goes back by its backup, never by its tables")
