"""一人一策帮扶方案 on its own paper, for both signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobdesk.cases.clock import Clock
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Section, centred, table_head, table_row
from jobdesk.reports.month_data import PersonSheet, masked
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.month_sheet import graduate_row, plan_section
from jobdesk.reports.notices import identity_rows
from jobdesk.reports.page import Paper

REVIEW_EDGES = (0, 4, 20, 24)


@dataclass(frozen=True, slots=True)
class Review:
    """A stage review: the result is a record, so an open one prints — and is not ruled."""

    due: str
    result: str | None = None
    staff: str | None = None


def plan_pdf(
    person: PersonSheet,
    reviews: Sequence[Review],
    barriers: Sequence[str],
    printed: Printed,
    clock: Clock,
    mask: bool = True,
) -> bytes:
    """The plan as agreed, or with every line ruled where it is to be agreed at the desk."""
    geo, title = PORTRAIT, text("paper.plan.title")
    shown = masked(person) if mask else person
    basics = identity_rows(geo, shown)
    if shown.graduate:
        basics.append(graduate_row(geo, shown.graduate))
    dash = text("paper.nothing")
    rows = [
        table_row(geo, REVIEW_EDGES, (r.due, r.result or dash, r.staff or dash), "clc", 9) for r in reviews
    ]
    heads = [text(f"paper.plan.review_{k}") for k in ("due", "result", "staff")]
    signers = [
        Signer(text("paper.plan.agreed_by")),
        *[Signer(text(f"paper.signer_{who}")) for who in ("staff", "head")],
    ]
    sections = [
        Section(text("paper.sheet.basics"), basics),
        plan_section(geo, shown.plan, barriers, text("paper.plan.plan")),
        Section(
            text("paper.plan.reviews"),
            rows or [centred(geo, text("paper.plan.reviews_none"))],
            head=table_head(geo, REVIEW_EDGES, heads) if rows else None,
        ),
        Section(
            text("paper.plan.sign"),
            [signatures(signers)],
            text("paper.plan.sign_note"),
            keep=True,
            joined=True,
        ),
    ]
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    number = text("paper.file_no", number=person.file_no)
    head = Sheet(title, printed.unit, "", number, (person.name, person.file_no))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()
