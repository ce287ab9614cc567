"""The search index: one line of terms a person, and the query that finds it.

Characters are indexed one by one (names and queries have two or three, fewer than a trigram needs),
pinyin as whole names and initials from every syllable on, with all readings; numbers as a whole and by
their tails. Restricted and sensitive facts are never indexed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jobdesk.store.pinyin import readings

_LATIN = re.compile(r"[0-9a-z]+")
_PIECES = re.compile(r"[0-9A-Za-z]+|[^\s0-9A-Za-z]+")
_TAILS = (4, 6)
_STOP = "\ue000"
"""A private character, a term to the tokenizer and nothing anybody types."""
MAX_QUERY = 60
"""Characters of a query that are looked at; more cannot narrow a name."""


def _character(char: str) -> str:
    """A character as a term; those outside the BMP are unknown to the tokenizer and go by number."""
    return char if char <= "\uffff" else f"u{ord(char):x}"


def _spaced(text: str) -> list[str]:
    out: list[str] = []
    for piece in _PIECES.findall(text):
        if piece[0].isascii():
            out.append(piece.lower())
        else:
            out.extend(_character(c) for c in piece if c.isalnum())
    return out


def name_terms(name: str) -> set[str]:
    """Full pinyin and initials from every syllable on, for every reading."""
    terms: set[str] = set()
    for reading in readings(name):
        full = reading.full
        for start in range(len(full)):
            terms.add("".join(full[start:]).lower())
            terms.add("".join(s[:1] for s in full[start:]).lower())
    terms.discard("")
    return terms


def number_terms(number: str) -> list[str]:
    """A number as a whole and by its last digits."""
    clean = "".join(_LATIN.findall(number.lower()))
    return [clean, *(clean[-n:] for n in _TAILS if len(clean) > n)] if clean else []


def terms_of(names: Iterable[str], numbers: Iterable[str], texts: Iterable[str]) -> str:
    """The indexed line. A stop mark keeps a phrase from running from one text into the next."""
    parts: list[str] = []
    for name in names:
        parts += [*_spaced(name), _STOP, *sorted(name_terms(name)), _STOP]
    for number in numbers:
        parts += number_terms(number)
    for text in texts:
        parts += [_STOP, *_spaced(text)]
    return " ".join(parts)


def match_of(query: str) -> str:
    """The full-text query for what was typed; empty when there is nothing to look for.

    Words narrow. A run of characters must stand together; letters and digits match as prefixes.
    """
    parts: list[str] = []
    for piece in _PIECES.findall(query[:MAX_QUERY]):
        if piece[0].isascii():
            parts.append(f'"{piece.lower()}"*')
            continue
        chars = [_character(c) for c in piece if c.isalnum()]
        if chars:
            parts.append('"' + " ".join(chars) + '"')
    return " AND ".join(parts)
