"""Backups looked through, the second folder moved while open, work handed over, conflicts, the access log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.errors import BadInput, DamagedFile, Refused
from jobdesk.cases.ops import Subject, fields_set
from jobdesk.host import licences
from jobdesk.host.secrets import MemorySecrets
from jobdesk.services import staffing
from jobdesk.services.access_log import access_lines, export_access_log
from jobdesk.services.backing_up import back_up_now, backup_state, look_at_backup, prove_backup
from jobdesk.services.conflicts import open_conflicts
from jobdesk.services.editing import opening
from jobdesk.services.import_list import imports_of
from jobdesk.services.key_access import install_recovery, slot_lines, take_slot
from jobdesk.services.planning import agree_plan
from jobdesk.services.registering import register
from jobdesk.services.revealing import log_look
from jobdesk.services.second_folder import choose_second, retry_second, second_state
from jobdesk.services.station_facts import change_station, load_station_facts
from jobdesk.store.check import check_station
from jobdesk.store.keyslots import add_account_slot, open_with_recovery
from jobdesk.store.open_station import OpenStation
from jobdesk.store.recovery_code import new_recovery_code
from tests.stations import make_station

DAY = 86_400_000


class Here:
    """A station with a second folder, its clock and its desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock.at(2026, 11, 16)
        made = make_station(folder, self.clock, fields={"name": "南岭街道", "code": "220102001"}, second=True)
        self.paths, self.station, self.desk = made.paths, made.station, made.desk
        self.code, self.staff = made.code, made.staff

    def person(self, name: str, **values: str) -> str:
        return register(self.desk, {"name": name, **values}).result().case_id


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    made = Here(tmp_path)
    yield made
    made.station.close()


def good(station: OpenStation) -> bool:
    return all(r.ok for r in check_station(station))


def test_backups_say_what_came_after_them_and_how_old_they_are(here: Here) -> None:
    state = backup_state(here.station, here.desk).result()
    assert state.newest is None and state.is_old
    back_up_now(here.station).result()
    here.person("王芳")
    here.clock.tick(4 * DAY)
    state = backup_state(here.station, here.desk).result()
    assert state.newest is not None and state.newest.is_second and state.newest.behind == 1
    assert state.newest.operations == 2 and state.age_days == 4 and state.is_old
    shutil.move(here.folder / "second", here.folder / "gone")
    state = backup_state(here.station, here.desk).result()
    assert state.folder_trouble is not None and state.folder_trouble.code == "second_folder_missing"


