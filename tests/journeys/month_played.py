"""A month played on the practice station, morning by morning, and what each showed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from jobdesk.cases.basis import Basis
from jobdesk.cases.claim import Act
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueLine
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import RecordState, SubjectState
from jobdesk.host import assets
from jobdesk.services import rule_packs
from jobdesk.services.confirming import confirm
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.household import claiming, clearing, helping
from jobdesk.services.household.looking_up import look_up
from jobdesk.services.households import found_household
from jobdesk.services.pack_effects import Effects, effects
from jobdesk.services.policies import packs_of
from jobdesk.services.registering import Child, register
from jobdesk.services.today import load_today, put_off
from jobdesk.services.transferring import hand_over
from jobdesk.services.undoing import undo_action
from jobdesk.store import reads
from jobdesk.store.open_station import OpenStation
from tests.services.packs_made import COUNTY, signed

NAMES: Mapping[str, str] = assets.toml("samples/practice.toml")["mornings"]
FIRST, LAST = date(2026, 11, 16), date(2026, 12, 18)
HEAD = "钱建业"
PACK = """pack = "district-age"
title = "示例区大龄失业人员年龄"
version = 1

[[entry]]
key = "hardship.JL2.women"
kind = "figure"
valid_from = 2022-05-01
valid_to = 2026-12-04
region = "229901"
status = "unconfirmed"
source = { document = "示例区就业〔2026〕30号", clause = "五（旧口径）" }
sentence = "女性年满40周岁"
value = 40
unit = "year"
replaces = "hardship"

[[entry]]
key = "hardship.JL2"
valid_from = 2026-12-05
region = "229901"
status = "unconfirmed"
source = { document = "示例区就业〔2026〕30号", clause = "一" }
sentence = "大龄失业人员：女性年满38周岁、男性年满50周岁，且失业6个月以上"
test = { all = [
  { rule = "hardship.base" },
  { fact = "urban", is = true },
  { any = [
    { all = [{ fact = "sex", is = "2" }, { fact = "age", at_least = "figure:hardship.JL2.women" }] },
    { all = [{ fact = "sex", is = "1" }, { fact = "age", at_least = "figure:hardship.JL2.men" }] },
  ] },
  { fact = "registered_months", at_least = "figure:hardship.JL2.months" },
] }
replaces = "hardship"

