"""Packs from outside: proven, refused with the reason, taken in, rolled back; the last good one stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.due import DueKind
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.host import code_lists, policy_files
from jobdesk.host.fault_words import fault_words
from jobdesk.host.publisher_key import new_key
from jobdesk.services.briefs import load_day
from jobdesk.services.household_facts import around
from jobdesk.services.pack_effects import effects
from jobdesk.services.policies import CALENDAR, RULES, packs_of, standing, working_days_of
from jobdesk.services.registering import Child, register
from jobdesk.services.rule_packs import load_packs, offer, roll_back, take_in
from jobdesk.services.session import session_of
from jobdesk.services.today import agenda_of, load_today
from jobdesk.services.undoing import undo_action
from tests.services.desk_here import DeskHere
from tests.services.packs_made import COUNTY, age_pack, calendar, signed

DAY = date(2026, 7, 15)
YOUNGEST = "registration.youngest"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    folder = tmp_path / "station"
    folder.mkdir()
    made = DeskHere(folder)
    yield made
    made.station.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def take(here: DeskHere, path: Path) -> None:
    take_in(here.desk, offer(here.desk, path, [COUNTY]).result()).result()


def youngest(here: DeskHere) -> int:
    return here.desk.read(lambda con: packs_of(con, here.desk).number(YOUNGEST, DAY)).result()


def test_a_pack_is_taken_in_replaced_and_rolled_back(here: DeskHere, out: Path) -> None:
    assert youngest(here) == 16
    take(here, signed(out, age_pack(18), 1))
    assert youngest(here) == 18
    take(here, signed(out, age_pack(17, 2), 2))
    assert youngest(here) == 17
    roll_back(here.desk, RULES, "某县规则", "文件有误").result()
    assert youngest(here) == 18
    roll_back(here.desk, RULES, "某县规则", "文件有误").result()
    assert youngest(here) == 16
    with pytest.raises(Refused, match="nothing_to_roll_back"):
        roll_back(here.desk, RULES, "某县规则", "x").result()
    found = load_packs(here.desk).result()
    assert [(t.version, bool(t.rolled_back_on)) for t in found.history] == [(2, True), (1, True)]
    assert found.history[0].publisher_name == COUNTY.name


CARD = """pack = "county-bonus"
title = "某县首次就业奖励"
version = 1

[[entry]]
key = "policies.county_bonus"
kind = "card"
valid_from = 2026-01-01
region = "220102"
status = "unconfirmed"
source = { document = "某县就业〔2026〕4号", clause = "一" }
sentence = "对首次到企业就业的登记失业人员给予一次性奖励"

[entry.data]
title = "首次就业奖励（某县）"
paper_title = "首次就业奖励"
group = "首次就业奖励"
applicant = ["person"]
circle = "policies.county_bonus.circle"
needs = ""
amounts = []
also = []
papers = ["本人身份证"]
where = "街道就业服务窗口"
unknown = ["数额未见文件"]
subsidy = ""
counts = ""
tell = "circle"

[[entry]]
key = "policies.county_bonus.circle"
valid_from = 2026-01-01
region = "220102"
status = "unconfirmed"
source = { document = "某县就业〔2026〕4号", clause = "一" }
sentence = "登记失业人员"
test = { fact = "registered", is = true }
"""


def test_a_countys_own_card_is_called_by_its_title_wherever_its_code_stands(
    here: DeskHere, out: Path
) -> None:
    def name() -> str:
        here.desk.read(lambda con: packs_of(con, here.desk)).result()
        return code_lists.table("policy").name_of("county_bonus")

    shipped = [e.code for e in code_lists.table("policy").entries]
    assert name() == "county_bonus"
    take(here, signed(out, CARD))
    assert name() == "首次就业奖励（某县）"
    assert [e.code for e in code_lists.table("policy").entries] == [*shipped, "county_bonus"]
    roll_back(here.desk, RULES, "某县规则", "文件有误").result()
    assert name() == "county_bonus"


CATEGORY = """pack = "county-category"
title = "某县困难类别"
version = 1

