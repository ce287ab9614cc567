"""The tables of a station file. They never leave ``store``.

``op`` is the truth; ``record_row`` and ``case_row`` and the search index are what it folds to and may
be dropped and refolded at any time; the others are local: drafts, settings, blobs, the access log, the
plan of a running import, and where this file stands with the province (``sync_tables``).
"""

from __future__ import annotations

# SQLModel declares __tablename__ as a declared_attr; a plain string is what its documentation uses.
# pyright: reportAssignmentType=false
from sqlalchemy import Column, Index, Integer, LargeBinary, String, Text, text
from sqlmodel import Field, SQLModel

from jobdesk.store.log import SPEAKS_SQL

FORMAT = 3
"""``user_version`` of a station file: newer files are refused kindly, older ones migrated."""


class OpRow(SQLModel, table=True):
    """One operation. Never changed, save that an erasure blanks salt and payload."""

    __tablename__ = "op"
    __table_args__ = (
        Index("ix_op_subject", "subject_id"),
        Index("ux_op_replica", "replica_id", "replica_seq", unique=True),
        Index("ix_op_action", "action_id"),
        Index("ix_op_import", "import_id", sqlite_where=Column("import_id").is_not(None)),
        Index("ix_op_settled", "ms", sqlite_where=Column("kind") == "ConflictSettled"),
        Index("ix_op_speaking", "subject_id", sqlite_where=text(SPEAKS_SQL)),
    )

    position: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    op_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    replica_id: str
    replica_seq: int
    ms: int
    counter: int
    actor: str
    action_id: str
    schema_version: int
    kind: str
    subject_kind: str
    subject_id: str
    prev_hash: bytes
    payload_hash: bytes
    salt: bytes
    payload: bytes | None = Field(sa_column=Column(LargeBinary))
    import_id: str | None = None


class RecordRow(SQLModel, table=True):
    """One record as its operations fold: ``data`` the shown values, ``heads`` who wrote them.

    The subject is part of the key: staff whom a second PC of a station brought stand under two subjects while
    its operations come in, and the fold of one must not take the other's row away.
    """

    __tablename__ = "record_row"
    __table_args__ = (
        Index("ix_record_subject", "subject_id"),
        Index("ix_record_kind_day", "kind", "day"),
        Index("ix_record_conflicts", "conflicts", sqlite_where=Column("conflicts") > 0),
    )

    kind: str = Field(primary_key=True)
    record_id: str = Field(primary_key=True)
    subject_kind: str
    subject_id: str = Field(primary_key=True)
    day: str | None = None
    data: str = Field(sa_column=Column(Text, nullable=False))
    heads: str = Field(sa_column=Column(Text, nullable=False))
    conflicts: int = 0


class CaseRow(SQLModel, table=True):
    """One line of the ledger: what lists sort, filter and show. Derived from the folded state alone, save
    ``next_on`` and ``tier_on``: the next contact and the tier as the rules of a day work them out, which
    ``kept`` writes. Until then (``judged`` = 0) they are the agreed day and the recorded tier.
    """

    __tablename__ = "case_row"
    __table_args__ = (
        Index("ux_case_id", "case_id", unique=True),
        Index("ix_case_id_number", "id_number"),
        Index("ix_case_name", "name"),
        Index("ix_case_sort", "sort_name"),
        Index("ix_case_next", "merged_into", "help_state", "next_on", "sort_name", "case_id"),
        Index("ix_case_unjudged", "case_id", sqlite_where=Column("judged") == 0),
        # Covers what a list reads of everybody: ids in order of names, chips, what is missing, filters.
        Index(
            "ix_case_list",
            "merged_into",
            "help_state",
            "sort_name",
            "case_id",
            "categories",
            "is_graduate",
            "is_hardship",
            "missing",
            "next_on",
            "community",
            "tier_on",
            "owner",
        ),
    )

    rowid: int | None = Field(default=None, sa_column=Column("rowid", Integer, primary_key=True))
    case_id: str
    name: str
    sort_name: str
    id_number: str
    birth: str
    sex: str
    phone: str
    community: str
    address: str
    education: str
    categories: str
    main_category: str
    is_graduate: int
    is_hardship: int
    hukou_kind: str
    tier: str
    owner: str
    help_state: str
    help_reason: str
    opened_on: str
    last_contact: str
    next_contact: str
    employer: str
    lists: str
    completeness: int
    missing: str
    conflicts: int
    merged_into: str
    data: str = Field(sa_column=Column(Text, nullable=False))
    next_on: str
    tier_on: str
    judged: int


class ErasedRow(SQLModel, table=True):
    """Subjects blanked for ever; applied again after every restore and replay."""

    __tablename__ = "erased"
    subject_id: str = Field(primary_key=True)
    at_ms: int


class DraftRow(SQLModel, table=True):
    """What was typed and not yet saved. One line a form."""

    __tablename__ = "draft"
    key: str = Field(primary_key=True)
    actor: str
    saved_ms: int
    body: str = Field(sa_column=Column(Text, nullable=False))


class SettingRow(SQLModel, table=True):
    """Settings of this PC and the file's own facts (station, replica, device)."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str


class AccessRow(SQLModel, table=True):
    """Who looked at, exported or printed masked values, with the reason."""

    __tablename__ = "access_log"
    position: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    at_ms: int
    actor: str
    what: str
    subject_id: str
    field: str
    count: int
    reason: str


class BlobRow(SQLModel, table=True):
    """Attachments by content: the key is the SHA-256 of the bytes."""

    __tablename__ = "blob"
    digest: str = Field(primary_key=True)
    size: int
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ImportPlanRow(SQLModel, table=True):
    """The rest of a running import, so that a kill in the middle can be finished at the next start."""

    __tablename__ = "import_plan"
    import_id: str = Field(primary_key=True)
    actor: str
    done: int
    total: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


SEARCH_SQL = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5("
    "terms, tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')"
)
SEARCH_SECURE_SQL = "INSERT INTO search(search, rank) VALUES('secure-delete', 1)"

IMMUTABLE_SQL = (
    "CREATE TRIGGER IF NOT EXISTS op_is_immutable BEFORE UPDATE ON op "
    "WHEN NEW.payload IS NOT NULL OR NEW.position IS NOT OLD.position OR NEW.op_id IS NOT OLD.op_id "
    "OR NEW.prev_hash IS NOT OLD.prev_hash OR NEW.payload_hash IS NOT OLD.payload_hash "
    "BEGIN SELECT RAISE(ABORT, 'operations are never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS op_stays BEFORE DELETE ON op "
    "BEGIN SELECT RAISE(ABORT, 'operations are never deleted'); END",
)
