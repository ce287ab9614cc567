"""Whose row it is: ID number first; without one people are proposed, never merged unasked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from jobdesk.cases.id_number import IdKind, IdReading, convert15
from jobdesk.cases.masking import mask_id
from jobdesk.cases.ops import Json
from jobdesk.services.importing.cells import Json as CellJson
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.deciding import decided
from jobdesk.services.importing.here import Here, number_of
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.verdicts import Candidate, Decision
from jobdesk.store.import_lookups import HeldRecord
from jobdesk.store.ledger import CaseItem

NEW_PERSON = "new"


class Asked(Protocol):
    """A row that somebody must be found for: one just read, or one that an import holds."""

    values: dict[str, CellJson]
    problems: list[Problem]
    id_reading: IdReading | None
    repeats: ReadRow | None

    def source(self, target: str) -> Guess | None:
        """The column a value came from, where it is known."""
        ...


@dataclass(slots=True)
class Match:
    """Whose row it is, as far as that is settled.

    Attributes:
        values: what goes in, after the clerk's decision.
        case_id: the file here; empty for a new one, a held row, or one that is passed over.
        new: a file is to be opened.
        passed: nothing is written and nothing asked (withdrawn since, dropped before).
        waiting: held already by an earlier import.
        number: the number the row is matched by, 18 characters; empty without one.
    """

    values: dict[str, CellJson]
    problems: list[Problem]
    case_id: str = ""
    new: bool = False
    passed: bool = False
    waiting: bool = False
    number: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class InFile:
    """What earlier rows of the same file have opened: by number, and by name for those that may be one."""

    by_number: dict[str, str] = field(default_factory=dict[str, str])
    by_name: dict[str, dict[str, Mapping[str, CellJson]]] = field(
        default_factory=dict[str, dict[str, Mapping[str, CellJson]]]
    )

    def opened(self, case_id: str, number: str, values: Mapping[str, CellJson]) -> None:
        """A row opens a file."""
        if number:
            self.by_number.setdefault(number, case_id)
        name = values.get("case.name")
        if isinstance(name, str):
            self.by_name.setdefault(name, {})[case_id] = values

    def forget(self, case_ids: set[str]) -> None:
        """Rows are judged anew."""
        self.by_number = {n: c for n, c in self.by_number.items() if c not in case_ids}
        for people in self.by_name.values():
            for case_id in case_ids & people.keys():
                del people[case_id]


def whole(number: str) -> str:
    """18 characters; 15 digits as the 18 they became."""
    return convert15(number) if len(number) == 15 else number


def match(
    row: Asked,
    key: str,
    decision: Decision | None,
    here: Here,
    in_file: InFile,
    first: tuple[str, bool] | None,
    today: date,
    extra: Iterable[Problem] = (),
) -> Match:
    """Whose row it is. A row that an earlier import holds stays held until somebody decides about it.

    Args:
        first: for a later row of a person of the file: file of the first row, and whether that one waits.
        extra: problems found by looking at the whole file (a number that is perhaps damaged).

    Raises:
        BadInput: the number of the decision is not a whole valid one.
    """
    found = _match(row, key, decision, here, in_file, first, today, extra)
    if found.waiting and decision is None and not any(p.holds for p in found.problems):
        found.problems += _stored(here.memory[key])
        found.case_id, found.new, found.passed = "", False, False
    return found


def _stored(held: HeldRecord) -> list[Problem]:
    """What held the row when it was imported."""
    raw = held.values.get("problems")
    listed = [Problem.from_json(p) for p in raw if isinstance(p, dict)] if isinstance(raw, list) else []
    return [p for p in listed if p.holds]


def _match(
    row: Asked,
    key: str,
    decision: Decision | None,
    here: Here,
    in_file: InFile,
    first: tuple[str, bool] | None,
    today: date,
    extra: Iterable[Problem],
) -> Match:
    made = decided(row.values, [*row.problems, *extra], number_of(row), decision, today)
    found = Match(made.values, made.problems, number=whole(made.number))
    remembered = here.memory.get(key)
    if remembered is not None and _from_memory(found, remembered.text("state"),
                                               remembered.import_state, remembered.text("case"),
                                               here, decision):  # fmt: skip
        return found
    chosen = decision.person if decision else ""
    if any(p.holds for p in found.problems):
        return found
    if chosen and chosen != NEW_PERSON:
        found.case_id = here.target(chosen)
        return found
    if first is not None and not (decision and decision.number):
        if first[1]:
            found.problems.append(Problem("repeated_of_held", "", "", _place(row.repeats)))
        elif first[0]:
            found.case_id = first[0]
        else:
            found.passed = True
        return found
    if found.number:
        _by_number(found, row, made.number, chosen, here, in_file)
    else:
        _by_name(found, row, chosen, here, in_file)
    return found


def _place(row: ReadRow | None) -> dict[str, str | int]:
    return row.place() if row else {}


def _from_memory(
    found: Match, state: str, import_state: str, case_id: str, here: Here, decision: Decision | None
) -> bool:
    """What an earlier import says of the very same row; True when that settles it."""
    if state == "settled":
        target = here.target(case_id)
        if target in here.standing or case_id in here.standing:
            found.problems = [p for p in found.problems if not p.holds]
            found.case_id = target
            return True
        if import_state == "undone":
            return False
        found.problems = [*(p for p in found.problems if not p.holds), Problem("withdrawn_since")]
        found.passed = True
        return True
    if import_state == "undone":
        return False
    if state == "dropped" and decision is None:
        found.problems = [*(p for p in found.problems if not p.holds), Problem("dropped_before")]
        found.passed = True
        return True
    found.waiting = state in ("open", "later", "")
    return False


def _by_number(found: Match, row: Asked, number: str, chosen: str, here: Here, in_file: InFile) -> None:
    files = here.with_number(number)
    if number != found.number:
        files = list(dict.fromkeys([*files, *here.with_number(found.number)]))
    if len(files) > 1 and not chosen:
        found.problems.append(_id_problem(row, "number_twice_here", count=len(files)))
        return
    if len(files) == 1:
        found.case_id = files[0]
        return
    once = here.once.get(found.number) or here.once.get(number)
    if once is not None:
        if here.target(once) in here.standing:
            found.case_id = here.target(once)
        else:
            found.problems.append(Problem("withdrawn_since"))
            found.passed = True
        return
    opened = in_file.by_number.get(found.number)
    if opened is not None:
        found.case_id = opened
        return
    nameless = [i for i in _same_name(found, here) if not i.id_number]
    found.candidates = () if chosen else _candidates(found, nameless, sure=True)
    _ask_or_open(found, row)


def _by_name(found: Match, row: Asked, chosen: str, here: Here, in_file: InFile) -> None:
    if not chosen:
        name = str(found.values.get("case.name") or "")
        people = [_as_item(c, v) for c, v in in_file.by_name.get(name, {}).items()]
        found.candidates = _candidates(found, [*_same_name(found, here), *people], sure=False)
    _ask_or_open(found, row)


def _ask_or_open(found: Match, row: Asked) -> None:
    if found.candidates:
        guess = row.source("case.name")
        found.problems.append(Problem("perhaps_same_person", "case.name", guess.letter if guess else ""))
    else:
        found.new = True


def _same_name(found: Match, here: Here) -> list[CaseItem]:
    return here.names.get(str(found.values.get("case.name") or ""), [])


def _id_problem(row: Asked, code: str, **params: str | int) -> Problem:
    guess = row.source("case.id_number")
    return Problem(code, "case.id_number", guess.letter if guess else "", params)


@dataclass(frozen=True, slots=True)
class _Other:
    """Somebody of the same name, from a file here or an earlier row."""

    case_id: str
    name: str
    id_number: str
    birth: str
    phones: tuple[str, ...]


def _as_item(case_id: str, values: Mapping[str, CellJson]) -> _Other:
    def said(name: str) -> str:
        value = values.get(f"case.{name}")
        return value if isinstance(value, str) else ""

    phones = tuple(p for p in (said("phone"), said("phone_2")) if p)
    number = said("id_number") or (convert15(said("old_id_number")) if said("old_id_number") else "")
    return _Other(case_id, said("name"), number, said("birth"), phones)


def _candidates(found: Match, people: Iterable[CaseItem | _Other], *, sure: bool) -> tuple[Candidate, ...]:
    """People of the same name whose birth or phone agrees; of whom nothing can be compared, all too.

    Args:
        sure: only where something agrees (the row has a number of its own).
    """
    people = list(people)
    if not people:
        return ()
    me = _as_item("", found.values)
    mine = me.birth or _birth_of(found)
    listed: list[Candidate] = []
    for item in people:
        other = item if isinstance(item, _Other) else _of_item(item)
        birth = other.birth or _birth_in(other.id_number)
        by = ["name"]
        if mine and birth and (birth.startswith(mine) or mine.startswith(birth)):
            by.append("birth")
        if set(me.phones) & set(other.phones):
            by.append("phone")
        comparable = (mine and birth) or (me.phones and other.phones)
        if len(by) == 1 and (comparable or sure):
            continue
        listed.append(Candidate(other.case_id, other.name, tuple(by), mask_id(other.id_number)))
    return tuple(sorted(listed, key=lambda c: (-len(c.by), c.case_id)))


def _of_item(item: CaseItem) -> _Other:
    second: Json = item.extra.get("phone_2")
    phones = tuple(p for p in (item.phone, second if isinstance(second, str) else "") if p)
    return _Other(item.case_id, item.name, item.id_number, item.birth, phones)


def _birth_of(found: Match) -> str:
    return _birth_in(found.number)


def _birth_in(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if len(number) == 18 else ""


def perhaps_damaged(rows: Iterable[ReadRow]) -> dict[int, Problem]:
    """Numbers that end in 000 and pass their checksum, in a table that has damaged ones: by id of the row.

    One damaged number in eleven passes by chance, and hardly a true one ends so.
    """
    tables: set[int] = set()
    suspects: list[ReadRow] = []
    for row in rows:
        reading = row.id_reading
        if reading is None:
            continue
        if reading.kind is IdKind.DAMAGED:
            tables.add(id(row.plan))
        elif reading.perhaps_damaged:
            suspects.append(row)
    return {id(row): _id_problem(row, "id_perhaps_damaged") for row in suspects if id(row.plan) in tables}
