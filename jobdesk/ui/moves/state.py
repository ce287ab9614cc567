"""What 转入转出 shows: sections of cards for each tab, with what can be done about each. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.services.moving.reading import Moves
from jobdesk.ui.moves.cards import MoveCard, t
from jobdesk.ui.moves.files import Files
from jobdesk.ui.moves.requests import Requests
from jobdesk.ui.moves.twins import Twins
from jobdesk.ui.moves.words import into_here, of_twins

TABS = ("in", "out", "twins")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its cards."""

    key: str
    cards: tuple[MoveCard, ...]

    @property
    def title(self) -> str:
        return t(f"heading_{self.key}")


def sections(tab: str, found: Moves, today: date) -> tuple[Section, ...]:
    """What a tab shows; sections without a card are left out."""
    told, files, twins = Requests(found, today), Files(found, today), Twins(found, today)
    pairs: Mapping[str, Sequence[tuple[str, Iterator[MoveCard]]]] = {
        "in": (("offers", told.wanted(True)), ("answers", told.answers(True)), ("agreed", told.agreed()),
               ("asked_in", told.asked(True)), ("failed", told.failed(True)), ("came", files.came()),
               ("refused", told.refused(True))),
        "out": (("wants", told.wanted(False)), ("answers", told.answers(False)),
                ("asked_out", told.asked(False)), ("failed", told.failed(False)),
                ("refused", told.refused(False)), ("left", files.left())),
        "twins": (("twins", twins.twins()), ("answers", twins.apart()), ("merged", twins.merged())),
    }  # fmt: skip
    made = (Section(key, tuple(cards)) for key, cards in pairs[tab])
    return tuple(s for s in made if s.cards)


def waiting(found: Moves) -> dict[str, int]:
    """How many matters of each tab wait for somebody here, each once: a double about which a request is open
    waits as that request.
    """
    apart = sum(of_twins(n) for n in found.answers)
    takes = sum(into_here(n, found) for n in (*found.wanted, *found.answers) if not of_twins(n))
    return {
        "in": takes, "out": len(found.wanted) + len(found.answers) - takes - apart,
        "twins": sum(p.notice.id not in found.asked_twins for p in found.twins) + apart,
    }  # fmt: skip


def first_tab(found: Moves) -> str:
    """Where something waits, else where requests of ours are open, else the first one."""
    numbers = waiting(found)
    ours = {"in" if ask.body.get("to") == found.own else "out" for ask in found.asks}
    return next((key for key in TABS if numbers[key]), next((key for key in TABS if key in ours), TABS[0]))
