"""Deliberate bugs of what surrounds a push: backups, upgrades, clocks, machines shut out; see ``sabotage``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jobdesk.protocol.codes import ErrorCode, Verdict
from province import accept, backups, notices, quarantine, scope, serving
from province.refusing import Refused
from tools.sim.sabotage import bug, swap


@bug("safe is what the newest backup holds, not what all of them hold")
def safe_of_the_newest() -> None:
    swap(backups, "restorable", lambda f: lambda con: f(con)[-1:])


@bug("what a newer program wrote is never asked again")
def newer_not_asked_again() -> None:
    swap(quarantine, "ask_again", lambda _f: lambda *_given: {})


@bug("a machine that was shut out is answered")
def revoked_is_answered() -> None:
    swap(serving, "caller_of", lambda f: lambda *given, **how: replace(f(*given, **how), revoked=False))


@bug("who comes with a clock that is years off is turned away")
def clock_decides() -> None:
    def make(take: Any) -> Any:
        def by_clock(con: Any, caller: Any, head: Any, lines: Any, now_ms: int, **more: Any) -> Any:
            if abs(head.now_ms - now_ms) > 365 * 24 * 3600 * 1000:
                raise Refused(ErrorCode.BODY, detail="clock")
            return take(con, caller, head, lines, now_ms, **more)

        return by_clock

    swap(accept, "take", make)


@bug("a desk is told what waits for its neighbours")
def notices_of_others() -> None:
    def make(of: Any) -> Any:
        def all_of_them(con: Any, caller: Any, now_ms: int) -> Any:
            return of(con, replace(caller, streams=scope.streams_of(con, "220102")), now_ms)

        return all_of_them

    swap(notices, "of", make)


@bug("a restored server forgets who was erased")
def register_forgotten() -> None:
    swap(backups, "restored", lambda f: lambda con, _erased, now, *more: f(con, [], now, *more))


@bug("a restored server forgets who was shut out")
def list_of_revoked_forgotten() -> None:
    swap(backups, "restored", lambda f: lambda con, erased, now, *_revoked: f(con, erased, now))


@bug("what was kept apart is told as listed when it comes again")
def verdict_changes() -> None:
    def make(told_before: Any) -> Any:
        def anew(con: Any, replica: str, items: Any, fresh: Any, taken: Any) -> None:
            first = len(taken.verdicts)
            told_before(con, replica, items, fresh, taken)
            again = {"verdict": Verdict.ALREADY, "reason": None}
            taken.verdicts[first:] = [v.model_copy(update=again) for v in taken.verdicts[first:]]

        return anew

    swap(accept, "_told_before", make)
