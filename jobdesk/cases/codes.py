"""Code lists as values: a table of dated entries with the document they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

Status = Literal["confirmed", "unconfirmed", "lapsed", "own"]
"""``own`` is a list of our own making, shown as 自定."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code.

    Attributes:
        restricted: reveals a restricted fact (刑满释放, 戒毒康复): hidden in preview, lists, exports,
            print and search.
        sensitive: 残疾, 低保, 重病: stands in the file, never in a list.
        aliases: other spellings met in ledgers; they lead here and are never shown.
    """

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    restricted: bool = False
    sensitive: bool = False
    status: Status | None = None
    note: str = ""
    aliases: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Both ends included; an absent end is open."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Entries in the order in which they are offered.

    Attributes:
        document, clause: the source of the list.
        note: shown beside a list that is not confirmed (邻省代码，供参考).
    """

    id: str
    name: str
    entries: tuple[CodeEntry, ...]
    document: str
    clause: str = ""
    status: Status = "unconfirmed"
    note: str = ""
    _by_code: Mapping[str, CodeEntry] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, CodeEntry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code = {entry.code: entry for entry in self.entries}
        if len(by_code) != len(self.entries):
            raise ValueError(f"{self.id}: a code stands twice")
        by_name: dict[str, CodeEntry] = {}
        for entry in self.entries:
            for name in (entry.name, *entry.aliases):
                if by_name.setdefault(name, entry) is not entry:
                    raise ValueError(f"{self.id}: {name} leads to two codes")
        object.__setattr__(self, "_by_code", MappingProxyType(by_code))
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))

    def get(self, code: str) -> CodeEntry | None:
        """Also an entry that is no longer valid: old records keep their names."""
        return self._by_code.get(code)

    def named(self, name: str) -> CodeEntry | None:
        """By the name shown or an alias, exactly, blanks at the ends apart."""
        return self._by_name.get(name.strip())

    def find(self, text: str) -> CodeEntry | None:
        """By code, else by name; what a ledger cell may hold. Never a guess by likeness."""
        stripped = text.strip()
        return self._by_code.get(stripped) or self._by_name.get(stripped)

    def name_of(self, code: str) -> str:
        """The name, or the text itself where no entry knows it: unknown text stays visible."""
        entry = self._by_code.get(code)
        return entry.name if entry else code

    def on(self, day: date) -> tuple[CodeEntry, ...]:
        """What is offered for a fact of that day."""
        return tuple(entry for entry in self.entries if entry.valid_on(day))

    def is_restricted(self, code: str) -> bool:
        entry = self._by_code.get(code)
        return entry is not None and entry.restricted

    def is_sensitive(self, code: str) -> bool:
        """Restricted codes are sensitive too."""
        entry = self._by_code.get(code)
        return entry is not None and (entry.sensitive or entry.restricted)


def without_restricted(table: CodeTable, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that may be shown on a list, in the given order."""
    return tuple(code for code in codes if not table.is_restricted(code))
