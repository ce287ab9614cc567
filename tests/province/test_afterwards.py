"""What waits apart is asked again behind the answers, within a bound, and only where something new concerns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import cast

import pytest

from jobdesk.cases.ops import Kind, Subject, opened
from province import orgs, quarantine
from province.afterwards import Afterwards
from province.config import Config
from province.db.engine import EVERYTHING, Database
from province.serving import Province
from province.web.app import make_app
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, moves, sets
from tests.province.test_strays import enrolled, heard, kept, process, send

MANY = 40


@dataclass
class Counted:
    """How often an action was asked again."""

    asked: list[object] = field(default_factory=list[object])

    def __len__(self) -> int:
        return len(self.asked)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    seen = Counted()
    before = cast("Callable[..., object]", quarantine.try_again)

    def counting(*given: object, **more: object) -> object:
        seen.asked.append(given[1])
        return before(*given, **more)

    monkeypatch.setattr(quarantine, "try_again", counting)
    return seen


@pytest.fixture
def thief(db: Database) -> DeskHere:
    return enrolled(db, DeskHere(db, "a", "r1"))


@pytest.fixture
def victim(db: Database) -> DeskHere:
    made = enrolled(db, DeskHere(db, "b", "r2"))
    case(made, "p", name="李某")
    send(process(db), made)
    return made


@contextmanager
def behind(here: Province) -> Iterator[Afterwards]:
    """As a process that serves."""
    here.afterwards.begin()
    try:
        yield here.afterwards
    finally:
        here.afterwards.end()


def both(desk: DeskHere, own: str) -> None:
    """One action on a file of his own and on somebody else's."""
    desk.act(own, "p")


def test_a_file_of_ones_own_in_sight_is_not_enough(
    db: Database, thief: DeskHere, victim: DeskHere, counted: Counted
) -> None:
    """Each kept action named a file of the thief's too: any push of his asked all of them again."""
    here = process(db)
    case(thief, "own", name="张某")
    send(here, thief)
    for _ in range(MANY):
        both(thief, "own")
    send(here, thief)
    both(thief, "own")
    send(here, thief)
    moves(thief, "own", "b")
    send(here, thief)
    victim.act("p")
    send(process(db), victim)  # a process that has just started looks for what one that died left
    assert len(counted) == 0 and kept(db) == ["out_of_scope"] * (MANY + 1)


def test_who_moves_somebody_does_not_ask_a_thiefs_actions_again(
    db: Database, thief: DeskHere, victim: DeskHere, counted: Counted
) -> None:
    here = process(db)
    for _ in range(MANY):
        thief.act("p")
    send(here, thief)
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
    moves(victim, "p", "c")
    send(here, victim)
    assert len(counted) == 0 and kept(db) == ["out_of_scope"] * MANY


def test_the_answer_does_not_wait_for_what_is_asked_again(
    db: Database, thief: DeskHere, victim: DeskHere, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is moved to where many actions on him were kept apart: they are listed, behind the answer."""
    here = process(db)
    for _ in range(MANY):
        thief.act("p")
    send(here, thief)
    moves(victim, "p", "a")
    may, before = Event(), quarantine.try_again

    def slow(*given: object, **more: object) -> object:
        assert may.wait(30)
        return before(*given, **more)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(quarantine, "try_again", slow)
    with behind(here) as afterwards:
        send(here, victim)
        assert len(counted) == 0 and kept(db) == ["out_of_scope"] * MANY
        may.set()
        for _ in range(600):
            if not kept(db):
                break
            Event().wait(0.05)
        assert afterwards.go(1000) is False
    assert len(counted) == MANY
    heard(db, thief, 2 + MANY)


def test_a_stretch_has_an_end_and_goes_on_where_it_stopped(
    db: Database, thief: DeskHere, victim: DeskHere, counted: Counted
) -> None:
    ticks = [NOW]

    def clock() -> int:
        ticks[0] += 60
        return ticks[0]

    here = Province(db, clock, lambda: "id")
    for _ in range(MANY):
        thief.act("p")
    send(process(db), thief)
    moves(victim, "p", "a")
    send(here, victim)
    first = len(counted)
    assert 0 < first < MANY and len(kept(db)) == MANY - first
    goes = 1
    while here.afterwards.go(1000):
        goes += 1
        assert goes < MANY
    assert len(counted) == MANY and goes > 1
    heard(db, thief, 2 + MANY)


def test_what_was_asked_in_vain_a_sweep_leaves_alone(
    db: Database, thief: DeskHere, victim: DeskHere, counted: Counted
) -> None:
    """Something in sight that is not listed all the same: a merge alone begins no file. It was asked again every
    ten minutes, by each process.
    """
    ms = [NOW]
    here = Province(db, lambda: ms[0], lambda: "id")
    case(thief, "own", name="张某")
    thief.act("own")
    thief.act("own", new=[sets("x", Kind.MERGED, {"merged_into": "own"})])
    verdicts = send(here, thief).verdicts
    assert [v.reason for v in verdicts][-1] == "out_of_scope"
    once = len(counted)
    for n in range(1, 5):
        ms[0] = NOW + n * 700_000
        victim.act("p")
        send(here, victim)
    assert len(counted) <= once + 1 and kept(db) == ["out_of_scope"]


def test_machines_take_turns(db: Database, thief: DeskHere, victim: DeskHere, counted: Counted) -> None:
    """A thief's many do not stand before somebody else's one."""
    here, other = process(db), enrolled(db, DeskHere(db, "a", "r4"))
    for _ in range(3 * MANY):
        thief.act("p")
    send(here, thief)
    (word,) = other.act(new=[opened(Subject("case", "p"), "service", "s", {"content": "一"})])
    send(here, other)
    moves(victim, "p", "a")
    send(here, victim)
    assert [key[0] for key in counted.asked].index(word.action_id) <= 50  # pyright: ignore[reportIndexIssue, reportUnknownMemberType]


def test_a_process_that_serves_works_behind_its_answers(db: Database) -> None:
    """Its application begins and ends the thread."""
    import asyncio

    here = process(db)
    app = make_app(here, Config())

    async def lived() -> bool:
        async with app.router.lifespan_context(app):
            return here.afterwards.runs

    assert asyncio.run(lived()) and not here.afterwards.runs
