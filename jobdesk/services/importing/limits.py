"""How much a file may hold before it is refused; own figures (自定) except the 50,000 rows of the notice."""

from __future__ import annotations

MAX_ROWS = 50_000
"""Rows of people in one file; more are refused with the advice to split."""

MAX_SHEET_ROWS = 60_000
"""Rows with anything in them in one sheet: titles and footers may come on top of ``MAX_ROWS``."""

MAX_COLUMNS = 400
MAX_CELLS = 6_000_000
"""Rows times columns of one sheet: the reader below us keeps the whole rectangle in memory."""

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 300
"""Unpacked to packed bytes of one part, looked at from ``RATIO_FROM_BYTES`` on. Real ledgers reach 60."""

RATIO_FROM_BYTES = 40 * 1024 * 1024
MAX_PARTS = 4_000
"""Files inside the archive."""

MAX_SHEETS = 200