[[entry]]
key = "hardship.X1"
valid_from = 2026-06-01
region = "220102"
status = "unconfirmed"
source = { document = "某县就业〔2026〕5号", clause = "一" }
sentence = "单亲失业人员：单亲家庭的登记失业人员"
test = { all = [{ fact = "registered", is = true }, { fact = "groups", contains = "single_parent" }] }
"""


def test_a_countys_own_category_is_prompted_under_its_name(here: DeskHere, out: Path) -> None:
    spell: dict[str, Json] = {"since": "2026-05-06", "registered": True, "source": "system"}
    values: dict[str, Json] = {"name": "周雨桐", "birth": "1995-05-05", "opened_on": "2026-05-06"}
    group: dict[str, Json] = {"kind": "single_parent", "since": "2026-01-01", "source": "document"}
    case = register(here.desk, values, [Child("registration", spell), Child("group", group)]).result().case_id

    def prompted() -> list[str]:
        lines = load_today(here.desk).result().lines.get(case, ())
        return [str(dict(n.params)["categories"]) for n in lines if n.kind is DueKind.MAY_APPLY]

    assert prompted() == []
    take(here, signed(out, CATEGORY))
    assert prompted() == ["X1"]
    assert code_lists.table("hardship").name_of("X1") == "单亲失业人员"
    roll_back(here.desk, RULES, "某县规则", "文件有误").result()
    assert prompted() == []


def test_a_rollback_needs_a_reason(here: DeskHere, out: Path) -> None:
    take(here, signed(out, age_pack()))
    with pytest.raises(Refused, match="rollback_needs_reason"):
        roll_back(here.desk, RULES, "某县规则", " ")


def test_not_newer_than_the_one_in_use_is_refused(here: DeskHere, out: Path) -> None:
    take(here, signed(out, age_pack(18, 2), 2))
    for version in (1, 2):
        offered = offer(here.desk, signed(out, age_pack(17, 2), version), [COUNTY]).result()
        assert offered.refusal is not None and offered.refusal.code == "pack_older"
        with pytest.raises(Refused):
            take_in(here.desk, offered)
    assert youngest(here) == 18


def test_two_windows_cannot_both_take_in_the_same_version(here: DeskHere, out: Path) -> None:
    first = offer(here.desk, signed(out, age_pack(18)), [COUNTY]).result()
    second = offer(here.desk, signed(out, age_pack(17)), [COUNTY]).result()
    take_in(here.desk, first).result()
    with pytest.raises(Refused, match="pack_older"):
        take_in(here.desk, second).result()


def test_a_lower_version_inside_the_file_is_refused(here: DeskHere, out: Path) -> None:
    shipped = next(p for p in policy_files.shipped().packs if p.name == "registration")
    content = age_pack().replace('pack = "county-age"', 'pack = "registration"')
    content = content.replace("version = 1", f"version = {shipped.version - 1}")
    offered = offer(here.desk, signed(out, content), [COUNTY]).result()
    assert [f.fault.code for f in offered.faults] == ["older_pack"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: d[:-40], "pack_damaged"),
        (lambda d: d.replace(b"\xe5\xb9\xb4\xe6\xbb\xa118", b"\xe5\xb9\xb4\xe6\xbb\xa117"), "pack_damaged"),
    ],
)
def test_a_damaged_file_is_refused(here: DeskHere, out: Path, spoil: object, code: str) -> None:
    path = signed(out, age_pack())
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(BadInput, match=code):
        offer(here.desk, path, [COUNTY]).result()


def test_rules_as_somebody_wrote_them_are_unsigned(here: DeskHere, out: Path) -> None:
    bare = out / "county.toml"
    out.mkdir(exist_ok=True)
    bare.write_text(age_pack(), encoding="utf-8")
    with pytest.raises(BadInput, match="pack_unsigned"):
        offer(here.desk, bare, [COUNTY]).result()


def test_unknown_publishers_and_other_kinds_are_refused(here: DeskHere, out: Path) -> None:
    with pytest.raises(BadInput, match="pack_unknown_publisher"):
        offer(here.desk, signed(out, age_pack()), []).result()
    with pytest.raises(BadInput, match="pack_unknown_publisher"):
        offer(here.desk, signed(out, age_pack(), key=new_key()), [COUNTY]).result()
    with pytest.raises(BadInput, match="pack_wrong_kind"):
        offer(here.desk, signed(out, age_pack(), kind="update"), [COUNTY]).result()


REPLACES = 'replaces = "registration"\n'
CIRCLE = """pack = "ring"
title = "环"
version = 1

[[entry]]
key = "ring.a"
valid_from = 2020-01-01
region = "22"
status = "own"
source = { document = "jobdesk", clause = "自定" }
sentence = "甲"
test = { rule = "ring.b" }

