"""The rules a station works by: what is shipped, with what the station has set for itself laid over it.

Every screen, paper and command that computes with a template or a figure asks here, so that the number on
the desk, in the list and on the sheet is the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from jobdesk.cases.figures import Figure, Figures
from jobdesk.cases.ops import Json
from jobdesk.cases.templates import Circle, Counts, ServiceTemplate
from jobdesk.host import template_files
from jobdesk.host.template_files import UnknownTemplate
from jobdesk.services.desk import Desk
from jobdesk.services.policies import packs_of
from jobdesk.services.settings import (
    FIGURE,
    HOUSEHOLD_DEADLINE,
    STEPS_CIRCLES,
    STEPS_COUNTING,
    STEPS_TEMPLATE,
    station_settings,
)
from jobdesk.store.log import Connection

MOST = 36_500
"""Own figure: nobody means more days, months or characters, and a date so far on is still one."""


@dataclass(frozen=True, slots=True)
class StationRules:
    """What is in force here.

    Attributes:
        counting: the level the station set for every step; empty where each step keeps its shipped one.
        opened_to: circles a setting has added to the template's own.
        unknown_template: the id that a setting names and this program does not have; empty as a rule. The
            shipped default then stands in, and the settings say so.
    """

    template: ServiceTemplate
    figures: Figures
    counting: str = ""
    opened_to: tuple[Circle, ...] = ()
    unknown_template: str = ""
    household_deadline: str = ""


def station_rules(con: Connection, desk: Desk, day: date | None = None) -> StationRules:
    """What the station works by on a day, today by default."""
    found = template_files.pack_figures(packs_of(con, desk), day or desk.day)
    return rules_of(station_settings(con, desk), found)


def rules_of(settings: Mapping[str, Json], of_packs: Mapping[str, Figure] | None = None) -> StationRules:
    """The same from settings that were read already. What cannot be understood is passed over.

    Args:
        of_packs: figures of the packs in force, by the key that settings know; those shipped by default.
    """
    shipped = template_files.figures().over(of_packs or {})
    figures = shipped.changed(changed_figures(settings))
    wanted, unknown = _text(settings, STEPS_TEMPLATE), ""
    try:
        template = template_files.template(wanted)
    except UnknownTemplate:
        template, unknown = template_files.template(), wanted
    counting = _text(settings, STEPS_COUNTING)
    if counting.upper() in Counts.__members__:
        template = template.counting(Counts.of(counting))
    else:
        counting = ""
    circles = _circles(settings, template)
    if circles:
        template = template.opened_to(*circles)
    steps = tuple(replace(s, due_after=figures.value(f"step_days_{s.code}")) for s in template.steps)
    return StationRules(
        replace(template, steps=steps), figures, counting, circles, unknown,
        _text(settings, HOUSEHOLD_DEADLINE),
    )  # fmt: skip


def changed_figures(settings: Mapping[str, Json]) -> dict[str, int]:
    """Figures the station has set, by key."""
    return {
        key.removeprefix(FIGURE): value
        for key, value in settings.items()
        if key.startswith(FIGURE) and type(value) is int and 0 <= value <= MOST
    }


def _circles(settings: Mapping[str, Json], template: ServiceTemplate) -> tuple[Circle, ...]:
    named = settings.get(STEPS_CIRCLES)
    codes = cast("list[Json]", named) if isinstance(named, list) else []
    known = template_files.circles()
    return tuple(c for code, c in known.items() if code in codes and code != template.circle.code)


def _text(settings: Mapping[str, Json], key: str) -> str:
    value = settings.get(key)
    return value if isinstance(value, str) else ""
