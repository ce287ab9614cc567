"""Adding records and changing fields: the two verbs most forms end in.

A form keeps the record it was loaded from; the bases of its edit are the heads of *that* record, so
that an edit replaces what its author saw and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases import schema
from jobdesk.cases.erasing import ABOUT_A_PERSON
from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Kind, NewOp, Subject, fields_set, opened
from jobdesk.cases.partial_date import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from jobdesk.cases.schema import FieldType
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.store.station_file import Changes

_DATES = (FieldType.DAY, FieldType.DATE, FieldType.MONTH)


@dataclass(frozen=True, slots=True)
class Parted:
    """Typed values by how they are written: plain fields, and values of set fields."""

    plain: dict[str, Json]
    sets: dict[str, list[str]]


def part(record: str, values: Mapping[str, Json]) -> Parted:
    """Set fields apart from plain ones; blank text becomes None (a blank is not a fact).

    Raises:
        KeyError: a field this record kind does not have (a bug of the caller).
    """
    plain: dict[str, Json] = {}
    sets: dict[str, list[str]] = {}
    for name, value in values.items():
        declared = schema.field(record, name)
        if declared is None:
            raise KeyError(f"{record}.{name}")
        if declared.type is FieldType.SET:
            sets[name] = [str(v) for v in value] if isinstance(value, list) else []
        else:
            plain[name] = (value.strip() or None) if isinstance(value, str) else value
    return Parted(plain, sets)


def check_years(record: str, values: Mapping[str, Json]) -> None:
    """What a form tells beside the field holds for whoever writes without one.

    Raises:
        Refused: ``year_out_of_range``: a date of no year that may be typed (9999 for 长期).
    """
    for name, value in values.items():
        declared = schema.field(record, name)
        if declared is None or declared.type not in _DATES or not isinstance(value, str):
            continue
        written = PartialDate.written(value.strip())
        if written is not None and not EARLIEST_YEAR <= written.year <= LATEST_YEAR:
            raise Refused("year_out_of_range", first=EARLIEST_YEAR, last=LATEST_YEAR)


def opening(
    subject: Subject,
    record: str,
    record_id: str,
    values: Mapping[str, Json],
    *,
    kind: Kind = Kind.OPENED,
    import_id: str | None = None,
    reason: str | None = None,
) -> NewOp:
    """The operation that opens a record with these values."""
    parted = part(record, values)
    add = {k: list[Json](v) for k, v in parted.sets.items()}
    return opened(
        subject, record, record_id, parted.plain, kind=kind, add=add, import_id=import_id, reason=reason
    )


def change(
    subject: Subject,
    loaded: RecordState,
    values: Mapping[str, Json],
    *,
    kind: Kind = Kind.FIELDS_SET,
    reason: str | None = None,
    import_id: str | None = None,
    force: bool = False,
) -> NewOp | None:
    """The operation that changes a record from what was loaded to these values; None when nothing differs.

    Args:
        loaded: the record as the form showed it when it was opened.
        force: write fields that are equal too (settling: an equal value with all heads as bases).
    """
    parted = part(loaded.kind, values)
    plain = {n: v for n, v in parted.plain.items() if force or v != loaded.get(n)}
    add: dict[str, list[Json]] = {}
    drop: dict[str, list[Json]] = {}
    for name, wanted in parted.sets.items():
        present = set(loaded.sets.get(name, {}))
        if extra := [v for v in wanted if v not in present]:
            add[name] = list[Json](extra)
        if dropped := loaded.drops(name, sorted(present - set(wanted))):
            drop[name] = dropped
    if not (plain or add or drop):
        return None
    whose = ABOUT_A_PERSON.get(loaded.kind)
    return fields_set(
        subject, loaded.kind, loaded.id, plain, loaded.bases(*plain), kind=kind, add=add, drop=drop,
        reason=reason, import_id=import_id, seen=loaded.bases(whose) if whose else None,
    )  # fmt: skip


def add_record(
    desk: Desk,
    subject: Subject,
    record: str,
    values: Mapping[str, Json],
    *,
    kind: Kind = Kind.OPENED,
    reason: str | None = None,
) -> Future[Changes]:
    """Open a child record of a subject.

    Raises:
        Refused: see ``check_years``.
    """
    check_years(record, values)
    return desk.act([opening(subject, record, desk.new_id(), values, kind=kind, reason=reason)])


def save_record(
    desk: Desk,
    subject: Subject,
    loaded: RecordState,
    values: Mapping[str, Json],
    *,
    kind: Kind = Kind.FIELDS_SET,
    reason: str | None = None,
    also: Sequence[NewOp] = (),
) -> Future[Changes]:
    """Change a record; nothing is written when nothing differs.

    Raises:
        Refused: see ``check_years``.
    """
    check_years(loaded.kind, {n: v for n, v in values.items() if v != loaded.get(n)})
    op = change(subject, loaded, values, kind=kind, reason=reason)
    return desk.act([*([op] if op else []), *also])
