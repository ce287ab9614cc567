"""The printed log of what was decided, in the style of the house."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.clock import local_datetime
from jobdesk.services.conflict_log import Decisions, decisions
from jobdesk.services.desk import Desk
from jobdesk.services.session import unit_name
from jobdesk.store import conflict_reads
from jobdesk.ui.conflicts.decided import decided_groups
from jobdesk.ui.conflicts.saying import Saying, t


def printed_log(desk: Desk, watermark: str) -> Future[bytes]:
    """The PDF, made beside the window: masked, newest day first."""

    def job() -> bytes:
        found = decisions(desk).result()
        unit = unit_name(desk).result()
        by = desk.read(conflict_reads.staff_names).result().get(desk.actor, "")
        return paper(found, desk, unit, by, watermark)

    return desk.file.work.aside(job)


def paper(found: Decisions, desk: Desk, unit: str, by: str, watermark: str) -> bytes:
    """Days as groups; each decision with both versions, how it was decided, by whom and where."""
    from jobdesk.reports.furniture import Printed
    from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf

    saying = Saying("", desk.today, found.names, paper=True)
    days = [local_datetime(d.at_ms).date() for d in found.lines]
    since, until = (f"{min(days):%Y-%m-%d}", f"{max(days):%Y-%m-%d}") if days else ("", "")
    period = since if since == until else t("paper_period", since=since, until=until)
    left = found.total - len(found.lines)
    groups = [Group(title, rows) for title, rows in decided_groups(found.lines, saying)]
    undone = sum(d.undone for d in found.lines)
    counted = t("paper_count", count=len(found.lines) - undone)
    if undone:  # as the page: it lists them, and counts those that stand
        counted += t("paper_undone", count=undone)
    if left:
        counted += f"　{t('several_taken', count=left)}"
    listing = ListPaper(
        t("paper_title"), period,
        [
            Column(t("paper_who"), 8), Column(t("paper_item"), 8), Column(t("paper_versions"), 21),
            Column(t("paper_result_head"), 16), Column(t("paper_by"), 10),
        ],
        groups, aside=t("paper_aside"), right=counted,
    )  # fmt: skip
    made = local_datetime(desk.clock.now_ms())
    return list_pdf(listing, Printed(unit, by, f"{made:%Y-%m-%d %H:%M}", "", watermark), desk.clock)
