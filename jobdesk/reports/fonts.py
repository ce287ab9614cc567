"""The four bundled faces of the paper, their widths, and what stands in for a glyph that a face lacks.

Only these fonts are ever embedded, as subsets. The Sans Regular is shipped whole; the other three are cut to
the common characters, so a rare name set in one of them takes the missing glyph from the Sans.
reportlab is imported on first use: a program that prints nothing never loads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from threading import RLock
from typing import Any

from jobdesk.host import assets

SONG = "Song"
SONG_BOLD = "SongBold"
HEI = "Hei"
HEI_BOLD = "HeiBold"
FALLBACK = HEI

FILES = {
    SONG: "fonts/NotoSerifSC-Regular.ttf",
    SONG_BOLD: "fonts/NotoSerifSC-Bold.ttf",
    HEI: "fonts/NotoSansSC-Regular.ttf",
    HEI_BOLD: "fonts/NotoSansSC-Bold.ttf",
}

WRITING = RLock()
"""reportlab seeks in a font file that all documents share; one document is finished at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One face in memory.

    Attributes:
        font: reportlab's TTFont; it keeps the subset of each document apart.
        widths: advance of each character it has, in thousandths of the size, by code point.
        spare: advance of a character that no face has.
    """

    name: str
    font: Any
    widths: dict[int, float]
    spare: float


@cache
def load(name: str) -> Loaded:
    """Read a face from the program's own folder (some 100 ms for the whole Sans) and keep it."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics, ttfonts

    registry: Any = pdfmetrics

    ttfonts.makeToUnicodeCMap = _to_unicode
    rl_config.useA85 = 0  # text armour would make files a quarter larger and slower
    font = ttfonts.TTFont(name, str(assets.path(FILES[name])), asciiReadable=False, shapable=False)
    registry.registerFont(font)
    return Loaded(name, font, dict(font.face.charWidths), float(font.face.defaultWidth))


def _to_unicode(fontname: str, subset: list[int]) -> str:
    """The map from a subset's codes back to text.

    reportlab writes five hex digits for a character outside the BMP, which readers take for other letters;
    the standard wants UTF-16 with surrogates, and at most 100 entries in a block.
    """
    entries = [f"<{code:02X}> <{_utf16(point)}>" for code, point in enumerate(subset)]
    blocks = [entries[k : k + 100] for k in range(0, len(entries), 100)]
    middle = [line for b in blocks for line in (f"{len(b)} beginbfchar", *b, "endbfchar")]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
            f"/CMapName /{fontname} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *middle,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _utf16(point: int) -> str:
    return chr(point).encode("utf-16-be", "surrogatepass").hex().upper()


@lru_cache(maxsize=8192)
def advance(char: str, face: str) -> float:
    """Width of one character in thousandths of the size, taken from the face that will draw it."""
    point = ord(char)
    own = load(face)
    found = own.widths.get(point)
    if found is None and face != FALLBACK:
        return advance(char, FALLBACK)
    return own.spare if found is None else found


@lru_cache(maxsize=65536)
def width(text: str, face: str, size: float) -> float:
    """Width of a line in points."""
    own = load(face).widths
    try:
        units = sum([own[ord(c)] for c in text])
    except KeyError:
        units = sum([advance(c, face) for c in text])
    return units * size / 1000


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """(face, piece) in order: pieces the face lacks go to the whole Sans.

    A character that no bundled font has is drawn as the font's empty box, and still copies as itself.
    """
    own = load(face).widths
    missing = [ord(c) for c in text if ord(c) not in own]
    if not missing:
        return [(face, text)]
    last = load(FALLBACK)
    for point in missing:
        if point not in last.widths:
            last.font.face.charToGlyph.setdefault(point, 0)
            last.font.face.charWidths.setdefault(point, last.spare)
    if face == FALLBACK:
        return [(face, text)]
    found: list[tuple[str, str]] = []
    for char in text:
        name = face if ord(char) in own else FALLBACK
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + char)
        else:
            found.append((name, char))
    return found
