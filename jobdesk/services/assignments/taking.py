"""A list from the county: read, matched with the people here, kept whole so that it can go back."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Subject
from jobdesk.host import assets
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.services.importing import files
from jobdesk.services.importing.grid import shown
from jobdesk.services.importing.read import ReadFile, read_book
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.tables import Table, label_key
from jobdesk.store import import_lookups as lookups
from jobdesk.store import ledger, local, reads
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing

_HEADERS = "layouts/assignments.toml"


@dataclass(frozen=True, slots=True)
class ListRow:
    """One person of the list.

    Attributes:
        row: counted from 0 in its sheet.
        texts: column (from 0) → the cell as it stands.
        case_id: the file of that person; empty when nobody here was found for sure.
        namesakes: files with the same name where the number does not decide.
    """

    sheet: str
    row: int
    name: str
    texts: Mapping[int, str]
    case_id: str = ""
    namesakes: int = 0


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Where answers go back to. ``answer`` and ``note`` are columns from 0; -1: a new column at the right."""

    sheet: str
    header: int
    width: int
    answer: int
    note: int

    def as_json(self) -> dict[str, Json]:
        return {"sheet": self.sheet, "header": self.header, "width": self.width, "answer": self.answer,
                "note": self.note}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as read. Nothing is written yet.

    Attributes:
        title: what stands above the table, else the file's name without its ending.
        taken: id of the list it is already, when the same bytes were taken in before.
    """

    file_name: str
    content: bytes
    title: str
    rows: tuple[ListRow, ...]
    layouts: tuple[SheetLayout, ...]
    taken: str = ""

    @property
    def found(self) -> int:
        return sum(bool(r.case_id) for r in self.rows)


def read_list(desk: Desk, path: Path) -> Future[ListRead]:
    """Read a file and look for its people.

    Raises (in the future):
        BadInput: it cannot be read, holds no table of people, or is no file of this disk.
    """

    def job() -> ListRead:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise BadInput("file_missing", path=str(path)) from None
        except OSError:
            raise BadInput("file_unreadable", path=str(path)) from None
        found = read_book(files.read_bytes(content, path.name), path.name, desk.today)
        return desk.read(lambda con: _looked_up(con, found, path, content)).result()

    return desk.file.work.aside(job)


def take_list(desk: Desk, found: ListRead, title: str, issuer: str, due_on: date) -> Future[str]:
    """Keep the list; the id of the assignment. Actions of 500, one transaction.

    Raises:
        Refused: without a title, with a deadline before today, or when the same file was taken before.
    """
    if not title.strip():
        raise Refused("list_needs_title")
    if due_on < desk.today:
        raise Refused("list_deadline_passed")
    if found.taken:
        raise Refused("list_taken_before")
    subject = Subject("assignment", desk.new_id())

    def job(w: Writing) -> str:
        layout: list[Json] = [one.as_json() for one in found.layouts]
        root: dict[str, Json] = {
            "title": title.strip(), "issuer": issuer.strip(), "file_name": found.file_name,
            "digest": local.put_blob(w.con, found.content), "received_on": desk.today.isoformat(),
            "due_on": due_on.isoformat(), "layout": layout,
        }  # fmt: skip
        ops = [opening(subject, "assignment", subject.id, root)]
        for one in found.rows:
            cells: dict[str, Json] = {str(column): words for column, words in one.texts.items()}
            values: dict[str, Json] = {
                "sheet": one.sheet, "row": one.row, "cells": cells, "name": one.name,
                "case": one.case_id or None,
            }  # fmt: skip
            ops.append(opening(subject, "assigned", w.new_id(), values))
        for start in range(0, len(ops), MAX_OPS_PER_ACTION):
            w.append(desk.actor, ops[start : start + MAX_OPS_PER_ACTION])
        return subject.id

    return desk.write(job)


def _looked_up(con: Connection, found: ReadFile, path: Path, content: bytes) -> ListRead:
    matched = _matches(con, found.rows)
    names = ledger.by_names(con, {_name(r) for r in found.rows if _name(r)})
    rows: list[ListRow] = []
    for number, one in enumerate(found.rows):
        case_id = matched.get(number, "")
        same = [i.case_id for i in names.get(_name(one), ())]
        rows.append(
            ListRow(one.sheet, one.index, _name(one), _texts(one), case_id, 0 if case_id else len(same))
        )
    layouts = tuple(_layout(plan.table) for plan in found.plans)
    title = next((note for plan in found.plans for note in plan.table.notes if note.strip()), path.stem)
    digest = local.digest(content)
    taken = next((r.id for r in reads.records(con, "assignment") if r.text("digest") == digest), "")
    return ListRead(path.name, content, title.strip()[:60], tuple(rows), layouts, taken)


def _matches(con: Connection, rows: Iterable[ReadRow]) -> dict[int, str]:
    """By ID number, merged files followed; a name alone never decides."""
    listed = list(rows)
    numbers = [str(r.values.get("case.id_number") or "") for r in listed]
    by_number = lookups.files_by_number(con, filter(None, numbers))
    alias = lookups.aliases(con)
    found: dict[int, str] = {}
    for n, number in enumerate(numbers):
        cases = {alias.get(c, c) for c in by_number.get(number, ())} if number else set[str]()
        if len(cases) == 1:
            found[n] = cases.pop()
    return found


def _name(row: ReadRow) -> str:
    value = row.values.get("case.name")
    return value.strip() if isinstance(value, str) else ""


def _texts(row: ReadRow) -> dict[int, str]:
    sheet = row.plan.table.sheet
    texts = {c.index: shown(sheet.raw(row.index, c.index)) for c in row.plan.table.columns}
    return {column: words for column, words in texts.items() if words}


def _layout(table: Table) -> SheetLayout:
    keys = {label_key(c.leaf): c.index for c in reversed(table.columns)}

    def column(name: str) -> int:
        return next((keys[label_key(n)] for n in _headers()[name] if label_key(n) in keys), -1)

    width = max((c.index for c in table.columns), default=-1) + 1
    return SheetLayout(table.sheet.name, table.last_header, width, column("answer"), column("note"))


@functools.cache
def _headers() -> Mapping[str, list[str]]:
    return assets.toml(_HEADERS)["header"]
