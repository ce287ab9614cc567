"""A line of 今日 in words: who, what, why, by when. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jobdesk.cases.due import CONTACT_KINDS, Bucket, DueKind, DueLine
from jobdesk.cases.due_order import DayLine
from jobdesk.cases.partial_date import exact_day
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.board import Board
from jobdesk.ui.kit import Basis as Shown
from jobdesk.ui.serviceform.state import what_of
from jobdesk.ui.today import saying_claims, words
from jobdesk.ui.today.words import t


@dataclass(frozen=True, slots=True)
class LineWords:
    """One line in words.

    Attributes:
        late: overdue so many working days, today, so many left; ``tone`` colours it.
        moved: the first date and the reason of a postponement, empty when there is none.
        mark: （自定） or （待确认） of the reason: drawn even where the reason is cut short.
        more: the other reasons folded into the line; empty for a single one.
        count: reasons in all.
        blanks: drawn dashed behind the chips.
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
    more: str = ""
    count: int = 1
    blanks: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why, with its mark."""
        return self.why + self.mark

    @property
    def spoken(self) -> str:
        """The line as one sentence, for screen readers."""
        parts = (self.who, self.about, self.what, self.reason, self.moved, self.when, self.late, self.more)
        return "，".join(p for p in parts if p)


def entry_words(board: Board, entry: DayLine) -> LineWords:
    """A folded line: its most urgent reason, and what else is due on the occasion."""
    lead = words_of(board, entry.lead)
    others = entry.lines[1:]
    if not others:
        return lead
    named = t("why_joint_short").join(dict.fromkeys(what_of(line) for line in others))
    return replace(lead, more=t("more", count=len(others), what=named), count=len(entry.lines))


def words_of(board: Board, line: DueLine) -> LineWords:
    """One reason in words."""
    today = board.today
    item = board.items.get(line.subject)
    who, about, chips = _who(line), "", tuple[str, ...]()
    if item is not None:
        who = item.name or text("today.nameless")
        if item.is_household:
            who, about = t("household", name=who), item.community
        else:
            about, chips = words.about(item.sex, item.birth, today), words.chips_of(item)
    blanks = words.blanks_of(item) if chips and item is not None else ()
    late, tone = _late(line)
    moved = ""
    if line.due != line.original:
        moved = t("moved", day=words.day(line.original, today), reason=line.postponed)
    return LineWords(
        who, about, chips, what_of(line), _manner(line), why_of(board, line),
        words.day_and_weekday(line.due, today), late, tone, moved, words.mark(line.basis.status),
        blanks=blanks,
    )  # fmt: skip


def _who(line: DueLine) -> str:
    if line.kind is DueKind.HELD_ROWS:
        return t("import")
    if line.kind is DueKind.VACANCY:
        return words.param(line.params, "unit")
    return words.param(line.params, "name")


def _manner(line: DueLine) -> str:
    return code_lists.table("channel").name_of("phone") if line.kind in CONTACT_KINDS else ""


def _late(line: DueLine) -> tuple[str, str]:
    if line.bucket is Bucket.OVERDUE:
        return (t("late", days=-line.away) if line.away < 0 else t("late_today")), "bad"
    if line.bucket is Bucket.TODAY:
        return t("now"), "accent"
    return t("left", days=line.away), "ink_2"


def why_of(board: Board, line: DueLine) -> str:
    """Why the line stands here, in one sentence; its mark (自定, 待确认) stands apart."""
    if line.kind in CONTACT_KINDS:
        return _contact(board, line)
    today, params = board.today, dict(line.params)
    kind = line.kind
    if kind is DueKind.STEP:
        left = int(params.get("required", 0)) - int(params.get("counted", 0))
        if line.basis.rule == "step_agreed":
            return t("why_step_agreed", day=words.day(line.original, today), left=left)
        return t("why_step", round=params.get("round", 1), left=left)
    if kind is DueKind.NEW_ROUND:
        done = words.iso(str(params.get("completed_on") or ""), today)
        return t("why_new_round", before=params.get("before", 1), day=done, round=params.get("round", 2))
    if kind in (DueKind.BENEFIT_END, DueKind.SUBSIDY_END):
        name = code_lists.table("subsidy_kind").name_of(str(params.get("kind") or ""))
        until, days = words.iso(str(params["until"]), today), int(params.get("days", 0))
        what = name if kind is DueKind.SUBSIDY_END and name else ""
        said = t("why_end", until=until, days=days) if days >= 0 else t("why_ended", until=until)
        loose = t("why_unchecked") if params.get("unchecked") else ""
        return what + said + loose + (t("why_extension") if params.get("extension") else "")
    if kind is DueKind.NOTICE:
        first = dict(line.basis.dates).get("first_contact", "")
        return t("why_notice", day=words.iso(first, today), days=dict(line.basis.params).get("days", 0))
    if kind is DueKind.HELD_ROWS:
        return t("why_held_rows", file=str(params.get("file") or ""))
    if kind is DueKind.VACANCY:
        until = words.iso(dict(line.basis.dates).get("until", ""), today)
        return t("why_vacancy", post=str(params.get("post") or ""), until=until)
    if kind in _NAMED:
        return t(f"why_{kind.value}", what=str(params.get("what") or ""))
    return saying_claims.why(line, today) or _by_rule(line)


_NAMED = frozenset(
    {DueKind.PROMISE, DueKind.MEASURE, DueKind.PLAN_GOAL, DueKind.PLAN_REVIEW, DueKind.TRANSFER_WISH}
)


def _by_rule(line: DueLine) -> str:
    """The sentence of the rule itself: of a pack, else of the strings."""
    basis = line.basis
    if basis.sentence:
        return basis.sentence
    key = f"rule.{basis.rule}"
    return text(key, **dict(basis.params)).rstrip("。") if has(key) else ""


def _contact(board: Board, line: DueLine) -> str:
    params = dict(line.params)
    last = str(params.get("last") or "")
    parts = [t("why_never")]
    if last:
        ago = ""
        if (day := exact_day(last)) is not None:
            ago = t("why_ago", days=(board.today - day).days)
        parts = [t("why_last", day=words.iso(last, board.today)) + ago]
    if params.get("reason"):
        parts.append(str(params["reason"]))
    if line.also:
        parts.append(t("why_also_notice"))
    if line.kind is DueKind.CONTACT_INTERVAL:
        parts.append(t("why_interval", months=params.get("months", 1)))
    elif line.kind is DueKind.FIRST_ROUND:
        parts.append(t("why_first_round"))
    elif line.kind is DueKind.FOLLOW_UP:
        unit = str(params.get("unit") or "")
        said = t("why_follow_up", months=params.get("months", 1))
        parts.insert(0, t("why_follow_up_at", what=said, unit=unit) if unit else said)
    return t("why_joint").join(parts)


def place_facts(board: Board, entry: DayLine) -> tuple[tuple[str, str], ...]:
    """Why a line stands where it stands: its section, then the points it has and for what."""
    if entry.bucket > Bucket.TODAY and not entry.parts:
        return ((t("place"), t("place_by_day")),)
    found = [(t("place"), t("place_total", points=entry.score))]
    packs, today = board.agenda.packs, board.today
    for part in entry.parts:
        figure = packs.figure(part.key, today)
        name = figure.sentence if figure is not None else part.key
        if part.days:
            name = t("place_overdue", days=part.days)
        status = words.mark(figure.status_on(today)) if figure is not None else ""
        found.append((name, t("place_points", points=part.points) + status))
    return tuple(found)


def entry_basis(board: Board, entry: DayLine, shown: Shown) -> Shown:
    """查看依据 of a line: why it is due, and why it stands where it stands."""
    return replace(shown, facts=(*shown.facts, *place_facts(board, entry)))