[[entry]]
key = "hardship.JL2.women"
kind = "figure"
valid_from = 2026-12-05
region = "229901"
status = "unconfirmed"
source = { document = "示例区就业〔2026〕30号", clause = "二" }
sentence = "自2026年12月5日起，女性年满38周岁"
value = 38
unit = "year"
replaces = "hardship"
"""
Key = tuple[str, str, str]
"""(name in the list, kind, part or act)."""


@dataclass(slots=True)
class Seen:
    """A line as it stood on one morning; its basis was made on that morning."""

    line: DueLine
    basis: Basis


@dataclass(slots=True)
class Month:
    """What was played, and what every morning showed."""

    station: OpenStation
    clock: FixedClock
    folder: Path
    desk: Desk
    mornings: dict[date, dict[Key, Seen]] = field(default_factory=dict[date, dict[Key, Seen]])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    home: str = ""
    effects: Effects | None = None
    kept: dict[str, str] = field(default_factory=dict[str, str])

    # ------------------------------------------------------------------ the days

    def play(self) -> None:
        day = FIRST
        while day <= LAST:
            self.clock.ms = FixedClock.at(day.year, day.month, day.day, 8, 30).ms
            self.look(day)
            deed = DEEDS.get(day)
            if deed is not None:
                deed(self)
            day += timedelta(days=1)

    def look(self, day: date) -> None:
        board = load_today(self.desk).result()
        assert board.doubt is None and board.agenda.today == day
        found: dict[Key, Seen] = {}
        for lines in board.lines.values():
            for line in lines:
                item = board.items.get(line.subject)
                if item is None:
                    continue
                self.ids.setdefault(item.name, line.subject)
                params = dict(line.params)
                part = str(params.get("act") or params.get("part") or params.get("kind") or "")
                found[item.name, line.kind.value, part] = Seen(line, line.basis)
        self.mornings[day] = found

    # ------------------------------------------------------------------ asking

    def at(self, day: date, name: str, kind: str, part: str = "") -> Seen | None:
        return self.mornings[day].get((name, kind, part))

    def first_today(self, name: str, kind: str, part: str = "") -> date | None:
        """The first morning on which the line is due that day."""
        for day in sorted(self.mornings):
            seen = self.at(day, name, kind, part)
            if seen is not None and seen.line.bucket.code == "today":
                return day
        return None

    def on_the_day(self, day: date, name: str, kind: str, part: str = "") -> Basis:
        """The basis of a line that stands under 今天 on that morning, and on none before it."""
        seen = self.at(day, name, kind, part)
        assert seen is not None, (day, name, kind, part, self.about(day, name))
        assert seen.line.due == day and seen.line.bucket.code == "today"
        assert self.first_today(name, kind, part) == day
        before = self.at(day - timedelta(days=1), name, kind, part)
        assert before is None or before.line.bucket.code in ("this_week", "later")
        return seen.basis

    def about(self, day: date, name: str) -> list[Key]:
        return [k for k in self.mornings[day] if k[0] == name]

    # ------------------------------------------------------------------ doing

    def case(self, name: str) -> SubjectState:
        return self.desk.case(self.ids[name]).result()

    def household(self) -> RecordState:
        return (
            self.desk.read(lambda con: reads.subject_state(con, Subject("household", self.home)))
            .result()
            .root
        )

    def act(self, what: Act, **values: Json) -> str:
        return claiming.act(self.desk, self.home, self.household(), what, values).result().action_id


def monday_16(m: Month) -> None:
    """Both are registered; a household is written down the day after."""
    usual: dict[str, Json] = {
        "hukou_kind": "10", "local_hukou": True, "work_capacity": "able", "willingness": "yes", "marital": "20",
        "ever_employed": True, "community": "东岭社区", "phone": "19900001234", "owner": m.desk.actor,
        "notice_on": "2026-11-16", "first_round_on": "2026-11-16", "next_contact": "2026-12-16",
    }  # fmt: skip
    spell = Child(
        "registration", {"since": "2026-11-10", "reason": "02", "registered": True, "source": "system"}
    )
    for name, born in ((HEAD, "1984-02-03"), ("孙慧", "1988-06-07")):
        m.ids[name] = register(m.desk, {"name": name, "birth": born, **usual}, [spell]).result().case_id


def tuesday_17(m: Month) -> None:
    members: list[dict[str, Json]] = [
        {"case": m.ids[HEAD], "name": HEAD, "relation": "head", "since": "2026-11-17", "lives_here": True},
        {"case": m.ids["孙慧"], "name": "孙慧", "relation": "spouse", "since": "2026-11-17", "lives_here": True},
        {"name": "钱小满", "relation": "daughter", "birth_year": 2014, "state": "student", "hukou_kind": "10",
         "since": "2026-11-17", "lives_here": True},
    ]  # fmt: skip
    made = found_household(
        m.desk, {"kind": "zero", "state": "found", "head_name": "钱家", "community": "东岭社区", "since": "2026-11-17"},
        members,
    ).result()  # fmt: skip
    m.home = next(s.id for s in made.subjects if s.kind == "household")


def wednesday_18(m: Month) -> None:
    m.act(Act.APPLY)
    m.act(Act.ACCEPT)


def thursday_19(m: Month) -> None:
    """核对记录 beneath the 初审, then the 公示; putting up is undone once and done again."""
    for kind in ("insurance", "business", "retirement", "death", "visit"):
        found: dict[str, Json] = {"kind": kind, "system": "社会保险系统", "result": "clear"}
        look_up(m.desk, m.home, found).result()
    m.act(Act.CHECK, station_opinion="入户核实，两人均失业")
    wrong = m.act(Act.POST, publicity_from="2026-11-19", publicity_until="2026-11-26")
    assert m.household().text("state") == "publicity"
    undo_action(m.desk, wrong).result()
    m.kept["after undo"] = m.household().text("state")
    m.act(Act.POST, publicity_from="2026-11-19", publicity_until="2026-11-24")
    m.act(Act.EVIDENCE)


def wednesday_25(m: Month) -> None:
    m.act(Act.TAKE_DOWN)
    m.act(Act.REPORT)


def friday_27(m: Month) -> None:
    m.act(
        Act.RECOGNISE, decided_by="示例区人力资源和社会保障局", decision_no="示零〔2026〕8号", source="document",
        filing_no="LJY-2026-008",
    )  # fmt: skip


def tuesday_1(m: Month) -> None:
    """First help; a subsidy's line is put off; a colleague takes a file over."""
    helping.first_help(m.desk, m.home, m.household()).result()
    line = m.mornings[date(2026, 12, 1)][NAMES["subsidy_counted"], "subsidy_end", "social_flexible"].line
    put_off(m.desk, line, date(2026, 12, 8), "本人在外地，约定12月8日来站").result()
    taker = m.desk.read(
        lambda con: [r.id for r in reads.records(con, "staff") if not r.text("until")][-1]
    ).result()
    m.kept["taker"] = taker
    hand_over(m.desk, m.case(NAMES["policy_untold"]), taker, "分片调整").result()


