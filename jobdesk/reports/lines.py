"""Where a text breaks into lines on paper.

Between any two Chinese characters, but never before a closing mark nor after an opening one; Latin words,
numbers and a number with its measure word stay whole. A full-width closing mark may hang half its (empty)
width over the edge. A last line of one or two characters (in a narrow column: of one) is avoided where the
same number of lines allows it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from jobdesk.reports.fonts import width

_OPEN = r"（《〈“‘〔【"
_CLOSE = r"，。；：、！？）》〉”’〕】％·"
_MEASURE = r"(?:个月|公里|工作日|分钟|小时|[年月日天次元人份岁号项户周点页张])"
_WORD = rf"[\x21-\x7e–]+(?: ?{_MEASURE})?"
_CHUNK = re.compile(rf"[{_OPEN}]*(?:{_WORD}|…+|—+|\S)[{_CLOSE}]*|[^\S\n]+")
_HEAD_WORDS = r"就业|失业|困难|高校|毕业生|人员|成员|家庭|农民|未就业|登记|服务|培训|见习|联系|人次"
_HEAD_CHUNK = re.compile(rf"[{_OPEN}]*(?:{_HEAD_WORDS}|{_WORD}|\S)[{_CLOSE}]*|[^\S\n]+")
"""In a narrow column head a break inside one of these words reads badly."""
_HANGS = frozenset(_CLOSE) - frozenset("％·")
_SHORT = 2.3
"""A last line narrower than this many characters looks lost."""


@lru_cache(maxsize=32768)
def wrap(text: str, face: str, size: float, room: float, head: bool = False) -> tuple[str, ...]:
    """The lines of a text in ``room`` points; a line feed always breaks. Empty text has no line."""
    if not text:
        return ()
    if "\n" not in text and width(text, face, size) <= room:
        return (text,)
    found: list[str] = []
    for part in text.split("\n"):
        found += _paragraph(_chunks(part, face, size, room, head), face, size, room)
    return tuple(found)


def _paragraph(chunks: list[tuple[str, float]], face: str, size: float, room: float) -> list[str]:
    best = _fill(chunks, size, room)
    short = (_SHORT if room > 9 * size else 1.5) * size
    if len(best) < 2 or width(best[-1], face, size) >= short:
        return best
    for step in range(1, 9):
        other = _fill(chunks, size, room - step * size / 2)
        if len(other) > len(best):
            break
        if width(other[-1], face, size) >= short:
            return other
    return best


def _chunks(text: str, face: str, size: float, room: float, head: bool) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for piece in (_HEAD_CHUNK if head else _CHUNK).findall(text):
        wide = width(piece, face, size)
        if wide > room and len(piece) > 1:
            found += [(c, width(c, face, size)) for c in piece]
        else:
            found.append((piece, wide))
    return found


def _fill(chunks: list[tuple[str, float]], size: float, room: float) -> list[str]:
    lines: list[str] = []
    line = ""
    used = 0.0
    for piece, wide in chunks:
        hang = size / 2 if piece[-1] in _HANGS else 0.0
        if line and used + wide - hang > room:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if piece.isspace():
                continue
        line += piece
        used += wide
    lines.append(line.rstrip())
    return lines


def fitting(text: str, face: str, size: float, room: float, least: float = 6.5) -> float:
    """The size, or the largest smaller one (not under ``least``) at which the text stays on one line."""
    wide = width(text, face, size)
    return size if wide <= room else max(least, int(size * room / wide * 20) / 20)


def shorten(text: str, face: str, size: float, room: float) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    if width(text, face, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", face, size) > room:
        kept = kept[:-1]
    return kept + "…"
