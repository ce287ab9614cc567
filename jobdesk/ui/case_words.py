"""How the values of a file are said on screen. Pure: no Qt.

Masked and restricted values come out hidden unless the caller says that they were revealed (and the
look logged).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobdesk.cases import schema
from jobdesk.cases.clock import local_datetime
from jobdesk.cases.masking import mask_birth, mask_id, mask_other, mask_phone
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.schema import FieldType
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.moves_told import MoveTold
from jobdesk.services.staffing import clerk_name

_STATIONS = ("station", "moved_from")
_DATES = (FieldType.DAY, FieldType.DATE, FieldType.MONTH)


def t(key: str, /, **params: object) -> str:
    """A sentence of this screen."""
    return text(f"casefile.{key}", **params)


def label(record: str, name: str) -> str:
    """The field's name on screen; an unknown field of a newer version shows its own key."""
    key = f"field.{record}.{name}"
    return text(key) if has(key) else name


def unbroken(words: str) -> str:
    """The same words, which no line end may part (U+2060 between the letters, drawn as nothing)."""
    return "\u2060".join(words)


def record_name(kind: str) -> str:
    """What a record of this kind is called."""
    key = f"record.{kind}"
    return text(key) if has(key) else kind


def is_restricted(record: str, name: str, value: Json) -> bool:
    """Whether this value reveals a restricted fact (刑满释放, 戒毒康复): hidden until revealed."""
    declared = schema.field(record, name)
    if declared is None or not declared.table or not isinstance(value, str):
        return False
    return code_lists.table(declared.table).is_restricted(value)


def is_veiled(record: str, name: str, value: Json) -> bool:
    """Whether a value stands behind the eye: masked fields and restricted codes."""
    declared = schema.field(record, name)
    masked = declared is not None and declared.masked and mask(record, name, str(value)) != value
    return value not in (None, "") and (masked or is_restricted(record, name, value))


def look_alike(record: str, name: str, values: Iterable[Json], say: Callable[[Json], str]) -> bool:
    """Whether two of these differ only where they are veiled.

    Args:
        say: a value as it stands on the screen.
    """
    apart: list[Json] = []
    for value in values:
        if value not in apart and is_veiled(record, name, value):
            apart.append(value)
    return len({say(value) for value in apart}) < len(apart)


def alike_words(record: str, name: str) -> str:
    """What is said of values that ``look_alike``: numbers, or something else."""
    declared = schema.field(record, name)
    other = declared is not None and (declared.type in _DATES or bool(declared.table))
    return text("conflicts.same_veiled" if other else "conflicts.same_masked")


def mask(record: str, name: str, value: str) -> str:
    """What stays of a value behind the eye."""
    declared = schema.field(record, name)
    if declared is not None and declared.type is FieldType.ID_NUMBER:
        return mask_id(value)
    if declared is not None and declared.type is FieldType.PHONE:
        return mask_phone(value)
    if declared is not None and declared.type in _DATES:
        return mask_birth(value)
    if is_restricted(record, name, value):
        return t("hidden")
    return mask_other(value)


def day(iso: str, today: date | None = None) -> str:
    """2026年3月15日, 2026年3月, 2026年; without the year when it is this one (and ``today`` is given)."""
    partial = PartialDate.written(iso)
    if partial is None:
        return iso
    year = (
        ""
        if today is not None and partial.year == today.year
        else text("casefile.date_year", year=partial.year)
    )
    if partial.month is None:
        return text("casefile.date_year", year=partial.year)
    if partial.day is None:
        return text("casefile.date_year", year=partial.year) + text(
            "casefile.date_month", month=partial.month
        )
    return year + text("casefile.date_day", month=partial.month, day=partial.day)


def clerk_said(names: Mapping[str, str], said: str) -> str:
    """Name of a clerk; never an id: whoever is not known here works at another station."""
    name = clerk_name(names, said)
    return t("other_clerk") if name is None else name


def code(table: str, value: str) -> str:
    """The name of a code; unknown text as it is."""
    return code_lists.table(table).name_of(value)


@dataclass(frozen=True, slots=True)
class Words:
    """What is needed to say a value: today, and the names behind ids.

    Attributes:
        staff, cases, posts: id → name; ``clerks``: of those of other stations.
        stations: stream → name. moves: by action, what it moved.
    """

    today: date
    staff: Mapping[str, str] = field(default_factory=dict[str, str])
    cases: Mapping[str, str] = field(default_factory=dict[str, str])
    posts: Mapping[str, str] = field(default_factory=dict[str, str])
    clerks: Mapping[str, str] = field(default_factory=dict[str, str])
    stations: Mapping[str, str] = field(default_factory=dict[str, str])
    moves: Mapping[str, MoveTold] = field(default_factory=dict[str, MoveTold])

    def who(self, staff_id: str) -> str:
        """Name of a member of staff."""
        return self.staff.get(staff_id) or self.clerks.get(staff_id) or t("unknown_staff")

    def day(self, iso: str) -> str:
        """A date, without the year when it is this one."""
        return day(iso, self.today)

    def moment(self, ms: int) -> str:
        """3月2日 09:14."""
        at = local_datetime(ms)
        return f"{day(at.date().isoformat(), self.today)} {at:%H:%M}"

    def value(self, record: str, name: str, value: Json, *, revealed: bool = False) -> str:
        """A value as it is read; empty for none."""
        if value is None or value == "" or value == []:
            return ""
        declared = schema.field(record, name)
        if isinstance(value, bool):
            return t("yes") if value else t("no")
        if isinstance(value, list):
            return "、".join(self.value_of_set(record, name, str(v)) for v in value)
        if declared is not None and declared.type is FieldType.JSON:
            return t("kept_values")
        if not isinstance(value, str):
            return str(value)
        if not revealed and is_veiled(record, name, value):
            return mask(record, name, value)
        if declared is None:
            return value
        if declared.type is FieldType.CODE:
            return code(declared.table, value)
        if (record, name) == ("proof", "field"):
            return label("case", value)
        if declared.type is FieldType.STAFF:
            return clerk_said({**self.clerks, **self.staff}, value)
        if declared.type in _DATES:
            return self.day(value)
        if declared.type is FieldType.REF:
            if name in _STATIONS:
                return self.stations.get(value) or t("another_station")
            return self.cases.get(value) or self.posts.get(value) or t("another_record")
        return value

    def value_of_set(self, record: str, name: str, value: str) -> str:
        """One value of a set."""
        declared = schema.field(record, name)
        if declared is not None and declared.table:
            return code(declared.table, value)
        return self.posts.get(value, value)


def span(words: Words, values: Mapping[str, Json]) -> str:
    """2026年3月 至今; empty when neither end is known."""
    since, until = values.get("since"), values.get("until")
    start = words.day(since) if isinstance(since, str) and since else ""
    end = words.day(until) if isinstance(until, str) and until else ""
    if not start and not end:
        return ""
    return t("span", since=start or t("since_unknown"), until=end or t("until_now"))
