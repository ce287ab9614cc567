"""Where in a sheet the table is: title, header of one to three rows, people, totals, footers.

A row is a row of a person. Titles, notes, totals, page headers repeated in print, section lines,
column numbers and prepared empty rows are none, and their texts are kept for the 填表说明.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from jobdesk.services.importing.grid import Place, Range, Raw, Sheet, shown

HEADER_SEARCH_ROWS = 60
_MAX_HEADER_ROWS = 3
_SPACE = re.compile(r"\s+")
_STAR = re.compile(r"[*＊★※:：]+")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_TOTAL = re.compile(
    r"(?:本页|本村|本社区|全部|人数|户数)?(?:合计|小计|总计|共计|累计|总数)(?:人数|数)?(?:[:：(（\d].*)?"
)
_FOOTER = re.compile(
    r"(?:填报|填表|制表|报送|报出|上报|打印|统计)(?:日期|时间|人|说明|单位|须知|要求).*|(?:单位|部门|科室|处室|分管)?"
    r"(?:负责人|领导)(?:签字|签章|签名)?(?:[:：(（].*)?|(?:审核|经办|复核|联系|录入)人(?:签字|签章)?[:：].*"
    r"|(?:说明|注|备注|附注|注意事项|备注说明|要求)[:：0-9一二].*|(?:机构|单位)名称[:：].*|注\d*[、.].*|盖章.*|[(（]盖章.*|第\d+页.*"
)
_SMALL_NUMBER = re.compile(r"\(?\d{1,3}\)?|[甲乙丙丁戊]|[A-Z]{1,2}|-|—")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        index: counted from 0 in the sheet.
        label: what the header says, from the top row down, joined with ``/``; blanks inside taken away.
    """

    index: int
    label: str

    @property
    def leaf(self) -> str:
        return self.label.rpartition("/")[2]


@dataclass(slots=True)
class Table:
    """The found table of a sheet.

    Attributes:
        first_header, last_header: rows of the header, counted from 0.
        rows: the rows of people, counted from 0.
        notes: texts outside the table, from the top down; the 填表说明 is among them.
        spread: cells whose value comes from a merged cell above them.
        left_out: rows that are no people, by reason (``blank``, ``total``, ``footer``, ``header``,
            ``section``, ``numbering``).
    """

    sheet: Sheet
    first_header: int
    last_header: int
    columns: tuple[Column, ...]
    rows: list[int] = field(default_factory=list[int])
    notes: list[str] = field(default_factory=list[str])
    spread: set[Place] = field(default_factory=set[Place])
    left_out: dict[str, int] = field(default_factory=dict[str, int])


def compact(text: str) -> str:
    """Half-width, without blanks of any kind: how headers and words are compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def label_key(label: str) -> str:
    """A header as it is looked up: compact, lower case, without stars and colons; 帐 counts as 账."""
    return _STAR.sub("", compact(label)).lower().replace("台帐", "台账")


def bare_key(label: str) -> str:
    """As ``label_key``, also without what stands in brackets."""
    key = label_key(label)
    while (shorter := _PARENTHESIS.sub("", key)) != key:
        key = shorter
    return key


def find_table(sheet: Sheet, knows: Callable[[str], bool]) -> Table | None:
    """The table of a sheet, or None where no header is found.

    Args:
        knows: whether a header text (as by ``label_key``) is one that the synonyms or layouts know.
    """
    best, hits = -1, 1
    for row in range(min(len(sheet.rows), HEADER_SEARCH_ROWS)):
        count = _known_cells(sheet, row, knows)
        if count > hits:
            best, hits = row, count
    if best < 0:
        return None
    first, last = _header_span(sheet, best, knows)
    columns = _columns(sheet, first, last)
    table = Table(sheet, first, last, columns)
    for row in range(first):
        _note(table, row)
    _spread_merged(table)
    _collect(table, knows)
    return table


def _known_cells(sheet: Sheet, row: int, knows: Callable[[str], bool]) -> int:
    found: set[str] = set()
    for value in sheet.rows[row]:
        if isinstance(value, str) and value and len(value) <= 60:
            key = label_key(value)
            if knows(key) or knows(bare_key(value)):
                found.add(key)
    return len(found)


def _header_span(sheet: Sheet, best: int, knows: Callable[[str], bool]) -> tuple[int, int]:
    width = max(1, sum(1 for value in sheet.rows[best] if value != ""))
    first = last = best
    for r0, c0, r1, c1 in sheet.merged:
        spans_title = c1 - c0 + 1 >= max(width, 3) and r0 < best
        if r1 - r0 >= _MAX_HEADER_ROWS or spans_title:
            continue
        if r0 <= best <= r1:
            first, last = min(first, r0), max(last, r1)
        elif r0 == r1 == best - 1 and c1 > c0 and _has_below(sheet, best, c0, c1):
            first = min(first, best - 1)
    if first == best and best and _known_cells(sheet, best - 1, knows) >= 2:
        first = best - 1
    while last - first + 1 < _MAX_HEADER_ROWS and _continues(sheet, last, knows):
        last += 1
    return first, last


def _has_below(sheet: Sheet, row: int, c0: int, c1: int) -> bool:
    return sum(1 for column in range(c0, c1 + 1) if sheet.raw(row, column) != "") >= 2


def _continues(sheet: Sheet, last: int, knows: Callable[[str], bool]) -> bool:
    """Whether the row below the header still is header: group names above, no person's value in it."""
    below = last + 1
    if below >= len(sheet.rows):
        return False
    texts = [(c, v) for c, v in enumerate(sheet.rows[below]) if v != ""]
    if not texts or any(not isinstance(v, str) or re.search(r"\d{4}", v) for _, v in texts):
        return False
    under_group = any(
        r0 == r1 == last and c1 > c0 and c0 <= texts[0][0] <= c1 for r0, c0, r1, c1 in sheet.merged
    )
    known = _known_cells(sheet, below, knows)
    gaps = sum(1 for c, _ in texts if sheet.raw(last, c) == "")
    if under_group and (known >= 1 or gaps):
        return True
    return known >= 2 and known * 2 >= len(texts) and gaps >= 1


