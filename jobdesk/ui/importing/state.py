"""What the preview shows, from the preview service to values the grid and the panel draw. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jobdesk.cases.masking import mask_id
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.importing import showing
from jobdesk.services.importing.cells import plain
from jobdesk.services.importing.columns import Guess, Plan
from jobdesk.services.importing.grid import shown
from jobdesk.services.importing.preview import CellView, PreviewRow
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.verdicts import CellState, Counts, ProblemCount, Verdict
from jobdesk.ui.importing.sheet import (
    EMPTY,
    SAMPLE,
    WIDEST,
    Grid,
    GridCell,
    GridColumn,
    GridRow,
    HeaderCell,
    Mark,
    column_width,
    text_width,
)
from jobdesk.ui.importing.targets import target_label

FROZEN_AT_MOST = 3
_ROW_MARK = {
    Verdict.NEW: Mark.NEW,
    Verdict.CHANGED: Mark.CHANGED,
    Verdict.UNCHANGED: Mark.SAME,
    Verdict.HELD: Mark.CHECK,
}
_CELL_MARK = {
    CellState.NEW: Mark.NEW,
    CellState.CHANGED: Mark.CHANGED,
    CellState.UNCHANGED: Mark.SAME,
    CellState.CHECK: Mark.CHECK,
    CellState.SINCE: Mark.SINCE,
    CellState.EMPTY: Mark.SAME,
    CellState.IGNORED: Mark.NONE,
}


class Judged(Protocol):
    """What is needed of a preview here."""

    rows: list[PreviewRow]

    def cell(self, index: int, column: int) -> CellView: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """What the left list narrows to; nothing set means everybody of the sheet."""

    verdict: Verdict | None = None
    problem: str = ""


def grid_of(preview: Judged, plan: Plan, keys: Sequence[int]) -> Grid:
    """The grid of one sheet with the rows of a filter.

    Args:
        keys: indices into ``preview.rows``, all of this sheet.
    """
    columns = columns_of(plan)
    widths = _widths(preview, plan, columns)
    shown_columns = tuple(
        GridColumn(
            guess.letter,
            width,
            guess.target not in (None, "", "skip"),
            text("import_ui.column_tip", label=guess.column.label, field=target_label(guess.target)),
        )
        for guess, width in zip(columns, widths, strict=True)
    )
    table = plan.table
    return Grid(
        shown_columns,
        tuple(header_cells(plan, len(columns))),
        tuple(range(table.first_header + 1, table.last_header + 2)),
        frozen_columns(columns),
        keys,
        _row_maker(preview, plan, len(columns)),
    )


def columns_of(plan: Plan) -> tuple[Guess, ...]:
    """Every column from A on; gaps in the header are columns without a name."""
    return plan.guesses


def frozen_columns(columns: Sequence[Guess]) -> int:
    """Up to the name, where it stands among the first columns."""
    for number, guess in enumerate(columns[:FROZEN_AT_MOST]):
        if guess.target == "case.name":
            return number + 1
    return 0


def header_cells(plan: Plan, width: int) -> Iterable[HeaderCell]:
    """The header as merged in the sheet; what is not merged stands in its own cell."""
    table = plan.table
    first, last = table.first_header, table.last_header
    taken: set[tuple[int, int]] = set()
    for r0, c0, r1, c1 in table.sheet.merged:
        if r0 < first or r0 > last or c0 >= width:
            continue
        top, bottom, right = r0 - first, min(r1, last) - first, min(c1, width - 1)
        taken.update((r, c) for r in range(top, bottom + 1) for c in range(c0, right + 1))
        yield HeaderCell(top, c0, bottom, right, _flat(shown(table.sheet.raw(r0, c0))))
    for r in range(last - first + 1):
        for c in range(width):
            if (r, c) not in taken:
                yield HeaderCell(r, c, r, c, _flat(shown(table.sheet.raw(r + first, c))))


def _flat(words: str) -> str:
    return "".join(words.split())


def _widths(preview: Judged, plan: Plan, columns: Sequence[Guess]) -> list[int]:
    """By the first rows; columns with changes leave room for old → new."""
    sheet, rows = plan.table.sheet, plan.table.rows[:SAMPLE]
    changed = _changes(preview, plan)
    sign = 16 if changed else 0
    return [
        max(
            column_width(guess.column.leaf, [plain(sheet.raw(row, guess.column.index)) for row in rows])
            + sign,
            changed.get(guess.column.index, 0),
        )
        for guess in columns
    ]


def _changes(preview: Judged, plan: Plan) -> dict[int, int]:
    """Column → the width that the longest of the first changes needs."""
    found: dict[int, int] = {}
    seen = 0
    for index, row in enumerate(preview.rows):
        if row.verdict is not Verdict.CHANGED or row.read.plan is not plan:
            continue
        seen += 1
        for target, mark in row.marks.items():
            guess = row.read.source(target) if mark.state is CellState.CHANGED else None
            if guess is not None:
                view = preview.cell(index, guess.column.index)
                wide = text_width(shielded(view.text, view.shield)[0]) + text_width(view.old) + 44
                found[guess.column.index] = min(WIDEST, max(found.get(guess.column.index, 0), wide))
        if seen == SAMPLE:
            break
    return found if seen else {}


def _row_maker(preview: Judged, plan: Plan, width: int) -> Callable[[int], GridRow]:
    number = plan.column_of("case.id_number")
    number_at = number.column.index if number is not None else -1
    sex = plan.column_of("case.sex")
    sex_at = sex.column.index if sex is not None else -1

    def make(index: int) -> GridRow:
        row = preview.rows[index]
        held = row.verdict is Verdict.HELD
        mark = _ROW_MARK[row.verdict]
        if row.verdict is Verdict.UNCHANGED and any(
            one.state is CellState.SINCE for one in row.marks.values()
        ):
            mark = Mark.SINCE

        def cell(column: int) -> GridCell:
            if column >= width:
                return EMPTY
            if column == sex_at and row.decision is not None and row.decision.sex:
                return GridCell(sex_name(row.decision.sex), Mark.NEW, tip=decision_words(row))
            drawn = cell_of(preview.cell(index, column), held, row)
            return decided_cell(drawn, row) if column == number_at and row.decision is not None else drawn

        return GridRow(row.read.number, mark, cell, row.read.hidden, row_tip(row))

    return make


def row_tip(row: PreviewRow) -> str:
    """Words for what the sign of a row means."""
    parts = [text(f"import_ui.row.{row.verdict.value}")]
    if row.read.hidden:
        parts.append(text("import_ui.hidden_row"))
    if row.waiting:
        parts.append(text("import_ui.waiting_row"))
    if row.decision is not None:
        parts.append(decision_words(row))
    return "\n".join(parts)


def decision_words(row: PreviewRow) -> str:
    """What the clerk has said about a row; empty while nothing is said."""
    decision = row.decision
    if decision is None:
        return ""
    if decision.drop:
        return text("import_ui.decided.drop")
    if decision.later:
        return text("import_ui.decided.later")
    parts: list[str] = []
    if decision.person:
        parts.append(text("import_ui.decided.new" if decision.person == "new" else "import_ui.decided.same"))
    if decision.number:
        parts.append(text("import_ui.decided.number", tail=decision.number[-3:]))
    elif decision.blank:
        parts.append(text("import_ui.decided.blank"))
    if decision.sex:
        parts.append(text("import_ui.decided.sex", sex=sex_name(decision.sex)))
    return "；".join(parts)


def cell_of(view: CellView, held: bool, row: PreviewRow) -> GridCell:
    """A cell as drawn: what is doubtful goes before what will happen, and has its sentence as tooltip."""
    words, concealed = shielded(view.text, view.shield)
    before = shielded(view.old, view.shield)[0] if view.old else ""
    if concealed and view.state is CellState.EMPTY:
        words, concealed = "", False
    holds = any(problem.holds for problem in view.problems)
    state = view.state if holds or view.state is not CellState.CHECK else view.beneath
    mark = _CELL_MARK.get(state, Mark.SAME)
    if held and mark in (Mark.NEW, Mark.CHANGED):
        mark, before = Mark.SAME, ""
    tips = [problem_words(problem) for problem in view.problems]
    if mark is Mark.SINCE:
        tips.append(text("import_ui.since_tip", old=before))
    if concealed:
        tips.append(text("import_ui.concealed_tip"))
    lost = lost_end(view.problems, words)
    return GridCell(
        words, mark, before, lost, view.state is CellState.CHECK and not holds, concealed, "\n".join(tips)
    )


A_NUMBER_HELPS = frozenset(
    {
        "id_damaged",
        "id_perhaps_damaged",
        "id_scientific",
        "id_bad_checksum",
        "id_bad_date",
        "id_bad_length",
        "id_bad_characters",
        "number_of_two_people",
        "number_taken",
        "number_twice_here",
        "sex_disagrees",
        "birth_disagrees",
    }
)
"""Problems that a whole number settles."""
NEVER_BLANK = frozenset(
    {"name_missing", "repeated_of_held", "perhaps_same_person", "number_taken", "number_twice_here"}
)
"""Leaving the cell empty does not settle these: somebody must say who it is."""
DAMAGED = frozenset({"id_damaged", "id_perhaps_damaged"})


def sexes_of(values: Mapping[str, object], codes: Collection[str]) -> tuple[str, ...]:
    """What the number says and what the sheet says, where the two disagree."""
    said = values.get("case.sex")
    if "sex_disagrees" not in codes or said not in ("1", "2"):
        return ()
    return ("2", "1") if said == "1" else ("1", "2")


def sex_name(code: str) -> str:
    """男, 女."""
    return code_lists.table("sex").name_of(code)


def decided_cell(drawn: GridCell, row: PreviewRow) -> GridCell:
    """The number cell of a row about which something was said: what will be written, masked."""
    decision = row.decision
    if decision is None:
        return drawn
    if decision.number:
        return GridCell(mask_id(decision.number), Mark.NEW, tip=decision_words(row))
    if decision.blank and drawn.mark is Mark.CHECK:
        return GridCell(text("import_ui.left_blank"), Mark.SAME, concealed=True, tip=decision_words(row))
    return drawn


def lost_end(problems: Iterable[Problem], words: str) -> int:
    """How many characters at the end of a number Excel has replaced."""
    return 3 if len(words) > 3 and any(problem.code in DAMAGED for problem in problems) else 0


def shielded(words: str, shield: Shield) -> tuple[str, bool]:
    """The words, or the fixed word that stands for what is not shown; and whether it was put."""
    if shield < Shield.SENSITIVE:
        return words, False
    return text(f"import_ui.shield.{shield.name.lower()}"), True


def problem_words(problem: Problem) -> str:
    """The sentence of a problem."""
    key = f"import.problem.{problem.code}"
    return showing.problem_text(problem) if has(key) else problem.code


def kind_words(code: str) -> str:
    """The short name of a kind of problem, for the list at the left."""
    for key in (f"import.kind.{code}", f"import_ui.hint.{code}"):
        if has(key):
            return text(key)
    key = f"import.problem.{code}"
    return text(key, **_BLANKS) if has(key) else code


_BLANKS: dict[str, str] = dict.fromkeys(
    ("text", "length", "sheet", "row", "column", "age", "computed", "region", "name", "number", "count"), "…"
)


def holding_first(counts: Iterable[ProblemCount]) -> tuple[list[ProblemCount], list[ProblemCount]]:
    """Kinds that hold a row, then mere hints."""
    listed = list(counts)
    return [c for c in listed if c.holds], [c for c in listed if not c.holds]


def going_in(counts: Counts) -> int:
    """People that 导入 writes."""
    return counts.new + counts.changed


def newly_held(preview: Judged) -> int:
    """Held rows that no earlier import lists already."""
    return sum(row.verdict is Verdict.HELD and not row.waiting for row in preview.rows)


def foot_words(counts: Counts, fresh: int) -> str:
    """新增 31＋有变化 6；需核对的 5 人暂不导入.

    Args:
        fresh: held rows that no earlier import lists already.
    """
    words = text("import_ui.foot", new=counts.new, changed=counts.changed)
    if not counts.held:
        return words
    return words + text("import_ui.foot_held" if fresh else "import_ui.foot_waiting", held=counts.held)


def sheet_line(plan: Plan) -> str:
    """工作表“2026年” · 表头在第4–5行 · 44 人 · 19 列全部匹配 · 类别代码按本表填表说明."""
    table = plan.table
    named = [g for g in plan.guesses if g.column.label]
    matched = sum(1 for g in named if g.target)
    parts = [text("import_ui.line_sheet", sheet=table.sheet.name) if table.sheet.name else ""]
    parts.append(header_place(plan))
    parts.append(text("import_ui.line_people", count=len(table.rows)))
    if matched == len(named):
        parts.append(text("import_ui.line_all_columns", count=matched))
    else:
        parts.append(text("import_ui.line_columns", matched=matched, count=len(named)))
    if any(g.legend for g in plan.guesses):
        parts.append(text("import_ui.line_legend"))
    return " · ".join(part for part in parts if part)


def header_place(plan: Plan) -> str:
    """表头在第4–5行."""
    first, last = plan.table.first_header + 1, plan.table.last_header + 1
    if first == last:
        return text("import_ui.line_header_one", row=first)
    return text("import_ui.line_header", first=first, last=last)


def left_out_words(plan: Plan) -> str:
    """合计 1 行、页脚 5 行; empty where every row is a person."""
    parts = [
        text(f"import_ui.left_out.{reason}", count=count)
        for reason, count in plan.table.left_out.items()
        if count and reason != "blank"
    ]
    return "、".join(parts)


_DOUBTFUL = frozenset({"alike", "content", "content_disagrees", "repeated", "given_up"})
_SETTLED = frozenset({"remembered", "chosen"})


def is_sure(guess: Guess) -> bool:
    """Nothing about the column needs a look: known by layout or synonym, remembered, or empty."""
    if guess.question:
        return False
    if _SETTLED & set(guess.reasons):
        return True
    if guess.target is None:
        return not guess.column.label
    return not _DOUBTFUL & set(guess.reasons)


def all_sure(plans: Iterable[Plan]) -> bool:
    """Whether 预览 may be shown at once."""
    return all(
        plan.kind != "case" or (plan.column_of("case.name") is not None and all(map(is_sure, plan.guesses)))
        for plan in plans
    )