def test_a_broken_backup_does_not_prove(here: Here) -> None:
    info = back_up_now(here.station).result()
    prove_backup(here.station, info).result()
    content = bytearray(info.path.read_bytes())
    content[len(content) // 2] ^= 1
    info.path.write_bytes(content)
    with pytest.raises(DamagedFile):
        prove_backup(here.station, info).result()
    assert look_at_backup(info.path).sha256 == info.sha256
    with pytest.raises(BadInput, match="backup_missing"):
        look_at_backup(here.folder / "none.jdbk")
    with pytest.raises(BadInput, match="not_a_backup"):
        look_at_backup(here.folder / "key")


def test_the_second_folder_moves_while_the_station_is_open(here: Here) -> None:
    here.person("王芳")
    other = here.folder / "other"
    assert choose_second(here.station, other).result() == "same_disk"
    assert here.station.paths.second == other and other.is_dir()
    here.person("李四")
    state = second_state(here.station, here.desk).result()
    assert (state.folder, state.behind, state.trouble) == (other, 0, None)
    assert good(here.station), "the journal in the new folder has everything no backup there has"
    assert any((here.folder / "second" / "journal").iterdir()), "the old copy stays"
    assert f'second = "{other}"' in here.paths.settings.read_text("utf-8")
    with pytest.raises(BadInput, match="second_folder_inside"):
        choose_second(here.station, here.paths.data / "x").result()
    with pytest.raises(BadInput, match="second_folder_absent"):
        choose_second(here.station, here.folder / "no" / "no").result()


def test_a_stick_that_was_pulled_is_said_and_written_again(here: Here) -> None:
    back_up_now(here.station).result()
    shutil.move(here.folder / "second", here.folder / "pulled")
    here.person("王芳")
    state = second_state(here.station, here.desk).result()
    assert state.standing == "missing" and state.trouble is not None
    shutil.move(here.folder / "pulled", here.folder / "second")
    retry_second(here.station).result()
    state = second_state(here.station, here.desk).result()
    assert (state.behind, state.trouble) == (0, None) and good(here.station)


def test_work_is_counted_handed_over_and_taken_back(here: Here) -> None:
    desk = here.desk
    staffing.add_staff(desk, "王强").result()
    other = desk.read(lambda con: staffing.staff_of(con, desk)).result()[1].id
    case = here.person("王芳", owner=here.staff)
    state = desk.case(case).result()
    plan = {"goal": "就业", "promise": "推荐岗位", "promise_owner": here.staff}
    agree_plan(desk, state, plan, [{"what": "推荐", "owner": here.staff}]).result()
    left = staffing.work_left(desk, here.staff).result()
    assert (left.cases, left.measures, left.promises, left.total) == (1, 1, 1, 3)
    assert staffing.work_left(desk, other).result().total == 0
    with pytest.raises(Refused, match="successor_needed"):
        staffing.end_staff(desk, here.staff, None).result()
    done = staffing.end_staff(desk, here.staff, other).result()
    assert (done.cases, done.measures, done.promises) == (1, 1, 1)
    assert desk.case(case).result().root.text("owner") == other
    staffing.take_back_ending(desk, done).result()
    assert desk.case(case).result().root.text("owner") == here.staff
    assert desk.read(lambda con: staffing.staff_of(con, desk)).result()[0].is_active
    assert staffing.work_left(desk, here.staff).result().total == 3


def test_more_work_than_one_action_holds_is_taken_back_whole(here: Here) -> None:
    desk = here.desk
    staffing.add_staff(desk, "王强").result()
    other = desk.read(lambda con: staffing.staff_of(con, desk)).result()[1].id
    case = here.person("王芳", owner=here.staff)
    plan = agree_plan(desk, desk.case(case).result(), {"goal": "就业"}).result()
    plan_id = str((plan.ops[0].payload or {})["id"])
    for _ in range(2):
        body = {"plan": plan_id, "what": "推荐", "state": "planned", "owner": here.staff}
        desk.act(
            [opening(Subject("case", case), "measure", desk.new_id(), body) for _ in range(300)]
        ).result()
    done = staffing.end_staff(desk, here.staff, other).result()
    assert done.measures == 600 and len(done.changes) == 2
    staffing.take_back_ending(desk, done).result()
    assert staffing.work_left(desk, here.staff).result().measures == 600


def test_the_name_of_the_unit_keeps_its_history(here: Here) -> None:
    desk = here.desk
    facts = load_station_facts(desk).result()
    here.clock.tick()
    change_station(desk, facts.loaded, "南岭街道综合服务中心", "220102", "平阳社区").result()
    facts = load_station_facts(desk).result()
    assert facts.loaded.text("region").endswith("南关区") and facts.loaded.text("code") == "220102"
    renamed = next(c for c in facts.changes if c.field == "name")
    assert (renamed.before, renamed.after, renamed.actor) == ("南岭街道", "南岭街道综合服务中心", here.staff)
    with pytest.raises(Refused, match="station_name_needed"):
        change_station(desk, facts.loaded, " ", None, "")
    with pytest.raises(Refused, match="place_unknown"):
        change_station(desk, facts.loaded, "x", "999999", "")


def test_open_conflicts_of_all_files_are_listed(here: Here) -> None:
    desk = here.desk
    case = here.person("王芳", hukou_place="长春")
    assert open_conflicts(desk).result().lines == ()
    state = desk.case(case).result()
    base = state.root.bases("hukou_place")
    for value, who in (("四平", "a"), ("吉林", "b")):
        op = fields_set(state.subject, "case", case, {"hukou_place": value}, base)
        here.station.file.write(lambda w, op=op, who=who: w.append(who, [op])).result()
    (line,) = open_conflicts(desk).result().lines
    assert (line.case_id, line.record, line.field) == (case, ("case", case), "hukou_place")
    assert line.versions == 2 and set(line.actors) == {"a", "b"}


def test_imports_are_listed_with_the_rows_that_wait(here: Here) -> None:
    desk = here.desk
    one = desk.new_id()
    subject = Subject("import", one)
    body = {
        "file_name": "台账三.xlsx",
        "state": "applied",
        "imported_on": "2026-11-02",
        "counts": {"rows": 3},
    }
    desk.act([opening(subject, "import", one, body)]).result()
    for state in ("open", "settled"):
        desk.act([opening(subject, "held_row", desk.new_id(), {"row": 4, "state": state})]).result()
    (line,) = imports_of(desk).result()
    assert (line.import_id, line.waiting, line.counts["rows"], line.file_name) == (one, 1, 3, "台账三.xlsx")


def test_the_access_log_hides_names_and_logs_its_own_export(here: Here, tmp_path: Path) -> None:
    desk = here.desk
    case = here.person("欧阳王芳")
    log_look(desk, "reveal", subject_id=case, field="id_number", reason="=1+1").result()
    (look,) = access_lines(desk).result()
    assert look.person == "欧＊＊＊" and look.entry.count == 1
    target = export_access_log(
        desk, [["时间", "理由"], ["x", look.entry.reason]], tmp_path / "log.csv"
    ).result()
    text = target.read_text("utf-8-sig")
    assert '"\'=1+1"' in text and "王芳" not in text
    newest = access_lines(desk).result()[0].entry
    assert (newest.what, newest.field, newest.count) == ("export", "access_log", 1)


def test_slots_are_told_apart_and_the_way_in_is_kept(here: Here) -> None:
    mine, theirs = MemorySecrets(), MemorySecrets()
    now = here.clock.now_ms()
    add_account_slot(here.paths.keyslots, here.station.key, mine, now_ms=now)
    add_account_slot(here.paths.keyslots, here.station.key, theirs, now_ms=now)
    lines = slot_lines(here.station, mine).result()
    assert [(s.kind, s.is_mine, s.removable) for s in lines] == [
        ("recovery", False, False), ("keyfile", False, True), ("account", True, False), ("account", False, True),
    ]  # fmt: skip
    alone = slot_lines(here.station, MemorySecrets()).result()
    assert not next(s for s in alone if s.kind == "keyfile").removable
    take_slot(here.station, lines[3].slot_id).result()
    assert len(slot_lines(here.station, mine).result()) == 3
    with pytest.raises(Refused, match="last_way_in"):
        take_slot(here.station, lines[0].slot_id).result()


def test_a_new_recovery_code_takes_the_place_of_the_old_one(here: Here) -> None:
    code = new_recovery_code()
    install_recovery(here.station, code).result()
    assert open_with_recovery(here.paths.keyslots, code.text).key == here.station.key
    with pytest.raises(Exception, match="recovery_code_wrong"):
        open_with_recovery(here.paths.keyslots, here.code.text)


def test_every_component_names_its_licence() -> None:
    found = licences.components()
    assert len(found) > 15 and all(c.name and c.licence for c in found)