def _columns(sheet: Sheet, first: int, last: int) -> tuple[Column, ...]:
    width = max(len(sheet.rows[row]) for row in range(first, last + 1))
    grid = [[_header_text(sheet.raw(row, c)) for c in range(width)] for row in range(first, last + 1)]
    for r0, c0, r1, c1 in sheet.merged:
        if first <= r0 <= last:
            for row in range(r0, min(r1, last) + 1):
                for column in range(c0, min(c1, width - 1) + 1):
                    grid[row - first][column] = grid[r0 - first][c0]
    merged_any = any(first <= r0 <= last for r0, _, _, _ in sheet.merged)
    if not merged_any and len(grid) > 1:
        _spread_groups(grid)
    columns: list[Column] = []
    for column in range(width):
        parts: list[str] = []
        for line in grid:
            if line[column] and (not parts or parts[-1] != line[column]):
                parts.append(line[column])
        columns.append(Column(column, "/".join(parts)))
    while columns and not columns[-1].label:
        columns.pop()
    return tuple(columns)


def _header_text(value: Raw) -> str:
    return compact(shown(value)).replace("/", "／") if value != "" else ""


def _spread_groups(grid: list[list[str]]) -> None:
    """Without merge marks (a CSV): a group name reaches right while there are names only below."""
    for upper, lower in itertools.pairwise(grid):
        group = ""
        for column, text in enumerate(upper):
            if text:
                group = text if lower[column] else ""
            elif group and lower[column]:
                upper[column] = group
            else:
                group = ""


def _spread_merged(table: Table) -> None:
    """Values of merged cells in the body reach down to each row they cover."""
    sheet = table.sheet
    for r0, c0, r1, c1 in sheet.merged:
        if r0 > table.last_header and r1 > r0 and c0 == c1 and r1 - r0 < 2000:
            _spread_one(table, (r0, c0, r1, c1))


def _spread_one(table: Table, area: Range) -> None:
    r0, column, r1, _ = area
    rows = table.sheet.rows
    value = table.sheet.raw(r0, column)
    if value == "":
        return
    for row in range(r0 + 1, min(r1, len(rows) - 1) + 1):
        line = rows[row]
        if len(line) <= column:
            line.extend([""] * (column + 1 - len(line)))
        if line[column] == "" and any(v != "" for v in line):
            line[column] = value
            table.spread.add((row, column))


def _collect(table: Table, knows: Callable[[str], bool]) -> None:
    sheet, out = table.sheet, table.left_out
    header = {label_key(c.leaf) for c in table.columns if c.label}
    serial = next((c.index for c in table.columns if label_key(c.leaf) in {"序号", "编号", "no", "序"}), -1)
    ended = False
    for row in range(table.last_header + 1, len(sheet.rows)):
        line = sheet.rows[row]
        filled = len(line) - line.count("")
        if filled == 0:
            out["blank"] = out.get("blank", 0) + 1
            continue
        if filled > 4 and not ended and type(line[0]) is float:
            if filled < 8 and _numbering(line):
                reason = "numbering"
            else:
                table.rows.append(row)
                continue
        else:
            reason = _reason(line, filled, serial, header, ended)
        if reason is None:
            table.rows.append(row)
            continue
        out[reason] = out.get(reason, 0) + 1
        if reason == "footer":
            ended = True
        if reason in {"footer", "section", "note"}:
            _note(table, row)


def _reason(line: list[Raw], filled: int, serial: int, header: set[str], ended: bool) -> str | None:
    """Why a row is no person, or None."""
    texts = [v for v in line if v != ""]
    if filled == 1 and 0 <= serial < len(line) and line[serial] != "" and not isinstance(line[serial], str):
        return "blank"
    first = texts[0]
    if isinstance(first, str):
        word = compact(first)
        if serial >= 0 and filled == 1 and word.isdigit():
            return "blank"
        if _TOTAL.fullmatch(word) or (
            filled > 1 and isinstance(texts[1], str) and _TOTAL.fullmatch(compact(texts[1]))
        ):
            return "total"
        if filled <= 6 and _FOOTER.fullmatch(word):
            return "footer"
        if filled <= 2 and len(word) > 20:
            return "footer"
    if ended and filled <= 4:
        return "footer"
    if _numbering(line):
        return "numbering"
    if filled >= 2:
        same = sum(1 for v in texts if isinstance(v, str) and label_key(v) in header)
        if same >= 2 and same * 2 >= filled:
            return "header"
        return None
    return "section"


def _numbering(line: list[Raw]) -> bool:
    """``1 2 3 4`` or ``甲 乙 1 2`` below the header."""
    texts = [compact(shown(v)) for v in line if v != ""]
    if len(texts) < 4 or not all(_SMALL_NUMBER.fullmatch(t) for t in texts):
        return False
    numbers = [int(t.strip("()")) for t in texts if t.strip("()").isdigit()]
    return len(numbers) >= 3 and all(b - a == 1 for a, b in itertools.pairwise(numbers))


def _note(table: Table, row: int) -> None:
    for value in table.sheet.rows[row]:
        if isinstance(value, str) and value.strip():
            table.notes.append(value)
