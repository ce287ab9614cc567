"""Between the controls of the form and the values they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.figures import Figures
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import exact_day
from jobdesk.cases.problem import Problem
from jobdesk.host.strings import text
from jobdesk.services.vacancies import Vacancy
from jobdesk.ui.kit import Segments, clear
from jobdesk.ui.kit.fields import Field
from jobdesk.ui.serviceform import state
from jobdesk.ui.serviceform.options import SegmentGrid
from jobdesk.ui.serviceform.state import Preset, Typed
from jobdesk.ui.serviceform.view import ServiceView, coded

OWN_PROBLEMS = ("channel_missing", "outcome_missing")


def collect(view: ServiceView, group_id: str) -> Typed:
    """What stands in the controls now."""
    served = view.day.date()
    people = view.people.values()
    values: dict[str, Json] = {
        "type": view.kind.value(),
        "channel": view.channel.value(),
        "outcome": view.outcome.value(),
        "outcome_text": view.outcome_text.value(),
        "content": view.content.value(),
        "served_on": served.isoformat() if served else "",
        "late_reason": view.late.value() if not view.late_field.isHidden() else "",
        "place": view.place.value(),
        "staff": view.staff.value(),
        "companions": view.companions.value(),
        "offered": view.offered.value(),
        "provider": view.provider.value(),
        "policies": list[Json](view.policies.values()),
        "vacancies": list[Json](view.posts.values()) if view.kind.value() == state.POSTS else None,
    }
    following = view.next_on.date()
    return Typed(
        state.values_of(values, len(people), group_id),
        following.isoformat() if following else "",
        view.next_reason.value(),
        view.notice.isChecked() and not view.notice.isHidden(),
        view.finish.isChecked() and not view.finish.isHidden(),
        people,
    )


def fill(view: ServiceView, typed: Typed, posts: Sequence[Vacancy]) -> None:
    """Show these values; no control signals."""
    values = typed.values

    def word(name: str) -> str:
        value = values.get(name)
        return value if isinstance(value, str) else ""

    view.kind.set_value(word("type"))
    show_channels(view, word("channel"))
    show_outcomes(view, word("outcome"))
    view.outcome_text.set_value(word("outcome_text"))
    view.content.set_value(word("content"))
    view.day.set_date(exact_day(word("served_on")))
    view.late.set_value(word("late_reason"))
    view.place.set_value(word("place"))
    view.staff.set_value(word("staff"))
    view.companions.set_value(word("companions"))
    view.offered.set_value(word("offered"))
    view.provider.set_value(word("provider") or "own")
    taken = values.get("vacancies")
    wanted = [str(v) for v in taken] if isinstance(taken, list) else []
    names = {v.id: post_label(v) for v in posts}
    view.posts.set_entries([(v, names.get(v, text("service.unknown_post"))) for v in wanted])
    told = values.get("policies")
    view.policies.set_values([str(v) for v in told] if isinstance(told, list) else [])
    view.policies_field.setVisible(not view.policies.is_empty)
    view.next_on.set_date(exact_day(typed.next_on))
    view.next_reason.set_value(typed.next_reason)
    view.notice.setChecked(typed.notice)
    view.finish.setChecked(typed.finish)


def show_channels(view: ServiceView, value: str) -> None:
    """The channels of the chosen type; a single one is taken."""
    offered = state.channels_of(view.kind.value())
    now = tuple(c.value for c in view.channel.options)
    if now != offered:
        fresh = Segments(coded("channel", offered), name=text("service.channel"))
        _replace(view, "channel", fresh)
    view.channel.set_value(value if value in offered else offered[0] if len(offered) == 1 else "")


def show_outcomes(view: ServiceView, value: str) -> None:
    """The outcomes of the chosen type on the chosen channel."""
    offered = state.outcomes_of(view.kind.value(), view.channel.value())
    now = tuple(c.value for c in view.outcome.options)
    if now != offered:
        _replace(view, "outcome", SegmentGrid(coded("outcome", offered), name=text("field.service.outcome")))
    view.outcome_field.setVisible(bool(offered))
    view.outcome.set_value(value if value in offered else "")


def _replace(view: ServiceView, name: str, fresh: Segments) -> None:
    holder = view.channel_holder if name == "channel" else view.outcome_holder
    old = view.channel if name == "channel" else view.outcome
    had_focus = old.hasFocus()
    clear(holder)
    holder.addWidget(fresh)
    if name == "channel":
        view.channel = fresh
        fresh.chosen.connect(view.channel_chosen.emit)
    else:
        view.outcome = fresh
        fresh.chosen.connect(view.outcome_chosen.emit)
    QWidget.setTabOrder(view.kind, view.channel)  # a new control would come after everything else
    QWidget.setTabOrder(view.channel, view.outcome)
    if had_focus:
        fresh.setFocus()


def post_label(post: Vacancy) -> str:
    """单位 岗位 薪资; an expired one says so."""
    words = " ".join(w for w in (post.unit, post.post, post.pay) if w)
    return words if post.is_current else text("service.post_expired", post=words)


def posts_like(posts: Sequence[Vacancy], words: str, taken: Sequence[str]) -> list[tuple[str, str]]:
    """Posts in which every word stands, without those taken; without words the current ones."""
    wanted = words.casefold().split()
    found: list[tuple[str, str]] = []
    for post in posts:
        whole = " ".join((post.unit, post.post, post.pay, post.place, post.requirement)).casefold()
        if post.id not in taken and (post.is_current or wanted) and all(w in whole for w in wanted):
            found.append((post.id, post_label(post)))
    return found


def fields_by_name(view: ServiceView) -> dict[str, Field]:
    """The fields beside which problems can stand."""
    return {
        "type": view.kind_field,
        "channel": view.channel_field,
        "outcome": view.outcome_field,
        "outcome_text": view.outcome_text_field,
        "vacancies": view.posts_field,
        "content": view.content_field,
        "next_contact": view.next_field,
        "served_on": view.day_field,
        "late_reason": view.late_field,
        "place": view.place_field,
        "offered": view.offered_field,
        "companions": view.companions_field,
    }


def show_problems(view: ServiceView, problems: Sequence[Problem]) -> Field | None:
    """Put the first problem of each field beside it; gives the first field that blocks."""
    told: dict[str, Problem] = {}
    for problem in problems:
        told.setdefault(problem.field, problem)
    blocking: Field | None = None
    for name, field in fields_by_name(view).items():
        problem = told.get(name)
        field.set_problem(None if problem is None else problem_words(problem))
        if problem is not None and problem.blocks and blocking is None:
            blocking = field
    return blocking


def problem_words(problem: Problem) -> str:
    """The sentence of a problem; those of this form stand in its own section."""
    params = dict(problem.params)
    own = problem.code in OWN_PROBLEMS
    return text(f"service.{problem.code}" if own else f"problem.{problem.code}", **params)


def react(view: ServiceView, typed: Typed, today: date, after_save: str, figures: Figures) -> None:
    """Show what this type, this day and so many people ask for; ``after_save``: whose form comes next."""
    kind = view.kind.value()
    view.posts_field.setVisible(kind == state.POSTS)
    taken = len(view.posts.values())
    unnamed = "" if view.offered.value() else text("problem.post_unnamed")
    view.posts_field.set_hint(text("service.posts_taken", count=taken) if taken else unnamed)
    outcome = view.outcome.value()
    wordy = bool(outcome) and not typed.is_attempt and kind != state.FOLLOW_UP
    view.outcome_text_field.setVisible(wordy or bool(view.outcome_text.value()))
    served = view.day.date()
    late = served is not None and state.need_late_reason(served.isoformat(), today, figures)
    view.late_field.setVisible(late)
    many = len(view.people.values())
    note = text("service.note_attempt") if typed.is_attempt else text("service.note")
    if many > 1:
        note = text("service.note_many", count=many)
    if after_save:
        note = f"{note}{text('service.note_next', who=after_save)}"
    view.note.set_text(note)


def first_empty(view: ServiceView) -> QWidget:
    """Where the cursor begins: what is not chosen yet, else the content."""
    for chooser in (view.kind, view.channel, view.outcome):
        if not chooser.value():
            return chooser
    return view.content


def show_asked(view: ServiceView, preset: Preset, *, noticed: bool) -> None:
    """Open the form for what it is asked for; ``noticed``: the person was given the notice before."""
    ask_notice = preset.notice or not noticed
    view.heading.set_text(preset.heading)
    view.finish.setText(preset.finish)
    view.finish.setVisible(bool(preset.finish))
    view.notice.setVisible(ask_notice)
    view.ticks.setVisible(bool(preset.finish) or ask_notice)
    view.body.setVisible(True)
    view.foot.setVisible(True)
    view.declared.hide()
    show_problems(view, ())


def show_draft(view: ServiceView, at_ms: int, *, restored: bool) -> None:
    """Say when the draft was kept; one that came back can be thrown away."""
    key = "service.draft_back" if restored else "service.draft_kept"
    view.draft.set_text(text(key, at=f"{local_datetime(at_ms):%H:%M}"))
    view.forget.setVisible(restored)
    view.draft_line.show()
