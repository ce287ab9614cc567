"""What 今日 shows for a board: sections, filters, and the words of every line. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.due import Bucket, DueKind, DueLine
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.today import Board
from jobdesk.ui.serviceform.state import what_of
from jobdesk.ui.today import words
from jobdesk.ui.today.words import t

GROUPS: Mapping[str, frozenset[DueKind]] = {
    "contact": frozenset({DueKind.CONTACT, DueKind.FIRST_ROUND, DueKind.CONTACT_INTERVAL}),
    "step": frozenset({DueKind.STEP}),
    "plan": frozenset({DueKind.PROMISE, DueKind.MEASURE, DueKind.PLAN_GOAL, DueKind.PLAN_REVIEW}),
    "benefit": frozenset({DueKind.BENEFIT_END, DueKind.SUBSIDY_END}),
    "notice": frozenset({DueKind.NOTICE}),
    "other": frozenset({DueKind.HELD_ROWS, DueKind.VACANCY}),
}
"""Filters in their order; ``today.group_<name>``."""
OF_PEOPLE = frozenset(DueKind) - GROUPS["other"]
PLAN_KINDS = frozenset({DueKind.PLAN_GOAL, DueKind.PLAN_REVIEW})
"""Lines that are answered in 一人一策, not by a service."""
_SHOWN = (Bucket.OVERDUE, Bucket.TODAY, Bucket.THIS_WEEK)


def enter_key(line: DueLine) -> str:
    """Key of the words for what Enter does on a line."""
    if line.kind in PLAN_KINDS:
        return "key_plan"
    return "key_record" if line.kind in OF_PEOPLE else "key_handle"


def group_of(kind: DueKind) -> str:
    """The filter a line belongs to."""
    return next(name for name, kinds in GROUPS.items() if kind in kinds)


@dataclass(frozen=True, slots=True)
class Section:
    """Overdue, today …, with its lines in order."""

    bucket: Bucket
    lines: tuple[DueLine, ...]

    @property
    def title(self) -> str:
        return text(f"bucket.{self.bucket.code}")


@dataclass(frozen=True, slots=True)
class Day:
    """The board as shown.

    Attributes:
        counts: filter → lines of the shown sections, the filter ``""`` for all.
        next_week: lines of the seven days after this week.
    """

    today: date
    sections: tuple[Section, ...]
    counts: Mapping[str, int]
    next_week: int

    @property
    def lines(self) -> tuple[DueLine, ...]:
        return tuple(line for section in self.sections for line in section.lines)


def day_of(board: Board, group: str = "", *, ahead: bool = False) -> Day:
    """The sections of a board; ``ahead`` adds what comes later."""
    ordered = board.ordered()
    shown = (*_SHOWN, Bucket.LATER) if ahead else _SHOWN
    counts = {"": 0, **dict.fromkeys(GROUPS, 0)}
    end = board.agenda.week_end + timedelta(days=7)
    following = 0
    by_bucket: dict[Bucket, list[DueLine]] = {bucket: [] for bucket in shown}
    for line in ordered:
        if line.bucket is Bucket.LATER and line.due <= end:
            following += 1
        if line.bucket not in by_bucket:
            continue
        name = group_of(line.kind)
        counts[""] += 1
        counts[name] += 1
        if not group or name == group:
            by_bucket[line.bucket].append(line)
    sections = tuple(Section(b, tuple(lines)) for b, lines in by_bucket.items() if lines)
    return Day(board.today, sections, counts, following)


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line in words.

    Attributes:
        late: overdue so many working days, today, so many left; ``tone`` colours it.
        moved: the first date and the reason of a postponement, empty when there is none.
        mark: （自定） or （待确认） of the reason: drawn even where the reason is cut short.
    """

    who: str
    about: str
    chips: tuple[str, ...]
    what: str
    manner: str
    why: str
    when: str
    late: str
    tone: str
    moved: str = ""
    mark: str = ""

    @property
    def reason(self) -> str:
        """Why, with its mark."""
        return self.why + self.mark

    @property
    def spoken(self) -> str:
        """The line as one sentence, for screen readers."""
        parts = (self.who, self.about, self.what, self.reason, self.moved, self.when, self.late)
        return "，".join(p for p in parts if p)


