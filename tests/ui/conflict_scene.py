"""Two PCs of one station that worked apart for weeks, against a real server; the window of the first one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Json, Subject
from jobdesk.services import serving, staffing
from jobdesk.services.editing import save_record
from jobdesk.services.registering import register
from jobdesk.services.undoing import withdraw_record
from jobdesk.ui.context import Context
from jobdesk.ui.hub import AppHub, Notice
from jobdesk.ui.tasks import Tasks
from tests.sync.ground import DAY_MS, PC, Server
from tests.ui.crowd import id_number

HOUR = 3600 * 1000


@dataclass
class Scene:
    """Both PCs, and what the window of the first one stands on.

    Attributes:
        said: every toast so far.
        troubles: what went wrong; ``close`` holds that there was nothing.
    """

    server: Server
    clock: FixedClock
    one: PC
    two: PC
    ctx: Context
    said: list[Notice] = field(default_factory=list[Notice])
    troubles: list[BaseException] = field(default_factory=list[BaseException])

    def person(self, name: str, **values: Json) -> str:
        body: dict[str, Json] = {"name": name, "owner": self.one.staff, "opened_on": "2025-11-18", **values}
        return register(self.one.desk, body).result().case_id

    def write(self, pc: PC, case: str, /, reason: str = "", **values: Json) -> None:
        loaded = pc.case(case)
        save_record(pc.desk, Subject("case", case), loaded.root, values, reason=reason or None).result()

    def exchange(self) -> None:
        for _ in range(2):
            for pc in (self.one, self.two):
                assert pc.sync().error == ""

    def call(self, pc: PC, case: str, channel: str, **values: Json) -> None:
        """A 回访 that changes facts of the person in the same action."""
        day = pc.desk.today.isoformat()
        served: dict[str, Json] = {
            "type": "HF", "channel": channel, "served_on": day, "staff": pc.staff, "content": "问近况",
        }  # fmt: skip
        loaded = pc.case(case).root
        entry = serving.ServiceEntry(
            served, serving.Contact(None, None), settles={case: {("case", case): values}}
        )
        assert loaded.id == case
        serving.record_service(pc.desk, [case], entry).result()

    def close(self) -> None:
        self.ctx.tasks.end()  # as the program does: no answer may ask on of a file that is closed
        self.one.close()
        self.two.close()
        self.server.db.engine.dispose()
        assert self.troubles == []


def make_scene(folder: Path) -> Scene:
    clock = FixedClock.at(2026, 2, 20, 9)
    server = Server(folder / "server", clock)
    one = PC(folder / "one", server, clock, "于晓梅")
    two = PC(folder / "two", server, clock, "郑立群")
    one.enrol().sync_well()
    two.enrol().sync_well()
    hub, tasks = AppHub(), Tasks()
    scene = Scene(server, clock, one, two, Context(hub, tasks, one.station, one.desk))
    hub.notice.connect(scene.said.append)
    hub.trouble.connect(scene.troubles.append)
    tasks.failed.connect(scene.troubles.append)
    scene.exchange()
    return scene


@pytest.fixture
def two_pcs(tmp_path: Path, dressed: QApplication) -> Iterator[Scene]:
    """A file of tests says ``scene = two_pcs``: to ruff each parameter would redefine an imported ``scene``."""
    with closing(make_scene(tmp_path)) as made:
        yield made


def the_picture(scene: Scene) -> str:
    """The people of the mock, and every other sort of question."""
    one, two, clock = scene.one, scene.two, scene.clock
    shan = scene.person(
        "单秀英", sex="2", birth="1977-06-20", id_number=id_number(date(1977, 6, 20), 28),
        phone="19937003308", address="南岭街道平阳社区",
    )  # fmt: skip
    zeng = scene.person("曾庆海", sex="1", id_number=id_number(date(1975, 7, 14), 13))
    yu = scene.person("尉迟志远", wish_post="仓储")
    zha = scene.person("查文斌", sex="1")
    xie = scene.person("解春梅", tier="3")
    alike = [scene.person(name, sex="2") for name in ("仇凤兰", "周桂芬", "郭淑珍")]
    longer = [scene.person(name) for name in ("马德福", "赵国强")]
    scene.call(one, zha, "phone")
    scene.exchange()
    clock.tick(4 * DAY_MS + HOUR)
    scene.write(two, xie, tier="1")
    for case in alike:
        scene.write(two, case, owner=two.staff)
    for case, skill in zip(longer, ("电焊、叉车", "电焊、瓦工、木工"), strict=True):
        scene.write(two, case, skills=skill)
    scene.write(one, shan, "本人到站说明", address="平阳社区3号楼")
    clock.tick(DAY_MS)
    for case in longer:
        scene.write(one, case, skills="电焊")
    for case in alike:
        scene.write(one, case, owner=staff_named(scene, "王雪梅"))
    scene.write(one, zha, help_state="ended", help_reason="01")
    scene.write(two, zha, help_state="ended")
    scene.write(two, zha, help_state="open")
    clock.tick(DAY_MS)
    scene.write(one, yu, wish_post="仓储、分拣")
    scene.write(two, yu, wish_post="叉车司机")
    scene.write(two, zeng, id_number=id_number(date(1975, 7, 14), 31))
    (service,) = one.case(zha).of("service")
    withdraw_record(one.desk, Subject("case", zha), [("service", service.id)], "误录").result()
    clock.tick(2 * DAY_MS + 6 * HOUR)
    scene.call(two, shan, "visit", phone="19938000045")
    scene.write(two, shan, address="锦程社区12号楼")
    save = two.case(zha).record("service", service.id)
    save_record(two.desk, Subject("case", zha), save, {"content": "问近况，愿意培训"}).result()
    clock.tick(18 * HOUR)
    scene.call(one, shan, "phone", phone="19939000021")
    scene.write(one, zeng, id_number=id_number(date(1975, 7, 14), 53))
    scene.write(one, xie, tier="2")
    scene.exchange()
    return shan


def staff_named(scene: Scene, name: str) -> str:
    """Somebody who works at the station, added when not there yet."""
    found = scene.one.desk.read(lambda con: staffing.staff_of(con, scene.one.desk)).result()
    known = next((s.id for s in found if s.name == name), "")
    if known:
        return known
    made = staffing.add_staff(scene.one.desk, name).result()
    return str((made.ops[0].payload or {})["id"])
