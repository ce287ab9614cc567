"""Counters of one process in OpenMetrics text. No name, number or id of a person ever stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_KNOWN = ("/v1/hello", "/v1/enrol", "/v1/renew", "/v1/push", "/v1/pull", "/v1/bootstrap", "/health", "/ready")


class Metrics:
    """Requests, refusals, verdicts, bytes, seconds."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._refused: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._pulled = 0

    def request(self, path: str, status: int, seconds: float) -> None:
        """An address that is none of ours counts as ``other``: nobody can fill the memory with paths."""
        name = path if path in _KNOWN else "other"
        self._requests[name, status] += 1
        for edge in _BUCKETS:
            if seconds <= edge:
                self._buckets[name, edge] += 1
        self._seconds[name] += int(seconds * 1_000_000)

    def refused(self, code: str) -> None:
        self._refused[code] += 1

    def pushed(self, verdicts: Iterable[str]) -> None:
        self._verdicts.update(verdicts)

    def pulled(self, size: int) -> None:
        self._pulled += size

    def text(self) -> str:
        """The whole exposition, ended as OpenMetrics wants it."""
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
        return "\n".join([*lines, "# EOF"]) + "\n"
