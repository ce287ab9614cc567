"""One made-up person with something in every part of the file, on a real encrypted station."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json, Subject
from jobdesk.services import households, planning, registering, serving, staffing
from jobdesk.services.desk import Desk
from jobdesk.services.editing import add_record, save_record
from jobdesk.store.open_station import OpenStation
from jobdesk.ui.context import Context
from jobdesk.ui.hub import AppHub, Notice
from jobdesk.ui.tasks import Tasks
from tests.stations import make_station
from tests.ui.crowd import id_number


@dataclass(slots=True)
class Scene:
    station: OpenStation
    desk: Desk
    clock: FixedClock
    staff: tuple[str, str]
    ctx: Context
    hub: AppHub
    said: list[Notice]
    troubles: list[BaseException]

    def close(self) -> None:
        self.station.close()

    def person(self, **values: Json) -> str:
        body: dict[str, Json] = {"name": "周雨桐", "owner": self.staff[0], **values}
        return registering.register(self.desk, body).result().case_id

    def add(self, case_id: str, record: str, /, **values: Json) -> str:
        changes = add_record(self.desk, Subject("case", case_id), record, values).result()
        return str((changes.ops[0].payload or {})["id"])

    def serve(self, case_id: str, kind: str, day: str, next_on: str | None = None, **values: Json) -> str:
        body: dict[str, Json] = {
            "type": kind,
            "served_on": day,
            "channel": "station",
            "staff": self.staff[0],
            **values,
        }
        entry = serving.ServiceEntry(body, serving.Contact(next_on, "问培训报名" if next_on else None))
        return serving.record_service(self.desk, [case_id], entry).result().services[case_id]


def make_scene(folder: Path) -> Scene:
    clock = FixedClock.at(2026, 7, 15)
    made = make_station(folder, clock)
    station, desk, staff = made.station, made.desk, made.staff
    other = staffing.add_staff(desk, "郑立群").result()
    second = str((other.ops[0].payload or {})["id"])
    hub = AppHub()
    tasks = Tasks()
    said: list[Notice] = []
    troubles: list[BaseException] = []
    hub.notice.connect(said.append)
    hub.trouble.connect(troubles.append)
    tasks.failed.connect(troubles.append)
    return Scene(
        station, desk, clock, (staff, second), Context(hub, tasks, station, desk), hub, said, troubles
    )


def full_person(scene: Scene) -> str:
    """A graduate with a plan, services, facts of every kind, a household and a conflict."""
    case = scene.person(
        id_number=id_number(date(2002, 4, 26), 42), phone="19912340031", address="南岭街道平阳社区3号楼2单元501",
        community="平阳社区", education="31", graduate_kind="university", graduated_on="2025-06",
        school="测试师范大学", major="学前教育", willingness="yes", hukou_kind="10", hukou_place="测试省测试市",
        wish_post="幼儿园保育、助教", skills="普通话二级甲等", opened_on="2026-05-18",
    )  # fmt: skip
    scene.add(
        case,
        "registration",
        since="2025-09-01",
        until="2026-01-10",
        reason="12",
        end_reason="11",
        source="ledger",
    )
    scene.add(
        case,
        "registration",
        since="2026-03",
        reason="01",
        source="system",
        authority="测试区就业局",
        number="22990001",
    )
    scene.add(
        case, "recognition", category="JL4", state="ledger", since="2026-03", main=True, source="ledger"
    )
    scene.add(case, "group", kind="zero", since="2026-03", source="ledger")
    scene.add(case, "group", kind="released", since="2024-01", source="self")
    scene.add(
        case,
        "placement",
        unit="测试食品有限公司",
        post="包装工",
        since="2025-09-15",
        until="2026-01-05",
        source="self",
    )
    scene.add(case, "benefit", since="2026-02", until="2026-08", source="document", authority="测试区社保局")
    scene.add(
        case,
        "subsidy",
        kind="training",
        since="2026-04",
        source="document",
        authority="测试区人社局",
        amount="1200元",
    )
    state = scene.desk.case(case).result()
    planning.agree_plan(
        scene.desk, state,
        {"analysis": "2025 年 6 月学前教育专科毕业，未就业过。应聘过 3 家幼儿园，都要求有保育经历。",
         "barriers": ["skill", "area"], "goal": "到本市幼儿园或早教机构就业（保育、助教）", "goal_due": "2026-06-30",
         "agreed_on": "2026-05-18", "promise": "保育员岗位 1 个", "promise_due": "2026-08-20",
         "promise_owner": scene.staff[0]},
        [{"what": "职业指导 1 次", "owner": scene.staff[0], "due": "2026-05-25"},
         {"what": "岗位推荐 3 次", "owner": scene.staff[0], "due": "2026-07-31", "state": "running"},
         {"what": "保育师（初级）培训", "owner_text": "县职教中心", "due": "2026-08-21"},
         {"what": "就业见习 3 个月", "due": "2026-09-01"},
         {"what": "上门核对家庭就业情况", "owner": scene.staff[1]}],
    ).result()  # fmt: skip
    scene.serve(
        case, "ZYZD", "2026-05-22", engagement="joined", content="看了职业测评，想做保育。", outcome="joined"
    )
    scene.serve(
        case,
        "GWTJ",
        "2026-05-28",
        channel="phone",
        offered="测试幼儿园 助教",
        engagement="offered",
        content="已投简历",
    )
    scene.serve(case, "HF", "2026-06-02", channel="phone", engagement="attempt", outcome="no_answer")
    scene.serve(case, "GWTJ", "2026-06-12", "2026-07-13", offered="阳光早教 保育员", engagement="declined",
                content="离家远，本人未接受。", companions="社区网格员", late_reason="下乡，次日补录")  # fmt: skip
    households.found_household(
        scene.desk, {"head_name": "周建国", "address": "平阳社区3号楼", "kind": "zero", "since": "2026-03", "source": "ledger"},
        [{"case": case, "relation": "daughter"}, {"name": "周建国", "relation": "head", "birth_year": 1972, "state": "失业"}],
    ).result()  # fmt: skip
    conflict(scene, case, "address", "平阳社区3号楼", "锦程社区12号楼")
    return case


def conflict(scene: Scene, case: str, name: str, one: str, other: str) -> None:
    """Two people changed a field without knowing of each other."""
    loaded = scene.desk.case(case).result()
    subject = Subject("case", case)
    save_record(scene.desk, subject, loaded.root, {name: one}).result()
    save_record(scene.desk.as_actor(scene.staff[1]), subject, loaded.root, {name: other}).result()
