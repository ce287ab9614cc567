"""The phone round: what stands in each line, and its paper. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.cases.due import DueLine
from jobdesk.cases.masking import mask_phone
from jobdesk.cases.ops import Json
from jobdesk.host import code_lists
from jobdesk.services.today import Board
from jobdesk.ui.today import state
from jobdesk.ui.today.words import t

RESULTS = ("connected", "no_answer", "wrong_number")
"""Outcomes by single keys 1, 2, 3."""
ATTEMPTS = frozenset(RESULTS[1:])


@dataclass(slots=True)
class Call:
    """One person of the round.

    Attributes:
        next_on: ISO day or empty.
        action: of the saved record, for undo; empty while nothing is saved.
        problem: key of what is missing, shown beside the line.
    """

    line: DueLine
    who: str
    about: str
    why: str
    phone: str
    result: str = ""
    content: str = ""
    next_on: str = ""
    action: str = ""
    problem: str = ""

    @property
    def is_saved(self) -> bool:
        return bool(self.action)

    @property
    def is_touched(self) -> bool:
        return bool(self.result or self.content or self.next_on) and not self.is_saved

    def shown_phone(self, revealed: bool) -> str:
        """The number, or its mask."""
        if not self.phone:
            return t("phone_none")
        return self.phone if revealed else mask_phone(self.phone)

    def result_name(self) -> str:
        return code_lists.table("outcome").name_of(self.result) if self.result else ""


@dataclass(slots=True)
class Round:
    """All calls in order."""

    calls: list[Call] = field(default_factory=list[Call])

    @property
    def saved(self) -> int:
        return sum(c.is_saved for c in self.calls)

    def next_open(self, after: int) -> int:
        """The next line not saved yet, from the one after; -1 when all are."""
        order = [*range(after + 1, len(self.calls)), *range(max(after, 0))]
        return next((n for n in order if not self.calls[n].is_saved), -1)


def round_of(board: Board, lines: Sequence[DueLine]) -> Round:
    """One line a person."""
    calls: list[Call] = []
    for line in lines:
        said = state.words_of(board, line)
        item = board.items.get(line.subject)
        calls.append(Call(line, said.who, said.about, said.reason, item.phone if item else ""))
    return Round(calls)


def values_of(call: Call, today: date, actor: str) -> dict[str, Json]:
    """The service record of a call."""
    values: dict[str, Json] = {
        "type": "HF", "channel": "phone", "served_on": today.isoformat(), "staff": actor,
        "outcome": call.result, "content": call.content or None,
    }  # fmt: skip
    if call.result in ATTEMPTS:
        values["engagement"] = "attempt"
    return values


def paper(round_: Round, board: Board, clock: Clock, unit: str, by: str, watermark: str) -> bytes:
    """The list on paper: masked, without categories, with room to write by hand."""
    from jobdesk.reports.furniture import Printed
    from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf
    from jobdesk.reports.secrecy import Secret

    table = code_lists.table("outcome")
    boxes = "\n".join(f"□{table.name_of(r)}" for r in RESULTS)
    rows = [[c.who, c.about, c.phone, boxes, "", ""] for c in round_.calls if not c.is_saved]
    listing = ListPaper(
        t("round_paper"),
        t("full_day", **_day(board.today)),
        [
            Column(t("round_name"), 5),
            Column(t("round_about"), 4.5),
            Column(t("round_phone"), 7, secret=Secret.PHONE),
            Column(t("round_result"), 5.5),
            Column(t("round_content"), 18),
            Column(t("round_next"), 6),
        ],
        [Group("", rows)],
        aside=t("round_aside"),
    )
    made = local_datetime(clock.now_ms())
    return list_pdf(listing, Printed(unit, by, f"{made:%Y-%m-%d %H:%M}", "", watermark), clock)


def _day(day: date) -> Mapping[str, object]:
    weekday = t(f"long_weekday_{day.isoweekday()}")
    return {"year": day.year, "month": day.month, "day": day.day, "weekday": weekday}
