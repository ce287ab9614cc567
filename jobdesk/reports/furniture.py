"""What stands around the frame on every paper: heading, running head, footer, signature blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobdesk.host.strings import text
from jobdesk.reports.fonts import HEI_BOLD, SONG, SONG_BOLD, width
from jobdesk.reports.grid import LABEL, NOTE, PAD, Geometry, Row
from jobdesk.reports.lines import fitting, shorten, wrap
from jobdesk.reports.page import FAINT, MM, Paper


@dataclass(frozen=True, slots=True)
class Printed:
    """Who prints what where, for the footer of every page.

    Attributes:
        at: wall time in Jilin, ``2026-11-02 09:12``.
        notice: what is masked on this paper, in words.
        watermark: 练习 at the practice station, else empty.
    """

    unit: str
    by: str
    at: str
    notice: str = ""
    watermark: str = ""


def heading(
    paper: Paper,
    geo: Geometry,
    title: str,
    left: str = "",
    middle: str = "",
    right: str = "",
    aside: str = "",
) -> float:
    """Title and the line under it; the upper edge of the frame is returned."""
    size, space = 19.0, 2.0
    while width(title, SONG_BOLD, size) + space * len(title) > geo.inner and size > 11:
        size -= 0.5
    top = geo.height - geo.top
    base = top - 19
    centre = geo.left + geo.inner / 2
    paper.text(centre, base, title, SONG_BOLD, size, "c", space=space)
    if aside:
        paper.text(geo.left + geo.inner, base, aside, SONG, NOTE, "r", FAINT)
    if not (left or middle or right):
        return base - 6 * MM
    base -= 7.6 * MM
    half = width(middle, SONG_BOLD, 11) / 2
    room = geo.inner / 2 - half - 4 * MM
    paper.text(centre, base, middle, SONG_BOLD, 11, "c")
    paper.text(geo.left + geo.inner, base, right, SONG, fitting(right, SONG, 9.5, room), "r")
    _left(paper, geo.left, base, left, room)
    return base - 2.4 * MM


def _left(paper: Paper, x: float, base: float, line: str, room: float) -> None:
    size = fitting(line, SONG, 9.5, room)
    if size >= 7.5:
        paper.text(x, base, line, SONG, size)
        return
    lines = wrap(line, SONG, 8, room)
    for place, piece in enumerate(lines[:2]):
        paper.text(x, base + (len(lines[:2]) - 1 - place) * 10.4, piece, SONG, 8)


def running_head(paper: Paper, geo: Geometry, title: str, facts: Sequence[str]) -> float:
    """Small head of a following page: whose sheet it is, even if the pages come apart."""
    base = geo.height - geo.top - 12
    paper.text(geo.left, base, title, SONG_BOLD, 11)
    used = width(title, SONG_BOLD, 11)
    paper.text(geo.left + used + 3, base, text("paper.next_page"), SONG, 9.5)
    room = geo.inner - used - 18 * MM
    kept = list(facts)
    while len(kept) > 1 and width("　·　".join(kept), SONG, 9.5) > room:
        del kept[-2 if len(kept) > 2 else -1]
    line = shorten("　·　".join(kept), SONG, 9.5, room)
    paper.text(geo.left + geo.inner, base, line, SONG, 9.5, "r")
    return base - 2.4 * MM


def carry_on(paper: Paper, geo: Geometry, y: float) -> None:
    """（接下页） under the frame."""
    paper.text(geo.left + geo.inner, y - 3.3 * MM, text("paper.carry_on"), SONG, NOTE, "r", FAINT)


def footer(paper: Paper, geo: Geometry, number: int, total: int, printed: Printed) -> None:
    """Page, unit, who and when, and what is masked, over the full width; two lines where one is too short."""
    base = 10.5 * MM
    paper.line(geo.left, base + 4 * MM, geo.left + geo.inner, base + 4 * MM)
    facts = [
        text("paper.page_of", number=number, total=total),
        printed.unit,
        text("paper.printed_by", name=printed.by),
        text("paper.printed_at", at=printed.at),
        printed.notice,
    ]
    facts = [f for f in facts if f]
    size = NOTE
    while size > 6.6 and sum(width(f, SONG, size) for f in facts) + 12 * len(facts) > geo.inner:
        size = round(size - 0.2, 1)
    if sum(width(f, SONG, size) for f in facts) + 12 * (len(facts) - 1) <= geo.inner:
        _spread_facts(paper, geo, base, facts, size)
        return
    _spread_facts(paper, geo, base + 0.7 * MM, facts[:2], 6.8)
    _spread_facts(paper, geo, base - 2.5 * MM, facts[2:], 6.8)


def _spread_facts(paper: Paper, geo: Geometry, base: float, facts: Sequence[str], size: float) -> None:
    wide = [width(f, SONG, size) for f in facts]
    gap = (geo.inner - sum(wide)) / max(len(facts) - 1, 1)
    x = geo.left
    for place, (fact, own) in enumerate(zip(facts, wide, strict=True)):
        paper.text(x, base, fact, SONG, size, gray=FAINT)
        x += own + gap
        if place < len(facts) - 1:
            paper.text(x - gap / 2, base, "·", SONG, size, "c", FAINT)


def date_rule(paper: Paper, right: float, base: float) -> None:
    """＿＿年＿＿月＿＿日, its right end at ``right``."""
    x = right
    for mark, wide in ((text("paper.day"), 6.0), (text("paper.month"), 6.0), (text("paper.year"), 9.5)):
        x -= 9
        paper.text(x, base, mark, SONG, 9)
        x -= wide * MM
        paper.line(x + 0.6 * MM, base - 1.2, x + (wide - 0.6) * MM, base - 1.2)


@dataclass(frozen=True, slots=True)
class Signer:
    """One block of a signature row.

    Attributes:
        said: printed in bold instead of a rule (nobody shall sign here); empty leaves the rule.
        lines: small lines under it.
        dated: a day is written below the rule; a telephone number has none.
    """

    label: str
    said: str = ""
    lines: tuple[str, ...] = ()
    dated: bool = True


def signatures(signers: Sequence[Signer], height: float = 23.4 * MM) -> Row:
    """Blocks of equal width, each with a rule and a date to be written, or with words instead."""

    def paint(paper: Paper, geo: Geometry, y: float, tall: float) -> None:
        wide = geo.inner / len(signers)
        for place, signer in enumerate(signers):
            x = geo.left + place * wide
            if place:
                paper.line(x, y, x, y - tall)
            paper.text(x + PAD, y - 4.6 * MM, signer.label, SONG, LABEL, gray=FAINT)
            if signer.said:
                _said(paper, x, y, wide, tall, signer)
                continue
            paper.line(x + PAD + MM, y - tall + 9.4 * MM, x + wide - PAD - MM, y - tall + 9.4 * MM)
            if signer.dated:
                date_rule(paper, x + wide - PAD - MM, y - tall + 3.4 * MM)

    return Row(paint=paint, least=height)


def _said(paper: Paper, x: float, y: float, wide: float, tall: float, signer: Signer) -> None:
    room = wide - 2 * PAD
    base = y - 11.4 * MM
    paper.text(
        x + wide / 2,
        base,
        signer.said,
        HEI_BOLD,
        9.5 if width(signer.said, HEI_BOLD, 9.5) <= room else 8,
        "c",
    )
    lines = [piece for line in signer.lines for piece in wrap(line, SONG, NOTE, room)]
    for piece in lines[: int((tall - 12 * MM) / (3.7 * MM))]:
        base -= 3.9 * MM
        paper.text(x + wide / 2, base - 0.6 * MM, piece, SONG, NOTE, "c")
