"""Finding a place of Jilin by name, pinyin or code, and reading where an ID number was first issued.

The place of a *station* is a region; the organisation it belongs to is another tree (长白山 and 梅河口
report to the province and have no code of their own at that level).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from jobdesk.host import assets

PROVINCE = "吉林省"


@dataclass(frozen=True, slots=True)
class Place:
    """A county (6 digits) or a street or township (9 digits).

    Attributes:
        county: name of the county; for a county its own.
        city: name of the prefecture.
        statistical: a development zone that exists for statistics only (code xx7x).
    """

    code: str
    name: str
    county: str
    city: str
    statistical: bool = False

    @property
    def is_county(self) -> bool:
        return len(self.code) == 6

    @property
    def full_name(self) -> str:
        return self.city + self.name if self.is_county else self.city + self.county + self.name


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    names: tuple[str, ...]
    initials: str
    pinyin: str
    starts: tuple[int, ...]


@functools.cache
def _entries() -> tuple[_Entry, ...]:
    counties: dict[str, Place] = {}
    found: list[_Entry] = []
    for row in assets.csv_rows("regions/counties.csv"):
        place = Place(row["code"], row["name"], row["name"], row["city"], row["kind"] != "法定县级")
        counties[place.code] = place
        found.append(_entry(place, row))
    for row in assets.csv_rows("regions/streets.csv"):
        county = counties[row["county_code"]]
        place = Place(row["code"], row["name"], county.name, county.city, county.statistical)
        found.append(_entry(place, row))
    return tuple(found)


def _entry(place: Place, row: dict[str, str]) -> _Entry:
    syllables = row["pinyin"].split()
    starts: list[int] = []
    length = 0
    for syllable in syllables:
        starts.append(length)
        length += len(syllable)
    return _Entry(place, (place.name, place.full_name), row["initials"], "".join(syllables), tuple(starts))


@functools.cache
def _by_code() -> dict[str, Place]:
    return {entry.place.code: entry.place for entry in _entries()}


def place_of(code: str) -> Place | None:
    """The place with exactly this code (6 or 9 digits)."""
    return _by_code().get(code)


def counties() -> list[Place]:
    """Every county, legal ones before statistical zones, each group by code."""
    return sorted((p for p in _by_code().values() if p.is_county), key=lambda p: (p.statistical, p.code))


def townships_of(county_code: str) -> list[Place]:
    """Streets and townships of a county, by code."""
    return [p for p in _by_code().values() if not p.is_county and p.code.startswith(county_code)]


def find_places(query: str, limit: int = 20) -> list[Place]:
    """Best matches first: the whole name or code, then beginnings, then insides.

    Several words narrow each other (``cy nh`` finds 朝阳区 南湖街道): the last is the place's own
    name, the others may be its county's or city's. ü is typed as v.
    """
    words = query.lower().replace("'", "").split()
    if not words or limit <= 0:
        return []
    scored = sorted(_scored(words), key=lambda pair: pair[0])
    return [place for _, place in scored[:limit]]


def _scored(words: list[str]) -> Iterator[tuple[tuple[int, int, bool, str], Place]]:
    above = {entry.place.code: entry for entry in _entries() if entry.place.is_county}
    for entry in _entries():
        rank = _rank(entry, words[-1])
        if rank is None:
            continue
        county = above[entry.place.code[:6]]
        if all(_above(county, entry, word) for word in words[:-1]):
            place = entry.place
            yield (rank, len(place.code), place.statistical, place.code), place


def _above(county: _Entry, entry: _Entry, word: str) -> bool:
    return _rank(county, word) is not None or word in entry.place.full_name


def _rank(entry: _Entry, word: str) -> int | None:
    if word.isascii() and word.isdigit():
        code = entry.place.code
        return None if not code.startswith(word) else int(code != word)
    if not word.isascii():
        name, full = entry.names
        if name.startswith(word):
            return int(len(name) > len(word) + 2)
        return 2 if word in name else 3 if word in full else None
    if entry.initials.startswith(word) or entry.pinyin.startswith(word):
        return 1
    if any(entry.pinyin.startswith(word, start) for start in entry.starts) or word in entry.initials:
        return 4
    return None


@functools.cache
def _coded_names() -> dict[str, tuple[str, ...]]:
    """Six digits to every name the code has had, the present or latest one first."""
    dated: dict[str, list[tuple[str, str]]] = {}
    for row in assets.csv_rows("regions/history.csv"):
        dated.setdefault(row["code"], []).append((row["last_seen"], row["name"]))
    for row in assets.csv_rows("regions/counties.csv"):
        dated.setdefault(row["code"], []).append(("999999", row["name"]))
    return {
        code: tuple(dict.fromkeys(name for _, name in sorted(names, reverse=True)))
        for code, names in dated.items()
    }


@functools.cache
def _provinces() -> dict[str, str]:
    return {row["code"]: row["name"] for row in assets.csv_rows("regions/provinces.csv")}


def first_coded_region(id_number: str) -> str | None:
    """首次编码地: the place whose code the number begins with, as exactly as it is known.

    Abolished codes are known back to 1980; a code that has had several names shows them all
    (丰满区／郊区). An unknown county still shows its province. It is never the present 户籍地.
    None when the text does not begin with a province.
    """
    province = _provinces().get(id_number[:2])
    if province is None:
        return None
    names = _coded_names()
    city = names.get(id_number[:4] + "00", ())
    county = names.get(id_number[:6], ())
    if id_number[4:6] == "00":
        city = ()
    if not county:
        return province + "".join(city[:1])
    return province + "".join(city[:1]) + "／".join(county)
