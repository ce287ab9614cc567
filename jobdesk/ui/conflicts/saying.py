"""How versions, people and computers are said. Pure: no Qt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.clock import local_datetime
from jobdesk.cases.differing import Difference, Sort, sort_of
from jobdesk.cases.ops import Json
from jobdesk.cases.state import Head, RecordKey, RecordState
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.conflict_board import Names, Origin
from jobdesk.ui.case_words import Words, label, record_name

_NUMBERED = 10
_NESTED = 80
_NO_MARKS = {1: None, 2: None, 3: None}


def t(key: str, /, **params: object) -> str:
    """A sentence of this place."""
    return text(f"conflicts.{key}", **params)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence; ``bold`` stands out."""

    words: str
    bold: bool = False


Sentence = tuple[Piece, ...]


def plain(sentence: Iterable[Piece]) -> str:
    """The sentence as one text (screen readers, paper)."""
    return "".join(p.words for p in sentence)


def sentence(key: str, /, **params: str) -> Sentence:
    """A template; what it puts in 【】 is bold. What people typed is never read as markup."""
    names = list(params)
    empty = t(key, **{n: f"\x01{k}\x01" for k, n in enumerate(names)})
    whole = empty.replace("【", "\x02").replace("】", "\x03")
    for k, n in enumerate(names):
        whole = whole.replace(f"\x01{k}\x01", params[n].translate(_NO_MARKS))
    pieces: list[Piece] = []
    for n, part in enumerate(whole.split("\x02")):
        bold, _, rest = part.partition("\x03")
        if n == 0:
            pieces.append(Piece(part))
            continue
        pieces += [Piece(bold, True), Piece(rest)]
    return tuple(p for p in pieces if p.words)


@dataclass(frozen=True, slots=True)
class Saying:
    """Everything needed to say a version.

    Attributes:
        me: staff id of who sits here.
        revealed: masked values in full; the look was logged.
        paper: on paper health and disability are not told at all.
    """

    me: str
    today: date
    names: Names
    revealed: bool = False
    paper: bool = False

    @property
    def words(self) -> Words:
        cases = {k: w.name for k, w in self.names.cases.items()}
        return Words(self.today, self.names.staff, cases, stations=self.names.streams)

    def name(self, actor: str, replica: str) -> str:
        """Name of who wrote; of a desk above nobody here knows the names but by what they signed."""
        known = self.names.staff.get(actor) or self.names.above.get(actor)
        if known:
            return known
        place = self.names.places.get(replica)
        if place is not None and place.elsewhere:
            return t("someone_elsewhere")
        return t("someone_above") if place and place.above else t("someone")

    def who(self, actor: str, replica: str) -> str:
        """您, or a name."""
        return t("you") if actor == self.me else self.name(actor, replica)

    def who_full(self, actor: str, replica: str) -> str:
        """您（于晓梅）, or a name."""
        name = self.name(actor, replica)
        return t("you_named", name=name) if actor == self.me else name

    def place(self, replica: str, *, short: bool = False) -> str:
        """本站一号电脑（本机）, 甲站二号电脑, 上级电脑; short for a sentence."""
        at = self.names.places.get(replica)
        if at is None or at.unsure:
            return t("place_unknown")
        if at.above:
            return t("place_above")
        if at.elsewhere:
            return t("place_elsewhere")
        if not at.number:
            return t("place_this") if at.own else t("place_some", station=at.station or t("own_station"))
        number = t(f"number_{at.number}") if at.number <= _NUMBERED else str(at.number)
        station = at.station or ("" if short else t("own_station"))
        said = t("place", station=station, number=number)
        return t("place_own", place=said) if at.own and not short else said

    def day(self, ms: int) -> str:
        """3月2日; with the year when it is another."""
        return self.words.day(local_datetime(ms).date().isoformat())

    def moment(self, ms: int) -> str:
        """3月2日 09:14."""
        return self.words.moment(ms)

    def is_ahead(self, ms: int) -> bool:
        """Whether a stamp lies more than a day behind today: that computer's clock is not to be trusted."""
        at = local_datetime(ms).date()
        return (at - self.today).days > 1

    def value(self, key: RecordKey, field: str, value: Json) -> str:
        """A version as it is read; a blank says so."""
        sort = sort_of(key[0], field)
        if sort is Sort.STATUS and isinstance(value, str) and has(f"conflicts.help_{value}"):
            return t(f"help_{value}")
        if sort is Sort.MERGE:
            if not isinstance(value, str) or not value:
                return t("not_merged")
            who = self.names.cases.get(value)
            if who is None or not who.name:
                return t("merged_unnamed")
            tail = t("merged_tail", tail=who.id_number[-4:]) if who.id_number else ""
            return t("merged_named", name=f"{who.name}{tail}")
        if sort is Sort.TRANSFER and isinstance(value, str) and value:
            return self.names.streams.get(value) or t("another_station")
        if value is None or value == "":
            return t("blank")
        declared = schema.field(key[0], field)
        if self.paper and declared is not None and declared.sensitive:
            return t("paper_hidden")
        if key[0] == "setting" and not isinstance(value, bool):  # others may hold numbers of people
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:_NESTED]
        return self.words.value(key[0], field, value, revealed=self.revealed)

    def origin(self, origin: Origin | None) -> str:
        """回访（电话）时改, 台账导入, or the reason somebody gave; empty where there is nothing to say."""
        if origin is None:
            return ""
        if origin.reason:
            return origin.reason
        if origin.how == "service":
            kind = code_lists.table("service_type").name_of(origin.type) if origin.type else t("a_service")
            channel = code_lists.table("channel").name_of(origin.channel) if origin.channel else ""
            return t("origin_service", kind=kind, channel=f"（{channel}）" if channel else "")
        return t(f"origin_{origin.how}")


