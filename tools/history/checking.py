"""The checker: a pure function over what clients asked and were told.

A history is a list of calls with the moments they began and ended on one clock. It is sound when for each
stream one total order of operations explains every answer, and that order respects real time:

- a place holds one operation, an operation one place: nothing twice (M-4.5, M-5.1);
- a page holds every place from its cursor to its end: no gap for any reader at any time (M-5.1, M-5.2);
- what was acknowledged before a pull began is visible to it, and no head ever goes back (M-4.2);
- what was acknowledged before another operation was first sent has the earlier place;
- nothing is listed that nobody sent, and nothing acknowledged is missing once everything was read.

What it refused has to have a reason, too: clients here are honest, have chains without a hole and cursors that it
gave them, and nothing is restored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

EXPLAINED = frozenset({"busy"})
"""What a sound server may refuse honest clients for: load."""


@dataclass(frozen=True, slots=True)
class Push:
    """Operations sent.

    Attributes:
        began, ended: on one clock; ``ended`` None: no answer came, whatever the server did.
        stream: in which they are listed by themselves; one that stands in two streams is two entries.
        sent: their ids; ``acked``: those of them the answer named as listed.
    """

    client: str
    began: float
    ended: float | None
    stream: str
    sent: tuple[str, ...]
    acked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pull:
    """One stream's page.

    Attributes:
        start, end: places before and at the end of the page; ``head``: where the stream ended, as told.
        ops: ids of the page in its order.
    """

    client: str
    began: float
    ended: float
    stream: str
    start: int
    end: int
    head: int
    ops: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """What is known of one stream once everything was heard."""

    at: dict[int, str] = field(default_factory=dict[int, str])
    place: dict[str, int] = field(default_factory=dict[str, int])
    sent: dict[str, float] = field(default_factory=dict[str, float])
    acked: dict[str, float] = field(default_factory=dict[str, float])
    pulls: list[Pull] = field(default_factory=list[Pull])


def faults(history: Iterable[Push | Pull], *, lacking: bool = True) -> list[str]:
    """Everything that no sound server can have answered, in plain words; empty when it is sound.

    Args:
        lacking: the last pulls read every stream to its end; what was acknowledged must be among it.
    """
    streams: dict[str, _Told] = defaultdict(_Told)
    sent: dict[str, float] = {}
    for call in history:
        told = streams[call.stream]
        if isinstance(call, Pull):
            told.pulls.append(call)
            continue
        for op in call.sent:
            told.sent[op] = min(call.began, told.sent.get(op, call.began))
            sent[op] = min(call.began, sent.get(op, call.began))
        for op in call.acked:
            assert call.ended is not None
            told.acked[op] = min(call.ended, told.acked.get(op, call.ended))
    found: list[str] = []
    for stream, told in sorted(streams.items()):
        wrong = [*_pages(told), *_total(told, sent), *_heads(told), *_visible(told), *_in_time(told)]
        if lacking:
            wrong += _lacking(told)
        found += [f"{stream}: {w}" for w in wrong]
    return found


def unexplained(refused: Mapping[str, int]) -> list[str]:
    """Refusals that a server which was never restored cannot give, ``diverged`` above all.

    Args:
        refused: how often, by what was asked and the reason: ``pull diverged``.
    """
    return [
        f"refused {n} times: {what}"
        for what, n in sorted(refused.items())
        if what.split()[-1] not in EXPLAINED
    ]


def _pages(told: _Told) -> Iterable[str]:
    """Each page by itself, and each client's way through the stream."""
    for p in told.pulls:
        if len(p.ops) != p.end - p.start:
            yield f"{p.client} was given {len(p.ops)} operations for places {p.start + 1} to {p.end}: a gap"
        if p.end > p.head:
            yield f"{p.client} read to {p.end} of a stream that ended at {p.head}"
        if len(set(p.ops)) != len(p.ops):
            yield f"{p.client} was given an operation twice in one page"


def _total(told: _Told, sent: Mapping[str, float]) -> Iterable[str]:
    """All readers saw the same operation at the same place. A move brings a subject's past into another
    stream: who sent it is asked over all of them.
    """
    for p in told.pulls:
        if len(p.ops) != p.end - p.start:
            continue  # told already; its places are not known
        for n, op in enumerate(p.ops, p.start + 1):
            if told.at.setdefault(n, op) != op:
                yield f"place {n} held {told.at[n]} and {op}"
            if told.place.setdefault(op, n) != n:
                yield f"{op} stood at {told.place[op]} and at {n}"
            if op not in sent:
                yield f"{op} was listed and nobody sent it"
            elif sent[op] > p.ended:
                yield f"{op} was read before it was sent"


def _heads(told: _Told) -> Iterable[str]:
    """A stream never becomes shorter: over all clients, by real time."""
    ends = sorted(told.pulls, key=lambda p: p.ended)
    highest, done = 0, 0
    for p in sorted(told.pulls, key=lambda p: p.began):
        while done < len(ends) and ends[done].ended < p.began:
            highest = max(highest, ends[done].head)
            done += 1
        if p.head < highest:
            yield f"{p.client} was told an end at {p.head} after somebody had been told {highest}"


def _visible(told: _Told) -> Iterable[str]:
    """What was acknowledged before a pull began lies at or before the end it was told."""
    acked = sorted((when, told.place.get(op, 0), op) for op, when in told.acked.items())
    done, furthest, which = 0, 0, ""
    for p in sorted(told.pulls, key=lambda p: p.began):
        while done < len(acked) and acked[done][0] < p.began:
            if acked[done][1] > furthest:
                _, furthest, which = acked[done]
            done += 1
        if p.head < furthest:
            yield f"{p.client} did not see {which} (place {furthest}) that was acknowledged before it asked"


def _in_time(told: _Told) -> Iterable[str]:
    """Who was acknowledged before somebody else began stands before him."""
    latest, who = float("-inf"), ""
    for _, op in sorted(told.at.items()):
        if told.acked.get(op, float("inf")) < latest:
            yield f"{op} was acknowledged before {who} was sent and stands behind it"
        if told.sent.get(op, latest) > latest:
            latest, who = told.sent[op], op


def _lacking(told: _Told) -> Sequence[str]:
    return [f"{op} was acknowledged and is in no page" for op in told.acked if op not in told.place]
