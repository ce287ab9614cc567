"""Where an exception came from, without its text: that may hold what people wrote."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

_LAST = 12


def frames(trace: TracebackType | None) -> list[str]:
    """File and line of each step, the innermost last."""
    found: list[str] = []
    while trace is not None:
        found.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-_LAST:]
