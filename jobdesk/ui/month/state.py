"""What the month's screen shows, from the counted report. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.host.strings import text
from jobdesk.reports.cover_data import Count, Cover
from jobdesk.reports.month_data import Counting, Signing
from jobdesk.reports.month_numbers import MonthNumbers
from jobdesk.reports.month_numbers_gaps import Gap
from jobdesk.reports.month_numbers_span import Span, month_span, quarter_of, range_span, week_of
from jobdesk.reports.totals import checks

MONTHS_OFFERED = 12


def t(key: str, **params: object) -> str:
    return text(f"month.screen.{key}", **params)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days are asked for.

    Attributes:
        month: ``2026-11``; empty for any other days.
        title: name of a campaign.
    """

    month: str = ""
    since: date | None = None
    until: date | None = None
    title: str = ""

    def span(self, today: date) -> Span:
        """Raises BadInput for days that cannot be."""
        if self.since is not None and self.until is not None:
            return range_span(self.since, self.until, today, self.title)
        return month_span(self.month, today)


def this_month(today: date) -> Asked:
    return Asked(f"{today:%Y-%m}")


def beside(asked: Asked, months: int, today: date) -> Asked | None:
    """So many months on or back; None past the running month."""
    at = date.fromisoformat(f"{asked.month}-01") if asked.month else (asked.since or today).replace(day=1)
    number = at.year * 12 + at.month - 1 + months
    year, month = divmod(number, 12)
    if year < 1 or date(year, month + 1, 1) > today:
        return None
    return Asked(f"{year:04d}-{month + 1:02d}")


def offers(today: date) -> list[tuple[str, Asked]]:
    """Months back from today, this and last week, this and last quarter; each with its words."""
    found: list[tuple[str, Asked]] = []
    asked: Asked | None = this_month(today)
    for _ in range(MONTHS_OFFERED):
        if asked is None:
            break
        found.append((month_span(asked.month, today).title, asked))
        asked = beside(asked, -1, today)
    return found


def stretches(today: date) -> list[tuple[str, Asked]]:
    """Weeks and quarters."""
    this_week, this_quarter = week_of(today), quarter_of(today)
    last_week = week_of(this_week[0] - timedelta(days=1))
    last_quarter = quarter_of(this_quarter[0] - timedelta(days=1))
    named = (
        ("this_week", this_week),
        ("last_week", last_week),
        ("this_quarter", this_quarter),
        ("last_quarter", last_quarter),
    )
    return [(t(key), Asked("", *days, t(key))) for key, days in named]


