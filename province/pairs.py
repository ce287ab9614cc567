"""Which pairs of files with one ID number are told (M-6.7): a few at a time where it stands in many.

A placeholder with a good check digit, imported at two stations, would be as many pairs as the product of its
files. A clerk settles a few and puts numbers right; the next ones follow then.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

MOST_FILES = 200
"""Files of one number that are looked at, at each station (own figure), in the order of their ids."""
MOST_OF_TWO = 5
"""Pairs of one number that wait for an answer between the same two stations (own figure)."""
MOST_AT_ONE = 20
"""The same between one station and all others (own figure): four that are full leave no room for a fifth."""
Pair = frozenset[str]
File = tuple[int, str]
"""Number of the stream where it is at home, and its id."""


class OfNumber:
    """The files of one number, by the stations where they are, and what was said of them.

    Attributes:
        said: pairs that were told, waiting or settled, or ever merged.
        waits: those of them that wait for an answer.
    """

    def __init__(
        self, files: Mapping[int, Sequence[str]], said: Iterable[Pair], waits: Collection[Pair]
    ) -> None:
        self._files = files
        self._at = {subject: home for home, subjects in files.items() for subject in subjects}
        self._said = {pair for pair in said if len(self._homes(pair)) == 2}
        self._of_one = Counter[int]()
        self._of_two = Counter[frozenset[int]]()
        for pair in self._said.intersection(waits):
            self._count(self._homes(pair))

    def next_ones(self) -> list[tuple[File, File]]:
        """Pairs to be told now: of stations with the fewest files first, so that what stands many times at
        one station leaves room for two others. Its work grows with the files and with what was said.
        """
        found: list[tuple[File, File]] = []
        stations = sorted(self._files, key=lambda home: (len(self._files[home]), home))
        left = deque(home for home in stations if self._has_room(home))
        while left:
            here = left.popleft()
            again: list[int] = []
            while left and self._has_room(here):
                there = left.popleft()
                found += self._between(here, there)
                if self._has_room(there):
                    again.append(there)
            left.extendleft(reversed(again))
        return found

    def has_more(self) -> set[int]:
        """Stations with pairs that nobody was told of yet."""
        counts = Counter(home for pair in self._said for home in self._homes(pair))
        every = len(self._at)
        return {h for h, mine in self._files.items() if len(mine) * (every - len(mine)) > counts[h]}

    def _between(self, here: int, there: int) -> list[tuple[File, File]]:
        found: list[tuple[File, File]] = []
        both = frozenset((here, there))
        for own, far in product(self._files[here], self._files[there]):
            if self._of_two[both] >= MOST_OF_TWO or not (self._has_room(here) and self._has_room(there)):
                break
            pair = frozenset((own, far))
            if pair not in self._said:
                self._said.add(pair)
                self._count(both)
                found.append(((here, own), (there, far)))
        return found

    def _has_room(self, home: int) -> bool:
        return self._of_one[home] < MOST_AT_ONE

    def _count(self, homes: frozenset[int]) -> None:
        self._of_one.update(homes)
        self._of_two[homes] += 1

    def _homes(self, pair: Pair) -> frozenset[int]:
        return frozenset(self._at[subject] for subject in pair if subject in self._at)
