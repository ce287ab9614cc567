"""What is not right with a row, by kind, and which kinds hold the row back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOLDING = frozenset(
    {
        "id_damaged",
        "id_scientific",
        "id_bad_checksum",
        "id_bad_date",
        "id_bad_length",
        "id_bad_characters",
        "sex_disagrees",
        "birth_disagrees",
        "date_impossible",
        "name_missing",
        "number_of_two_people",
        "repeated_differs",
        "cell_unfilled",
        "birth_unreadable",
        "id_perhaps_damaged",
        "number_taken",
        "number_twice_here",
        "perhaps_same_person",
        "repeated_of_held",
    }
)
"""Kinds that hold a row with the import: a critical field is unsettled, or a rule of the issue names them.

All others are hints and never hold: age, an unknown or historic region, a 15-digit number, phones,
codes nobody can map, dates nobody can read outside the birth date.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at.

    Attributes:
        code: its sentence is ``import.problem.<code>``.
        target: our field it concerns; empty for the whole row.
        column: letter of the column, empty for the whole row.
        params: for the sentence. Numbers of persons are masked by whoever shows it, places are plain.
    """

    code: str
    target: str = ""
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def holds(self) -> bool:
        return self.code in HOLDING

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "target": self.target,
            "column": self.column,
            "params": dict(self.params),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Problem:
        return cls(str(raw["code"]), str(raw["target"]), str(raw["column"]), dict(raw["params"]))
