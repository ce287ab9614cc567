"""The table of organisations as an office keeps it: CSV as programs there write it; faults by their line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from province.orgs import Org
from province.scope import CHILD_LEVELS

_MUST = ("id", "name", "level")
_COLUMNS = (*_MUST, "parent", "region")


def read(file: Path) -> Iterator[Org]:
    """Columns id, name, level, parent, region, in UTF-8 or GB18030; a # begins a remark. What a line has no
    column for is not given.

    Raises:
        OSError: it cannot be opened.
        ValueError: names the line and what is wrong with it.
    """
    at = began = 0

    def lines() -> Iterator[str]:
        nonlocal at, began
        for at, line in enumerate(StringIO(_text(file), newline=""), 1):
            if not line.startswith("#"):
                began = began or at
                yield line

    rows = csv.reader(lines(), strict=True)
    names: list[str] = []
    known: dict[str, int] = {}
    while True:
        began = 0
        try:
            row = next(rows, None)
        except csv.Error as bad:
            raise ValueError(f"{file.name}:{began}：{_fault(bad)}") from bad
        if row is None:
            break
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        here = f"{file.name}:{began}"
        if not names:
            names = _header(cells, here)
            continue
        made = _org(dict(zip(names, cells, strict=False)), here)
        if any(cells[len(names) :]):
            raise ValueError(f"{here}：这一行的内容比第一行的列多；名称里有逗号时要加引号")
        if made.id in known:
            raise ValueError(f"{here}：编号 {made.id} 在第 {known[made.id]} 行已经有了")
        known[made.id] = began
        yield made
    if not known:
        raise ValueError(f"{file.name}：文件里没有机构；第一行是列名 {','.join(_COLUMNS)}，以下一行一个机构")


def _text(file: Path) -> str:
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        line = text[: text.index("\0")].count("\n") + 1
        raise ValueError(f"{file.name}:{line}：有空字符（NUL），不是 CSV 文本；请另存为“CSV UTF-8”再导入")
    raise ValueError(f"{file.name}：既不是 UTF-8 也不是 GB18030 编码；请另存为“CSV UTF-8”再导入")


def _header(cells: list[str], here: str) -> list[str]:
    names = [cell.lower() for cell in cells]
    while names and not names[-1]:  # an office program writes the empty columns behind a table too
        names.pop()
    if missing := [name for name in _MUST if name not in names]:
        raise ValueError(
            f"{here}：列名里没有 {'、'.join(missing)}；第一行要写 {','.join(_COLUMNS)}，用半角逗号分开"
        )
    usual = f"可用的列名只有 {','.join(_COLUMNS)}（parent 是上级机构的编号），别的请删去"
    if unknown := next((name for name in names if name not in _COLUMNS), None):
        raise ValueError(f"{here}：没有“{unknown[:40]}”这样的列；{usual}")
    if "" in names:
        raise ValueError(f"{here}：第 {names.index('') + 1} 列没有列名；{usual}")
    if len(names) > len(set(names)):
        raise ValueError(f"{here}：同一个列名写了两次；{usual}")
    return names


def _org(cells: dict[str, str], here: str) -> Org:
    for name in _MUST:
        if not cells.get(name):
            raise ValueError(f"{here}：没有 {name}")
    if cells["level"] not in CHILD_LEVELS:
        raise ValueError(f"{here}：没有“{cells['level'][:40]}”这个级别；可写 {'、'.join(CHILD_LEVELS)}")
    return Org(cells["id"], cells["name"], cells["level"], cells.get("parent"), cells.get("region"), here)


def _fault(bad: csv.Error) -> str:
    if "field larger" in str(bad):
        return f"一格内容超过 {csv.field_size_limit():,} 个字符，多半是前面的引号没有成对"
    return "从这一行起引号没有成对，或者引号后面缺逗号"
