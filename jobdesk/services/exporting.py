"""Taking a list out: masked unless asked; unmasked needs a reason and is written down before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal

from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk
from jobdesk.services.listing import Line, Rules, lines
from jobdesk.services.revealing import log_look
from jobdesk.services.settings import FORBID_UNMASKED, station_settings

Way = Literal["export", "print", "copy"]
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted.

    Attributes:
        way: where it goes: a file, paper, the clipboard.
        unmasked: whole ID numbers and phones; needs ``reason``.
    """

    way: Way
    case_ids: Sequence[str]
    unmasked: bool = False
    reason: str = ""


def read_for_export(desk: Desk, asked: Asked, rules: Rules) -> Future[list[Line]]:
    """Lines to be written out, after the access log says who took them and why.

    Raises (in the future):
        Refused: ``export_reason_needed``; ``export_unmasked_forbidden`` by a setting of the station.
    """

    def job() -> list[Line]:
        if asked.unmasked:
            if not asked.reason.strip():
                raise Refused("export_reason_needed")
            if desk.read(lambda con: station_settings(con, desk)).result().get(FORBID_UNMASKED) is True:
                raise Refused("export_unmasked_forbidden")
        field = "unmasked" if asked.unmasked else "masked"
        count = len(asked.case_ids)
        log_look(desk, asked.way, field=field, count=count, reason=asked.reason.strip()).result()
        out: list[Line] = []
        for start in range(0, count, _CHUNK):
            part = asked.case_ids[start : start + _CHUNK]
            out += desk.read(lambda con, part=part: lines(con, part, rules)).result()
        return out

    return desk.file.work.aside(job)
