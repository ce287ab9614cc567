"""A woman of 45 who may apply, on a real encrypted station, and the way of her application."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.recognition import accepting, applying, checking, deciding
from jobdesk.services.registering import Child, register
from jobdesk.store.station_file import Changes
from tests.ui.crowd import id_number


class Here(Protocol):
    """A desk at which people can be registered."""

    @property
    def desk(self) -> Desk: ...
    def person(self, name: str, *children: Child, **values: Json) -> str: ...


@dataclass
class PlainDesk:
    """The same over any desk."""

    desk: Desk
    staff: str

    def person(self, name: str, *children: Child, **values: Json) -> str:
        return register(self.desk, {"name": name, **values}, children).result().case_id


COUNTY = {"decided_by": "测试区就业服务局", "decision_no": "测就认〔2026〕12号", "source": "document"}


def woman(here: Here, *children: Child, **values: Json) -> str:
    """Born 26 April 1981, registered as unemployed by 省系统 since 2 January 2026."""
    spell = Child(
        "registration", {"since": "2026-01-02", "reason": "02", "registered": True, "source": "system"}
    )
    body: dict[str, Json] = {
        "id_number": id_number(date(1981, 4, 26), 42), "local_hukou": True, "hukou_kind": "10",
        "work_capacity": "able", "willingness": "yes", "phone": "19912340031", "community": "平阳社区",
        "address": "南岭街道平阳社区3号楼2单元501", "hukou_place": "测试省测试市南岭街道", "education": "71", **values,
    }  # fmt: skip
    return here.person("周雨桐", spell, *children, **body)


def claim(here: Here, case: str) -> RecordState:
    """The one recognition of the file, as a form would load it."""
    (found,) = here.desk.case(case).result().of("recognition")
    return found


def done(future: Future[Changes]) -> str:
    """The id of the action."""
    return future.result().action_id


def to_reported(here: Here, case: str, category: str = "JL2") -> None:
    """申请, 受理, 核对, 初审 and 上报, in the first half of July 2026."""
    desk = here.desk
    done(applying.apply(desk, case, category, {"applied_on": "2026-07-06"}))
    done(accepting.accept(desk, case, claim(here, case), {"accepted_on": "2026-07-07"}))
    body: dict[str, Json] = {
        "kind": "insurance", "system": "省社保系统", "result": "clear", "looked_on": "2026-07-08"
    }  # fmt: skip
    done(checking.look_up(desk, case, claim(here, case).id, body))
    done(checking.check(desk, case, claim(here, case), {"station_opinion": "符合条件，建议认定", "station_checked_on": "2026-07-09"}))  # fmt: skip
    done(checking.report(desk, case, claim(here, case), {"reported_on": "2026-07-10"}))


def to_recognised(here: Here, case: str) -> None:
    """The county recognised on 14 July."""
    to_reported(here, case)
    done(deciding.recognise(here.desk, case, claim(here, case), {**COUNTY, "decided_on": "2026-07-14"}))
