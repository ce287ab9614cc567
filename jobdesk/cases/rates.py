"""How many people of a circle have had a whole round: one rate for each circle, never a mixed one.

1311 belongs to graduates (domain.md §11.19): there is no rate over all cases. Who stands outside by a
dated statement is not in the denominator and stays in sight. Both numbers, by 提供 and by 参加, are
always there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobdesk.cases.progress import Progress, RoundProgress


@dataclass(frozen=True, slots=True)
class CircleRate:
    """The people of one circle, as case ids in the given order.

    Attributes:
        inside: the denominator.
        counted: a first round is complete by what the template counts.
        offered, joined: a first round is complete when every step is judged by 提供, or by 参加.
        study, no_wish: outside by the person's statement.
    """

    circle: str
    inside: tuple[str, ...]
    counted: tuple[str, ...]
    offered: tuple[str, ...]
    joined: tuple[str, ...]
    study: tuple[str, ...]
    no_wish: tuple[str, ...]


def rates(people: Iterable[tuple[str, Progress]]) -> tuple[CircleRate, ...]:
    """One rate for each circle that somebody belongs to, by circle code."""
    by_circle: dict[str, list[tuple[str, Progress]]] = {}
    for case_id, found in people:
        if found.member.circle:
            by_circle.setdefault(found.member.circle, []).append((case_id, found))
    return tuple(_rate(circle, by_circle[circle]) for circle in sorted(by_circle))


def _rate(circle: str, people: list[tuple[str, Progress]]) -> CircleRate:
    inside = [(i, p) for i, p in people if p.member.in_rate]
    return CircleRate(
        circle,
        tuple(i for i, _ in inside),
        tuple(i for i, p in inside if any(r.done for r in p.rounds)),
        tuple(i for i, p in inside if any(_whole(r, "offered") for r in p.rounds)),
        tuple(i for i, p in inside if any(_whole(r, "joined") for r in p.rounds)),
        tuple(i for i, p in people if p.member.outside == "study"),
        tuple(i for i, p in people if p.member.outside == "no_wish"),
    )


def _whole(one: RoundProgress, level: str) -> bool:
    return all((s.offered if level == "offered" else s.joined) >= s.step.required for s in one.steps)
