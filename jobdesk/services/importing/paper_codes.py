"""Circled and bracketed codes in cells, and the 填表说明 that says what they mean.

①…㊿, ❶…❿, ⑴…⒇, ⒈…⒛, (1), 1、 are one family each in the text; a code is its number, so ⑶ in a
cell finds ③ in the notes of the same sheet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobdesk.services.importing.tables import compact, label_key

_CIRCLED: dict[str, int] = {}
for _first, _start, _count in (
    (0x2460, 1, 20),
    (0x3251, 21, 15),
    (0x32B1, 36, 15),
    (0x2776, 1, 10),
    (0x2780, 1, 10),
):
    _CIRCLED.update({chr(_first + i): _start + i for i in range(_count)})
_BRACKETED = {chr(0x2474 + i): 1 + i for i in range(20)}
_DOTTED = {chr(0x2488 + i): 1 + i for i in range(20)}
_SIGNS: Mapping[str, int] = {**_CIRCLED, **_BRACKETED, **_DOTTED}
_CLASS = "".join(_SIGNS)

_MARKS = (
    re.compile(f"([{''.join(_CIRCLED)}])"),
    re.compile(f"([{''.join(_BRACKETED)}])"),
    re.compile(f"([{''.join(_DOTTED)}])"),
    re.compile(r"[(（]\s*(\d{1,2})\s*[)）]"),
    re.compile(r"(?<![\d.])(\d{1,2})\s*(?:、|\.(?!\d)|．|:|：|-|—)"),
)
_ITEM = rf"(?:[{_CLASS}]|\(\d{{1,2}}\)|(?<!\d)\d{{1,2}}(?!\d)(?:、|\.)?)"
_CELL = re.compile(rf"{_ITEM}(?:[、,;/\s和及+]*{_ITEM})*")
_SIGN = re.compile(rf"[{_CLASS}]")
_ONE = re.compile(rf"[{_CLASS}]|\d{{1,2}}")
_LABEL_PREFIX = re.compile(
    r"^(?:\(?\d{1,2}\)?[、.．)]|[一二三四五六七八九十]+[、.．]|[“”\"']|填表说明[:：]?|说明[:：]?|注[:：]?|其中[:：]?)+"
)
_LABEL_SUFFIX = re.compile(
    r"(?:栏|一栏|代码|编码|填写代码|填代码|填写|请填|选填|填|分为|包括|是指|按|为|[:：“”\"'(（—-])+$"
)
_TRAILING = re.compile(r"[\s;；,，。、]+$")
_BREAK = re.compile(r"[\n\r。；;]|\s{2,}")


@dataclass(frozen=True, slots=True)
class Legend:
    """What the codes of one column mean, by the sheet itself.

    Attributes:
        label: as the notes call the column; may name several (就业去向、就业渠道).
        meanings: number of the code → text.
    """

    label: str
    meanings: Mapping[int, str]


def codes_in(text: str) -> tuple[int, ...] | None:
    """The numbers of the codes that a cell consists of, None for a cell that holds other text.

    Plain digits count only where they stand with separators (``1、3``) or alone, up to two digits.
    """
    plain = text.strip()
    if not plain or len(plain) > 60:
        return None
    half = "".join(c if c in _SIGNS else unicodedata.normalize("NFKC", c) for c in plain)
    if not _CELL.fullmatch(half):
        return None
    return tuple(_SIGNS.get(m, 0) or int(m) for m in _ONE.findall(half))


def has_sign(text: str) -> bool:
    """Whether a circled or bracketed sign stands in the text."""
    return _SIGN.search(text) is not None


def sign_and_text(text: str) -> tuple[int, str] | None:
    """``①大龄失业人员``: a code with its meaning written out in the cell; None for anything else."""
    plain = text.strip()
    for mark in _MARKS[:4]:
        match = mark.match(plain)
        if match and (rest := plain[match.end() :].strip(" 、.:：")) and not has_sign(rest):
            return _number(match[1]), rest
    return None


def _number(mark: str) -> int:
    return _SIGNS.get(mark) or int(mark)


def legends(notes: Iterable[str]) -> tuple[Legend, ...]:
    """The code lists that the notes of a sheet explain.

    A list begins at number 1 and counts up; its name is what stands before it.
    """
    text = "\n".join(notes)
    for mark in _MARKS:
        found = _with_marks(text, mark)
        if found:
            return tuple(found)
    return ()


def _with_marks(text: str, mark: re.Pattern[str]) -> list[Legend]:
    hits = list(mark.finditer(text))
    groups: list[list[re.Match[str]]] = []
    for hit in hits:
        number = _number(hit[1])
        if number == 1:
            groups.append([hit])
        elif groups and number == _number(groups[-1][-1][1]) + 1:
            groups[-1].append(hit)
    groups = [g for g in groups if len(g) >= 2]
    found: list[Legend] = []
    before = 0
    for index, group in enumerate(groups):
        label_text = text[before : group[0].start()]
        end = groups[index + 1][0].start() if index + 1 < len(groups) else len(text)
        meanings: dict[int, str] = {}
        for hit, following in zip(group, [*group[1:], None], strict=True):
            stop = following.start() if following else end
            piece = text[hit.end() : stop]
            if following is None:
                piece, consumed = _last_item(piece, closed=index + 1 >= len(groups))
                before = hit.end() + consumed
            meanings[_number(hit[1])] = _TRAILING.sub("", piece.strip(" \t\n:：、.．"))
        label = _label(label_text)
        if label and all(meanings.values()):
            found.append(Legend(label, meanings))
    return found


def _last_item(piece: str, *, closed: bool) -> tuple[str, int]:
    """The last meaning ends at a break, or where the next list's name begins."""
    lead = len(piece) - len(piece.lstrip())
    if match := _BREAK.search(piece, lead):
        return piece[: match.start()], match.start()
    if closed:
        return piece, len(piece)
    words = piece.rstrip().split()
    if len(words) > 1:
        start = piece.rindex(words[-1])
        return piece[:start], start
    if match := re.search(r"\d{1,2}[、.．](?=\D)", piece):
        return piece[: match.start()], match.start()
    return piece, len(piece)


def _label(text: str) -> str:
    line = [part for part in re.split(r"[\n\r。；;]", text) if part.strip()]
    if not line:
        return ""
    label = compact(line[-1])
    label = _LABEL_PREFIX.sub("", label)
    previous = None
    while previous != label:
        previous, label = label, _LABEL_SUFFIX.sub("", label)
    return label.split("：")[-1].split(":")[-1][-30:]


def legend_for(label: str, found: Iterable[Legend]) -> Legend | None:
    """The list that the notes give for a column: by its name, or by one of several names."""
    leaf = label_key(label.rpartition("/")[2])
    if not leaf:
        return None
    options = list(found)
    for legend in options:
        if label_key(legend.label) == leaf:
            return legend
    for legend in options:
        if leaf in {label_key(part) for part in re.split(r"[、,，/和及]", legend.label)}:
            return legend
    for legend in options:
        key = label_key(legend.label)
        if len(key) >= 4 and (key in leaf or (len(leaf) >= 4 and leaf in key)):
            return legend
    return None
