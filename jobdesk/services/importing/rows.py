"""From a planned table to rows: typed values, the cells they came from, and what is not right."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from jobdesk.cases.date_spelling import read_date
from jobdesk.cases.id_number import IdKind, IdReading, age_on, examine
from jobdesk.cases.partial_date import PartialDate
from jobdesk.services.importing import cells, layouts, regions
from jobdesk.services.importing.cells import Json, Outcome
from jobdesk.services.importing.columns import Guess, Plan
from jobdesk.services.importing.grid import Raw, address, letters, shown
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.tables import Table, compact

_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,3})")
_FILLED_ON = re.compile(r"(?:填报|填表|制表|统计|截止|截至)(?:日期|时间|日)?[:：]?(.{4,16})")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})年")
_ID_TARGETS = frozenset({"case.id_number", "case.old_id_number"})


@dataclass(slots=True)
class ReadRow:
    """One person (or one post) of a sheet.

    Attributes:
        plan: the table and the columns it was read by.
        index: row in the sheet, counted from 0.
        values: target → typed value; only what is settled enough to be written. A number that is
            damaged or wrong is not among them: see ``id_reading``.
        problems: hints and holding ones, in the order of the columns.
        id_reading: what the ID number cell says; None where the sheet has none or the cell is empty.
        hidden: the row is hidden in the sheet; it is read like any other, and marked.
        joined: further rows of the sheet that belong to the same person by a merged name or number cell.
        repeats: an earlier row of the file about the same person.
    """

    plan: Plan
    index: int
    values: dict[str, Json]
    problems: list[Problem]
    id_reading: IdReading | None = None
    hidden: bool = False
    joined: list[int] = field(default_factory=list[int])
    repeats: ReadRow | None = None

    @property
    def sheet(self) -> str:
        return self.plan.table.sheet.name

    @property
    def number(self) -> int:
        """As Excel numbers it."""
        return self.index + 1

    @property
    def held(self) -> bool:
        return any(problem.holds for problem in self.problems)

    @property
    def name(self) -> str:
        value = self.values.get("case.name", "")
        return value if isinstance(value, str) else ""

    @property
    def id_text(self) -> str:
        """The number as it stands, cleaned; also when it is damaged."""
        return self.id_reading.normal if self.id_reading else ""

    def place(self, column: str = "") -> dict[str, str | int]:
        """For sentences that name a place."""
        return {"sheet": self.sheet, "row": self.number, "column": column}

    def original(self, target: str) -> str:
        """The text of the cell a value came from; empty where no single cell is its source."""
        guess = self.source(target)
        return shown(self.plan.table.sheet.raw(self.index, guess.column.index)) if guess else ""

    def address(self, target: str) -> str:
        """``F10``; empty where no single cell is the source."""
        guess = self.source(target)
        return address(self.index, guess.column.index) if guess else ""

    def source(self, target: str) -> Guess | None:
        """The column a value came from."""
        exact = self.plan.column_of(target) or self.plan.column_of(f"{target}+")
        if exact is not None:
            return exact
        base = _SOURCES.get(target.partition("#")[0] if "#" in target else target, "")
        record, name, _, _ = layouts.split_target(target)
        return self.plan.column_of(base) or self.plan.column_of(f"{record}.{name}")

    def cells(self) -> dict[str, str]:
        """Column letter → text of every filled cell, as kept with a held row."""
        line = self.plan.table.sheet.rows[self.index]
        return {letters(column): shown(value) for column, value in enumerate(line) if value != ""}

    def key(self, columns: list[tuple[str, int]] | None = None) -> str:
        """Digest of what the row says; the same row of the same file again has the same key.

        Args:
            columns: ``key_columns`` of the plan, where many rows are asked one after the other.
        """
        line, width = self.plan.table.sheet.rows[self.index], len(self.plan.table.sheet.rows[self.index])
        taken = [
            f"{target}={shown(line[at]).strip()}" if at < width else f"{target}="
            for target, at in columns or key_columns(self.plan)
        ]
        return hashlib.sha256("\x1f".join((self.sheet, *taken)).encode()).hexdigest()[:32]


def key_columns(plan: Plan) -> list[tuple[str, int]]:
    """Targets and places of the columns that say something, in an order of their own."""
    left_out = ("", "skip", "hint.serial")
    return sorted((g.target, g.column.index) for g in plan.guesses if g.target and g.target not in left_out)


_SOURCES: Mapping[str, str] = {
    "benefit.since": "benefit.period",
    "benefit.until": "benefit.period",
    "case.school": "case.school_major",
    "case.major": "case.school_major",
    "case.old_id_number": "case.id_number",
    "case.phone_2": "case.phone",
    "recognition.category_text": "recognition.category",
    "placement.until": "placement.since",
    "recognition.until": "recognition.since",
    "registration.until": "registration.since",
}
"""Values that come out of a cell meant for another one."""


def read_rows(plan: Plan, today: date, *, tick: Callable[[int], None] | None = None) -> list[ReadRow]:
    """All rows of a table, each judged by itself; see :mod:`repeats` for what rows say of each other.

    Args:
        tick: called with the number of rows done every 500 rows; what it raises ends the reading.
    """
    table = plan.table
    settings = cells.Settings(layouts.reading(), table.sheet.system_1904)
    work: _Work = []
    for guess in plan.guesses:
        convert = cells.converter(guess, settings)
        if convert is not None and _filled(table, guess.column.index):
            column = _ColumnWork(guess, convert)
            work.append((column.index, column.simple.get, column.target, column))
    judge = _Judge(plan, today)
    rows: list[ReadRow] = []
    hidden = table.sheet.hidden_rows
    for done, index in enumerate(table.rows, 1):
        line = table.sheet.rows[index]
        values, problems = _read_line(line, work)
        row = ReadRow(plan, index, values, problems, hidden=index in hidden)
        if plan.kind == "case":
            judge.person(row, line)
            if rows and judge.continues(row, rows[-1]):
                _join(rows[-1], row)
                continue
        rows.append(row)
        if tick is not None and done % 500 == 0:
            tick(done)
    return rows


def _filled(table: Table, column: int) -> bool:
    lines = table.sheet.rows
    return any(len(lines[row]) > column and lines[row][column] != "" for row in table.rows)


class _ColumnWork:
    """A column while its rows are read: each distinct value is converted once."""

    __slots__ = ("appends", "convert", "index", "plain", "simple", "slow", "target")

    def __init__(self, guess: Guess, convert: cells.Converter) -> None:
        target = guess.target or ""
        self.index, self.convert, self.target = guess.column.index, convert, target
        self.simple: dict[Raw, Json] = {}
        self.slow: dict[Raw, Outcome] = {}
        self.appends = target.endswith("+")
        self.plain = not self.appends and "=" not in target and not target.endswith(".note")

    def outcome(self, raw: Raw) -> Outcome:
        outcome = self.slow.get(raw)
        if outcome is None:
            outcome = self.convert(raw)
            pairs, problems = outcome
            if self.plain and not problems and len(pairs) == 1 and pairs[0][0] == self.target:
                self.simple[raw] = pairs[0][1]
            else:
                self.slow[raw] = outcome
        return outcome


_Work = list[tuple[int, Callable[[Raw], Json | None], str, _ColumnWork]]
"""Place, look-up of what is known already, target, and the rest; taken apart once for all rows."""


def _read_line(line: list[Raw], work: _Work) -> tuple[dict[str, Json], list[Problem]]:
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    width = len(line)
    for index, known_value, target, column in work:
        if index >= width:
            continue
        raw = line[index]
        if raw == "":
            continue
        known = known_value(raw)
        if known is not None:
            values[target] = known
            continue
        pairs, found = column.outcome(raw)
        for where, value in pairs:
            if (column.appends or where.endswith(".note")) and where in values:
                value = f"{values[where]}；{value}"
            elif where in values and column.target != where:
                continue
            values[where] = value
        if found:
            problems.extend(found)
    return values, problems


class _Judge:
    """What a person's row says of itself: the number against sex, birth and age."""

    def __init__(self, plan: Plan, today: date) -> None:
        self._plan, self._today = plan, today
        self._id = plan.column_of("case.id_number")
        self._name = plan.column_of("case.name")
        self._sex = plan.column_of("case.sex")
        self._age = plan.column_of("hint.age")
        self._birth = plan.column_of("case.birth")
        self._unfilled = plan.table.sheet.unfilled
        self._spread = plan.table.spread
        self._filled_on = filled_on(plan.table.notes, today)

    def person(self, row: ReadRow, line: list[Raw]) -> None:
        if "case.name" not in row.values:
            row.problems.append(Problem("name_missing", "case.name", self._name.letter if self._name else ""))
        if self._unfilled:
            self._formulas(row)
        if self._id is not None and self._id.column.index < len(line):
            raw = line[self._id.column.index]
            if raw != "":
                self._number(row, raw)
        age = row.values.pop("hint.age", None)
        reading = row.id_reading
        if reading is None:
            return
        self._agreement(row, reading)
        if isinstance(age, int) and reading.birth is not None and self._age is not None:
            self._check_age(row, age, reading.birth)

    def continues(self, row: ReadRow, before: ReadRow) -> bool:
        """Whether the row is the same person by a merged cell that reaches down to it."""
        for guess in (self._id, self._name):
            if guess is not None and (row.index, guess.column.index) in self._spread:
                return row.name == before.name and row.id_text == before.id_text
        return False

    def _formulas(self, row: ReadRow) -> None:
        for guess in self._plan.guesses:
            if guess.target and (row.index, guess.column.index) in self._unfilled:
                critical = guess.target in {"case.name", "case.id_number", "case.birth"}
                code = "cell_unfilled" if critical else "cell_unfilled_other"
                row.problems.append(Problem(code, guess.target, guess.letter))

    def _number(self, row: ReadRow, raw: Raw) -> None:
        assert self._id is not None
        reading, code = read_id(raw, self._today)
        row.id_reading = reading
        if reading.kind is IdKind.EMPTY:
            row.id_reading = None
            return
        if code is not None:
            row.problems.append(
                Problem(code, "case.id_number", self._id.letter, {"length": len(reading.normal)})
            )
        if reading.kind is IdKind.VALID:
            row.values["case.id_number"] = reading.normal
        elif reading.kind is IdKind.OLD15:
            row.values["case.old_id_number"] = reading.normal
        if reading.region and reading.kind in (IdKind.VALID, IdKind.OLD15):
            where = regions.standing(reading.region)
            if where in ("historic", "unknown"):
                row.problems.append(
                    Problem(f"region_{where}", "case.id_number", self._id.letter, {"region": reading.region})
                )

    def _agreement(self, row: ReadRow, reading: IdReading) -> None:
        if reading.kind not in (IdKind.VALID, IdKind.OLD15, IdKind.DAMAGED):
            return
        typed = row.values.get("case.sex")
        wanted = {"male": "1", "female": "2"}.get(reading.sex or "")
        if self._sex is not None and wanted and typed in ("1", "2") and typed != wanted:
            row.problems.append(Problem("sex_disagrees", "case.sex", self._sex.letter))
        born = row.values.get("case.birth")
        if self._birth is not None and reading.birth is not None and isinstance(born, str):
            said = PartialDate.parse(born)
            if said is not None and not said.may_be(PartialDate.of(reading.birth)):
                row.problems.append(Problem("birth_disagrees", "case.birth", self._birth.letter))

    def _check_age(self, row: ReadRow, age: int, born: date) -> None:
        """A hint: 周岁, 虚岁 and the unknown day of filling all count as right."""
        assert self._age is not None
        first, last = self._filled_on
        lowest, highest = age_on(born, first), max(age_on(born, last), last.year - born.year + 1)
        if not lowest <= age <= highest:
            row.problems.append(
                Problem(
                    "age_differs", "hint.age", self._age.letter, {"age": age, "computed": age_on(born, last)}
                )
            )


