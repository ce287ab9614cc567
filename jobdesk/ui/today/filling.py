"""From what the day holds to what stands around the list: the date, the filters, the foot."""

from __future__ import annotations

from datetime import date

from jobdesk.services.briefs import DaySoFar
from jobdesk.ui.today import state
from jobdesk.ui.today.view import TodayView
from jobdesk.ui.today.words import t


def show_head(view: TodayView, shown: state.Day, today: date, group: str) -> None:
    """The date, and the filters with their counts; ``group`` is the one that is on, empty for all."""
    weekday = t(f"long_weekday_{today.isoweekday()}")
    view.day.set_text(t("full_day", year=today.year, month=today.month, day=today.day, weekday=weekday))
    for name, chip in view.filters.items():
        count = shown.counts.get(name, 0)
        chip.set_count(count)
        chip.setVisible(bool(count) or not name)
        chip.setChecked(name == group)
    for button in (view.round, view.visits):
        button.setEnabled(bool(state.phone_round(shown.lines)))


def show_foot(
    view: TodayView,
    shown: state.Day,
    so_far: DaySoFar,
    following: state.LineWords | None,
    *,
    group: str,
    ahead: bool,
) -> None:
    """What was done today, what next week holds, and the page where there is no line.

    Args:
        following: the first line of all days; None when nothing is due at all.
    """
    view.done.set_text(t("done_today", count=so_far.done))
    view.ahead.set_text(t("next_week_hide") if ahead else t("next_week", count=shown.next_week))
    view.ahead.setEnabled(ahead or bool(shown.next_week))
    if shown.lines:
        view.middle.setCurrentWidget(view.list)
    elif not so_far.has_people:
        view.middle.setCurrentWidget(view.nobody)
    else:
        view.nothing.say(t("empty_group" if group else "empty"), _next_up(following))
        view.middle.setCurrentWidget(view.nothing)


def _next_up(following: state.LineWords | None) -> str:
    if following is None:
        return t("empty_more")
    return t("empty_next", day=following.when, who=following.who, what=following.what)
