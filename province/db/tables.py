"""The tables, as SQLAlchemy Core. The log is the truth; nothing here holds what operations fold to.

Every row that belongs to a station carries the station's number, a plain integer, so that row-level
security compares integers and nothing else (a function per row was measured at 15 s for 20,000 rows).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
Big = BigInteger().with_variant(Integer, "sqlite")


def _where(name: str, condition: str, *columns: str) -> Index:
    """An index of some rows only."""
    return Index(name, *columns, postgresql_where=text(condition), sqlite_where=text(condition))


ASKING = "('duplicate', 'transfer_request')"
"""Notices that wait for an answer."""
server = Table(
    "server",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What the server knows of itself: epoch, secrets, keys, the format of its tables.",
)

org = Table(
    "org",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    Column("parent", String, nullable=True),
    Column("region", String, nullable=False, server_default=""),
    Index("ix_org_parent", "parent"),
    comment="The tree of organisations, province to station. It is not the region tree.",
)

stream = Table(
    "stream",
    metadata,
    Column("num", Big, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("org", String, nullable=False, unique=True),
    Column("head", Big, nullable=False, server_default="0"),
    Column("hash", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("station_subject", String, nullable=True),
    Column("scope_version", Big, nullable=False, server_default="1"),
    Column("safe", Big, nullable=False, server_default="0"),
    comment="One station's stream: counter, chain, digest. The row is locked to write into it.",
)

device = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("org", String, nullable=False),
    Column("role", String, nullable=False),
    Column("public_key", LargeBinary, nullable=False, unique=True),
    Column("enrolled_ms", Big, nullable=False),
    Column("valid_until_ms", Big, nullable=False),
    Column("revoked_ms", Big, nullable=True),
    Column("revoked_why", String, nullable=True),
    Column("seen_ms", Big, nullable=True),
    Column("skew_ms", Big, nullable=False, server_default="0"),
    Column("program", String, nullable=False, server_default=""),
    Column("waiting", Big, nullable=False, server_default="0"),
    Column("pushes", Big, nullable=False, server_default="1"),
    Index("ix_device_org", "org"),
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("org", String, nullable=False),
    Column("role", String, nullable=False),
    Column("made_ms", Big, nullable=False),
    Column("expires_ms", Big, nullable=False),
    Column("used_ms", Big, nullable=True),
    Column("device", String, nullable=True),
    comment="Only the hash of a code is kept: who reads the table cannot enrol.",
)

replica = Table(
    "replica",
    metadata,
    Column("id", String, primary_key=True),
    Column("device", String, nullable=False),
    Column("acked", Big, nullable=False, server_default="0"),
    Column("hash", LargeBinary, nullable=False),
    Column("safe", Big, nullable=False, server_default="0"),
    Column("last_seq", Big, nullable=False, server_default="0"),
)

op = Table(
    "op",
    metadata,
    Column("op_id", String, primary_key=True),
    Column("replica", String, nullable=False),
    Column("replica_seq", Big, nullable=False),
    Column("home", Big, nullable=False),
    Column("subject", String, nullable=False),
    Column("action", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_ms", Big, nullable=False),
    Column("restricted", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("replica", "replica_seq", name="ux_op_replica"),
    Index("ix_op_subject", "subject"),
    comment="One operation as its line on the wire. Blanked by an erasure, never changed otherwise. Of a "
    "restricted one the line is its header only: the whole stands in ``restricted``.",
)

restricted = Table(
    "restricted",
    metadata,
    Column("op_id", String, primary_key=True),
    Column("home", Big, nullable=False),
    Column("line", LargeBinary, nullable=False),
    comment="Whole lines of what only stations may see (M-9.6). Who forgets this table tells nothing.",
)

listing = Table(
    "listing",
    metadata,
    Column("stream", Big, primary_key=True),
    Column("seq", Big, primary_key=True),
    Column("op_id", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("op_id", "stream", name="ux_listing_op"),
    comment="A place in a stream, with the stream's chain hash after it.",
)

subject = Table(
    "subject",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("home", Big, nullable=False),
    Column("erased", Boolean, nullable=False, server_default="0"),
    Column("person", LargeBinary, nullable=True),
    Index("ix_subject_home", "home"),
    Index("ix_subject_person", "person"),
    comment="Where a subject is at home. person: keyed hash of its ID number, to find one person twice.",
)

action = Table(
    "action",
    metadata,
    Column("id", String, primary_key=True),
    Column("replica", String, primary_key=True),
    Column("home", Big, nullable=False),
    Column("verdict", String, nullable=False),
    Column("reason", String, nullable=True),
    Column("at_ms", Big, nullable=False),
    comment="Verdicts other than accepted, as the owner of each replica was told them.",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("replica", String, primary_key=True),
    Column("replica_seq", Big, primary_key=True),
    Column("action", String, nullable=False),
    Column("device", String, nullable=False),
    Column("home", Big, nullable=False),
    Column("subject", String, nullable=False, server_default=""),
    Column("reason", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("at_ms", Big, nullable=False),
    Column("settled_ms", Big, nullable=True),
    Column("op_id", String, nullable=False, server_default=""),
    Column("ties", Big, nullable=False, server_default="0"),
    Index("ix_quarantine_home", "home"),
    Index("ix_quarantine_action", "action"),
    Index("ix_quarantine_subject", "subject"),
    _where("ix_quarantine_waits", "settled_ms IS NULL", "device"),
    _where("ix_quarantine_op", "settled_ms IS NULL", "op_id"),
    comment="What was not listed, kept whole with its reason until a person settles it.",
)

erased = Table(
    "erased",
    metadata,
    Column("subject", String, primary_key=True),
    Column("at_ms", Big, nullable=False),
    Column("line", LargeBinary, nullable=True),
    comment="The register of erased subjects, kept apart: a restore applies it again. line: what erased.",
)

notice = Table(
    "notice",
    metadata,
    Column("id", String, primary_key=True),
    Column("home", Big, nullable=False),
    Column("kind", String, nullable=False),
    Column("subjects", Text, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("at_ms", Big, nullable=False),
    Column("settled_ms", Big, nullable=True),
    Column("sender", String, nullable=True),
    Column("answers", String, nullable=True),
    Column("more", Text, nullable=False, server_default=""),
    Column("waits_until", Big, nullable=True),
    Column("turn", Big, nullable=False, server_default="0"),
    _where("ix_notice_twice", "kind = 'duplicate'", "home", "at_ms"),
    _where("ix_notice_turn", "settled_ms IS NULL", "home", "turn"),
    _where("ix_notice_open", f"settled_ms IS NULL AND kind IN {ASKING}", "home", "at_ms"),
    _where("ix_notice_said", f"settled_ms IS NULL AND kind NOT IN {ASKING}", "home", "at_ms"),
    _where("ix_notice_pair", "kind = 'duplicate'", "subjects"),
    _where("ix_notice_answers", "answers IS NOT NULL", "answers"),
    Index("ix_notice_sender", "sender", "at_ms"),
    comment="What a desk is to be told. more: JSON of target, into and masked facts; never a whole number. "
    "waits_until: the day on which it is told first (M-6.9). turn: by chance, in its order those of "
    "which many wait are told.",
)

notice_subject = Table(
    "notice_subject",
    metadata,
    Column("subject", String, primary_key=True),
    Column("notice", String, primary_key=True),
    Column("home", Big, nullable=False),
    comment="Which notices name a subject: found without going over all of them.",
)

moved = Table(
    "moved",
    metadata,
    Column("subject", String, primary_key=True),
    Column("stream", Big, primary_key=True),
    Column("home", Big, nullable=False),
    Column("kind", String, nullable=False),
    Column("at_ms", Big, nullable=False),
    comment="A stream a subject was at home in, and where it is now: late work finds its way by it.",
)

merged = Table(
    "merged",
    metadata,
    Column("op_id", String, primary_key=True),
    Column("alias", String, nullable=False),
    Column("kept", String, nullable=False),
    Column("waits", Boolean, nullable=False),
    Index("ix_merged_alias", "alias"),
    Index("ix_merged_kept", "kept"),
    _where("ix_merged_waits", "waits", "kept"),
    comment="Merges by the file that was kept: ids only. waits: where it is at home is not known yet.",
)

speaks = Table(
    "speaks",
    metadata,
    Column("about", String, nullable=True),
    Column("op_id", String, nullable=False),
    Column("subject", String, nullable=False),
    UniqueConstraint("about", "op_id", name="ux_speaks_about"),
    comment="Which operations of other subjects, listed or kept apart, speak of whom: ids only. Of whom is "
    "forgotten with his erasure.",
)

tie = Table(
    "tie",
    metadata,
    Column("key", String, nullable=True),
    Column("op_id", String, nullable=False),
    UniqueConstraint("key", "op_id", name="ux_tie_key"),
    Index("ix_tie_op", "op_id"),
    comment="Which operations that were kept apart are about which record of a person, and go on with which "
    "line: hashes only. Of what is blank no key is left.",
)

content = Table(
    "content",
    metadata,
    Column("digest", String, primary_key=True),
    Column("op_id", String, primary_key=True),
    Column("home", Big, primary_key=True),
    Column("subject", String, nullable=False),
    Column("gone_ms", Big, nullable=True),
    Index("ix_content_subject", "subject"),
    _where("ix_content_gone", "gone_ms IS NOT NULL", "gone_ms"),
    comment="Which operation names a content; the bytes lie in a folder under their digest.",
)

view_link = Table(
    "view_link",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("org", String, nullable=False),
    Column("expires_ms", Big, nullable=False),
    Column("used_ms", Big, nullable=True),
    comment="One-time links to the view; only their hash is kept.",
)

backup = Table(
    "backup",
    metadata,
    Column("id", String, primary_key=True),
    Column("at_ms", Big, nullable=False),
    Column("dropped_ms", Big, nullable=True),
    comment="Backups that can be restored, until they are dropped.",
)

exported = Table(
    "exported",
    metadata,
    Column("system", String, primary_key=True),
    Column("stream", Big, primary_key=True),
    Column("seq", Big, nullable=False),
    comment="How far a stream was given to each other system (the outbox port).",
)

backup_mark = Table(
    "backup_mark",
    metadata,
    Column("backup", String, primary_key=True),
    Column("replica", String, primary_key=True),
    Column("acked", Big, nullable=False),
    Column("at_ms", Big, nullable=False),
    comment="What a backup holds of each replica; written just before the backup is made.",
)

backup_head = Table(
    "backup_head",
    metadata,
    Column("backup", String, primary_key=True),
    Column("stream", Big, primary_key=True),
    Column("head", Big, nullable=False),
    comment="What a backup holds of each stream; written with the marks of the replicas.",
)

SCOPED = (
    "listing", "moved", "op", "restricted", "subject", "action", "quarantine", "notice", "notice_subject",
    "content",
)  # fmt: skip
"""Tables under row-level security. The column that says whose is ``home``; in the first two
``stream``."""