[[entry]]
key = "ring.b"
valid_from = 2020-01-01
region = "22"
status = "own"
source = { document = "jobdesk", clause = "自定" }
sentence = "乙"
test = { rule = "ring.a" }
"""


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (CIRCLE, "circle", 5),
        (age_pack().replace(REPLACES, "") + age_pack().split("\n", 3)[3]
         .replace(REPLACES, ""), "overlap", 16),
        (age_pack().replace("valid_from = 2015-01-01", "valid_from = 2015-01-01\nvalid_to = 2015-12-31")
         .replace(REPLACES, "") + age_pack(since="2017-01-01").split("\n", 3)[3].replace(REPLACES, ""), "gap", 17),
        (age_pack().replace("unit =", "units ="), "unknown_key", 14),
        ("x = [", "not_toml", 1),
        (age_pack().replace('replaces = "registration"', 'replaces = "nobody"'), "replaces_unknown", 0),
        (CIRCLE.replace('status = "own"', 'status = "confirmed"', 1), "own_unmarked", 9),
        (CIRCLE.replace('{ rule = "ring.b" }', '{ fact = "sex", is = "7" }'), "unknown_code", 12),
        (CIRCLE.replace('{ rule = "ring.b" }', '{ fact = "shoe_size", is = true }'), "unknown_fact", 0),
        (CIRCLE.replace('{ rule = "ring.b" }', '{ fact = "age", at_least = "figure:no.such" }'), "unknown_figure", 0),
        (CIRCLE.replace('{ rule = "ring.b" }', '{ rule = "no.such" }'), "unknown_rule", 0),
    ],
    ids=["circle", "overlap", "gap", "key", "toml", "replaces", "own", "code", "fact", "figure", "rule"],
)  # fmt: skip
def test_faulty_packs_are_refused_by_name_and_line(
    here: DeskHere, out: Path, content: str, code: str, line: int
) -> None:
    offered = offer(here.desk, signed(out, content), [COUNTY]).result()
    assert offered.refusal is not None and offered.refusal.code == "pack_faulty"
    found = [f for f in offered.faults if f.fault.code == code]
    assert found, offered.faults
    if line:
        assert found[0].line == line
    assert "county.toml" in fault_words(found[0]) and "{" not in fault_words(found[0])
    assert youngest(here) == 16


def test_a_pack_of_another_county_changes_nothing_here(here: DeskHere, out: Path) -> None:
    take(here, signed(out, age_pack(18, region="220202")))
    assert youngest(here) == 16


def test_when_its_bytes_are_lost_the_last_good_one_stays_and_it_is_said(here: DeskHere, out: Path) -> None:
    take(here, signed(out, age_pack(18)))
    take(here, signed(out, age_pack(17, 2), 2))
    newest = load_packs(here.desk).result().history[0]

    def lose(table_of: str) -> None:
        here.desk.write(lambda w: w.con.execute(table_of, (newest.digest,)).rowcount).result()

    from jobdesk.services import policies

    lose("UPDATE blob SET content = zeroblob(20) WHERE digest = ?")
    policies.forget_standing()
    now = here.desk.read(lambda con: standing(con, here.desk)).result()
    assert [(o.taken.version, o.code, o.instead and o.instead.version) for o in now.left_out] == [
        (2, "pack_damaged", 1)
    ]
    assert youngest(here) == 18
    lose("DELETE FROM blob WHERE digest = ?")
    policies.forget_standing()
    now = here.desk.read(lambda con: standing(con, here.desk)).result()
    assert now.left_out[0].code == "pack_missing" and youngest(here) == 18


def test_the_effects_name_the_people_whose_answer_changes(here: DeskHere, out: Path) -> None:
    common = {"work_capacity": "able", "willingness": "yes", "hukou_kind": "10", "urban_resident": True}
    young = here.person("小甲", birth="2009-03-01", **common)
    here.person("老乙", birth="1980-03-01", **common)
    offered = offer(here.desk, signed(out, age_pack(18)), [COUNTY]).result()
    assert offered.packs is not None
    now = here.desk.read(lambda con: packs_of(con, here.desk)).result()
    told: list[tuple[int, int]] = []
    found = effects(here.desk, now, offered.packs, lambda n, m: told.append((n, m))).result()
    assert [e.key for e in found.entries] == [YOUNGEST] and "registration.working_age" in found.judged
    ours = [
        (c.subject, c.key, c.before, c.after) for c in found.changes if c.key == "registration.working_age"
    ]
    assert ours == [(young, "registration.working_age", Outcome.MET, Outcome.NOT_MET)]
    assert told[-1] == (2, 2) and found.people == 2
    assert youngest(here) == 16  # looking takes nothing in


def test_a_pack_taken_in_reaches_the_agenda(here: DeskHere, out: Path) -> None:
    take(here, signed(out, age_pack(18)))
    agenda = here.desk.read(lambda con: agenda_of(con, here.desk, DAY)).result()
    assert agenda.packs.number(YOUNGEST, DAY) == 18
    assert here.desk.read(lambda con: around(con).households).result() == {}


def test_a_calendar_for_a_coming_year(here: DeskHere, out: Path) -> None:
    new_year = date(2027, 1, 1)
    assert here.desk.working_days.guessed_years(new_year, new_year) == (2027,)
    path = signed(out, calendar(2027, "2027-01-01", "2027-01-03"), 2027, name="工作日历", kind=CALENDAR)
    take(here, path)
    days = here.desk.read(lambda con: working_days_of(con, here.desk)).result()
    assert not days.is_working(new_year) and days.is_working(date(2027, 1, 3))
    assert days.guessed_years(DAY, date(2027, 12, 31)) == () and days.guessed_years(DAY, date(2028, 1, 1))
    assert session_of(here.station).desk.working_days == days
    roll_back(here.desk, CALENDAR, "工作日历", "文件有误").result()
    assert here.desk.read(lambda con: working_days_of(con, here.desk)).result() == here.desk.working_days


def test_year_after_year_arrives_in_a_file_of_its_own(here: DeskHere, out: Path) -> None:
    take(here, signed(out, calendar(2027, "2027-01-01"), 1, name="工作日历", kind=CALENDAR))
    take(here, signed(out, calendar(2028, "2028-01-03"), 2, name="工作日历", kind=CALENDAR))
    days = here.desk.read(lambda con: working_days_of(con, here.desk)).result()
    assert not days.is_working(date(2027, 1, 1)) and not days.is_working(date(2028, 1, 3))
    assert [t.title for t in load_packs(here.desk).result().calendars] == ["2028", "2027"]
    assert days.guessed_years(DAY, date(2028, 12, 31)) == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (calendar(2027, "2027-01-02"), "calendar_malformed"),
        (calendar(2027, "2027-01-01", "2027-01-04"), "calendar_malformed"),
        (calendar(2027, "2026-01-01"), "calendar_malformed"),
        (calendar(2029, "2029-01-01"), "calendar_short"),
        (calendar(2025, "2025-01-01"), "calendar_short"),
    ],
)  # fmt: skip
def test_a_calendar_that_does_not_fit_is_refused(here: DeskHere, out: Path, content: str, code: str) -> None:
    offered = offer(here.desk, signed(out, content, kind=CALENDAR), [COUNTY]).result()
    assert [f.fault.code for f in offered.faults] == [code] and offered.refusal is not None


def test_taking_in_can_be_undone_like_any_act(here: DeskHere, out: Path) -> None:
    changes = take_in(here.desk, offer(here.desk, signed(out, age_pack(18)), [COUNTY]).result()).result()
    assert youngest(here) == 18
    undo_action(here.desk, changes.action_id).result()
    assert youngest(here) == 16 and load_packs(here.desk).result().history == ()
    take(here, signed(out, age_pack(18)))
    assert youngest(here) == 18


def test_the_bytes_of_a_pack_travel_with_the_journal(here: DeskHere, out: Path) -> None:
    kept: list[bytes] = []

    class Sink:
        def append(self, frames: list[bytes]) -> None:
            kept.extend(frames)

        def rewrite(self, change: Callable[[bytes], bytes | None]) -> int:
            kept[:] = [new for frame in kept if (new := change(frame)) is not None]
            return len(kept)

    path = signed(out, age_pack(18))
    here.desk.file.journaling.attach(Sink(), 0, 0)
    take(here, path)
    assert b"B" + path.read_bytes() in kept


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE blob SET content = zeroblob(20) WHERE digest = ?", "pack_damaged"),
        ("DELETE FROM blob WHERE digest = ?", "pack_missing"),
    ],
)
def test_a_calendar_that_becomes_unreadable_is_said(here: DeskHere, out: Path, sql: str, code: str) -> None:
    take(here, signed(out, calendar(2027, "2027-01-01"), 1, name="工作日历", kind=CALENDAR))
    taken = load_packs(here.desk).result().calendars[0]
    assert load_packs(here.desk).result().left_out == ()
    here.desk.write(lambda w: w.con.execute(sql, (taken.digest,)).rowcount).result()
    here_now = load_packs(here.desk).result()
    assert [(o.taken.record, o.taken.kind, o.code) for o in here_now.left_out] == [
        (taken.record, CALENDAR, code)
    ]
    assert load_day(here.desk).result().left_out == here_now.left_out, "今日 says it at its foot"
    days = here.desk.read(lambda con: working_days_of(con, here.desk)).result()
    assert days == here.desk.working_days and days.guessed_years(DAY, date(2027, 1, 1)) == (2027,)
