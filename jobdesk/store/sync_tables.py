"""The tables of a station file about its exchange with the province. They never leave ``store``.

All of it can be lost and told anew by the server, save the device key and who is whose in ``replica_mark``:
operations stand in ``op`` and nowhere else.
"""

from __future__ import annotations

# SQLModel declares __tablename__ as a declared_attr; a plain string is what its documentation uses.
# pyright: reportAssignmentType=false
from sqlalchemy import Column, Index, Integer, LargeBinary, String, Text
from sqlmodel import Field, SQLModel


class StreamStateRow(SQLModel, table=True):
    """Where this file stands in one station's stream.

    ``seq, hash, digest`` are what was taken in; ``head`` where the stream ended when the server last told.
    ``loading`` holds a bootstrap under way (JSON), ``agreed_ms`` when both digests were last the same (0:
    never). ``gone`` is 1 once the stream left the scope.
    """

    __tablename__ = "stream_state"
    num: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    stream: str = Field(sa_column=Column(String, nullable=False, unique=True))
    name: str = ""
    region: str = ""
    station_subject: str | None = None
    seq: int = 0
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    head: int = 0
    agreed_ms: int = 0
    loading: str | None = Field(default=None, sa_column=Column(Text))
    gone: int = 0


class StreamOpRow(SQLModel, table=True):
    """A place in a stream. The operation may be here before its place is known, never the other way."""

    __tablename__ = "stream_op"
    __table_args__ = (Index("ix_stream_op", "op_id"),)
    stream: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    op_id: str


class ReplicaMarkRow(SQLModel, table=True):
    """What the server has acknowledged of one replica's chain.

    ``own`` is 1 for every life of this file. ``state`` is ``sync/recovering``'s: empty, or what it has to
    put right about this life yet.
    """

    __tablename__ = "replica_mark"
    replica: str = Field(primary_key=True)
    acked: int = 0
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    safe: int = 0
    own: int = 0
    state: str = ""


class VerdictRow(SQLModel, table=True):
    """An action that the server keeps apart, until it is listed after all or a person has dealt with it."""

    __tablename__ = "verdict"
    action: str = Field(primary_key=True)
    replica: str = ""
    verdict: str
    reason: str = ""
    at_ms: int
    seen_ms: int = 0


class ReceiptRow(SQLModel, table=True):
    """What one exchange came to, as JSON; kept for a year."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_at", "at_ms"),)
    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    at_ms: int
    body: str = Field(sa_column=Column(Text, nullable=False))


class NoticeRow(SQLModel, table=True):
    """Something the server wants a person to know; ``seen_ms`` 0 until somebody dealt with it."""

    __tablename__ = "notice"
    id: str = Field(primary_key=True)
    kind: str
    subjects: str = Field(sa_column=Column(Text, nullable=False))
    text: str = ""
    sender: str | None = None
    to_stream: str | None = None
    answers: str | None = None
    at_ms: int
    seen_ms: int = 0
    more: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class BlobMarkRow(SQLModel, table=True):
    """Contents that the server has whole."""

    __tablename__ = "blob_mark"
    digest: str = Field(primary_key=True)


class CarriedFileRow(SQLModel, table=True):
    """A file that went out on a stick, until a year after; ``state``: ``writing out read``.

    ``upto`` is what it holds of each life of this file (JSON: replica to sequence), ``epoch`` the server's as
    known then, ``left_over`` operations that had no room in it. ``more`` is 1 once its answer said that not
    everything fitted.
    """

    __tablename__ = "carried_file"
    exchange: str = Field(primary_key=True)
    number: int
    name: str
    made_ms: int
    size: int = 0
    ops: int = 0
    contents: int = 0
    left_over: int = 0
    upto: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    epoch: str = ""
    state: str
    read_ms: int = 0
    came: int = 0
    more: int = 0


class LeftSubjectRow(SQLModel, table=True):
    """A person whose file moved to another station; ``blanked_ms`` 0 while payloads are still here.

    ``said`` is the stub that stays (JSON: masked name, since when on the books here, day of the move).
    """

    __tablename__ = "left_subject"
    subject_id: str = Field(primary_key=True)
    stream: str
    at_ms: int
    blanked_ms: int = 0
    said: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))


class SubjectHomeRow(SQLModel, table=True):
    """Where the server says a subject is at home; only of those that somebody meant to move."""

    __tablename__ = "subject_home"
    subject_id: str = Field(primary_key=True)
    stream: str


class MoveAskRow(SQLModel, table=True):
    """A word to another station about a file that is to move, until a year after it was said.

    ``body`` is the message (JSON) as it goes; ``epoch`` the server's that has it, empty while it waits for a
    line; ``error`` why it was not taken. ``done_ms``: nothing more follows from it.
    """

    __tablename__ = "move_ask"
    id: str = Field(primary_key=True)
    step: str
    actor: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    at_ms: int
    epoch: str = ""
    error: str = ""
    done_ms: int = 0


class StationKnownRow(SQLModel, table=True):
    """A station of the province, to choose from without a line."""

    __tablename__ = "station_known"
    stream: str = Field(primary_key=True)
    name: str
    under: str = ""


class UnreadOpRow(SQLModel, table=True):
    """An operation that only a newer program can read, kept as its line until this one is newer."""

    __tablename__ = "unread_op"
    op_id: str = Field(primary_key=True)
    line: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SyncFactRow(SQLModel, table=True):
    """Address of the server, device id and key, epoch, and what an exchange has to go on with."""

    __tablename__ = "sync_fact"
    key: str = Field(primary_key=True)
    value: str
