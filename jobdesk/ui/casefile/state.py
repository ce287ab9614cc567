"""What the head of a person's file shows. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import CONTACT_KINDS, DueKind, DueLine, postponements
from jobdesk.cases.id_number import age_on
from jobdesk.cases.next_contact import NextContact, put_off
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.progress import StepProgress
from jobdesk.cases.summary import Chip
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, is_restricted, t

TABS = ("overview", "plan", "services", "recognition", "job", "subsidy", "household", "files", "history")
_OUTSIDE = {"study": "outside_study", "no_wish": "outside_no_wish"}


def words_of(file: CaseFile, today: date) -> Words:
    """The names behind the ids in a file: clerks, people of its households, stations, its moves."""
    cases = {i: name for i, name in file.people.items() if name}
    cases |= {s.subject.id: s.root.text("name") for s in (file.state, *file.aliases)}
    if file.kept_name:
        cases[file.state.root.text("merged_into")] = file.kept_name
    staff = {s.id: s.name for s in file.staff}
    return Words(today, staff, cases, file.posts, file.clerks, file.stations, file.moves)


@dataclass(frozen=True, slots=True)
class ChipState:
    """A category. ``verified`` is False for 台账记载（未核对）."""

    words: str
    verified: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the running round; ``note`` tells both numbers and the days."""

    name: str
    done: int
    owed: int
    note: str


@dataclass(frozen=True, slots=True)
class StepsState:
    """1311 of the running round.

    Attributes:
        title: 1311 服务 第1轮.
        mark: 步骤组成待确认, or empty.
        counting: by which level it counts.
        outside: why the person stands outside the rate, empty when inside.
        notes: what asks for attention.
    """

    title: str
    mark: str
    counting: str
    steps: tuple[StepLine, ...]
    outside: str
    notes: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class ContactState:
    """Next contact: 7月13日 逾期 2 个工作日, with its reason."""

    day: str
    late: str
    reason: str
    basis: Basis
    is_bad: bool


@dataclass(frozen=True, slots=True)
class TierState:
    """服务等级 in words, with its trace."""

    words: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class HeaderState:
    """The head of the file.

    Attributes:
        about: 女 24岁.
        id_number, phone: whole; the screen masks them.
        steps: None where no template is meant for the person.
        tier: None where help has ended.
        id_disputed: the number is blank only until somebody decides between two.
    """

    name: str
    about: str
    chips: tuple[ChipState, ...]
    id_number: str
    id_is_old: bool
    phone: str
    contact: ContactState | None
    steps: StepsState | None
    conflicts: int
    is_open: bool
    tier: TierState | None = None
    id_disputed: bool = False


def header_of(file: CaseFile, words: Words) -> HeaderState:
    """The head of a file as it stands today."""
    summary = file.summary
    sex = code_lists.table("sex").name_of(summary.sex) if summary.sex in ("1", "2") else ""
    return HeaderState(
        name=summary.name or t("disputed_name" if "name" in summary.disputed else "nameless"),
        about=" ".join(p for p in (sex, age_words(summary.birth, words.today)) if p),
        chips=chips_of(summary.chips),
        id_number=summary.id_number or summary.old_id_number,
        id_is_old=bool(summary.old_id_number and not summary.id_number),
        phone=summary.phone or summary.phone_2,
        contact=_contact(file, words),
        steps=steps_of(file, words),
        conflicts=sum(len(r.conflicts) for s in (file.state, *file.aliases) for r in s),
        is_open=summary.help_state == "open",
        tier=tier_of(file, words),
        id_disputed="id_number" in summary.disputed,
    )


def age_words(birth: str, today: date) -> str:
    """24 岁; 约 24 岁 where only a month or year is known; empty without a birth date."""
    partial = PartialDate.parse(birth)
    if partial is None or partial.first > today:
        return ""
    if partial.exact is not None:
        return t("age", age=age_on(partial.exact, today))
    return t("age_about", age=age_on(partial.first, today))


def chips_of(chips: Sequence[Chip]) -> tuple[ChipState, ...]:
    """Each word once: a household category and a group of the same name are one fact on screen."""
    found: dict[str, bool] = {}
    for chip in chips:
        words = chip_words(chip.code)
        found[words] = found.get(words, False) or chip.verified
    return tuple(ChipState(words, verified) for words, verified in found.items())


