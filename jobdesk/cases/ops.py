"""Operations: what happened, as facts that are never changed.

The header of an operation holds no values; the payload holds one *body*. Kinds say what a person
meant; four shapes of body say how the fold treats it:

* open      a record comes into being, with its first values
* set       fields of a record are replaced (or values added to and dropped from its sets)
* withdraw  earlier operations are taken back
* erase     the subject is blanked for ever (PIPL)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from jobdesk.cases.clock import Stamp

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

SCHEMA = 1
"""Version of payload bodies written by this program; older ones are lifted by ``upcast``."""

MAX_OPS_PER_ACTION = 500


class Shape(StrEnum):
    """How the fold treats a kind."""

    OPEN = "open"
    SET = "set"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class Kind(StrEnum):
    """What a person did. Names are frozen: they live in logs for ever."""

    OPENED = "Opened"
    FIELDS_SET = "FieldsSet"
    SERVICE_RECORDED = "ServiceRecorded"
    RECORD_CORRECTED = "RecordCorrected"
    PLAN_AGREED = "PlanAgreed"
    HELP_ENDED = "HelpEnded"
    HELP_RESUMED = "HelpResumed"
    MERGED = "Merged"
    UNMERGED = "Unmerged"
    TRANSFERRED = "Transferred"
    ATTACHMENT_ADDED = "AttachmentAdded"
    CONFLICT_SETTLED = "ConflictSettled"
    UNDONE = "Undone"
    WITHDRAWN = "Withdrawn"
    ERASED = "Erased"


@dataclass(frozen=True, slots=True)
class KindRule:
    """The row of one kind in the explicit table.

    Attributes:
        shape: fold rule and codec.
        permission: right that a person needs (roles come later; every member of staff has them now).
        text: key of the sentence in 变更记录, ``history.<text>``.
    """

    shape: Shape
    permission: str
    text: str


RULES: Mapping[Kind, KindRule] = MappingProxyType(
    {
        Kind.OPENED: KindRule(Shape.OPEN, "write", "opened"),
        Kind.FIELDS_SET: KindRule(Shape.SET, "write", "fields_set"),
        Kind.SERVICE_RECORDED: KindRule(Shape.OPEN, "write", "service_recorded"),
        Kind.RECORD_CORRECTED: KindRule(Shape.SET, "write", "record_corrected"),
        Kind.PLAN_AGREED: KindRule(Shape.OPEN, "write", "plan_agreed"),
        Kind.HELP_ENDED: KindRule(Shape.SET, "write", "help_ended"),
        Kind.HELP_RESUMED: KindRule(Shape.SET, "write", "help_resumed"),
        Kind.MERGED: KindRule(Shape.SET, "write", "merged"),
        Kind.UNMERGED: KindRule(Shape.SET, "write", "unmerged"),
        Kind.TRANSFERRED: KindRule(Shape.SET, "write", "transferred"),
        Kind.ATTACHMENT_ADDED: KindRule(Shape.OPEN, "write", "attachment_added"),
        Kind.CONFLICT_SETTLED: KindRule(Shape.SET, "write", "conflict_settled"),
        Kind.UNDONE: KindRule(Shape.WITHDRAW, "write", "undone"),
        Kind.WITHDRAWN: KindRule(Shape.WITHDRAW, "write", "withdrawn"),
        Kind.ERASED: KindRule(Shape.ERASE, "erase", "erased"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What an operation is about; ``kind`` is a key of ``schema.CHILDREN``."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Op:
    """One operation as it stands in the log.

    Attributes:
        payload: the body as JSON, or None once it was erased or dropped from scope.
        salt: 16 random bytes, empty once the payload was erased.
        prev_hash: hash of the previous header of the same replica (32 zero bytes for its first).
        payload_hash: SHA-256 of salt and canonical payload.
        body: the canonical payload where somebody has it already, so that it need not be spelled again;
            empty otherwise. Says nothing that ``payload`` does not.
    """

    op_id: str
    replica_id: str
    replica_seq: int
    stamp: Stamp
    actor: str
    action_id: str
    schema: int
    kind: Kind
    subject: Subject
    payload: Mapping[str, Json] | None
    salt: bytes = b""
    prev_hash: bytes = b""
    payload_hash: bytes = b""
    body: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NewOp:
    """An operation to be: the log gives it id, sequence, stamp, salt and hashes."""

    kind: Kind
    subject: Subject
    payload: Mapping[str, Json] = field(default_factory=dict[str, Json])


def opened(
    subject: Subject,
    record: str,
    record_id: str,
    values: Mapping[str, Json],
    *,
    kind: Kind = Kind.OPENED,
    add: Mapping[str, list[Json]] | None = None,
    import_id: str | None = None,
    reason: str | None = None,
) -> NewOp:
    """A record comes into being. Values that are None are left out: a blank is not a fact."""
    payload: dict[str, Json] = {
        "record": record,
        "id": record_id,
        "set": {k: v for k, v in values.items() if v is not None},
    }
    _extras(payload, add, None, import_id, reason)
    return NewOp(kind, subject, payload)


def fields_set(
    subject: Subject,
    record: str,
    record_id: str,
    values: Mapping[str, Json],
    bases: Mapping[str, list[str]],
    *,
    kind: Kind = Kind.FIELDS_SET,
    add: Mapping[str, list[Json]] | None = None,
    drop: Mapping[str, list[Json]] | None = None,
    import_id: str | None = None,
    reason: str | None = None,
    seen: Mapping[str, list[str]] | None = None,
) -> NewOp:
    """Fields are replaced.

    Args:
        bases: for each field in ``values`` all heads known when the form was *loaded* (may be empty).
        seen: the same of a field that is not replaced: whom the record is about (``erasing``).
        drop: for each set field a list of ``[value, [op_ids that added it]]``.
    """
    known: dict[str, Json] = {name: list[Json](heads) for name, heads in (seen or {}).items()}
    known |= {name: list[Json](bases.get(name, [])) for name in values}
    payload: dict[str, Json] = {
        "record": record,
        "id": record_id,
        "set": dict(values),
        "bases": known,
    }
    _extras(payload, add, drop, import_id, reason)
    return NewOp(kind, subject, payload)


def withdrawn(
    subject: Subject,
    op_ids: list[str],
    *,
    kind: Kind = Kind.UNDONE,
    reason: str | None = None,
    import_id: str | None = None,
    fields: Mapping[str, list[str]] | None = None,
) -> NewOp:
    """Earlier operations of this subject are taken back, where nobody has built on them since.

    Args:
        op_ids: operations, withdrawals among them (that is redo).
        fields: for an operation of which only some fields are taken back, their names; ``op_ids``
            holds it too. Openings go whole or not at all.
    """
    payload: dict[str, Json] = {"ops": list[Json](op_ids)}
    if fields:
        payload["fields"] = {o: list[Json](sorted(names)) for o, names in fields.items()}
    _extras(payload, None, None, import_id, reason)
    return NewOp(kind, subject, payload)


def _extras(
    payload: dict[str, Json],
    add: Mapping[str, list[Json]] | None,
    drop: Mapping[str, list[Json]] | None,
    import_id: str | None,
    reason: str | None,
) -> None:
    if add:
        payload["add"] = {k: list(v) for k, v in add.items() if v}
    if drop:
        payload["drop"] = {k: list(v) for k, v in drop.items() if v}
    if import_id:
        payload["import"] = import_id
    if reason:
        payload["reason"] = reason