def wednesday_2(m: Month) -> None:
    """The district's pack comes, signed; what it changes for whom is seen before it is taken in."""
    before = m.desk.read(lambda con: packs_of(con, m.desk)).result()
    offered = rule_packs.offer(m.desk, signed(m.folder, PACK, name="示例区规则"), [COUNTY]).result()
    assert offered.refusal is None and not offered.faults and offered.packs is not None
    m.effects = effects(m.desk, before, offered.packs).result()
    rule_packs.take_in(m.desk, offered).result()


def friday_11(m: Month) -> None:
    helping.hand_up(m.desk, m.home, "street", "南岭街道就业服务所").result()


def monday_14(m: Month) -> None:
    job: dict[str, Json] = {
        "form": "10", "unit": "安居物业", "post": "保洁员", "since": "2026-12-14", "verified_on": "2026-12-14",
        "verified_how": "查看劳动合同", "source": "document",
    }  # fmt: skip
    add_record(m.desk, case_subject(m.ids["孙慧"]), "placement", job).result()


def tuesday_15(m: Month) -> None:
    clearing.clear_household(m.desk, m.home, m.household()).result()


def wednesday_16(m: Month) -> None:
    """The trial week was enough for the employer: the job ends on this day."""
    state = m.case("孙慧")
    (job,) = state.of("placement")
    save_record(m.desk, state.subject, job, {"until": "2026-12-16", "end_reason": "试用期解除"}).result()


def monday_30(m: Month) -> None:
    """毕业证书 is brought: the date stands, and was never changed."""
    state = m.case(NAMES["graduate_unseen"])
    paper: dict[str, Json] = {"source": "document", "document": "毕业证书", "number": "10199120240500123"}
    confirm(m.desk, state.subject.id, "graduated_on", state.root.get("graduated_on"), paper).result()


DEEDS: Mapping[date, Callable[[Month], None]] = {
    date(2026, 11, 16): monday_16, date(2026, 11, 17): tuesday_17, date(2026, 11, 18): wednesday_18,
    date(2026, 11, 19): thursday_19, date(2026, 11, 25): wednesday_25, date(2026, 11, 27): friday_27,
    date(2026, 11, 30): monday_30, date(2026, 12, 1): tuesday_1, date(2026, 12, 2): wednesday_2, date(2026, 12, 11): friday_11,
    date(2026, 12, 14): monday_14, date(2026, 12, 15): tuesday_15, date(2026, 12, 16): wednesday_16,
}  # fmt: skip
