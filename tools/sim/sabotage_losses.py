"""Deliberate bugs of what a server's loss asks of desks that have copies: see ``sabotage``.

Four defences stand behind each other: the server says that it forgot, all lives of a file are asked about before others'
work is offered, that is offered until it stands, and what stands nowhere goes on in another life. The bug here takes
three of them away: one alone is made up for.
"""

from __future__ import annotations

from typing import Any

from jobdesk.store import outbox, sync_moves
from jobdesk.sync import offering, recovering
from tools.sim.sabotage import bug, swap


def _own_lives_not_asked() -> None:
    """A loss that a pull met is made up for in the same round, as if all lives had been asked about."""
    wanted = offering.refill_wanted

    def settling(settle: Any) -> Any:
        def settled(ex: Any) -> bool:
            again = settle(ex)
            if not again:
                ex.tallies["settled"] = {}
            return bool(again)

        return settled

    def before_the_push(ex: Any) -> str:
        first = ex.tallies.pop("settled", None) is None
        return wanted(ex) or ("unknown" if first else "")

    swap(recovering, "settle_forks", settling)
    swap(offering, "refill_wanted", lambda _f: before_the_push)
    swap(offering, "push_all", lambda f: lambda ex, *, probe: f(ex, probe=probe and bool(wanted(ex))))


def _words_only(ex: Any, heard: int) -> bool:
    """Words are said again, as that is not what this bug is about."""
    known, ex.heard = ex.heard, heard
    if 0 < heard < known:
        ex.write(lambda w: sync_moves.say_again(w.con))
    return False


@bug(
    "a loss that a pull met is made up for without asking about our own lives, and a place given away is believed",
    "clone", "restore", "copy_server", "server_back", "server_back_silent",
)  # fmt: skip
def place_given_away() -> None:
    _own_lives_not_asked()
    swap(recovering, "heard_told", lambda _f: _words_only)
    swap(outbox, "stands_nowhere", lambda _f: lambda _con, _replica, _after: False)


@bug("a server that knows of fewer pushes than it did is believed")
def fewer_pushes_believed() -> None:
    swap(recovering, "heard_told", lambda _f: lambda _ex, _heard: False)
