"""A round of calls or of visits: what stands in each line, in which order, and its paper. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.cases.due import DueLine
from jobdesk.cases.facts import CaseFacts, is_member
from jobdesk.cases.masking import mask_phone
from jobdesk.cases.ops import Json
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.today import Board
from jobdesk.store.ledger import CaseItem
from jobdesk.ui.today import state
from jobdesk.ui.today.words import t


@dataclass(frozen=True, slots=True)
class Way:
    """How a round goes.

    Attributes:
        channel: of the records it writes; also names its texts (``round_<channel>_…``).
        results: outcomes by single keys 1, 2, 3; all but the first are attempts (``attempts``).
    """

    channel: str
    results: tuple[str, ...]

    @property
    def attempts(self) -> frozenset[str]:
        return frozenset(self.results[1:])

    def t(self, key: str, /, **params: object) -> str:
        """A sentence that differs between calls and visits."""
        return t(f"round_{self.channel}_{key}", **params)


PHONE = Way("phone", ("connected", "no_answer", "wrong_number"))
VISIT = Way("visit", ("met", "not_met"))
ATTEMPTS = PHONE.attempts | VISIT.attempts


@dataclass(slots=True)
class Call:
    """One person of the round.

    Attributes:
        place: where a visit goes: the address, else the community.
        home: 某某家庭 of whoever is a member of a household today, else the community; a heading on paper.
        next_on: ISO day or empty.
        unread: what was typed for that day and means none: kept as it was typed, held until it is mended.
        action: of the saved record, for undo; empty while nothing is saved.
        problem: key of what is missing, shown beside the line.
    """

    line: DueLine
    who: str
    about: str
    why: str
    phone: str
    place: str = ""
    home: str = ""
    result: str = ""
    content: str = ""
    next_on: str = ""
    unread: str = ""
    action: str = ""
    problem: str = ""

    @property
    def is_saved(self) -> bool:
        return bool(self.action)

    @property
    def is_touched(self) -> bool:
        return bool(self.result or self.content or self.next_on or self.unread) and not self.is_saved

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
    way: Way = PHONE

    @property
    def saved(self) -> int:
        return sum(c.is_saved for c in self.calls)

    def next_open(self, after: int) -> int:
        """The next line not saved yet, from the one after; -1 when all are."""
        order = [*range(after + 1, len(self.calls)), *range(max(after, 0))]
        return next((n for n in order if not self.calls[n].is_saved), -1)


def round_of(
    board: Board, lines: Sequence[DueLine], way: Way = PHONE, homes: Mapping[str, CaseItem] | None = None
) -> Round:
    """One line a person, the people of a household together, led by who is due first: calls in the order
    of the list, visits as one walks, by community, then by household or address.

    Args:
        homes: where people live, for visits; the board itself holds no addresses.
    """
    calls: list[Call] = []
    doors: dict[str, tuple[str, str]] = {}
    first: dict[str, int] = {}
    for n, line in enumerate(lines):
        said, item, at = (
            state.words_of(board, line),
            board.items.get(line.subject),
            (homes or {}).get(line.subject),
        )
        community, address = (at.community, at.address) if at else ("", "")
        household = _home_of(board, line.subject)
        head = household.text("head_name") if household else ""
        home = t("round_home", community=community, head=head).strip() if head else community
        phone = item.phone if item else ""
        calls.append(Call(line, said.who, said.about, said.reason, phone, address or community, home))
        door = household.case_id if household else address or line.subject
        doors[line.subject] = community, door
        first.setdefault(door, n)

    def walked(call: Call) -> tuple[bool, str, int]:
        community, door = doors[call.line.subject]
        return (not community, community, first[door]) if way is VISIT else (False, "", first[door])

    return Round(sorted(calls, key=walked), way)


def _home_of(board: Board, case_id: str) -> CaseFacts | None:
    """The household whose member the person is on the day; the board knows former ones too."""
    iso = board.today.isoformat()
    return next(
        (
            home
            for home in board.agenda.households.get(case_id, ())
            if any(m.text("case") == case_id and is_member(m.values, iso) for m in home.of("member"))
        ),
        None,
    )


def values_of(call: Call, today: date, actor: str, way: Way = PHONE) -> dict[str, Json]:
    """The service record of a call or a visit."""
    values: dict[str, Json] = {
        "type": "HF", "channel": way.channel, "served_on": today.isoformat(), "staff": actor,
        "outcome": call.result, "content": call.content or None,
    }  # fmt: skip
    if call.result in ATTEMPTS:
        values["engagement"] = "attempt"
    return values


def paper(
    round_: Round, board: Board, clock: Clock, unit: str, by: str, watermark: str, *, whole: bool = False
) -> bytes:
    """The list on paper: without categories, with room to write by hand; a route stands by homes.

    Telephone numbers are masked unless ``whole``: there is nothing else of a number on it.
    """
    from jobdesk.reports.furniture import Printed
    from jobdesk.reports.list_pdf import Column, Group, ListPaper, list_pdf
    from jobdesk.reports.secrecy import Secret

    way, table = round_.way, code_lists.table("outcome")
    boxes = "\n".join(f"□{table.name_of(r)}" for r in way.results)
    where = [
        Column(t("round_phone"), 7, secret=Secret.PHONE) if way is PHONE else Column(t("round_place"), 11)
    ]
    groups: list[tuple[str, list[list[str]]]] = []  # by runs: it is entered back in the order of the paper
    for call in round_.calls:
        if not call.is_saved:
            to = call.phone if way is PHONE else call.place
            if not groups or groups[-1][0] != call.home:
                groups.append((call.home, []))
            groups[-1][1].append([call.who, call.about, to or text("paper.not_filled"), boxes, "", ""])
    alone = t("round_no_community") if way is VISIT else ""
    if way is PHONE and any(home for home, _ in groups):
        alone = t("round_others")
    listing = ListPaper(
        way.t("paper"),
        t("full_day", **_day(board.today)),
        [
            Column(t("round_name"), 5),
            Column(t("round_about"), 4.5),
            *where,
            Column(t("round_result"), 5.5 if way is PHONE else 7),
            Column(t("round_content"), 18),
            Column(t("round_next"), 6),
        ],
        [Group(home or alone, rows) for home, rows in groups],
        aside=t("round_aside_whole" if whole else "round_aside"),
    )
    made = local_datetime(clock.now_ms())
    return list_pdf(listing, Printed(unit, by, f"{made:%Y-%m-%d %H:%M}", "", watermark), clock, not whole)


def _day(day: date) -> Mapping[str, object]:
    weekday = t(f"long_weekday_{day.isoweekday()}")
    return {"year": day.year, "month": day.month, "day": day.day, "weekday": weekday}
