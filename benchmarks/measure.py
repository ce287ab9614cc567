"""Timing and the result table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        value, floor: in ``unit``; the floor is what the bare machine needs for the same, None without one.
        aim: what the issue asks, as words.
        ok: whether the aim was met in this run; None where there is none.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    aim: str = ""
    ok: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    def row(self) -> str:
        floor = f"{self.floor:.4g} {self.unit} ({self.floor_name})" if self.floor is not None else "—"
        ratio = f"{self.ratio:.2f}×" if self.ratio is not None else "—"
        met = "—" if self.ok is None else "yes" if self.ok else "**no**"
        ours = f"{self.value:.4g} {self.unit}"
        return f"| {self.name} | {ours} | {floor} | {ratio} | {self.aim or '—'} | {met} |"


HEAD = "| what | jobdesk | floor | ratio | aim | met |\n|---|---|---|---|---|---|"


def times_ms(job: Callable[[int], object], count: int, warm: int = 2) -> list[float]:
    """Wall milliseconds of each call, sorted; ``warm`` calls go before and are not counted."""
    for n in range(warm):
        job(n)
    found: list[float] = []
    for n in range(count):
        started = time.perf_counter()
        job(n)
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


def part(values: list[float], share: float) -> float:
    """A quantile of sorted values."""
    return values[min(len(values) - 1, int(len(values) * share))]


def median(values: list[float]) -> float:
    return statistics.median(values)
