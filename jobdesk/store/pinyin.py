"""How a name may be said: every reading that somebody might type to find it.

A dictionary of characters gets surnames wrong (单 is shan, 仇 is qiu, 尉迟 is yu chi), so
``resources/surnames.csv`` is asked first, the longest surname winning; then all readings of each
character. pypinyin is imported on first use and without its phrase dictionary, which names do not
need and which costs 45 MB and a third of a second.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from jobdesk.host import assets

MOST = 16
"""Readings kept of one name, the likeliest first."""

_TOKENS = re.compile(r"[0-9A-Za-z]+|[^\W_]")
_Syllables = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to say a name, in lower case; ü is v, as it is typed.

    Attributes:
        full: a syllable for each character; letters and unknown characters stand for themselves.
        initials: the first letter of each syllable.
    """

    full: tuple[str, ...]
    initials: str


class _Pinyin(Protocol):
    def __call__(self, hans: str, *, style: object, heteronym: bool) -> list[list[str]]: ...


@functools.lru_cache(maxsize=8192)
def readings(name: str) -> tuple[Reading, ...]:
    """At most ``MOST`` readings, the likeliest first; none for an empty name.

    A compound surname is also read as a simple one with a longer given name, after the compound.
    """
    tokens = [token.lower() for token in _TOKENS.findall(name)]
    if not tokens:
        return ()
    found: dict[_Syllables, None] = {}
    for surname, length in _surnames(tokens):
        given = [_of_token(token) for token in tokens[length:]]
        for syllables in _likeliest([surname, *([(s,) for s in options] for options in given)]):
            found.setdefault(syllables)
    return tuple(Reading(full, "".join(s[0] for s in full)) for full in list(found)[:MOST])


def spelt_at(letters: str, words: str) -> int:
    """From which character on the words are spelt so: initials, syllables or both (``zqjiedao``), the last
    syllable perhaps cut short; -1 for nowhere. For long lists: nothing is kept of any of the words.
    """
    tokens = [token.lower() for token in _TOKENS.findall(words)]
    return next((at for at in range(len(tokens)) if _spelt(letters.lower(), tokens, at)), -1)


def _spelt(letters: str, tokens: Sequence[str], at: int) -> bool:
    if not letters:
        return True
    if at == len(tokens):
        return False
    for said in _of_token(tokens[at]):
        if said.startswith(letters):
            return True
        if letters.startswith(said) and _spelt(letters[len(said) :], tokens, at + 1):
            return True
        if letters[0] == said[0] and _spelt(letters[1:], tokens, at + 1):
            return True
    return False


def _surnames(tokens: Sequence[str]) -> list[tuple[Sequence[_Syllables], int]]:
    """Readings of the surname and how many tokens it takes; the longest first, never empty."""
    table = _table()
    found: list[tuple[Sequence[_Syllables], int]] = []
    for length in range(min(_longest(), len(tokens)), 0, -1):
        known = table.get("".join(tokens[:length]))
        if known is not None:
            found.append((known, length))
    if not found or found[-1][1] != 1:
        found.append(([(s,) for s in _of_token(tokens[0])], 1))
    return found


def _likeliest(parts: Iterable[Sequence[_Syllables]]) -> list[_Syllables]:
    """The best combinations of one choice from each part, a choice being worse the later it stands.

    Costs add up, so keeping the best ``MOST`` beginnings at each step loses none of the best wholes.
    """
    kept: list[tuple[int, _Syllables]] = [(0, ())]
    for part in parts:
        grown = [(cost + rank, head + tail) for cost, head in kept for rank, tail in enumerate(part)]
        grown.sort(key=lambda pair: pair[0])
        kept = grown[:MOST]
    return [syllables for _, syllables in kept]


@functools.cache
def _table() -> dict[str, tuple[_Syllables, ...]]:
    return {
        row["surname"]: tuple(tuple(way.split()) for way in row["readings"].split("|"))
        for row in assets.csv_rows("surnames.csv")
    }


@functools.cache
def _longest() -> int:
    return max(map(len, _table()))


@functools.lru_cache(maxsize=30_000)
def _of_token(token: str) -> tuple[str, ...]:
    if token.isascii():
        return (token,)
    said = _dictionary()(token)
    return tuple(dict.fromkeys(s.lower().replace("ü", "v") for s in said if s)) or (token,)


class _Say(Protocol):
    def __call__(self, char: str) -> list[str]: ...


@functools.cache
def _dictionary() -> _Say:
    """pypinyin reads two switches from the environment while it is imported; they are put back."""
    switches = ("PYPINYIN_NO_PHRASES", "PYPINYIN_NO_DICT_COPY")
    before = {name: os.environ.get(name) for name in switches}
    os.environ.update(dict.fromkeys(switches, "1"))
    try:
        import pypinyin
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    say = cast(_Pinyin, pypinyin.pinyin)
    normal = pypinyin.Style.NORMAL
    return lambda char: say(char, style=normal, heteronym=True)[0]
