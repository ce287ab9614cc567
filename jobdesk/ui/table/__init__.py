"""Lists of any length: give ``Table`` its columns and a ``fetch``, then ``set_ids``."""

from jobdesk.ui.table.cells import Cell, Column, Row, Sort
from jobdesk.ui.table.grid import Table
from jobdesk.ui.table.model import WindowedModel

__all__ = ["Cell", "Column", "Row", "Sort", "Table", "WindowedModel"]