_NAMED_BY = {
    "service": "type", "recognition": "category", "subsidy": "kind", "group": "kind", "registration": "since",
    "placement": "unit", "member": "name", "measure": "what", "staff": "name", "plan": "agreed_on",
    "attachment": "title", "employment": "unit", "statement": "kind", "business": "name",
    "assigned": "name", "setting": "key",
}  # fmt: skip
"""Record kind → the field that tells one record from another."""
_DAYS = {"service": "served_on", "recognition": "since", "subsidy": "since", "placement": "since",
         "measure": "due", "group": "since"}  # fmt: skip
_SHORT = 14


def about(saying: Saying, record: RecordState | None, key: RecordKey, field: str) -> str:
    """电话; 服务记录（回访 3月1日）· 内容: the field, and of a child record which one."""
    name = label(key[0], field) if field else ""
    if record is None or _is_root(key[0]):
        return name or record_name(key[0])
    said: list[str] = []
    told = _NAMED_BY.get(key[0])
    if told and told != field and record.get(told):
        said.append(saying.words.value(key[0], told, record.get(told))[:_SHORT])
    day = _DAYS.get(key[0])
    if day and day not in (field, told) and record.get(day):
        said.append(saying.words.value(key[0], day, record.get(day)))
    which = record_name(key[0]) + (f"（{' '.join(said)}）" if said else "")
    return f"{which} · {name}" if name else which


def _is_root(kind: str) -> bool:
    return kind in ("case", "household", "vacancy", "walk_in", "station", "assignment", "import")


def fields_line(saying: Saying, asked: Sequence[Difference], *, waits: bool = True) -> str:
    """电话、常住地址; a status says both sides; a critical one that the former value is still shown, while it
    waits.
    """
    said: list[str] = []
    for one in asked:
        if one.sort is Sort.STATUS:
            values = [saying.value(one.record, one.field, v.value) for v in one.versions]
            said.append("／".join(dict.fromkeys(values)))
        elif one.sort is Sort.REMOVAL:
            said.append(t("list_removal", what=record_name(one.record[0])))
        elif one.sort in (Sort.MERGE, Sort.TRANSFER):
            said.append(t(f"list_{one.sort.value}"))
        else:
            name = label(one.record[0], one.field)
            if not _is_root(one.record[0]):
                name = f"{record_name(one.record[0])}{name}"
            if one.critical and waits:
                name = t("list_before" if one.shown is not None else "list_blank", field=name)
            said.append(name)
    return "、".join(dict.fromkeys(said))


def mine_first(saying: Saying, heads: Sequence[Head]) -> list[Head]:
    """What I wrote, then the others, each newest first."""
    return sorted(heads, key=lambda h: h.actor != saying.me)
