"""The ledger's query: chips, filters, words and order → ids and counts; ids → lines.

Fragments are fixed text of ours with bound values; nothing typed ever becomes SQL.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jobdesk.cases.ops import Json
from jobdesk.store.log import Connection
from jobdesk.store.many import in_parts
from jobdesk.store.projection import SEP
from jobdesk.store.search import match_of

_ITEM_COLUMNS = (
    "case_id, name, id_number, birth, sex, phone, community, address, education, categories, "
    "main_category, is_graduate, is_hardship, hukou_kind, tier_on, owner, help_state, help_reason, "
    "opened_on, last_contact, next_on, employer, lists, completeness, missing, conflicts, data, judged"
)
SORTS: Mapping[str, str] = {
    "name": "sort_name", "sex": "sex", "age": "birth", "id_number": "id_number", "phone": "phone",
    "community": "community", "next_contact": "next_on", "last_contact": "last_contact",
    "completeness": "completeness", "opened_on": "opened_on", "tier": "tier_on", "owner": "owner",
    "education": "education", "employer": "employer", "help_state": "help_state",
}  # fmt: skip
"""Column on screen → column that sorts it. Blanks come last in both directions."""


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One line of a list. Numbers are whole: the screen masks them.

    Attributes:
        birth: ISO text of stated precision, empty when unknown.
        categories: chip codes as lists may show them.
        missing: codes of what is missing.
        next_contact, tier: as the rules of the day work them out (``kept``); while not ``judged`` the agreed
            day and the recorded tier.
    """

    case_id: str
    name: str
    id_number: str
    birth: str
    sex: str
    phone: str
    community: str
    address: str
    education: str
    categories: tuple[str, ...]
    main_category: str
    is_graduate: bool
    is_hardship: bool
    hukou_kind: str
    tier: str
    owner: str
    help_state: str
    help_reason: str
    opened_on: str
    last_contact: str
    next_contact: str
    employer: str
    lists: tuple[str, ...]
    completeness: int
    missing: tuple[str, ...]
    conflicts: int
    extra: Mapping[str, Json]
    judged: bool = True

    @property
    def unverified(self) -> bool:
        """Whether a category of theirs is 台账记载, never recognised (未核对)."""
        return bool(self.extra.get("unverified"))


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """What the list shows.

    Attributes:
        text: search words; they narrow.
        category: a chip code, or empty for all; ``graduate``, ``hardship`` and any category code.
        state: ``open``, ``ended`` or empty for both.
        next_from, next_until: ISO days, both included.
        no_next: only people without a next contact.
        missing: a code of what is missing, ``any`` for anything, empty for no filter.
        sort: key of SORTS; ``descending`` turns it round.
    """

    text: str = ""
    category: str = ""
    state: str = "open"
    community: str = ""
    tier: str = ""
    owner: str = ""
    next_from: str = ""
    next_until: str = ""
    no_next: bool = False
    missing: str = ""
    in_list: str = ""
    conflicts_only: bool = False
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class IdPage:
    """The answer of a query: every id in order, and the counts beside the chips where they were asked for.

    Attributes:
        ids: case ids in order.
        categories: chip code → people, of the same query without its category.
        total: people of the same query without its category.
    """

    ids: tuple[str, ...]
    categories: Mapping[str, int] = field(default_factory=dict[str, int])
    total: int = 0


HERE = "case_id NOT IN (SELECT subject_id FROM left_subject)"
"""Who is at another station is on no list here; the stub stands in 转入转出."""


def find_ids(
    con: Connection, query: LedgerQuery, *, limit: int | None = None, counted: bool = False
) -> IdPage:
    """Ids in order; with ``limit`` only the first. The counts beside the chips only when asked for: they are
    a second pass over everybody.
    """
    where, params = conditions(query)
    column = SORTS.get(query.sort, "sort_name")
    way = "DESC" if query.descending else "ASC"
    category, category_params = category_clause(query.category)
    clauses = " AND ".join([*where, *category]) or "1"
    sql = (
        f"SELECT case_id FROM case_row WHERE {clauses} "
        f"ORDER BY {column} = '' , {column} {way}, sort_name, rowid"
    )
    if limit is not None:
        sql += f" LIMIT {int(limit)}"
    ids = tuple(r[0] for r in con.execute(sql, [*params, *category_params]).fetchall())
    return _counted(con, ids, where, params) if counted else IdPage(ids)


def _counted(con: Connection, ids: tuple[str, ...], where: list[str], params: list[Any]) -> IdPage:
    counted: dict[str, int] = {}
    total = 0
    base = " AND ".join(where) or "1"
    rows = con.execute(
        f"SELECT categories, is_graduate, is_hardship, count(*) FROM case_row WHERE {base} "
        "GROUP BY categories, is_graduate, is_hardship",
        params,
    )
    for categories, graduate, hardship, n in rows.fetchall():
        total += n
        chips = _parts(categories)
        if graduate:
            chips.add("graduate")
        if hardship:
            chips.add("hardship")
        for chip in chips:
            counted[chip] = counted.get(chip, 0) + n
    return IdPage(ids, counted, total)


