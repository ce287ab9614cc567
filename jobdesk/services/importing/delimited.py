"""Text tables: .csv and .txt in GB18030 or UTF-8, and cells pasted from Excel or WPS."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from jobdesk.cases.errors import BadInput
from jobdesk.services.importing.grid import Raw, Sheet

_SEPARATORS = "\t,;|，；"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""``="229901…"``: how some systems keep a long number as text in a CSV."""


def decode(content: bytes, path: str) -> tuple[str, str]:
    """The text and the encoding it was in.

    Raises:
        BadInput: not text in an encoding that ledgers come in.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            try:
                return _text(content[len(mark) :].decode(name), path), f"{name}-bom"
            except UnicodeDecodeError:
                raise BadInput("file_not_table", path=path) from None
    for name in ("utf-8", "gb18030"):
        try:
            return _text(content.decode(name), path), name
        except UnicodeDecodeError:
            continue
    raise BadInput("file_not_table", path=path)


def _text(text: str, path: str) -> str:
    if _CONTROL.search(text):
        raise BadInput("file_not_table", path=path)
    return text


def read(text: str, name: str, path: str) -> Sheet:
    """One sheet from the text; a line is a row, its separator is found from the first lines.

    Raises:
        BadInput: a cell longer than any ledger cell (an unclosed quotation mark swallowed the rest).
    """
    separator = _separator(text)
    rows: list[list[Raw]] = []
    source = io.StringIO(text, newline="")
    try:
        for line in csv.reader(source, delimiter=separator, skipinitialspace=False):
            rows.append([_cell(value) for value in line])
    except csv.Error:
        raise BadInput("file_quotes", path=path, row=len(rows) + 1) from None
    return Sheet(name, rows)


def _cell(value: str) -> str:
    if value.startswith('="') and (match := _FORMULA_TEXT.fullmatch(value)):
        return match[1]
    return value


def _separator(text: str) -> str:
    """The mark that splits the first lines most evenly; a comma where none does."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:40]
    best, best_score = ",", 0.0
    for mark in _SEPARATORS:
        counts = Counter(line.count(mark) for line in lines)
        counts.pop(0, None)
        if counts:
            number, times = max(counts.items(), key=lambda item: (item[1], item[0]))
            score = times + min(number, 30) / 10
            if score > best_score:
                best, best_score = mark, score
    return best
