"""Spells on the books: carried over exactly whatever came and went, by the facts' own days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.presence import (
    Move,
    Moved,
    Spell,
    at_station,
    movements,
    present,
    spells_of_row,
    together,
)

DAY = date(2026, 1, 1)


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


@st.composite
def stays(draw: st.DrawFn) -> list[Spell]:
    made: list[Spell] = []
    for _ in range(draw(st.integers(0, 5))):
        since = draw(st.integers(0, 120))
        length = draw(st.none() | st.integers(0, 60))
        until = None if length is None else day(since + length)
        reason = draw(st.sampled_from(["employed", "moved"])) if until else ""
        made.append(Spell(day(since), day(since), until, until, reason))
    return made


@given(stays(), st.integers(-5, 200), st.integers(0, 60))
def test_between_any_two_days_movements_carry_over_exactly(spells: list[Spell], first: int, length: int):
    one = together(spells)
    before, last = day(first - 1), day(first + length)
    moves = [m for m in movements(one) if before < m.day <= last]
    came = sum(m.move.comes for m in moves)
    assert present(one, before) + came - (len(moves) - came) == present(one, last)


@given(stays(), st.integers(0, 200))
def test_files_put_together_cover_what_each_of_them_covers(spells: list[Spell], at: int):
    assert present(together(spells), day(at)) == any(s.covers(day(at)) for s in spells)


@given(stays())
def test_the_first_coming_is_new_and_no_other(spells: list[Spell]):
    moves = [m.move for m in movements(together(spells))]
    assert moves.count(Move.NEW) == (1 if moves else 0)
    assert not moves or moves[0] is Move.NEW


def test_back_from_another_station_is_moved_in():
    moves = movements([Spell(day(0), day(0), day(5), day(5), "moved"), Spell(day(9), day(9))])
    assert [m.move for m in moves] == [Move.NEW, Move.MOVED_OUT, Move.MOVED_IN]


def test_a_month_is_no_day_so_the_stamp_of_the_opening_stands_in():
    (spell,) = spells_of_row({"opened_on": "2026-03"}, 1_772_000_000_000)
    assert spell.since == spell.since_recorded


def test_a_file_that_went_and_came_back_stood_here_before_and_after() -> None:
    day = date.fromisoformat
    stay = (Spell(day("2026-01-10"), day("2026-01-10")),)
    there = Moved(day("2026-03-05"), "a", "b", day("2026-03-06"))
    back = Moved(day("2026-05-20"), "b", "a", day("2026-05-20"))
    assert at_station(stay, (), {"a"}) == stay
    ours = at_station(stay, (there, back), {"a"})
    assert [(m.move, m.day.isoformat()) for m in movements(ours)] == [
        (Move.NEW, "2026-01-10"), (Move.MOVED_OUT, "2026-03-05"), (Move.MOVED_IN, "2026-05-20"),
    ]  # fmt: skip
    theirs = at_station(stay, (there, back), {"b"})
    assert [(m.move, m.day.isoformat()) for m in movements(theirs)] == [
        (Move.MOVED_IN, "2026-03-05"), (Move.MOVED_OUT, "2026-05-20"),
    ]  # fmt: skip
    assert at_station(stay, (there, back), {"c"}) == ()
