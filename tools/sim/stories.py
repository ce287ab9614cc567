"""Steps that belong together: what a bug needs often stands far apart in a random plan, so some of it is told.

A story is a list of (kind, who). Faults, others in between and the seed's own steps still come into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Told = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: two PCs, of one station where there are such (``twins``), and one more, a county's if there is."""

    one: int
    other: int
    third: int
    twins: bool


def cast(places: tuple[tuple[str, str], ...], random: Random) -> Cast:
    desks = [n for n, (_, role) in enumerate(places) if role == "desk"] or [0]
    one = random.choice(desks)
    same = [n for n in desks if n != one and places[n] == places[one]]
    rest = [n for n in range(len(places)) if n != one]
    other = random.choice(same or [n for n in rest if n in desks] or rest)
    over = [n for n, (_, role) in enumerate(places) if role == "county"]
    third = random.choice(over or [n for n in rest if n != other] or [other])
    return Cast(one, other, third, bool(same))


def twins(c: Cast) -> Told:
    """A disk copied twice: one place of a chain is wanted by two, and what gives way has two ways to go."""
    a, b = c.one, c.other
    return [
        ("open", a), ("sync", a), ("clone", a), ("set", b), ("sync", b), ("set", a), ("clone", a),
        ("broken_sync", a), ("sync", b), ("ghost", a), ("sync", a),
    ]  # fmt: skip


def twins_and_a_move(c: Cast) -> Told:
    """Two copies write as many; of the first's words nothing comes to the second, for the file had moved."""
    a, b, over = c.one, c.other, c.third
    return [
        ("open", a), ("meet", a), ("sync", a), ("clone", a), ("sync", over), ("transfer", over),
        ("sync", over), ("set", b), ("sync", b), ("set", a), ("sync", a),
    ]  # fmt: skip


def erased_after_a_move(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("sync", c.one), ("sync", c.other), ("transfer", c.one),
        ("sync", c.one), ("sync", c.third), ("sync", c.other), ("erase", c.third), ("erase", c.other),
        ("sync", c.third), ("sync", c.other), ("set", c.one), ("sync", c.one),
    ]  # fmt: skip


def late_after_an_erasure(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("sync", c.one), ("sync", c.other), ("sync", c.third),
        ("erase", c.one), ("set", c.other), ("serve", c.third), ("sync", c.one), ("sync", c.third),
        ("sync", c.other),
    ]  # fmt: skip


def late_after_a_move(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("sync", c.one), ("sync", c.other), ("transfer", c.one),
        ("form", c.other), ("set", c.other), ("sync", c.one), ("bad_sync", c.other), ("save_form", c.other),
        ("transfer", c.third), ("sync", c.other), ("sync", c.third),
    ]  # fmt: skip


def server_lost_a_day(c: Cast) -> Told:
    return [
        ("sync", c.one), ("sync", c.other), ("copy_server", c.one), ("open", c.one), ("meet", c.one),
        ("serve", c.other), ("sync", c.one), ("sync", c.other), ("server_back_silent", c.one), ("set", c.other),
        ("broken_sync", c.other), ("sync", c.third), ("sync", c.one),
    ]  # fmt: skip


def answers_that_never_came(c: Cast) -> Told:
    return [
        ("open", c.one), ("broken_sync", c.one), ("set", c.one), ("broken_sync", c.one), ("ghost", c.one),
        ("bad_sync", c.one), ("serve", c.one), ("bad_sync", c.one), ("set", c.other), ("bad_sync", c.other),
    ]  # fmt: skip


def a_form_lay_open(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("sync", c.one), ("sync", c.other), ("form", c.one), ("set", c.other),
        ("sync", c.other), ("bad_sync", c.one), ("save_form", c.one), ("sync", c.one), ("sync", c.other),
        ("settle", c.other), ("settle", c.one), ("sync", c.other),
    ]  # fmt: skip


def a_morning_lost(c: Cast) -> Told:
    """Who restores is given back by the journal, and by the server, what is younger; others hear of both lives."""
    a, b = c.one, c.other
    return [
        ("open", a), ("backup", a), ("sync", a), ("set", a), ("serve", a), ("sync", b), ("broken_sync", a),
        ("restore", a), ("set", a), ("set", b), ("sync", b), ("sync", a),
    ]  # fmt: skip


def only_an_old_backup(c: Cast) -> Told:
    a, b = c.one, c.other
    return [
        ("open", a), ("meet", a), ("sync", a), ("backup", a), ("set", a), ("sync", a), ("sync", b), ("serve", a),
        ("bare_restore", a), ("set", a), ("set", b), ("sync", b), ("sync", a), ("settle", a),
    ]  # fmt: skip


def a_disk_gone(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("sync", c.one), ("set", c.one), ("broken_sync", c.one),
        ("sync", c.other), ("destroyed", c.one), ("set", c.other), ("sync", c.one), ("set", c.one),
        ("sync", c.other),
    ]  # fmt: skip


def erased_with_papers(c: Cast) -> Told:
    return [
        ("open", c.one), ("meet", c.one), ("attach", c.one), ("sync", c.one), ("sync", c.other),
        ("attach", c.other), ("sync", c.third), ("erase", c.one), ("sync", c.other), ("sync", c.one),
    ]  # fmt: skip


def two_files_of_one(c: Cast) -> Told:
    return [
        ("same_person", c.one), ("same_person", c.other), ("sync", c.one), ("sync", c.other), ("sync", c.third),
        ("merge", c.one), ("set", c.other), ("merge", c.other), ("sync", c.one), ("sync", c.other),
    ]  # fmt: skip


STORIES: tuple[Callable[[Cast], Told], ...] = (
    twins, twins_and_a_move, erased_after_a_move, late_after_an_erasure, late_after_a_move, server_lost_a_day,
    answers_that_never_came, a_form_lay_open, a_morning_lost, only_an_old_backup, a_disk_gone,
    erased_with_papers, two_files_of_one,
)  # fmt: skip
"""Own list: each is what a deliberate bug needed that random plans seldom brought together."""


def told(places: tuple[tuple[str, str], ...], random: Random) -> Told:
    """One of them; a step is left out at times, as no story happens quite as it is told."""
    who = cast(places, random)
    story = random.choice(STORIES)(who)
    return [step for step in story if random.random() < 0.94]
