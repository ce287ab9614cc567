"""Rows for the clipboard: as a table that keeps text as text, and as plain lines for everything else.

Excel takes the HTML form when both are offered; the number format in it keeps 18 digits whole and leaves
a value that begins with = as text. In the plain form such a value is led by an apostrophe.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from jobdesk.reports.xlsx_out import XlsxSheet, masked_sheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Clip:
    """Both forms of the same rows, heads first."""

    plain: str
    html: str


def clip(sheet: XlsxSheet, mask: bool = True) -> Clip:
    """What is copied; secret columns are masked unless asked."""
    shown = masked_sheet(sheet) if mask else sheet
    heads = [c.title for c in shown.columns]
    rows = [["" if v is None else str(v) for v in row] for row in shown.rows]
    plain = "\n".join("\t".join(_plain(v) for v in row) for row in [heads, *rows])
    cells = [_html_row(heads, "th"), *[_html_row(row, "td") for row in rows]]
    head = "<head><meta charset=\"utf-8\"><style>td{mso-number-format:'\\@'}</style></head>"
    return Clip(plain, f"<html>{head}<body><table>{''.join(cells)}</table></body></html>")


def _plain(value: str) -> str:
    flat = " ".join(value.split("\n")).replace("\t", " ")
    return f"'{flat}" if flat.startswith(FORMULA_STARTS) else flat


def _html_row(values: list[str], tag: str) -> str:
    cells = "".join(f"<{tag}>{escape(v).replace(chr(10), '<br>')}</{tag}>" for v in values)
    return f"<tr>{cells}</tr>"