def read_id(raw: Raw, today: date) -> tuple[IdReading, str | None]:
    """The ID number of a cell and the problem it has.

    A number cell keeps 15 digits: 18 of them are damaged even when 000 happens to satisfy the checksum.
    """
    text = shown(raw)
    packed = compact(text)
    if isinstance(raw, str) and (match := _SCIENTIFIC.fullmatch(packed)):
        known = match[1] + (match[2] or "")
        return IdReading(known, IdKind.BAD_LENGTH), "id_scientific"
    if packed in {"无", "-", "—", "/", "暂无", "没有"}:
        return IdReading("", IdKind.EMPTY), None
    reading = examine(text, today)
    if isinstance(raw, (int, float)) and len(reading.normal) == 18 and reading.kind is not IdKind.BAD_DATE:
        reading = replace(reading, kind=IdKind.DAMAGED, sex=None)
    if reading.kind in (IdKind.VALID, IdKind.EMPTY):
        return reading, None
    return reading, reading.kind.value


def filled_on(notes: list[str], today: date) -> tuple[date, date]:
    """Between which days a sheet was filled, as far as its notes tell; else the last year and a half."""
    for note in notes:
        match = _FILLED_ON.search(compact(note))
        if match:
            reading = read_date(match[1].strip("_ "))
            if reading.start is not None and reading.start.first <= today:
                return reading.start.first, min(reading.start.last, today)
    for note in notes[:6]:
        match = _TITLE_YEAR.search(note)
        if match and int(match[1]) <= today.year:
            year = int(match[1])
            return date(year, 1, 1), min(date(year, 12, 31), today)
    earlier = date(today.year - 1, 7, 1)
    return earlier, today


def _join(before: ReadRow, row: ReadRow) -> None:
    """Further records of the same person go beside those of the first row."""
    before.joined.append(row.index)
    highest: dict[str, int] = {}
    for target in before.values:
        record, _, number, _ = layouts.split_target(target)
        highest[record] = max(highest.get(record, 0), number)
    for target, value in row.values.items():
        record, name, number, _ = layouts.split_target(target)
        if record == "case":
            before.values.setdefault(target, value)
        elif _new_block(before, row, record):
            before.values[layouts.nth(f"{record}.{name}", highest.get(record, 0) + number)] = value
    before.problems.extend(p for p in row.problems if p not in before.problems)


def _new_block(before: ReadRow, row: ReadRow, record: str) -> bool:
    ours = {v for t, v in _flat(row) if layouts.split_target(t)[0] == record}
    theirs = {v for t, v in _flat(before) if layouts.split_target(t)[0] == record}
    return not ours <= theirs


def _flat(row: ReadRow) -> list[tuple[str, str]]:
    return [(target, str(value)) for target, value in row.values.items()]
