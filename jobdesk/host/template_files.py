"""Loads ``resources/templates/*.toml`` into the values that ``cases`` computes with, each once."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import date
from typing import Any, cast

from jobdesk.cases.basis import Source
from jobdesk.cases.codes import Status
from jobdesk.cases.completeness import CompletenessItem
from jobdesk.cases.contacts import ServiceRules
from jobdesk.cases.figures import Figure, Figures
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.summary import SummaryRules
from jobdesk.cases.templates import Circle, Counts, ServiceTemplate, TemplateStep
from jobdesk.host import assets, code_lists, policy_files

_DIR = "templates"


class UnknownTemplate(LookupError):
    """No template of this id: a setting that a newer pack has left behind."""


PACK_FIGURES = {
    "contact_months": "contact.months",
    "contact_months_tier_1": "contact.months.tier_1",
    "contact_months_tier_2": "contact.months.tier_2",
    "contact_months_tier_3": "contact.months.tier_3",
}
"""Figures that stand in rule packs and may still be set by a station, by the key its settings know."""


def figures() -> Figures:
    """Our own figures as shipped, those of the shipped packs among them as of now; a station's settings
    are laid over them with ``Figures.changed``.
    """
    return _shipped()


def pack_figures(packs: PackSet, day: date) -> dict[str, Figure]:
    """Figures of the packs in force on a day, by the key that settings know."""
    found: dict[str, Figure] = {}
    for key, name in PACK_FIGURES.items():
        entry = packs.figure(name, day)
        if entry is not None and entry.value is not None:
            found[key] = Figure(key, entry.value, entry.unit, entry.status_on(day), entry.source)
    return found


def _newest() -> dict[str, Figure]:
    """Of each such figure the shipped entry that began last."""
    packs = policy_files.shipped()
    begun = {name: packs.versions(name) for name in PACK_FIGURES.values()}
    day = max(e.valid_from for entries in begun.values() for e in entries)
    return pack_figures(packs, day)


@functools.cache
def _shipped() -> Figures:
    raw = assets.toml(f"{_DIR}/own_figures.toml")
    made = [
        Figure(f["key"], int(f["value"]), f["unit"], _status(f), _source(f["source"])) for f in raw["figure"]
    ]
    return Figures({f.key: f for f in made}).over(_newest())


@functools.cache
def service_rules() -> ServiceRules:
    """Which service types are follow-ups and which outcomes are attempts."""
    raw = assets.toml(f"{_DIR}/service_types.toml")
    return replace(
        ServiceRules(),
        follow_ups=frozenset(t["code"] for t in raw["type"] if t.get("follow_up")),
        mass_types=frozenset(t["code"] for t in raw["type"] if t.get("mass")),
        attempt_outcomes=frozenset(o["code"] for o in raw["outcome"] if o.get("attempt")),
    )


@functools.cache
def circles() -> dict[str, Circle]:
    """Circles by code, in the order of the file."""
    raw = cast("dict[str, dict[str, Any]]", assets.toml(f"{_DIR}/services.toml")["circle"])
    return {
        code: Circle(
            code, c["name"], frozenset(c.get("graduate_kinds", ())), _source(c["source"]), _status(c)
        )
        for code, c in raw.items()
    }


@functools.cache
def templates() -> tuple[ServiceTemplate, ...]:
    """All templates in the order of the file."""
    raw = assets.toml(f"{_DIR}/services.toml")
    return tuple(_template(t) for t in raw["template"])


def template(template_id: str = "") -> ServiceTemplate:
    """The template of this id; the shipped default when none is named.

    Raises:
        UnknownTemplate: there is none of this id.
    """
    for found in templates():
        if found.id == template_id or (not template_id and found.is_default):
            return found
    raise UnknownTemplate(template_id)


@functools.cache
def completeness_items() -> tuple[CompletenessItem, ...]:
    """What a file should hold."""
    raw = assets.toml(f"{_DIR}/completeness.toml")
    return tuple(
        CompletenessItem(
            i["code"], tuple(i["fields"]), int(i["weight"]), i["when"], i.get("record", "case"),
            _status(i, raw["status"]), _source(i.get("source", raw["source"])),
        )
        for i in raw["item"]
    )  # fmt: skip


@functools.cache
def summary_rules() -> SummaryRules:
    """The shipped lists that a summary reads."""
    groups = code_lists.table("groups")
    listed = frozenset(e.code for e in groups.entries if not groups.is_sensitive(e.code))
    return SummaryRules(completeness_items(), service_rules(), listed)


def _template(raw: dict[str, Any]) -> ServiceTemplate:
    return ServiceTemplate(
        id=raw["id"],
        name=raw["name"],
        steps=tuple(_step(s) for s in raw["step"]),
        circle=circles()[raw["circle"]],
        repeatable=bool(raw.get("repeatable")),
        status=_status(raw),
        source=_source(raw["source"]),
        note=raw.get("note", ""),
        is_default=bool(raw.get("default")),
        valid_from=cast("date | None", raw.get("valid_from")),
        valid_to=cast("date | None", raw.get("valid_to")),
    )


def _step(raw: dict[str, Any]) -> TemplateStep:
    code = raw["code"]
    return TemplateStep(
        code=code,
        name=raw["name"],
        required=int(raw["required"]),
        types=tuple(raw.get("any_of", (code,))),
        counts=Counts.of(raw["counts"]),
        counts_status=cast(Status, raw.get("counts_status", "unconfirmed")),
        distinct_posts=raw.get("distinct") == "vacancy",
        due_after=figures().value(f"step_days_{code}"),
    )


def _source(raw: dict[str, str]) -> Source:
    return Source(raw["document"], raw.get("clause", ""))


def _status(raw: dict[str, Any], missing: str = "unconfirmed") -> Status:
    return cast(Status, raw.get("status", missing))
