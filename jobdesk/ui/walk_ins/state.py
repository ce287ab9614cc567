"""What the lines of 来访来电登记 show: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobdesk.cases.masking import mask_phone
from jobdesk.cases.ops import Json
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.store.reads import Record
from jobdesk.ui.ledger.state import day_text
from jobdesk.ui.table import Cell, Column, Row

CHANNELS = ("station", "phone", "online", "visit")


def columns() -> tuple[Column, ...]:
    """Columns of the list."""

    def c(key: str, width: int, priority: int, stretch: int = 0) -> Column:
        return Column(key, text(f"walk_ins.column.{key}"), width, stretch, priority, sortable=False)

    return (
        c("day", 92, 1), c("channel", 70, 3), c("name", 96, 0), c("phone", 116, 4), c("matter", 220, 2, 3),
        c("answer", 200, 5, 2), c("staff", 84, 6), c("file", 96, 1),
    )  # fmt: skip


def row_of(line: Record, day: date, staff: Mapping[str, str]) -> Row:
    """One line. The phone is masked; matters are free text and stay here."""
    phone, name = line.text("phone"), line.text("name")
    cells = {
        "day": Cell(day_text(line.day or "", day)),
        "channel": Cell(code_lists.table("channel").name_of(line.text("channel")), "muted"),
        "name": Cell(name, "strong") if name else Cell(text("walk_ins.unnamed"), "muted"),
        "phone": Cell(mask_phone(phone)) if phone else Cell(kind="none"),
        "matter": Cell(line.text("matter"), tip=line.text("matter")),
        "answer": Cell(line.text("answer"), "muted", tip=line.text("answer"))
        if line.text("answer")
        else Cell(text("walk_ins.open"), "blank"),
        "staff": Cell(staff.get(line.text("staff"), ""), "muted"),
        "file": Cell(text("walk_ins.has_file"), tone="accent") if line.text("case") else Cell(kind="none"),
    }
    return Row(line.id, cells)


def problem_of(values: Mapping[str, Json]) -> tuple[str, str]:
    """(field, words) of what keeps a line from being kept; two empty texts when nothing does."""
    if not values.get("matter"):
        return "matter", text("walk_ins.matter_needed")
    if not values.get("name") and not values.get("phone"):
        return "name", text("walk_ins.who_needed")
    return "", ""
