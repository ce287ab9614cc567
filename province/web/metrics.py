"""Counters of all processes in OpenMetrics text. No name, number or id of a person ever stands in them."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_KNOWN = frozenset(
    (
        *(f"/v1/{name}" for name in ("hello", "enrol", "renew", "push", "pull", "bootstrap", "transfer",
                                     "stations", "blobs", "carried")),
        "/health", "/ready", "/metrics", "/view", "/view/streams.json",
    )
)  # fmt: skip


def name_of(path: str) -> str:
    """The kind of an address, without digests and links. One that is none of ours is ``other``: nobody can
    fill the memory with paths.
    """
    if path.startswith("/v1/blobs/"):
        return "/v1/blobs"
    for door in ("/view/in", "/view/kept"):
        if path.startswith(f"{door}/"):
            return door
    return path if path in _KNOWN else "other"


class Metrics:
    """Requests, refusals, verdicts, bytes, seconds.

    Args:
        shared: a folder where the processes of one server leave their counters for each other: whichever is
            asked tells the sum. A process that died is counted on, so that no figure falls. None: alone.
        every_s: a process leaves them at a request, but not oftener (own figure): a file at each request cost
            as much as what the request asked.
    """

    def __init__(self, shared: Path | None = None, every_s: float = 1.0) -> None:
        self._shared, self._every, self._left = shared, every_s, float("-inf")
        self._requests: Counter[tuple[str, int]] = Counter()
        self._refused: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._pulled = 0

    def request(self, path: str, status: int, seconds: float) -> None:
        name = name_of(path)
        self._requests[name, status] += 1
        for edge in _BUCKETS:
            if seconds <= edge:
                self._buckets[name, edge] += 1
        self._seconds[name] += int(seconds * 1_000_000)
        if time.monotonic() - self._left >= self._every:
            self._leave()

    def refused(self, code: str) -> None:
        self._refused[code] += 1

    def pushed(self, verdicts: Iterable[str]) -> None:
        self._verdicts.update(verdicts)

    def pulled(self, size: int) -> None:
        self._pulled += size

    def _leave(self) -> None:
        """For the other processes. A disk that is full loses a figure, never a request."""
        if self._shared is None:
            return
        self._left = time.monotonic()
        counted = {k: [[*_parts(key), n] for key, n in c.items()] for k, c in self._counters().items()}
        part = self._shared / f"{os.getpid()}.part"
        with suppress(OSError):
            part.write_text(json.dumps({"counters": counted, "pulled": self._pulled}), encoding="utf-8")
            part.replace(part.with_suffix(".json"))

    def _counters(self) -> dict[str, Counter[Any]]:
        return {"requests": self._requests, "refused": self._refused, "verdicts": self._verdicts,
                "buckets": self._buckets, "seconds": self._seconds}  # fmt: skip

    def _take(self, file: Path) -> None:
        with suppress(OSError, ValueError):
            left = json.loads(file.read_text(encoding="utf-8"))
            for name, counter in self._counters().items():
                for *key, n in left["counters"][name]:
                    counter[key[0] if len(key) == 1 else tuple(key)] += n
            self._pulled += left["pulled"]

    def text(self, gauges: Mapping[str, int] | None = None) -> str:
        """The whole exposition of all processes, ended as OpenMetrics wants it.

        Args:
            gauges: what the database says now, by name.
        """
        if self._shared is None:
            return self._text(gauges or {})
        whole = Metrics()
        self._leave()
        for file in sorted(self._shared.glob("*.json")):
            whole._take(file)
        return whole._text(gauges or {})

    def _text(self, gauges: Mapping[str, int]) -> str:
        lines = ["# TYPE jobdesk_requests counter"]
        totals: Counter[str] = Counter()
        for (path, status), count in sorted(self._requests.items()):
            lines.append(f'jobdesk_requests_total{{path="{path}",status="{status}"}} {count}')
            totals[path] += count
        lines.append("# TYPE jobdesk_request_seconds histogram")
        for path, total in sorted(totals.items()):
            lines += [
                f'jobdesk_request_seconds_bucket{{path="{path}",le="{edge}"}} {self._buckets[path, edge]}'
                for edge in _BUCKETS
            ]
            lines.append(f'jobdesk_request_seconds_bucket{{path="{path}",le="+Inf"}} {total}')
            lines.append(f'jobdesk_request_seconds_count{{path="{path}"}} {total}')
            lines.append(f'jobdesk_request_seconds_sum{{path="{path}"}} {self._seconds[path] / 1_000_000}')
        lines.append("# TYPE jobdesk_refused counter")
        lines += [f'jobdesk_refused_total{{code="{c}"}} {n}' for c, n in sorted(self._refused.items())]
        lines.append("# TYPE jobdesk_actions counter")
        lines += [f'jobdesk_actions_total{{verdict="{v}"}} {n}' for v, n in sorted(self._verdicts.items())]
        lines.append("# TYPE jobdesk_pulled_bytes counter")
        lines.append(f"jobdesk_pulled_bytes_total {self._pulled}")
        for name, value in gauges.items():
            lines += [f"# TYPE {name} gauge", f"{name} {value}"]
        return "\n".join([*lines, "# EOF"]) + "\n"


def _parts(key: object) -> tuple[object, ...]:
    """A key as what JSON can hold."""
    return key if isinstance(key, tuple) else (key,)  # pyright: ignore[reportUnknownVariableType]
