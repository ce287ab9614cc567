"""汇总封面: the numbers of the period, the checks that hold them together, blocks for signature and seal."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.host.strings import text
from jobdesk.reports.cover_data import Count, Cover, StepTotals
from jobdesk.reports.fonts import HEI, HEI_BOLD, SONG, width
from jobdesk.reports.furniture import date_rule
from jobdesk.reports.grid import (
    BASE,
    LABEL,
    PAD,
    PORTRAIT,
    Cell,
    Geometry,
    Kind,
    Row,
    Section,
    centred,
    pairs,
)
from jobdesk.reports.month_data import MonthReport
from jobdesk.reports.page import FAINT, INK, MM, Paper
from jobdesk.reports.totals import Check, category_total, checks, total

LABEL_EDGE = 4
MOST_COLUMNS = 7
"""Columns beside the total; more go into a second block."""
NAMED_COLUMNS = 4
CHECK_LABEL, CHECK_SIZE, CHECK_SMALLEST = 17 * MM, 8.6, 7.0
SIGN_LEAST, SIGN_MOST = 39 * MM, 54 * MM
"""A township's seal is 42 mm wide."""


def _t(key: str, **params: object) -> str:
    return text(f"paper.cover.{key}", **params)


def cover_sections(geo: Geometry, report: MonthReport, cover: Cover) -> list[Section]:
    """The seven blocks of the cover and the signatures."""
    found = checks(report)
    return [
        _on_books(geo, cover),
        _make_up(geo, cover),
        _services(geo, cover),
        _visits(geo, cover),
        *_steps(geo, cover),
        Section(
            _t("placements"),
            _counts(geo, cover.placements, _t("placement"), _t("people")),
            cover.placement_note,
        ),
        _checked(found),
    ]


def _line(
    geo: Geometry, label: str, values: Sequence[str], kind: Kind = "value", bold: Sequence[int] = ()
) -> Row:
    """A label and equal columns over the rest of the width; the columns named in ``bold`` are totals."""
    step = (geo.units - LABEL_EDGE) / len(values)
    cells = [Cell(geo, 0, LABEL_EDGE, label, "label" if kind == "value" else "head")]
    for k, value in enumerate(values):
        a = LABEL_EDGE + k * step
        own = k in bold or (k - len(values)) in bold
        cells.append(Cell(geo, a, a + step, value, kind, "c", 0 if kind == "head" else 10, bold=own))
    return Row(cells, role="head" if kind == "head" else "row")


def _counts(geo: Geometry, counts: Sequence[Count], head: str, label: str) -> list[Row]:
    """Heads and numbers in columns, the total last, in blocks of at most ``MOST_COLUMNS``."""
    rows: list[Row] = []
    parts = _blocks(counts)
    for place, part in enumerate(parts):
        names, numbers = [n for n, _ in part], [str(v) for _, v in part]
        last = place == len(parts) - 1
        if last:
            names.append(_t("total"))
            numbers.append(str(total(counts)))
        rows += [_line(geo, head, names, "head"), _line(geo, label, numbers, bold=(-1,) if last else ())]
    return rows


