"""帮扶档案: the file of one person."""

from jobdesk.ui.casefile.panel import CaseFilePanel

__all__ = ["CaseFilePanel"]