def conditions(query: LedgerQuery) -> tuple[list[str], list[Any]]:
    """The clauses of a query without its category, and their values."""
    where = ["merged_into = ''", HERE]
    params: list[Any] = []

    def add(clause: str, *values: Any) -> None:
        where.append(clause)
        params.extend(values)

    match = match_of(query.text)
    if query.text.strip() and not match:
        add("0")
    elif match:
        add("rowid IN (SELECT rowid FROM search WHERE search MATCH ?)", match)
    for column, value in (("community", query.community), ("tier_on", query.tier), ("owner", query.owner),
                          ("help_state", query.state)):  # fmt: skip
        if value:
            add(f"{column} = ?", value)
    if query.no_next:
        add("next_on = ''")
    if query.next_from:
        add("next_on >= ?", query.next_from)
    if query.next_until:
        add("next_on <> '' AND next_on <= ?", query.next_until)
    if query.missing == "any":
        add("missing <> ''")
    elif query.missing:
        add("instr(? || missing || ?, ?)", SEP, SEP, SEP + query.missing + SEP)
    if query.in_list:
        add("instr(? || lists || ?, ?)", SEP, SEP, SEP + query.in_list + SEP)
    if query.conflicts_only:
        add("conflicts > 0")
    return where, params


def _parts(joined: str) -> set[str]:
    return {part for part in joined.split(SEP) if part}


def category_clause(code: str) -> tuple[list[str], list[Any]]:
    """The clause of a chip: none for all."""
    if not code:
        return [], []
    if code == "graduate":
        return ["is_graduate = 1"], []
    if code == "hardship":
        return ["is_hardship = 1"], []
    return ["instr(? || categories || ?, ?)"], [SEP, SEP, SEP + code + SEP]


def items(con: Connection, ids: Sequence[str]) -> list[CaseItem]:
    """Lines for these ids, in their order; an id that is gone is left out."""
    found: dict[str, CaseItem] = {}
    for marks, part in in_parts(ids):
        rows = con.execute(f"SELECT {_ITEM_COLUMNS} FROM case_row WHERE case_id IN ({marks})", part)
        for row in rows.fetchall():
            found[row[0]] = _item(row)
    return [found[i] for i in ids if i in found]


def _item(row: tuple[Any, ...]) -> CaseItem:
    values = list(row)
    for at in (9, 22, 24):  # categories, lists, missing
        values[at] = tuple(part for part in str(values[at]).split(SEP) if part)
    values[11], values[12] = bool(values[11]), bool(values[12])
    values[26], values[27] = json.loads(values[26]), bool(values[27])
    return CaseItem(*values)


class PersonItem(NamedTuple):
    """What the day's list says of somebody, or of a household: the smallest line of a list. Numbers are
    whole.

    Attributes:
        unverified: as of ``CaseItem``.
    """

    case_id: str
    name: str
    birth: str
    sex: str
    phone: str
    community: str
    owner: str
    categories: tuple[str, ...]
    is_household: bool = False
    unverified: bool = False


_PERSON = (
    "SELECT case_id, name, birth, sex, phone, community, owner, categories, "
    "categories <> '' AND json_extract(data, '$.unverified') IS NOT NULL FROM case_row"
)


def people(con: Connection, ids: Collection[str]) -> dict[str, PersonItem]:
    """The same for these ids, by id; one that is gone is left out."""
    found: dict[str, PersonItem] = {}
    chips: dict[str, tuple[str, ...]] = {"": ()}
    make = PersonItem._make
    sql = f"{_PERSON} WHERE case_id IN (SELECT value FROM json_each(?))"
    for row in con.execute(sql, (json.dumps(list(ids)),)).fetchall():
        joined = row[7]
        parts = chips.get(joined)
        if parts is None:
            parts = chips[joined] = tuple(p for p in joined.split(SEP) if p)
        found[row[0]] = make((*row[:7], parts, False, bool(row[8])))
    return found


def communities(con: Connection) -> list[tuple[str, int]]:
    """Communities in use with the number of people, most first."""
    return con.execute(
        f"SELECT community, count(*) FROM case_row WHERE community <> '' AND merged_into = '' AND {HERE} "
        "GROUP BY community ORDER BY count(*) DESC, community"
    ).fetchall()


def lists_in_use(con: Connection) -> list[tuple[str, int]]:
    """Names of lists that people were added to, with the number of people."""
    counted: dict[str, int] = {}
    sql = "SELECT lists FROM case_row WHERE lists <> '' AND merged_into = ''"
    for (lists,) in con.execute(sql).fetchall():
        for name in lists.split(SEP):
            counted[name] = counted.get(name, 0) + 1
    return sorted(counted.items())


def by_id_number(con: Connection, id_number: str) -> list[str]:
    """Files with this ID number; for those with an old one only see ``by_old_number``."""
    rows = con.execute(
        f"SELECT case_id FROM case_row WHERE id_number = ? AND merged_into = '' AND {HERE}", (id_number,)
    ).fetchall()
    return [r[0] for r in rows]


def by_old_number(con: Connection, id_number: str) -> list[str]:
    """Files of which only the 15-digit number is known from which this one of 18 was made."""
    if len(id_number) != 18 or id_number[6:8] != "19":
        return []
    rows = con.execute(
        "SELECT case_id FROM case_row WHERE json_extract(data, '$.old_id_number') = ? AND id_number = '' "
        f"AND merged_into = '' AND {HERE}",
        (id_number[:6] + id_number[8:17],),
    ).fetchall()
    return [r[0] for r in rows]


def by_names(con: Connection, names: Iterable[str]) -> dict[str, list[CaseItem]]:
    """Files by exact name: candidates for a proposal, never for a silent match."""
    out: dict[str, list[CaseItem]] = {}
    for marks, part in in_parts(sorted(set(names))):
        rows = con.execute(
            f"SELECT {_ITEM_COLUMNS} FROM case_row WHERE name IN ({marks}) AND merged_into = '' AND {HERE}",
            part,
        ).fetchall()
        for row in rows:
            item = _item(row)
            out.setdefault(item.name, []).append(item)
    return out
