"""Every total with what it counts, so that a number can be opened."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Total key → (case id, record id or date) of everything it counts, in order."""

    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict[str, list[tuple[str, str]]])

    def add(self, key: str, case_id: str, what: str = "") -> None:
        self.found.setdefault(key, []).append((case_id, what))

    def open(self, key: str) -> None:
        """A total that may stay at nought."""
        self.found.setdefault(key, [])

    def number(self, key: str) -> int:
        return len(self.found.get(key, ()))