def words_of(board: Board, line: DueLine) -> LineWords:
    """A line in words."""
    today = board.today
    item = board.items.get(line.subject)
    who, about, chips = _who(line), "", tuple[str, ...]()
    if item is not None:
        who = item.name or text("today.nameless")
        about, chips = words.about(item.sex, item.birth, today), words.chips_of(item)
    late, tone = _late(line)
    moved = ""
    if line.due != line.original:
        moved = t("moved", day=words.day(line.original, today), reason=line.postponed)
    return LineWords(
        who, about, chips, what_of(line), _manner(line), why_of(board, line),
        words.day_and_weekday(line.due, today), late, tone, moved, words.mark(line.basis.status),
    )  # fmt: skip


def _who(line: DueLine) -> str:
    if line.kind is DueKind.HELD_ROWS:
        return t("import")
    if line.kind is DueKind.VACANCY:
        return words.param(line.params, "unit")
    return ""


def _manner(line: DueLine) -> str:
    if line.kind in GROUPS["contact"]:
        return code_lists.table("channel").name_of("phone")
    return ""


def _late(line: DueLine) -> tuple[str, str]:
    if line.bucket is Bucket.OVERDUE:
        return (t("late", days=-line.away) if line.away < 0 else t("late_today")), "bad"
    if line.bucket is Bucket.TODAY:
        return t("now"), "accent"
    return t("left", days=line.away), "ink_2"


def why_of(board: Board, line: DueLine) -> str:
    """Why the line stands here, in one sentence; its mark (自定, 待确认) stands apart."""
    if line.kind in GROUPS["contact"]:
        return _contact(board, line)
    today, params = board.today, dict(line.params)
    kind = line.kind
    if kind is DueKind.STEP:
        left = int(params.get("required", 0)) - int(params.get("counted", 0))
        if line.basis.rule == "step_agreed":
            return t("why_step_agreed", day=words.day(line.original, today), left=left)
        return t("why_step", round=params.get("round", 1), left=left)
    if kind in (DueKind.PROMISE, DueKind.MEASURE, DueKind.PLAN_GOAL):
        return t(f"why_{kind.value}", what=str(params.get("what") or ""))
    if kind in (DueKind.BENEFIT_END, DueKind.SUBSIDY_END):
        name = code_lists.table("subsidy_kind").name_of(str(params.get("kind") or ""))
        until, days = words.iso(str(params["until"]), today), int(params.get("days", 0))
        what = name if kind is DueKind.SUBSIDY_END and name else ""
        return what + (t("why_end", until=until, days=days) if days >= 0 else t("why_ended", until=until))
    if kind is DueKind.NOTICE:
        first = dict(line.basis.dates).get("first_contact", "")
        return t("why_notice", day=words.iso(first, today), days=dict(line.basis.params).get("days", 0))
    if kind is DueKind.HELD_ROWS:
        return t("why_held_rows", file=str(params.get("file") or ""))
    if kind is DueKind.VACANCY:
        until = words.iso(dict(line.basis.dates).get("until", ""), today)
        return t("why_vacancy", post=str(params.get("post") or ""), until=until)
    return t(f"why_{kind.value}")


def _contact(board: Board, line: DueLine) -> str:
    params = dict(line.params)
    last = str(params.get("last") or "")
    parts = [t("why_never")]
    if last:
        ago = ""
        if len(last) == 10:
            ago = t("why_ago", days=(board.today - date.fromisoformat(last)).days)
        parts = [t("why_last", day=words.iso(last, board.today)) + ago]
    if params.get("reason"):
        parts.append(str(params["reason"]))
    if line.also:
        parts.append(t("why_also_notice"))
    if line.kind is DueKind.CONTACT_INTERVAL:
        parts.append(t("why_interval", months=params.get("months", 1)))
    elif line.kind is DueKind.FIRST_ROUND:
        parts.append(t("why_first_round"))
    return t("why_joint").join(parts)


def next_after(lines: Sequence[DueLine], uid: str, gone: str = "") -> DueLine | None:
    """The line to go on with: the one after ``uid`` that is not of the subject ``gone``, else the first."""
    at = next((n for n, line in enumerate(lines) if line.uid == uid), -1)
    for line in (*lines[at + 1 :], *lines[: max(at, 0)]):
        if not gone or line.subject != gone:
            return line
    return None


def phone_round(lines: Sequence[DueLine]) -> list[DueLine]:
    """One line a person for the phone round: whom a contact is due with, in the order of the list."""
    seen: dict[str, DueLine] = {}
    for line in lines:
        if line.kind in GROUPS["contact"]:
            seen.setdefault(line.subject, line)
    return list(seen.values())
