"""Posts from a sheet or pasted cells: read, compared with those here, added in one undoable action."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, Json, Subject
from jobdesk.cases.schema import FieldType, field
from jobdesk.host import assets
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.services.importing import files
from jobdesk.services.importing.grid import Workbook, shown
from jobdesk.services.importing.tables import Table, bare_key, find_table, label_key
from jobdesk.services.vacancies import Vacancy, vacancies
from jobdesk.store.station_file import Changes, Writing

_PREFIX = "vacancy."
_LAYOUT = "layouts/vacancies.toml"
_KEY = ("unit", "post", "pay", "place")


@dataclass(frozen=True, slots=True)
class PostsRead:
    """What a sheet holds.

    Attributes:
        fresh: values of posts that are not here yet, each once.
        known: rows whose post (单位, 岗位, 薪资, 地点) is here already or stood above in the sheet.
        incomplete: rows without 单位 or 岗位.
    """

    fresh: tuple[dict[str, Json], ...]
    known: int
    incomplete: int


def read_posts(desk: Desk, source: str | Path) -> Future[PostsRead]:
    """Read a file (a path) or pasted cells (a text). Nothing is written.

    Raises (in the future):
        BadInput: no table of posts was found, or the file cannot be read.
    """

    def job() -> PostsRead:
        pasted = isinstance(source, str)
        book = files.read_pasted(source) if isinstance(source, str) else files.read_path(source)
        rows = posts_in(book, "" if pasted else Path(source).name)
        here = desk.read(lambda con: vacancies(con, desk)).result()
        return compared(rows, here)

    return desk.file.work.aside(job)


def posts_in(book: Workbook, name: str) -> list[dict[str, Json]]:
    """The rows of all tables of posts as values of ``vacancy``; other tables are passed over."""
    names = _headers()
    found: list[dict[str, Json]] = []
    read = 0
    for sheet in book.sheets:
        table = find_table(sheet, names.__contains__)
        if table is None:
            continue
        taken = _taken(table, names)
        if not {"unit", "post"} <= {target for _, target in taken}:
            continue
        read += 1
        for row in table.rows:
            cells = [(target, shown(table.sheet.raw(row, column)).strip()) for column, target in taken]
            found.append(_values(cells))
    if not read:
        raise BadInput("no_header", path=name)
    return found


@functools.cache
def _headers() -> dict[str, str]:
    """Normalised heading → field, from ``layouts/vacancies.toml`` with the other names it knows."""
    raw = cast("list[dict[str, Any]]", assets.toml(_LAYOUT)["column"])
    return {
        label_key(header): entry["target"].removeprefix(_PREFIX)
        for entry in raw
        for header in (entry["header"], *entry.get("aliases", ()))
    }


def _taken(table: Table, names: Mapping[str, str]) -> list[tuple[int, str]]:
    """(column, field), each field once: the first column of that name."""
    found: dict[str, int] = {}
    for column in table.columns:
        field_name = names.get(label_key(column.leaf)) or names.get(bare_key(column.leaf))
        if field_name:
            found.setdefault(field_name, column.index)
    return [(column, field_name) for field_name, column in found.items()]


def _values(cells: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """Days are days; a month, or a number of people that is no number, goes into the note as written."""
    out: dict[str, Json] = {}
    notes: list[str] = []
    for target, typed in cells:
        declared = field("vacancy", target)
        if not typed or declared is None:
            continue
        if declared.type is FieldType.DAY:
            start = read_date(typed).start
            if start is not None and start.exact is not None:
                out[target] = start.iso()
            else:
                notes.append(typed)
        elif declared.type is FieldType.INT:
            digits = typed.removesuffix("人").removesuffix("名").strip()
            if digits.isascii() and digits.isdecimal() and int(digits) > 0:
                out[target] = int(digits)
            else:
                notes.append(typed)
        elif target == "note":
            notes.insert(0, typed)
        else:
            out[target] = typed
    if notes:
        out["note"] = "；".join(notes)
    return out


def compared(rows: Sequence[dict[str, Json]], here: Sequence[Vacancy]) -> PostsRead:
    """Which rows are new: importing the same sheet again adds nothing."""
    seen = {(v.unit, v.post, v.pay, v.place) for v in here}
    fresh: list[dict[str, Json]] = []
    known = incomplete = 0
    for values in rows:
        if not values.get("unit") or not values.get("post"):
            incomplete += 1
            continue
        key = tuple(str(values.get(n) or "") for n in _KEY)
        if key in seen:
            known += 1
            continue
        seen.add((key[0], key[1], key[2], key[3]))
        fresh.append(values)
    return PostsRead(tuple(fresh), known, incomplete)


def add_posts(desk: Desk, posts: Sequence[dict[str, Json]]) -> Future[list[Changes]]:
    """Write posts down; up to 500 are one action."""

    def job(w: Writing) -> list[Changes]:
        ops = [opening(s, "vacancy", s.id, v) for v in posts for s in (Subject("vacancy", w.new_id()),)]
        return [
            w.append(desk.actor, ops[start : start + MAX_OPS_PER_ACTION])
            for start in range(0, len(ops), MAX_OPS_PER_ACTION)
        ]

    return desk.write(job)