def chip_words(code: str) -> str:
    """The name of a category chip."""
    key = f"category.{code}"
    return text(key) if has(key) else code_lists.table("groups").name_of(code)


def _contact(file: CaseFile, words: Words) -> ContactState | None:
    if file.summary.help_state != "open" or file.summary.deceased:
        return None
    line = next((d for d in file.due if d.kind in CONTACT_KINDS), None)
    if line is not None:
        reason = _reason(file, line)
        return ContactState(
            words.day(line.due.isoformat()),
            late_words(line),
            reason,
            line.basis,
            line.away < 0 or line.due < words.today,
        )
    ahead = file.following
    if ahead is None:
        return None
    day, reason = put_off(ahead, postponements(file.facts))
    why = t("put_off", reason=reason) if reason else _why(file, ahead)
    return ContactState(words.day(day.isoformat()), "", why, ahead.basis(), False)


def _why(file: CaseFile, ahead: NextContact) -> str:
    if ahead.kind is DueKind.CONTACT_INTERVAL:
        return t("by_interval")
    if ahead.kind is DueKind.FOLLOW_UP:
        return t("by_follow_up", months=dict(ahead.params).get("months", 1))
    return file.contacts.next_reason


def tier_of(file: CaseFile, words: Words) -> TierState | None:
    """服务等级 and where it comes from; None where help has ended."""
    found = file.tier
    if found is None or file.summary.help_state != "open":
        return None
    tier, basis = found
    if not tier.code:
        return TierState(t("tier_unknown"), basis)
    name = words.value("case", "tier", tier.code)
    return TierState(t(f"tier_{tier.origin}", name=name), basis)


def late_words(line: DueLine) -> str:
    """逾期 2 个工作日, 今天, or empty."""
    if line.bucket.code == "overdue":
        return t("overdue_days", days=-line.away) if line.away < 0 else t("overdue")
    return t("today") if line.bucket.code == "today" else ""


def _reason(file: CaseFile, line: DueLine) -> str:
    if line.postponed:
        return t("put_off", reason=line.postponed)
    if line.kind is DueKind.CONTACT_INTERVAL:
        return t("by_interval")
    if line.kind is DueKind.FOLLOW_UP:
        return t("by_follow_up", months=dict(line.params).get("months", 1))
    return file.contacts.next_reason


def steps_of(file: CaseFile, words: Words) -> StepsState | None:
    """The running round of the template, or None for a person it is not meant for."""
    found = file.progress
    member = found.member
    if not member.circle:
        return None
    current = found.shown
    template = found.template
    counts = current.steps[0].step.counts.code if current.steps else "offered"
    unconfirmed = any(s.step.counts_status == "unconfirmed" for s in current.steps)
    return StepsState(
        title=t("steps_title", name=template.name.split("（")[0], number=current.number),
        mark=t("steps_unconfirmed") if template.status == "unconfirmed" else "",
        counting=t("counting_unconfirmed" if unconfirmed else "counting", level=t(f"level.{counts}")),
        steps=tuple(_step(s, words) for s in current.steps),
        outside=t(_OUTSIDE[member.outside]) if member.outside in _OUTSIDE else "",
        notes=tuple(text(f"note.{n}") for n in member.notes if has(f"note.{n}")),
        basis=current.basis,
    )


def _step(step: StepProgress, words: Words) -> StepLine:
    days = [words.day(e.day) for e in step.events if e.why == "counted"]
    numbers = (
        t("both_numbers", offered=step.offered, joined=step.joined) if step.offered else t("not_offered")
    )
    return StepLine(
        step.step.name,
        step.counted,
        step.step.required,
        "\n".join(p for p in (numbers, "、".join(days)) if p),
    )


def ended_words(file: CaseFile, words: Words) -> str:
    """Why and when help ended; a restricted reason stays hidden."""
    root = file.state.root
    reason = root.get("help_reason")
    said = (
        t("hidden")
        if is_restricted("case", "help_reason", reason)
        else words.value("case", "help_reason", reason)
    )
    day = words.day(root.text("help_changed_on")) if root.get("help_changed_on") else ""
    return t("ended_banner", day=day, reason=said or t("no_reason"))
