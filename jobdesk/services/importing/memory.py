"""What was settled for a layout, kept in the station's settings: every PC of the station knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk
from jobdesk.services.importing.columns import LayoutMemory, Plan
from jobdesk.services.importing.read import Memories
from jobdesk.services.settings import set_station_setting, station_settings

PREFIX = "import_layout/"
_CHOSEN = frozenset({"chosen", "given_up", "remembered"})


def memories(desk: Desk) -> Memories:
    """What is remembered, for ``read.read_path`` and ``read.read_book``. Blocks once."""
    held = desk.read(lambda con: station_settings(con, desk)).result()
    found = {
        key.removeprefix(PREFIX): LayoutMemory.from_json(cast("Mapping[str, Any]", value))
        for key, value in held.items()
        if key.startswith(PREFIX) and isinstance(value, dict)
    }
    return found.get


def remember(desk: Desk, plans: Iterable[Plan]) -> None:
    """Keep what the clerk has chosen; plans of guesses alone are not kept, and nothing is written twice."""
    known = memories(desk)
    for plan in plans:
        chosen = any(_CHOSEN & set(g.reasons) or g.paper for g in plan.guesses)
        memory = plan.memory()
        if chosen and known(plan.key) != memory:
            value: Json = memory.to_json()
            set_station_setting(desk, PREFIX + plan.key, value).result()
