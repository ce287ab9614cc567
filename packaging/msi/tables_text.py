"""Tables of an installer database as text (``.idt``), read and written through msitools."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from common.product import BuildFailed, run


@dataclass(slots=True)
class Table:
    """One table.

    Attributes:
        types: per column, in the manner of ``.idt``: ``s72``, ``I2``, ``v0`` …; capitals allow nothing.
        keys: names of the key columns.
        rows: cells as text; a stream's cell is the name of its file.
    """

    name: str
    columns: list[str]
    types: list[str]
    keys: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def dicts(self) -> list[dict[str, str]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def at(self, column: str) -> int:
        return self.columns.index(column)

    def by(self, column: str) -> dict[str, dict[str, str]]:
        """The rows by the value of one column, which must be unique."""
        found = {row[column]: row for row in self.dicts()}
        if len(found) != len(self.rows):
            raise BuildFailed(f"{self.name}.{column} is not unique")
        return found


def read_tables(msi: Path) -> dict[str, Table]:
    """Every table of the database; the forced code page and the summary are left out."""
    place = msi.absolute()
    names = sorted(n for n in run("msiinfo", "tables", place).split() if not n.startswith("_"))
    with tempfile.TemporaryDirectory() as folder:  # msiinfo writes streams where it runs
        return {n: parse(run("msiinfo", "export", place, n, cwd=Path(folder))) for n in names}


def parse(text: str) -> Table:
    """A table from its ``.idt``."""
    lines = [line.split("\t") for line in text.replace("\r\n", "\n").rstrip("\n\0").split("\n")]
    head = lines[2]
    offset = 1 if head[0].isdigit() else 0
    width = len(lines[0])
    rows = [line + [""] * (width - len(line)) for line in lines[3:]]
    return Table(head[offset], lines[0], lines[1], head[offset + 1 :], rows)


def write(table: Table, folder: Path) -> Path:
    """The table as a file for ``msibuild -i``, its rows in the order of their keys."""
    keys = [table.at(key) for key in table.keys]
    rows = sorted(table.rows, key=lambda row: [row[key] for key in keys])
    lines = [table.columns, table.types, [table.name, *table.keys], *rows]
    target = folder / f"{table.name}.idt"
    target.write_bytes("".join("\t".join(line) + "\r\n" for line in lines).encode("utf-8"))
    return target
