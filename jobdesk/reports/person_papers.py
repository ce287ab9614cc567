"""The papers of one person: notices to sign, the plan, this month's sheet, from the books as they stand."""

from __future__ import annotations

from dataclasses import replace

from jobdesk.cases.errors import Refused
from jobdesk.reports.month_data import MonthReport, PersonSheet
from jobdesk.reports.month_numbers import MonthOptions, month_numbers
from jobdesk.reports.month_numbers_span import month_span
from jobdesk.reports.month_pdf import month_pdf
from jobdesk.reports.notices import Notice, notice_pdf
from jobdesk.reports.plan_pdf import Review, plan_pdf
from jobdesk.reports.policy_paper import policy_pdf
from jobdesk.reports.recognition_papers import PREFIX as CLAIM
from jobdesk.reports.recognition_papers import recognition_paper
from jobdesk.services.desk import Desk
from jobdesk.services.planning import current_plan
from jobdesk.services.policies import packs_of
from jobdesk.services.policy_finding import matches_of
from jobdesk.services.staffing import staff_of
from jobdesk.store import reads
from jobdesk.store.log import Connection

NOTICES = {"privacy": Notice.PRIVACY, "compare": Notice.COMPARE, "truth": Notice.TRUTH}
PAPERS = (*NOTICES, "plan", "policies", "sheet")


def person_paper(con: Connection, desk: Desk, case_id: str, paper: str, masked: bool = True) -> bytes:
    """One paper as a PDF.

    Args:
        paper: one of ``PAPERS``; ``sheet`` is the running month's, marked 截至 today. Papers of an
            application as ``recognition_papers`` names them.

    Raises:
        Refused: ``paper_unknown``; ``paper_no_sheet``, the person is not on the books of this month.
    """
    if paper not in PAPERS and not paper.startswith(CLAIM):
        raise Refused("paper_unknown", paper=paper)
    span = month_span(f"{desk.today:%Y-%m}", desk.today)
    report = month_numbers(con, desk, span, MonthOptions(case_ids=(case_id,), masked=masked)).report
    if not report.sheets:
        raise Refused("paper_no_sheet")
    sheet = report.sheets[0]
    if paper in NOTICES:
        return notice_pdf(NOTICES[paper], [sheet], report.printed, desk.clock, masked)
    if paper.startswith(CLAIM):
        return recognition_paper(con, desk, case_id, paper, sheet, report.printed, masked)
    if paper == "policies":
        found = matches_of(con, desk, case_id)
        return policy_pdf(sheet, found, packs_of(con, desk), desk.today, report.printed, desk.clock)
    if paper == "plan":
        return _plan(con, desk, case_id, sheet, report, masked)
    return month_pdf(replace(report, sheets=(sheet,)), desk.clock).data


def _plan(
    con: Connection, desk: Desk, case_id: str, sheet: PersonSheet, report: MonthReport, masked: bool
) -> bytes:
    state = reads.case_state(con, case_id)
    plan = current_plan(state)
    names = {s.id: s.name for s in staff_of(con, desk)}
    found = [r for r in state.of("review") if plan is not None and r.get("plan") in (plan.id, None)]
    reviews = [
        Review(r.text("reviewed_on"), r.text("text") or None, names.get(r.text("staff")))
        for r in sorted(found, key=lambda r: r.text("reviewed_on"))
    ]
    if plan is not None and plan.get("review_on"):
        reviews.append(Review(plan.text("review_on")))
    return plan_pdf(sheet, reviews, report.barriers, report.printed, desk.clock, masked)
