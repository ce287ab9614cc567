"""Papers signed once: privacy notice, permission to compare, declaration of truth; the recovery code.

The texts are our own (自拟文本，以当地文书为准) and stand in the string catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from jobdesk.cases.clock import Clock
from jobdesk.host.strings import section, text
from jobdesk.reports.fonts import HEI_BOLD, SONG, width
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import (
    LABEL,
    PORTRAIT,
    Cell,
    Geometry,
    Row,
    Section,
    pairs,
    table_head,
    table_row,
)
from jobdesk.reports.lines import fitting
from jobdesk.reports.month_data import PersonSheet, masked
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.month_sheet import identity_row
from jobdesk.reports.page import FAINT, MM, Paper

BODY = 10.5
HANDOVER_EDGES = (0, 4, 9, 14, 19, 24)
HANDOVER_ROWS = 5
GROUPS_PER_LINE = 4


class Notice(Enum):
    """A paper of first registration."""

    PRIVACY = "privacy"
    COMPARE = "compare"
    TRUTH = "truth"


def _t(key: str, **params: object) -> str:
    return text(f"paper.notice.{key}", **params)


def notice_pdf(
    kind: Notice, people: Sequence[PersonSheet], printed: Printed, clock: Clock, mask: bool = True
) -> bytes:
    """One notice a person in one PDF. What is not known of the identity is ruled for the pen."""
    title = _t(f"{kind.value}_title")
    paper = Paper(title, printed.unit, clock, printed.watermark)
    geo = PORTRAIT
    own = replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    for person in people:
        shown = masked(person) if mask else person
        sections = [
            Section(_t("filled"), identity_rows(geo, shown)),
            Section("", _body(geo, kind, printed.unit)),
            Section("", [_signing()], keep=True, joined=True),
        ]
        pages = best_pages(geo, sections)
        number = text("paper.file_no", number=person.file_no)
        head = Sheet(title, printed.unit, "", number, (person.name, person.file_no), _t("own_text"))
        draw_pages(paper, geo, pages, own, head)
    return paper.data()


def identity_rows(geo: Geometry, person: PersonSheet) -> list[Row]:
    """Name, sex, age, ID number, phone and address."""
    phone, address = text("paper.sheet.phone"), text("paper.sheet.address")
    return [
        identity_row(geo, person),
        pairs(geo, (0, 3, 8, phone, person.phone), (8, 11, 24, address, person.address)),
    ]


def _body(geo: Geometry, kind: Notice, unit: str) -> list[Row]:
    keys = [
        k for k in section("paper.notice") if k.startswith(f"{kind.value}_") and k != f"{kind.value}_title"
    ]
    lines = "\n".join(_t(k, unit=unit) for k in keys)
    cell = Cell(geo, 0.5, geo.units - 0.5, lines, size=BODY, face=SONG, lead=1.75)
    return [Row([cell], least=len(cell.lines) * cell.lead + 8 * MM)]


def _signing() -> Row:
    return signatures([Signer(_t("person_sign")), Signer(_t("staff_sign")), Signer(_t("unit_seal"))], 30 * MM)


def recovery_pdf(
    groups: Sequence[str], facts: Sequence[tuple[str, str]], printed: Printed, clock: Clock
) -> bytes:
    """The recovery code, large, to be sealed and handed to the county.

    Args:
        groups: the code's groups in order.
        facts: (label, value) of station, day and so on, two to a line.
    """
    geo = PORTRAIT
    title = text("paper.recovery.title")
    paper = Paper(title, printed.unit, clock, printed.watermark)
    rows: list[Row] = []
    for k in range(0, len(facts), 2):
        two = facts[k : k + 2]
        spans = ((0, 4, 12), (12, 16, 24)) if len(two) == 2 else ((0, 4, 24),)
        rows.append(pairs(geo, *[(*s, label, value) for s, (label, value) in zip(spans, two, strict=True)]))
    r = "paper.recovery."
    heads = [text(r + k) for k in ("when", "what", "giver", "taker", "remark")]
    table = [table_row(geo, HANDOVER_EDGES, (None, text(r + "first_event"), None, None, None))]
    table += [table_row(geo, HANDOVER_EDGES, (None,) * 5) for _ in range(HANDOVER_ROWS - 1)]
    for row in table:
        row.least = 10 * MM
    rules = "\n".join(text(f"{r}rule_{k}") for k in (1, 2, 3))
    sections = [
        Section(printed.unit, rows),
        Section(text(r + "code"), [_groups(groups)], text(r + "code_note"), keep=True),
        Section(text(r + "rules"), [Row([Cell(geo, 0, geo.units, rules)])], keep=True),
        Section(
            text(r + "handover"),
            table,
            text(r + "handover_note"),
            table_head(geo, HANDOVER_EDGES, heads),
            keep=True,
        ),
    ]
    own = replace(printed, notice=text(r + "notice"))
    pages = best_pages(geo, sections)
    draw_pages(paper, geo, pages, own, Sheet(title, "", text(r + "aside"), "", (printed.unit,)))
    return paper.data()


def _groups(groups: Sequence[str]) -> Row:
    widest = max(groups, key=lambda g: width(g, HEI_BOLD, 24), default="")
    across = GROUPS_PER_LINE if len(widest) <= 6 else 2
    lines = -(-len(groups) // across)
    step = 17 * MM

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        wide = geo.inner / across
        size = fitting(widest, HEI_BOLD, 24, wide - 8 * MM - 1.5 * len(widest), 12)
        for k, group in enumerate(groups):
            x = geo.left + (k % across + 0.5) * wide
            base = y - 14 * MM - (k // across) * step
            paper.text(x, base, group, HEI_BOLD, size, "c", space=1.5)
            paper.text(x, base + 8.6 * MM, str(k + 1), SONG, LABEL, "c", FAINT)

    return Row(paint=paint, least=lines * step + 4 * MM)
