"""How days, ages and bases are said in 今日. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from jobdesk.cases.basis import Basis, Params
from jobdesk.cases.id_number import age_on
from jobdesk.cases.masking import mask_other
from jobdesk.cases.partial_date import PartialDate
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.store.ledger import CaseItem, PersonItem
from jobdesk.ui import basis_view
from jobdesk.ui.basis_view import Go, Named
from jobdesk.ui.kit import Basis as Shown
from jobdesk.ui.kit.basis import Way

_CATEGORIES = ("hardship", "zero_household", "graduate")


def t(key: str, /, **params: object) -> str:
    """A sentence of this screen."""
    return text(f"today.{key}", **params)


def day(value: date, today: date) -> str:
    """7月13日; with the year when it is another one."""
    key = "day" if value.year == today.year else "year_day"
    return t(key, year=value.year, month=value.month, day=value.day)


def day_and_weekday(value: date, today: date) -> str:
    """7月13日 周一."""
    return f"{day(value, today)} {t(f'weekday_{value.isoweekday()}')}"


def iso(value: str, today: date) -> str:
    """An ISO date of stated precision; a month stays a month."""
    partial = PartialDate.written(value)
    if partial is None:
        return value
    if partial.exact is not None:
        return day(partial.exact, today)
    if partial.month is None:
        return t("only_year", year=partial.year)
    return t("only_month", year=partial.year, month=partial.month)


def about(sex: str, birth: str, today: date) -> str:
    """女 24 岁; what is not known is left out."""
    parts = [code_lists.table("sex").name_of(sex)] if sex in ("1", "2") else []
    partial = PartialDate.parse(birth) if birth else None
    if partial is not None and partial.month is not None:
        parts.append(t("age", age=age_on(partial.last, today)))
    return " ".join(parts)


def chips_of(item: CaseItem | PersonItem) -> tuple[str, ...]:
    """Categories as a list may show them: 就业困难人员, never 残疾, 低保 or 重病."""
    shown: list[str] = []
    groups = code_lists.table("groups")
    for code in item.categories:
        if has(f"category.{code}"):
            shown.append(text(f"category.{code}"))
        elif groups.get(code) is not None and not groups.is_sensitive(code):
            shown.append(groups.name_of(code))
    return tuple(shown)


def blanks_of(item: CaseItem | PersonItem) -> tuple[str, ...]:
    """未核对 beside the categories of somebody with one that nobody recognised."""
    return (text("ledger.unverified"),) if item.unverified else ()


def mark(status: str) -> str:
    """（自定）, （待确认）, （原规划期已满…）; nothing for what is confirmed."""
    key = {"own": "app.own_figure", "unconfirmed": "app.unconfirmed", "lapsed": "app.lapsed"}.get(status)
    return t("mark", word=text(key)) if key else ""


def shown_basis(
    basis: Basis, today: date, named: Named | None = None, go: Go | None = None, who: str = "",
    from_sheet: Collection[str] = (), ways: tuple[tuple[str, Way], ...] = (),
) -> Shown:  # fmt: skip
    """A trace of the rules as the kit shows it."""
    return basis_view.shown(basis, lambda value: iso(value, today), named, go, who, from_sheet, ways)


def param(params: Params, name: str) -> str:
    """One parameter of a line as text; empty when it is not there."""
    return str(dict(params).get(name, ""))


def tail(file_name: str) -> str:
    """The name of a file that may itself name somebody: its end only."""
    return file_name if len(file_name) < 40 else mask_other(file_name)
