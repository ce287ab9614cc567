"""How much a station is told in a day of one person in files of two stations (M-6.7, M-6.9).

Who opens files with guessed numbers would be told who is registered where, as fast as he guesses, while
questions by number are bounded. An import of a whole town brings as many at once and guesses nothing: so
nothing is refused, both sides are told of every pair, and what is beyond a day's share is told on one of the
next days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from province.db import tables as t
from province.db.writing import among

MOST_A_DAY = 300
"""Pairs that one station is told of in a day (own figure), as many as it may ask for by number (M-6.9)."""
MOST_OF_ONE = 150
"""Of these with files of one other station (own figure): nobody's guesses fill up what a station is told."""
_DAY_MS = 24 * 3600 * 1000


def spread(con: Connection, rows: Sequence[Mapping[str, object]], now_ms: int) -> list[dict[str, object]]:
    """The same notices of pairs, each with the day that it is told. The transaction sees all streams.

    Two stations' pushes at one moment may each take the last place of a third one: it is told of one more.
    """
    today = now_ms // _DAY_MS
    told, of_one = _told(con, {str(row["home"]) for row in rows}, today)
    first: dict[tuple[str, str], int] = {}
    made: list[dict[str, object]] = []
    for row in rows:
        home, sender = str(row["home"]), str(row["sender"])
        day = first.get((home, sender), today)
        while told[home, day] >= MOST_A_DAY or of_one[home, sender, day] >= MOST_OF_ONE:
            day += 1
        first[home, sender] = day
        told[home, day] += 1
        of_one[home, sender, day] += 1
        waits = (
            {"waits_until": None} if day == today else {"waits_until": day * _DAY_MS, "at_ms": day * _DAY_MS}
        )
        made.append({**row, **waits})
    return made


def _told(
    con: Connection, homes: set[str], today: int
) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, str, int]]]:
    """How many from today on, settled ones too, of each day; and of each other station."""
    n = t.notice.c
    day = n.at_ms // _DAY_MS
    rows = con.execute(
        select(n.home, n.sender, day, func.count())
        .where(n.kind == "duplicate", among(con, n.home, [int(h) for h in homes]), n.at_ms >= today * _DAY_MS)
        .group_by(n.home, n.sender, day)
    )
    told, of_one = Counter[tuple[str, int]](), Counter[tuple[str, str, int]]()
    for home, sender, at, count in rows:
        told[str(home), int(at)] += int(count)
        of_one[str(home), str(sender), int(at)] += int(count)
    return told, of_one
