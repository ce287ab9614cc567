"""From what the day holds to what stands around the list: the date, the filters, the foot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobdesk.cases.day_doubt import DayDoubt
from jobdesk.services.briefs import DaySoFar
from jobdesk.services.staffing import StaffMember
from jobdesk.ui.kit import Choice
from jobdesk.ui.today import state
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.words import t


def show_head(view: TodayView, shown: state.Day, today: date, asked: state.Filters) -> None:
    """The date, and the filters with their counts."""
    weekday = t(f"long_weekday_{today.isoweekday()}")
    view.day.set_text(t("full_day", year=today.year, month=today.month, day=today.day, weekday=weekday))
    for name, chip in view.filters.items():
        count = shown.counts.get(name, 0)
        chip.set_count(count)
        chip.setVisible(bool(count) or not name or name == asked.group)
        chip.setChecked(name == asked.group)
    places = {**shown.communities, **({asked.community: 0} if asked.community else {}), **shown.communities}
    view.community.set_options(
        [Choice("", t("all")), *(Choice(n, f"{n} {c}") for n, c in places.items())], asked.community
    )
    view.community.setVisible(bool(places))
    for button in (view.round, view.visits):
        button.setEnabled(bool(state.phone_round(shown.lines)))


def show_staff(view: TodayView, staff: Sequence[StaffMember], owner: str) -> None:
    """Whose people can be asked for; nothing where one works alone."""
    active = [s for s in staff if s.is_active or s.id == owner]
    view.owner.set_options([Choice("", t("all")), *(Choice(s.id, s.name) for s in active)], owner)
    view.owner.setVisible(len(active) > 1)


def show_doubt(view: TodayView, doubt: DayDoubt | None) -> None:
    """A date that wants a look, and the way to say that it is right."""
    view.doubt.setVisible(doubt is not None)
    if doubt is not None:
        days = {"machine": _whole(doubt.machine), "last": _whole(doubt.last)}
        view.doubt_words.set_text(t(f"doubt_{doubt.kind}", **days))
        view.believe.setText(t("doubt_believe", day=days["machine"]))


def _whole(day: date) -> str:
    return t("year_day", year=day.year, month=day.month, day=day.day)


def show_foot(
    view: TodayView,
    shown: state.Day,
    so_far: DaySoFar,
    following: state.LineWords | None,
    *,
    asked: state.Filters,
    ahead: bool,
) -> None:
    """What was done today, what next week holds, and the page where there is no line.

    Args:
        following: the first line of all days; None when nothing is due at all.
    """
    view.done.set_text(t("done_today", count=so_far.done))
    view.ahead.set_text(t("next_week_hide") if ahead else t("next_week", count=shown.next_week))
    view.ahead.setEnabled(ahead or bool(shown.next_week))
    view.unlisted.set_text(t("unlisted", count=shown.unlisted))
    view.unlisted.setVisible(bool(shown.unlisted))
    names = t("packs_joint").join(f"{o.taken.name}" for o in so_far.left_out)
    view.left_out.set_text(t("packs_out", names=names))
    view.left_out.setVisible(bool(names))
    view.to_packs.setVisible(bool(names))
    if shown.lines:
        view.middle.setCurrentWidget(view.list)
    elif not so_far.has_people:
        view.middle.setCurrentWidget(view.nobody)
    else:
        view.nothing.say(t("empty_group" if asked.any else "empty"), _next_up(following))
        view.middle.setCurrentWidget(view.nothing)


def _next_up(following: state.LineWords | None) -> str:
    if following is None:
        return t("empty_more")
    return t("empty_next", day=following.when, who=following.who, what=following.what)