@dataclass(frozen=True, slots=True)
class Line:
    """One total: its key among the totals, its words, whether the sheets say the same.

    Attributes:
        ok: None where there is nothing to hold it against; ``note`` says why.
        parts: groups (heading, (name, number, key)) that the line unfolds to.
    """

    key: str
    name: str
    number: int
    unit: str
    ok: bool | None = None
    note: str = ""
    parts: tuple[tuple[str, tuple[tuple[str, int, str], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One equation of the paper."""

    name: str
    equation: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The screen.

    Attributes:
        agreed: every equation holds.
        summary: the sentence over the totals.
    """

    cutoff: str
    sheets: int
    agreed: bool
    summary: str
    lines: tuple[Line, ...]
    checks: tuple[CheckLine, ...]
    gaps: tuple[Gap, ...]
    monthly: bool


def shown(numbers: MonthNumbers) -> Shown:
    """Everything but the pages."""
    report, span = numbers.report, numbers.span
    found = checks(report)
    agreed = all(c.ok for c in found)
    key = "cutoff_running" if span.running else "cutoff"
    count = len(report.sheets)
    said = ("agree" if agreed else "disagree") if span.monthly else ("agree_range" if agreed else "disagree")
    return Shown(
        t(key, day=t("day", month=span.until.month, day=span.until.day)),
        count,
        agreed,
        t(said, count=count) if count or not span.monthly else t("nobody"),
        tuple(_lines(numbers, report.cover)) if report.cover else (),
        tuple(CheckLine(text(f"paper.check.{c.key}"), c.equation, c.ok) for c in found),
        numbers.gaps,
        span.monthly,
    )


def _lines(numbers: MonthNumbers, cover: Cover) -> list[Line]:
    sheets = numbers.report.sheets
    books, monthly = cover.on_books, numbers.span.monthly
    on_sheets = {c: sum(s.count(c) for s in sheets) for c in Counting}

    def held(left: int, right: int) -> bool | None:
        return left == right if monthly else None

    people, note = t("unit_people"), t("not_services")
    found = [
        Line("closing", t("closing"), books.closing, people, _ok(numbers, "on_books"), parts=_books(cover)),
        Line("services", t("services"), numbers.total("services").count, t("unit_times"),
             held(on_sheets[Counting.SERVICE], numbers.total("services").count),
             parts=(_group("type", cover.by_type), _group("channel", cover.by_channel))),
        Line("follow_ups.due", t("follow_ups"), cover.follow_ups.due, t("unit_count"),
             _ok(numbers, "follow_ups"), parts=(_visits(cover),)),
        Line("visits", t("visits"), numbers.total("visits").count, t("unit_count"),
             held(on_sheets[Counting.FOLLOW_UP], numbers.total("visits").count)),
        Line("attempts", t("attempts"), cover.attempts, t("unit_count"), note=note),
        Line("placed", t("placed"), numbers.total("placed").count, people,
             parts=(_group("placement", cover.placements),)),
        Line("new", t("new"), books.new, people, _ok(numbers, "on_books")),
        Line("ended", t("ended"), books.ended, people, _ok(numbers, "on_books")),
    ]  # fmt: skip
    if cover.sheets is not None:
        signing = sum(s.signing is Signing.IN_PERSON for s in sheets)
        found.append(
            Line("sheets", t("sheets"), cover.sheets.sheets, t("unit_sheets"),
                 len(sheets) == cover.sheets.sheets and signing == cover.sheets.to_sign,
                 parts=(_signing(cover),))
        )  # fmt: skip
    if cover.steps:
        found.append(_steps(numbers, cover))
    for key, unit in (("late_services", "unit_count"), ("outside_services", "unit_count"),
                      ("late_before", "unit_items"), ("late_within", "unit_items")):  # fmt: skip
        if count := numbers.total(key).count:
            found.append(Line(key, t(key), count, t(unit), note=t("said_on_cover")))
    return found


def _ok(numbers: MonthNumbers, key: str) -> bool:
    return all(c.ok for c in checks(numbers.report) if c.key == key)


def _group(prefix: str, counts: tuple[Count, ...]) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    shown_ones = tuple((name, number, f"{prefix}.{name}") for name, number in counts if number)
    return t(f"by_{prefix}"), shown_ones


def _books(cover: Cover) -> tuple[tuple[str, tuple[tuple[str, int, str], ...]], ...]:
    b = cover.on_books
    moves: Mapping[str, int] = {
        "opening": b.opening, "new": b.new, "resumed": b.resumed, "moved_in": b.moved_in,
        "ended": b.ended, "moved_out": b.moved_out, "women": b.women,
    }  # fmt: skip
    carried = tuple(
        (text(f"paper.cover.{k}"), n, k) for k, n in moves.items() if n or k in ("opening", "new")
    )
    kinds = [(c.name, c.recognised + c.in_progress + c.ledger, c.name) for c in cover.categories]
    states = tuple(
        (t(f"state_{s}"), sum(getattr(c, s) for c in cover.categories), f"category.{s}")
        for s in ("recognised", "in_progress", "ledger")
        if any(getattr(c, s) for c in cover.categories)
    )
    others = tuple((n, k, f"other.{n}") for n, k in cover.others if k)
    assert sum(n for _, n, _ in kinds) == sum(n for _, n, _ in states)
    return (t("carried"), carried), (t("made_of"), states + others)


def _visits(cover: Cover) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    f = cover.follow_ups
    named = (("on_time", f.on_time), ("late", f.late), ("missed", f.missed))
    return t("kept"), tuple((text(f"paper.cover.{k}"), n, f"follow_ups.{k}") for k, n in named)


def _signing(cover: Cover) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    s = cover.sheets
    assert s is not None
    named = (("to_sign", s.to_sign), ("phone_only", s.phone_only), ("no_service", s.no_service))
    return t("signing"), tuple((text(f"paper.cover.{k}"), n, k) for k, n in named)


def _steps(numbers: MonthNumbers, cover: Cover) -> Line:
    """The first circle on the line; each circle by itself below it, since circles are never added."""
    keys = sorted(
        {k.rsplit(".", 1)[0] for k in numbers.totals if k.startswith("steps.") and k.endswith(".people")}
    )
    groups: list[tuple[str, tuple[tuple[str, int, str], ...]]] = []
    for prefix in keys:
        n = numbers.total
        parts = tuple(
            (text(f"paper.cover.{word}"), n(f"{prefix}.{key}").count, f"{prefix}.{key}")
            for key, word in (
                ("all_full", "all_full"), ("part", "part"), ("none", "none_at_all"), ("outside", "outside"),
            )
        )  # fmt: skip
        groups.append((t("steps_circle"), parts))
    first = cover.steps[0]
    return Line(f"{keys[0]}.people", t("steps"), first.people, t("unit_people"), _ok(numbers, "steps"),
                parts=tuple(groups))  # fmt: skip


def gap_kinds(gaps: tuple[Gap, ...]) -> list[tuple[str, int]]:
    """Kinds with their number, in the order in which they are listed."""
    found: dict[str, int] = {}
    for gap in gaps:
        found[gap.kind] = found.get(gap.kind, 0) + 1
    return list(found.items())
