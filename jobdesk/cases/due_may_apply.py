"""可申请认定: conditions of a category are met and nobody has applied yet. A prompt, never a recognition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import Agenda, DueKind, DueLine, Postponed, day_of, place, with_term
from jobdesk.cases.due_graduates import confirmed_on, full_day, left_on
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.figures import add_months
from jobdesk.cases.hardship import PREFIX, ZERO_MEMBER, is_category, open_categories
from jobdesk.cases.id_number import birthday
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.registration_spells import running_spell
from jobdesk.cases.rules.facts_person import birth_of, sex
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.quick import rules_below
from jobdesk.cases.rules.vocabulary import judge, met

_NO_GROUP: frozenset[str] = frozenset()
_SPOKEN_FOR = frozenset(f"JL{n}" for n in range(1, 8))
"""Categories for which something in the file itself speaks."""
_ANSWERED = RUNNING | VALID | {"refused", "appealed", "withdrawn"}


def may_apply_lines(facts: CaseFacts, agenda: Agenda, postponed: Postponed) -> Iterator[DueLine]:
    """One line a person, on the morning the first category opens; within some days where it was open before.

    Ends with an application. Whoever does not want to apply is put off with the reason.
    """
    if not facts.of("registration"):
        return
    asked = facts.of("recognition")
    if any(r.text("state") in RUNNING | VALID for r in asked):
        return
    wanted = tuple(c for c in candidates(facts, agenda) if not was_answered(asked, c))
    if not wanted:
        return
    spell = running_spell(facts, agenda.iso)
    if spell is None:
        return
    at = agenda.situation(facts)
    found = open_categories(at, wanted)
    if not found:
        return
    met = {code: met_on(code, facts, agenda, spell) for code in found}
    first = min(found, key=lambda c: (met[c], c))
    day, term = told_by(facts, agenda, met[first])

    def basis() -> Basis:
        found = judge(PREFIX + first, at).basis()
        return with_term(found, term, agenda.today)

    line = place(
        agenda, facts.case_id, DueKind.MAY_APPLY, "", day, basis, part=first, postponed=postponed,
        params=(("categories", ",".join(found)),),
    )  # fmt: skip
    if line is not None:
        yield line


def told_by(facts: CaseFacts, agenda: Agenda, met: date) -> tuple[date, Entry | None]:
    """When a person is told of a category that opened on ``met``, and the term for one open before the file
    was; None for that morning itself.
    """
    opened = day_of(facts.text("opened_on"))
    if opened is None or met > opened:
        return met, None
    figure = agenda.packs.figure("clocks.may_apply", agenda.today)
    return agenda.by_pack(opened, figure), figure


def candidates(facts: CaseFacts, agenda: Agenda) -> tuple[str, ...]:
    """Categories that anything in the file speaks for: cheap, before any rule is judged."""
    root, groups = facts.root, facts.records.get("group")
    kinds = frozenset(r.text("kind") for r in groups) if groups else _NO_GROUP
    found: list[str] = []
    if root.get("laid_off_soe") is True:
        found.append("JL1")
    if _old_enough(facts, agenda):
        found.append("JL2")
    if root.get("disability_card") or root.get("disability") or "disabled" in kinds:
        found.append("JL3")
    if facts.case_id in agenda.households:
        found.append(ZERO_MEMBER)
    if "allowance" in kinds:
        found.append("JL5")
    if root.get("land_taken") is True:
        found.append("JL6")
    if root.get("graduated_on") and facts.text("graduate_kind") not in ("", "none"):
        found.append("JL7")
    return (*found, *_of_other_packs(agenda.packs, agenda.today))


def _of_other_packs(packs: PackSet, today: date) -> tuple[str, ...]:
    """Categories that a county or province added: nothing cheap is known of them, so their rule is asked."""
    return rules_below(PREFIX, packs, today, _is_another)


def _is_another(key: str) -> bool:
    return is_category(key) and key.removeprefix(PREFIX) not in _SPOKEN_FOR


def _old_enough(facts: CaseFacts, agenda: Agenda) -> bool:
    """By the year of birth alone; the rule itself looks at the day."""
    year = facts.text("birth")[:4]
    if not year:
        number = facts.text("id_number")
        year = number[6:10] if len(number) == 18 else ""
    youngest = agenda.number(f"{PREFIX}JL2.women") or 40
    return year.isdigit() and agenda.today.year - int(year) >= youngest


def met_on(code: str, facts: CaseFacts, agenda: Agenda, spell: Rec) -> date:
    """The day on which the last clock of a category ran out; the start of the 失业登记 where it has none.

    What a new rule or figure opens is due on its first day; whoever met the one before keeps the old day.
    """
    start = day_of(spell.text("since")) or agenda.today
    packs, today = agenda.packs, agenda.today
    woman = code == "JL2" and _is_woman(facts, agenda)
    days = [start]
    months = packs.figure(f"{PREFIX}{code}.months", today)
    if months is not None and months.value:
        days.append(add_months(start, months.value))
    if code == "JL2":
        at = agenda.situation(facts)
        birth, _ = birth_of(at)
        years = packs.figure(f"{PREFIX}JL2.{'women' if woman else 'men'}", today)
        if birth is not None and years is not None and years.value:
            days.append(birthday(birth.last, years.value))
    if code == "JL7":
        left = left_on(facts, agenda)
        full = full_day(left, packs, today) if left else None
        if full is not None:
            days.append(full[0])
        proved = confirmed_on(facts, agenda)
        if proved is not None:
            days.append(proved)
    found = min(max(days), today)
    held = [e.valid_from for k in _read(code, woman) if (e := packs.on(k, today)) is not None]
    began = max(held, default=found)
    if found >= began:
        return found
    before = agenda.situation(facts, began - timedelta(days=1))
    return found if met(PREFIX + code, before) else began


def _read(code: str, woman: bool) -> tuple[str, ...]:
    """Keys of the pack that open a category: its rule and the figures that it counts by."""
    rule = PREFIX + code
    age = f"{rule}.{'women' if woman else 'men'}"
    return (rule, f"{rule}.months", "graduates.months" if code == "JL7" else age)


def _is_woman(facts: CaseFacts, agenda: Agenda) -> bool:
    return sex(agenda.situation(facts)).value == "2"


def was_answered(records: tuple[Rec, ...], code: str) -> bool:
    return any(r.text("category") == code and r.text("state") in _ANSWERED for r in records)
