"""A figure that is replaced alone would leave a rule's sentence with its old number: refused by name.

The sentence stands on screen and on paper. A sentence that names the figure (``{graduates.months:年}``)
changes with it; where the number is spelled out, the rule is written anew in the same pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.reading import Fault
from jobdesk.cases.rules.terms import figures_of

_DIGITS = "零一二三四五六七八九十"


def stale_words(packs: PackSet) -> Iterator[Fault]:
    """Of every figure that takes the place of another: sentences that still say what it was."""
    by_key: dict[str, list[Entry]] = {}
    users: dict[str, list[Entry]] = {}
    for entry in packs.entries():
        by_key.setdefault(entry.key, []).append(entry)
        for key in dict.fromkeys(_figures(entry)):
            users.setdefault(key, []).append(entry)
    for key, found in by_key.items():
        for new in found:
            for old in found:
                if new.kind == "figure" and old.value is not None and _takes_over(new, old):
                    yield from _told(new, old, users.get(key, []), packs)


def _figures(entry: Entry) -> Iterator[str]:
    if entry.term is not None:
        yield from figures_of(entry.term)


def _takes_over(new: Entry, old: Entry) -> bool:
    """Whether ``new`` stands where ``old`` would, on some day, with another value."""
    stronger = bool(new.replaces) if new.region == old.region else new.region.startswith(old.region)
    return new is not old and stronger and new.value != old.value and _overlap(new, old)


def _overlap(one: Entry, other: Entry) -> bool:
    day = max(one.valid_from, other.valid_from)
    return one.covers(day) and other.covers(day)


def _told(new: Entry, old: Entry, users: list[Entry], packs: PackSet) -> Iterator[Fault]:
    there = PackSet(packs.packs, new.region)
    for user in users:
        if not _overlap(user, new):
            continue
        day = max(user.valid_from, new.valid_from, old.valid_from)
        word = next((w for w in _spellings(old) if _says(user.sentence, w)), "")
        if word and _is(there.on(user.key, day), user) and _is(there.on(new.key, day), new):
            yield Fault(
                "stale_sentence", f"entry[{new.index}]", f"{new.pack}: {new.key}", f"{user.key}|{word}"
            )


def _is(found: Entry | None, entry: Entry) -> bool:
    return found is not None and (found.pack, found.index) == (entry.pack, entry.index)


def _says(sentence: str, word: str) -> bool:
    """The number itself, not a part of a longer one."""
    return re.search(rf"(?<![0-9〇{_DIGITS}百]){re.escape(word)}(?![0-9])", sentence) is not None


def _spellings(figure: Entry) -> Iterator[str]:
    """``24``, and 2年, 两年, 二年 for 24 months: how a sentence says a number."""
    value = figure.value or 0
    yield str(value)
    years = value if figure.unit == "year" else 0
    if figure.unit == "month" and value % 12 == 0:
        years = value // 12
        yield f"{years}年"
    if 0 < years <= 10:
        yield from (f"{c}年" for c in ("两" if years == 2 else "", _DIGITS[years]) if c)
    if 0 < value <= 10:
        yield from (f"{_DIGITS[value]}个", f"{_DIGITS[value]}次", f"{_DIGITS[value]}日")