def _blocks(items: Sequence[Count]) -> list[Sequence[Count]]:
    count = max(1, -(-len(items) // MOST_COLUMNS))
    size = -(-len(items) // count) or 1
    return [items[k : k + size] for k in range(0, len(items), size)] or [items]


def _on_books(geo: Geometry, cover: Cover) -> Section:
    b = cover.on_books
    keys = ("opening", "new", "resumed", "moved_in", "ended", "moved_out", "closing", "women")
    heads = _line(geo, _t("item"), [_t(k) for k in keys], "head")
    values = (b.opening, b.new, b.resumed, b.moved_in, b.ended, b.moved_out, b.closing, b.women)
    numbers = _line(geo, _t("people"), [str(v) for v in values], bold=(6,))
    rows = [heads, numbers, *_remark(geo, cover.on_books_note)]
    return Section(_t("on_books"), rows, _t("on_books_note"))


def _make_up(geo: Geometry, cover: Cover) -> Section:
    rows: list[Row] = []
    lines = (
        ("recognised", [c.recognised for c in cover.categories]),
        ("in_progress", [c.in_progress for c in cover.categories]),
        ("ledger", [c.ledger for c in cover.categories]),
        ("category_sum", [c.recognised + c.in_progress + c.ledger for c in cover.categories]),
    )
    names = [c.name for c in cover.categories]
    parts = _blocks([(n, k) for k, n in enumerate(names)]) if names else []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        more = [_t("total")] if last else []
        rows.append(_line(geo, _t("category"), [n for n, _ in part] + more, "head"))
        for key, numbers in lines:
            shown = [str(numbers[k]) for _, k in part] + ([str(sum(numbers))] if last else [])
            everything = range(len(shown)) if key == "category_sum" else ((-1,) if last else ())
            rows.append(_line(geo, _t(key), shown, bold=tuple(everything)))
    assert sum(sum(n) for _, n in lines[:3]) == category_total(cover)
    if len(cover.others) + len(cover.households) <= NAMED_COLUMNS:
        rows += _named(geo, _t("others"), (*cover.others, *cover.households))
    else:
        rows += _named(geo, _t("others"), cover.others)
        rows += _named(geo, _t("households"), cover.households)
    return Section(_t("make_up"), rows, _t("make_up_note"))


def _named(geo: Geometry, label: str, counts: Sequence[Count]) -> list[Row]:
    """Four names with their numbers to a row."""
    rows: list[Row] = []
    for k in range(0, len(counts), NAMED_COLUMNS):
        part = counts[k : k + NAMED_COLUMNS]
        cells = [Cell(geo, 0, LABEL_EDGE, label if k == 0 else "", "label")]
        step = (geo.units - LABEL_EDGE) / (2 * len(part))
        for place, (name, number) in enumerate(part):
            a = LABEL_EDGE + 2 * place * step
            cells += [
                Cell(geo, a, a + step, name, "head"),
                Cell(geo, a + step, a + 2 * step, str(number), "value", "c", 10),
            ]
        rows.append(Row(cells))
    return rows


def _services(geo: Geometry, cover: Cover) -> Section:
    rows = _counts(geo, cover.by_type, _t("type"), _t("visits_unit"))
    rows += _counts(geo, cover.by_channel, _t("channel"), _t("visits_unit"))
    rows += _remark(geo, cover.services_note)
    return Section(_t("services"), rows, _t("services_note", count=cover.attempts))


def _remark(geo: Geometry, said: str) -> list[Row]:
    """A line of its own for what else has to be said; none without words."""
    return [pairs(geo, (0, LABEL_EDGE, geo.units, _t("remark"), said))] if said else []


def _visits(geo: Geometry, cover: Cover) -> Section:
    f, s = cover.follow_ups, cover.sheets
    visits = ((_t("due"), f.due), (_t("on_time"), f.on_time), (_t("late"), f.late), (_t("missed"), f.missed))
    rows = _named(geo, _t("follow_ups"), visits)
    if s:
        papers = (
            (_t("sheets"), s.sheets),
            (_t("to_sign"), s.to_sign),
            (_t("phone_only"), s.phone_only),
            (_t("no_service"), s.no_service),
        )
        rows += _named(geo, _t("signing"), papers)
    return Section(_t("visits"), rows, _t("visits_note") if s else "")


def _steps(geo: Geometry, cover: Cover) -> list[Section]:
    if not cover.steps:
        return [Section(_t("steps"), [centred(geo, _t("steps_none"))])]
    return [_circle(geo, s) for s in cover.steps]


def _circle(geo: Geometry, circle: StepTotals) -> Section:
    heads = [_t("step_times", name=s.name, required=s.required) for s in circle.steps]
    rows = [_line(geo, _t("step"), heads, "head")]
    for key in ("full", "partial", "none", "attended"):
        numbers = [str(getattr(s, key)) for s in circle.steps]
        rows.append(_line(geo, _t(key), numbers, bold=tuple(range(len(numbers))) if key == "full" else ()))
    whole = (
        (_t("all_full"), circle.all_full),
        (_t("part"), circle.part),
        (_t("none_at_all"), circle.none),
        (_t("outside"), circle.outside),
        (_t("circle"), circle.people),
    )
    cells = [Cell(geo, 0, LABEL_EDGE, _t("overall"), "label")]
    for place, (name, number) in enumerate(whole):
        a = LABEL_EDGE + place * 4
        cells.append(Cell(geo, a, a + 2.4, name, "head"))
        cells.append(Cell(geo, a + 2.4, a + 4, str(number), "value", "c", 10, bold=place in (0, 4)))
    rows.append(Row(cells))
    return Section(_t("steps"), rows, circle.note)


def _checked(found: Sequence[Check]) -> Section:
    good = sum(c.ok for c in found)
    room = (PORTRAIT.units - LABEL_EDGE) * PORTRAIT.unit
    widest = max((width(c.equation, HEI, CHECK_SMALLEST) for c in found), default=0.0)
    columns = 3 if widest + CHECK_LABEL + 2 * PAD <= room / 3 else 2
    lines = -(-len(found) // columns)
    tall = max(lines * 4.5 + 3.4, 12) * MM

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        edge = geo.x(LABEL_EDGE)
        paper.line(edge, y, edge, y - height)
        middle = geo.left + LABEL_EDGE * geo.unit / 2
        verdict = _t("agree" if good == len(found) else "disagree")
        paper.tick(middle - 2.1 * MM, y - height / 2 + 0.6 * MM, 4.2 * MM, good == len(found))
        paper.text(middle, y - height / 2 - 4.4 * MM, verdict, HEI_BOLD, 8.6, "c")
        for k, check in enumerate(found):
            x = edge + PAD + (k % columns) * room / columns
            base = y - (4.6 + 4.5 * (k // columns)) * MM
            _check(paper, check, x, base, room / columns - 2 * PAD)

    return Section(
        _t("checks"), [Row(paint=paint, least=tall)], _t("checks_note", count=len(found), good=good)
    )


def _check(paper: Paper, check: Check, x: float, base: float, room: float) -> None:
    paper.tick(x, base - 0.5, 2.5 * MM, check.ok)
    paper.text(x + 3.8 * MM, base, text(f"paper.check.{check.key}"), SONG, 8.6, gray=FAINT)
    at, size = CHECK_LABEL, CHECK_SIZE
    wide = width(check.equation, HEI, size)
    if wide > room - at:
        size = max(5.5, int(size * (room - at) / wide * 10) / 10)
    paper.text(x + at, base, check.equation, HEI, size, gray=INK)


def seal_row() -> Row:
    """Three signatures with their dates, and room for the seal."""

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        step = height / 3
        for place, who in enumerate(("staff", "head", "above")):
            base = y - place * step - step / 2 - LABEL * BASE
            if place:
                paper.line(geo.left, y - place * step, geo.x(16.5), y - place * step)
            paper.text(geo.x(2), base, text(f"paper.signer_{who}"), SONG, LABEL, "c", FAINT)
            paper.line(geo.x(4) + PAD, base - 1.2, geo.x(9) - PAD, base - 1.2)
            paper.text(geo.x(10.25), base, text("paper.date"), SONG, LABEL, "c", FAINT)
            date_rule(paper, geo.x(16.5) - PAD, base)
        for edge in (4, 9, 11.5, 16.5):
            paper.line(geo.x(edge), y, geo.x(edge), y - height)
        paper.text(geo.x(20.25), y - height + 2.6 * MM, text("paper.seal"), SONG, LABEL, "c", FAINT)

    return Row(paint=paint, least=SIGN_LEAST)
