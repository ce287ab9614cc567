"""Which operations may tell a restricted fact (domain.md §11.14), and how a desk keeps it in one of its own.

What is restricted stays with the stations until there are roles above them (sync-protocol M-9.6). Which codes
and words that are is data (``resources/codes``, ``resources/restricted.toml``); desk and server read it
each for itself and ask the same ``Restricting``. A test walks schema and code lists, so that a new code is
never forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from jobdesk.cases import schema
from jobdesk.cases.ops import MAX_OPS_PER_ACTION, RULES, Json, Kind, NewOp, Op, Shape

WITHHELD = b"withheld"
"""Stands for the salt where only the header is told. The salt itself would give it away: codes are few."""


def without(op: Op) -> Op:
    """The operation as a desk above the stations is told it: chain, places and digests hold. The salt says
    that something is withheld; of what an erasure blanked there is none.
    """
    return replace(op, payload=None, salt=WITHHELD, body=b"")


def is_withheld(op: Op) -> bool:
    """Whether this is only the header of what somebody else has whole."""
    return op.payload is None and op.salt == WITHHELD


class Restricting:
    """What is restricted, as the data of this installation says it.

    Attributes:
        codes: code list → its restricted codes.
        words: what gives it away in words: a cell kept as it was typed, a note, a reason, the evidence of a
            verdict.
    """

    def __init__(
        self, codes: Mapping[str, frozenset[str]], words: Sequence[str],
        whole: Iterable[str] = (), point: Iterable[str] = (),
    ) -> None:  # fmt: skip
        """Raises ValueError for none at all: whoever forgot the data must not withhold nothing.

        Args:
            whole: records that may tell anything.
            point: records that are about the code itself: what else stands there (paper, place, days) tells
                it too.
        """
        if not codes or not words:
            raise ValueError("nothing is said to be restricted")
        self.codes: Mapping[str, frozenset[str]] = MappingProxyType(dict(codes))
        self.words = tuple(words)
        self._whole, self._point = frozenset(whole), frozenset(point)
        self._pattern = re.compile("|".join(map(re.escape, words)))
        # codes that mean the same wherever they stand, nested values too; numbers mean what their field says
        self._speaking = frozenset(c for some in codes.values() for c in some if c.replace("_", "").isalpha())
        self._declared: Mapping[tuple[str, str], frozenset[str]] = {
            (record, f.name): codes.get(f.table, frozenset())
            for record, of in schema.RECORDS.items()
            for f in of
        }
        fields = [f for of in schema.RECORDS.values() for f in of if f.table in codes]
        # name of a field → restricted codes of all lists behind such fields: for what nobody declared
        self._by_name: Mapping[str, frozenset[str]] = {
            f.name: frozenset(c for g in fields if g.name == f.name for c in codes[g.table]) for f in fields
        }

    @classmethod
    def from_data(cls, lists: Mapping[str, Mapping[str, Any]], said: Mapping[str, Any]) -> Restricting:
        """From the files as they were read.

        Args:
            lists: ``resources/codes`` by name of the list.
            said: ``resources/restricted.toml``.

        Raises:
            KeyError, ValueError: they are none.
        """
        marked = {
            name: frozenset(str(e["code"]) for e in raw["entry"] if e.get("restricted"))
            for name, raw in lists.items()
        }
        return cls({n: c for n, c in marked.items() if c}, said["words"], said["whole"], said["point"])

    def tells(self, payload: Mapping[str, Json] | None) -> bool:
        """Whether this body may tell a restricted fact. Nothing is told by a body that is not there."""
        if payload is None:
            return False
        record = payload.get("record")
        name = record if isinstance(record, str) else ""
        if name in self._whole or self._loosely("reason", payload.get("reason")):
            return True
        return bool(self._telling(name, payload))

    def says(self, text: str) -> bool:
        """Whether words of somebody may give a restricted fact away."""
        return self._pattern.search(text) is not None

    def may_tell(self, record: str, name: str) -> bool:
        """Whether a field can hold a restricted code at all; of a group all say something."""
        declared = schema.field(record, name)
        coded = declared is not None and declared.table in self.codes
        return record == "group" or record in self._whole or coded

    def composed(self, new: Iterable[NewOp], limit: int = MAX_OPS_PER_ACTION) -> list[NewOp]:
        """The same action with restricted values in operations of their own: desks above see the rest.

        An action has room for so many operations: what would be too much stays together, and is withheld
        whole.
        """
        todo = list(new)
        room = limit - len(todo)
        done: list[NewOp] = []
        for op in todo:
            parts = self._apart(op) if room > 0 else (op,)
            room -= len(parts) - 1
            done += parts
        return done

    def _telling(self, record: str, payload: Mapping[str, Json]) -> list[str]:
        """Names of the fields by which it tells."""
        found: list[str] = []
        for part in ("set", "add", "drop"):
            values = payload.get(part)
            if isinstance(values, dict):
                found += [
                    n for n, v in values.items() if n not in found and self._value_tells(record, n, v, values)
                ]
        return found

    def _value_tells(self, record: str, name: str, value: Json, beside: Mapping[str, Json]) -> bool:
        if value is None or isinstance(value, bool):
            return False
        codes = self._declared.get((record, name))
        if codes is None:
            codes = self._by_name.get(name)
        if record == "proof" and name == "value":  # what was proved of another field
            codes = self._by_name.get(str(beside.get("field", "")))
        return (bool(codes) and _any_of(value, codes)) or self._loosely(name, value)

    def _loosely(self, name: str, value: Json) -> bool:
        """By words and nested values, whatever field it is."""
        if isinstance(value, str):
            return value in self._speaking or self._pattern.search(value) is not None
        if isinstance(value, list):
            return any(self._loosely(name, v) for v in value)
        if isinstance(value, dict):
            return self._named(value) or any(
                self._loosely(n, v) or _any_of(v, self._by_name.get(n, frozenset[str]()))
                for n, v in value.items()
            )
        return False

    def _named(self, value: Mapping[str, Json]) -> bool:
        """A fact of a kept verdict: its name and its value stand side by side."""
        name = next((n for k in ("field", "fact", "name") if isinstance(n := value.get(k), str)), "")
        codes = self._by_name.get(name.rpartition(".")[2])
        return codes is not None and any(_any_of(v, codes) for v in value.values())

    def _apart(self, op: NewOp) -> Sequence[NewOp]:
        """What may be seen, then what may not; the operation itself where it cannot be parted."""
        payload, shape = op.payload, RULES[op.kind].shape
        record = str(payload.get("record"))
        if (
            shape not in (Shape.OPEN, Shape.SET)
            or record in self._whole
            or self._loosely("", payload.get("reason"))
        ):
            return (op,)
        names = self._telling(record, payload)
        if not names or (record in self._point and "kind" in names):
            return (op,)
        plain, kept = dict(payload), {k: payload[k] for k in ("record", "id", "import") if k in payload}
        for part in ("set", "bases", "add", "drop"):
            values = payload.get(part)
            if isinstance(values, dict):
                rest = {n: v for n, v in values.items() if n not in names}
                mine = {n: v for n, v in values.items() if n in names}
                plain[part] = rest
                if mine or part == "set":
                    kept[part] = mine
                if part in ("add", "drop") and not rest:
                    del plain[part]
        if shape is Shape.SET and not any(plain.get(p) for p in ("set", "add", "drop")):
            return (op,)
        values = kept["set"]
        if isinstance(values, dict):
            bases = kept.get("bases")
            known = bases if isinstance(bases, dict) else {}
            kept["bases"] = {n: known.get(n, []) for n in values}
        kind = op.kind if op.kind is Kind.RECORD_CORRECTED else Kind.FIELDS_SET
        return (replace(op, payload=plain), NewOp(kind, op.subject, kept))


def _any_of(value: Json, codes: frozenset[str]) -> bool:
    if isinstance(value, list):  # a set, or pairs of a value and who added it
        return any(_any_of(v, codes) for v in value)
    return str(value) in codes
