"""Who is here already, as far as one file asks: read once, before its rows are judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jobdesk.cases.id_number import IdKind, IdReading, convert15
from jobdesk.services.importing.known import numbers_ever
from jobdesk.store import import_lookups as lookups
from jobdesk.store import ledger
from jobdesk.store.import_lookups import HeldRecord
from jobdesk.store.log import Connection
from jobdesk.store.reads import last_position


@dataclass(slots=True)
class Here:
    """What the station knows of the people of a file.

    Attributes:
        position: of the newest operation when this was read.
        files: ID number (18 characters, or 15 as an old number) → files that stand, those merged away
            replaced by the file they point to.
        once: number → file that had it once; the file may have been withdrawn since.
        standing: of the files in ``once`` and ``memory`` those that stand.
        memory: key of a row → what an earlier import says of it.
        names: name → people here, asked for rows that no number settles.
        merged: file merged away → file it points to.
    """

    position: int = 0
    files: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    once: dict[str, str] = field(default_factory=dict[str, str])
    standing: set[str] = field(default_factory=set[str])
    memory: dict[str, HeldRecord] = field(default_factory=dict[str, HeldRecord])
    names: dict[str, list[ledger.CaseItem]] = field(default_factory=dict[str, list[ledger.CaseItem]])
    merged: Mapping[str, str] = field(default_factory=dict[str, str])

    def target(self, case_id: str) -> str:
        """The file that counts: of one merged away the one it points to."""
        seen: set[str] = set()
        while case_id in self.merged and case_id not in seen:
            seen.add(case_id)
            case_id = self.merged[case_id]
        return case_id

    def with_number(self, number: str) -> list[str]:
        """Files that have the number, or its old or new form; each once."""
        if not self.files:
            return []
        forms = [number, convert15(number)] if len(number) == 15 else [number]
        found = dict.fromkeys(self.target(c) for f in forms for c in self.files.get(f, ()))
        return list(found)


def look(con: Connection, numbers: Iterable[str], names: Iterable[str], keys: Iterable[str]) -> Here:
    """Everything for these numbers, names and row keys."""
    here = Here(position=last_position(con))
    wanted = set(numbers)
    forms = wanted | {convert15(n) for n in wanted if len(n) == 15}
    here.merged = lookups.aliases(con)
    here.files = lookups.files_by_number(con, forms)
    for old, case_id in lookups.old_numbers(con):
        for form in _forms(old):
            if form in forms and case_id not in here.files.get(form, ()):
                here.files.setdefault(form, []).append(case_id)
    missing = {n for n in wanted if not here.with_number(n)}
    if missing:
        _once(con, here, forms)
    known = set(keys)
    for held in lookups.held_records(con):
        if held.text("row_key") in known:
            _remember(here, held)
    here.standing = lookups.standing_cases(
        con, [*here.once.values(), *(h.text("case") for h in here.memory.values())]
    )
    here.names = ledger.by_names(con, names)
    return here


def _forms(old: str) -> tuple[str, ...]:
    return (old, convert15(old)) if len(old) == 15 and old.isdigit() and old.isascii() else (old,)


def _once(con: Connection, here: Here, forms: set[str]) -> None:
    subjects = lookups.files_with_changed_numbers(con)
    for case_id, ops in lookups.ops_of_subjects(con, subjects).items():
        numbers, _ = numbers_ever(ops)
        for number in numbers & forms:
            here.once.setdefault(number, case_id)


def _remember(here: Here, held: HeldRecord) -> None:
    """Of several records of one row the settled one of a standing file counts, else that of a standing
    import, else none."""
    key, before = held.text("row_key"), here.memory.get(held.text("row_key"))
    if before is None or _weight(held) > _weight(before):
        here.memory[key] = held


def _weight(held: HeldRecord) -> int:
    settled = held.text("state") == "settled"
    return (2 if settled else 1) * (1 if held.import_state == "undone" else 4)


class HasNumber(Protocol):
    """Anything with an ID number as it was read."""

    id_reading: IdReading | None


def number_of(row: HasNumber) -> str:
    """The number a row is matched by: 18 characters, or 15 as they stand; empty without one."""
    reading = row.id_reading
    if reading is None or reading.kind not in (IdKind.VALID, IdKind.OLD15):
        return ""
    return reading.normal
