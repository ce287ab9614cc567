"""What a field is: its type, and what it needs. The records stand in ``schema_records``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """How a value is typed, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    """A full date."""
    DATE = "date"
    """A date of stated precision: a month stays a month."""
    MONTH = "month"
    BOOL = "bool"
    INT = "int"
    CODE = "code"
    """A code of the table named by ``Field.table``; unknown text is kept as it is, to be checked."""
    ID_NUMBER = "id_number"
    PHONE = "phone"
    STAFF = "staff"
    REF = "ref"
    """The id of another subject or record."""
    SET = "set"
    """Unordered values; concurrent additions all stay (add-wins)."""
    JSON = "json"
    """A nested value that is written and replaced as a whole (a held row's cells, a saved view)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record kind.

    Attributes:
        critical: with several unsettled versions none wins by clock (design.md §4).
        masked: shown masked until revealed; revealing is logged.
        sensitive: 残疾, 健康, 低保 …: never in lists, exports and print unless asked for by name.
        table: code list for CODE and SET fields, empty otherwise.
    """

    name: str
    type: FieldType = FieldType.TEXT
    critical: bool = False
    masked: bool = False
    sensitive: bool = False
    table: str = ""


def fields(spec: str, type_: FieldType = FieldType.TEXT, **flags: bool | str) -> tuple[Field, ...]:
    """Fields of one type and kind, named in one text."""
    return tuple(Field(name, type_, **flags) for name in spec.split())  # type: ignore[arg-type]


T, L, D, B, S = FieldType.TEXT, FieldType.LONG_TEXT, FieldType.DAY, FieldType.BOOL, FieldType.STAFF
