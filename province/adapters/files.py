"""Batches as files: CSV for old systems, JSON for programs, xlsx for people. Readable by their owner only."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from province.adapters.outbox import Batch, Standing


@dataclass(frozen=True, slots=True)
class Files:
    """One file a batch, named by station and places: giving it again writes the same name."""

    folder: Path
    form: str = "csv"

    def keep(self, batch: Batch) -> None:
        """Whole or not at all: under another name until it is on disk."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = self.folder / f"{batch.stream}-{batch.after + 1}-{batch.until}.{self.form}"
        part = whole.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(FORMS[self.form](batch))
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)


def _csv(batch: Batch) -> bytes:
    """With a byte order mark: Excel reads Chinese only so."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(batch.columns)
    writer.writerows([[_tame(v) for v in row] for row in batch.rows])
    return out.getvalue().encode("utf-8-sig")


def _json(batch: Batch) -> bytes:
    people = [_told(dict(zip(batch.columns, row, strict=True))) for row in batch.rows]
    head = {"station": batch.stream, "name": batch.station, "after": batch.after, "until": batch.until}
    return json.dumps({**head, "people": people}, ensure_ascii=False, indent=1).encode()


def _told(person: dict[str, str]) -> dict[str, str]:
    """Of who is not here any more ids and what became of him, no empty fields."""
    return person if person["standing"] == Standing.HERE else {k: v for k, v in person.items() if v}


def _xlsx(batch: Batch) -> bytes:
    """Everything as text: an ID number is no figure."""
    out = io.BytesIO()
    plain = {f"strings_to_{kind}": False for kind in ("formulas", "numbers", "urls")}
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        sheet: Any = book.add_worksheet()  # pyright: ignore[reportUnknownMemberType]
        for number, row in enumerate([list(batch.columns), *batch.rows]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _tame(value: str) -> str:
    """A cell that a spreadsheet would run as a formula is text."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") else value


FORMS: Mapping[str, Callable[[Batch], bytes]] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
