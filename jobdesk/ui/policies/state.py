"""What 政策 shows: rows of policies, whom each list holds, rows of people. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.cases.policy_matching import QuickMatch, Standing
from jobdesk.services.policy_finding import PolicyBoard, PolicyCount
from jobdesk.store.ledger import CaseItem
from jobdesk.ui.policies import words
from jobdesk.ui.policies.words import t
from jobdesk.ui.table.cells import Cell, Column, Row

LISTS = ("untold", "possible", "lacking", "told", "open")
"""Lists of people of a policy, in the order of the chips."""


def columns() -> tuple[Column, ...]:
    """Those of the policies."""
    return (
        Column("title", t("column_title"), 240, stretch=3, sortable=False),
        Column("applicant", t("column_applicant"), 90, priority=3, sortable=False),
        Column("possible", t("column_possible"), 78, right=True, sortable=False),
        Column("lacking", t("column_lacking"), 78, priority=2, right=True, sortable=False),
        Column("untold", t("column_untold"), 78, right=True, sortable=False),
        Column("told", t("column_told"), 78, priority=3, right=True, sortable=False),
        Column("status", t("column_status"), 120, priority=1, sortable=False),
    )


def people_columns() -> tuple[Column, ...]:
    """Those of the people behind one policy: no category, no number."""
    return (
        Column("name", t("column_name"), 110, stretch=2, sortable=False),
        Column("about", t("column_about"), 84, sortable=False),
        Column("community", t("column_community"), 90, stretch=1, priority=1, sortable=False),
        Column("standing", t("column_standing"), 100, sortable=False),
    )


def row_of(count: PolicyCount, board: PolicyBoard) -> Row:
    """One policy."""
    card = count.card
    status = words.mark(count.terms.status).strip("（）").partition("，")[0]
    return Row(
        card.code,
        {
            "title": Cell(card.title, "strong"),
            "applicant": Cell(words.applicants(card)),
            "possible": _number(len(count.possible)),
            "lacking": _number(len(count.lacking)),
            "untold": Cell(str(len(count.untold)), tone="accent") if count.untold else _number(0),
            "told": _number(len(count.told)),
            "status": Cell(status, tone="warn") if status else Cell(t("confirmed"), "muted"),
        },
    )


def _number(value: int) -> Cell:
    return Cell(str(value)) if value else Cell("0", "muted")


def people_of(count: PolicyCount, name: str) -> tuple[str, ...]:
    """Case ids of one list."""
    lists = {
        "untold": count.untold, "possible": count.possible, "lacking": count.lacking, "told": count.told,
        "open": count.open,
    }  # fmt: skip
    return lists[name]


def person_row(case_id: str, item: CaseItem | None, match: QuickMatch | None, board: PolicyBoard) -> Row:
    """One person behind a policy."""
    cells = {"name": Cell(kind="none"), "about": Cell(kind="none"), "community": Cell(kind="none")}
    if item is not None:
        cells["name"] = Cell(item.name or t("nameless"), "strong")
        cells["about"] = Cell(words.about(item.sex, item.birth, board.today))
        cells["community"] = Cell(item.community) if item.community else Cell(kind="none")
    cells["standing"] = _standing(match)
    return Row(case_id, cells)


def _standing(match: QuickMatch | None) -> Cell:
    if match is None:
        return Cell(kind="none")
    if match.standing is Standing.POSSIBLE:
        cell = Cell(t("standing_possible"), tone="ok")
    else:
        cell = Cell(t("standing_lacking" if match.in_circle else "standing_open"), "muted")
    if match.told_on:
        return Cell(cell.text, cell.kind, cell.tone, note=t("told_short"))
    return cell


def summary(board: PolicyBoard) -> str:
    """16 项政策，在 412 份档案中，87 人有未告知的."""
    waiting = {i for c in board.counts for i in c.untold}
    return t("summary", policies=len(board.counts), files=board.files, people=len(waiting))


def codes_for(board: PolicyBoard, case_ids: Sequence[str], code: str, *, every: bool) -> dict[str, list[str]]:
    """What these people would be told: this policy, or everything they were not told (``every``)."""
    found: dict[str, list[str]] = {}
    for case_id in case_ids:
        here = board.found.get(case_id, {})
        found[case_id] = [c for c, m in here.items() if m.to_tell] if every else [code]
        if every and code not in found[case_id]:
            found[case_id].append(code)
    return found
