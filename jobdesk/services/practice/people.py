"""Invented people: names, numbers that compute, addresses. The same seed gives the same people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json

REGION = "229901"
"""A county that never existed: no number made here can be somebody's."""
_TELLING_SHARE = 0.22
"""How many bear a surname whose reading a dictionary gets wrong (own figure)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist; ``root`` holds fields of a ``case`` record."""

    name: str
    sex: str
    birth: date
    root: dict[str, Json]

    def age(self, day: date) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


class People:
    """Draws people one after the other.

    Args:
        words: ``resources/samples/practice.toml``.
    """

    def __init__(self, rng: random.Random, words: dict[str, Any], today: date) -> None:
        self._rng = rng
        self._words = words
        self._today = today
        self._numbers: set[str] = set()
        self._phones: set[str] = set()
        self._fixed: list[dict[str, str]] = list(words["names"]["fixed"])

    def draw(self, youngest: int, oldest: int, sex: str = "") -> Person:
        """A person between two ages; the rare and the longest names are given out first."""
        rng = self._rng
        nation = ""
        fixed = next((f for f in self._fixed if not sex or f["sex"] == sex), None)
        if fixed is not None and rng.random() < 0.15:
            self._fixed.remove(fixed)
            name, sex, nation = fixed["name"], fixed["sex"], fixed.get("nation", "")
        else:
            sex = sex or rng.choice("12")
            name = self.surname() + self._given(sex, young=oldest <= 30)
        days = rng.randint(youngest * 366, oldest * 365)
        return self._person(name, sex, self._today - timedelta(days=days), nation)

    def plain(self, youngest: int, oldest: int, sex: str) -> Person:
        """A person with an everyday name."""
        return self.kin(self._rng.choice(self._words["names"]["common"]), youngest, oldest, sex)

    def kin(self, surname: str, youngest: int, oldest: int, sex: str) -> Person:
        """A member of a family with its surname."""
        days = self._rng.randint(youngest * 366, oldest * 365)
        name = surname + self._given(sex, young=oldest <= 30)
        return self._person(name, sex, self._today - timedelta(days=days))

    def named(self, name: str, sex: str, birth: date) -> Person:
        """Somebody whose name and birthday are given: the one that a guide or a test looks for."""
        return self._person(name, sex, birth)

    def surname(self) -> str:
        names = self._words["names"]
        source: Sequence[str] = names["telling"] if self._rng.random() < _TELLING_SHARE else names["common"]
        return self._rng.choice(source)

    def _given(self, sex: str, *, young: bool) -> str:
        names = self._words["names"]
        kind = ("young_" if young else "") + ("male" if sex == "1" else "female")
        source: str = names[kind]
        at = self._rng.randrange(0, len(source) - 1, 2)
        return source[at : at + 2] if self._rng.random() < 0.8 else source[at]

    def _nation(self, name: str) -> str:
        """Without a draw of its own; members of a family may differ."""
        nations = self._words["nations"]
        every: int = nations["manchu_every"]
        plain: str = nations["manchu" if len(self._numbers) % every == every - 1 else "other"]
        return nations["by_surname"].get(name[0], plain)

    def _person(self, name: str, sex: str, birth: date, nation: str = "") -> Person:
        places = self._words["places"]
        rng = self._rng
        community = rng.choice(places["communities"])
        street = rng.choice(places["streets"])
        address = (
            f"{street}{rng.randint(1, 80)}号{rng.randint(1, 6)}单元{rng.randint(1, 7)}0{rng.randint(1, 3)}"
        )
        rural = community.endswith("村")
        root: dict[str, Json] = {
            "name": name,
            "id_number": self._number(birth, sex),
            "sex": sex,
            "birth": birth.isoformat(),
            "phone": self.phone(),
            "community": community,
            "address": address,
            "hukou_kind": "20" if rural else "10",
            "hukou_place": self._words["station"]["region"] + community,
            "nation": nation or self._nation(name),
        }
        return Person(name, sex, birth, root)

    def _number(self, birth: date, sex: str) -> str:
        while True:
            order = self._rng.randint(1, 499) * 2 + (1 if sex == "1" else 0)
            first = f"{REGION}{birth:%Y%m%d}{order:03d}"
            number = first + check_digit(first)
            if number not in self._numbers and not number.endswith("000"):
                self._numbers.add(number)
                return number

    def phone(self) -> str:
        """A number that nobody has."""
        while True:
            phone = f"199{self._rng.randint(0, 99_999_999):08d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone
