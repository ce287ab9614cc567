"""Households of every kind: found, applied for, shown, recognised, on each rung, cleared, refused.

The members have files and lives like everybody else; what happens to the household happens on working days
counted back from today, by the verbs a clerk would use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.recognising import publicity_until as shown_until
from jobdesk.cases.state import RecordState
from jobdesk.host import policy_files
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record
from jobdesk.services.household import claiming, clearing, filing, helping
from jobdesk.services.household.looking_up import look_up
from jobdesk.services.households import found_household
from jobdesk.services.practice.claims import working_day_before
from jobdesk.services.practice.lives import Life
from jobdesk.services.practice.people import People, Person
from jobdesk.services.practice.roster import Roster
from jobdesk.services.practice.year import Deed, Year
from jobdesk.services.registering import Child
from jobdesk.store import reads

JOB_ENDS = 5
"""Days from today to the end of the job that cleared a household (own figure)."""
_CHECKS = ("insurance", "business", "retirement", "death", "visit")
_COUNTY: Mapping[str, Json] = {"decided_by": "示例区人力资源和社会保障局", "source": "document"}
_TOLD_AFTER = 2
"""Working days from a decision to the day on which the family was told (own figure)."""
_SHOWN_FOR = 4
"""Working days of a 公示 in the practice station: more than the pack asks (own figure)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a household is there to show.

    Attributes:
        kind: code of the household.
        upto: how far its application went: ``""`` or a state; the day of its last act is ``last`` working
            days ago.
        rungs: who took it over, and how many working days ago.
        job: days from today to the end of the wife's verified job; 0 for a job without an end; None for none.
        child: ``""``, ``student`` (a line without a file), ``grown`` (a file).
    """

    kind: str = "zero"
    upto: str = ""
    last: int = 0
    rungs: Sequence[tuple[str, str, int]] = ()
    helped: bool = True
    job: int | None = None
    child: str = ""


PLANS: tuple[Plan, ...] = (
    Plan(upto="recognised", last=150, job=0, child="grown"),
    Plan(upto="", last=4, child="student"),
    Plan(upto="accepted", last=3, child="student"),
    Plan(upto="publicity", last=2),
    Plan(upto="reported", last=1, child="grown"),
    Plan(upto="recognised", last=1, helped=False, child="student"),
    Plan(upto="recognised", last=8),
    Plan(upto="recognised", last=17, rungs=(("street", "南岭街道就业服务所", 9),), child="student"),
    Plan(
        upto="recognised",
        last=26,
        rungs=(("street", "南岭街道就业服务所", 20), ("county", "示例区就业服务局", 5)),
    ),
    Plan(upto="recognised", last=60, job=JOB_ENDS),
    Plan(upto="refused", last=6),
    Plan("allowance", "filed", 12, (("community", "东岭社区", 6),), child="student"),
    Plan("other_hardship", "filed", 25, job=0),
    Plan("ordinary", job=0),
)
_FOUND = 25
"""Working days between the day a household was written down and its last act (own figure)."""


@dataclass(slots=True)
class _Home:
    """One household as it is made."""

    plan: Plan
    lives: list[tuple[Life, str]]
    id: str = ""
    applied: list[str] = field(default_factory=list[str])


class Homes:
    """Plans them all."""

    def __init__(self, year: Year, people: People, roster: Roster) -> None:
        self._year = year
        self._people = people
        self._roster = roster

    def plan_all(self) -> None:
        """Before the year is run."""
        for n, plan in enumerate(PLANS):
            home = _Home(plan, self._family(n, plan))
            back = plan.last + _FOUND if plan.upto else plan.last or 30
            self._at(back, lambda d, h=home, n=n: self._found(d, h, n))
            if plan.kind == "zero" and plan.upto:
                self._claim(home, plan)
            elif plan.upto == "filed":
                self._at(plan.last, lambda d, h=home: self._file(d, h))
            if plan.upto in ("recognised", "filed") and plan.helped:
                self._at(max(plan.last - 1, 1), lambda d, h=home: self._help(d, h))
            for level, holder, days in plan.rungs:
                self._at(days, lambda d, h=home, lv=level, who=holder: self._hand_up(d, h, lv, who))
            if plan.job is not None:
                self._at(max(plan.last - 12, 2), lambda d, h=home: self._work(d, h))
                if plan.upto:
                    self._at(max(plan.last - 13, 1), lambda d, h=home: self._clear(d, h))

    def _at(self, back: int, deed: Deed) -> None:
        self._year.plan(working_day_before(self._year, back), self._year.staff[0], deed, at_close=True)

    # ------------------------------------------------------------------ people

    def _family(self, n: int, plan: Plan) -> list[tuple[Life, str]]:
        """A couple, with a grown child where the plan has one; on the books before the household is."""
        people, year = self._people, self._year
        surname = people.surname()
        husband = people.kin(surname, 41, 48, "1")
        wife = people.draw(33, 38, "2")
        family = [(husband, "head"), (wife, "spouse")]
        if plan.child == "grown":
            family.append((people.kin(surname, 18, 20, "1"), "son"))
        earliest = working_day_before(year, plan.last + _FOUND + 20)
        day = max(year.start + timedelta(days=8 + n * 9), min(earliest, year.today - timedelta(days=80)))
        lives: list[tuple[Life, str]] = []
        for person, relation in family:
            person.root.update(
                {k: husband.root[k] for k in ("address", "community", "hukou_place")} | {"hukou_kind": "10"}
            )
            lives.append((self._roster.add(self._member(person), min(day, earliest)), relation))
        return lives

    def _member(self, person: Person) -> Life:
        year = self._year
        since = (year.start - timedelta(days=90)).isoformat()
        spell: dict[str, Json] = {"since": since, "reason": "02", "registered": True, "source": "system"}
        extra = self._roster.person_with(person) | {
            "work_capacity": "able",
            "willingness": "yes",
            "local_hukou": True,
            "ever_employed": True,
            "ever_insured": True,
            "education": "71",
        }
        return Life(year, person, year.someone(), [Child("registration", spell)], extra, 1, (), False)

    # ------------------------------------------------------------------ the household

    def _found(self, desk: Desk, home: _Home, n: int) -> None:
        today = desk.today.isoformat()
        members: list[dict[str, Json]] = [
            {
                "case": life.case_id,
                "name": life.person.name,
                "relation": relation,
                "since": today,
                "birth_year": life.person.birth.year,
                "lives_here": True,
                "hukou_here": True,
            }
            for life, relation in home.lives
        ]
        if home.plan.child == "student":
            members.append(
                {
                    "name": home.lives[0][0].person.name[0] + "小宝",
                    "relation": "daughter" if n % 2 else "son",
                    "birth_year": desk.today.year - 12,
                    "state": "student",
                    "hukou_kind": "10",
                    "lives_here": True,
                    "hukou_here": True,
                    "since": today,
                }
            )
        root = home.lives[0][0].person.root
        values: dict[str, Json] = {
            "head_name": home.lives[0][0].person.name,
            "address": root["address"],
            "community": root["community"],
            "hukou_place": root["hukou_place"],
            "kind": home.plan.kind,
            "state": "found",
            "since": today,
        }
        made = found_household(desk, values, members).result()
        home.id = next(s.id for s in made.subjects if s.kind == "household")

    def _claim(self, home: _Home, plan: Plan) -> None:
        """Working days before the last act on which the acts before it were done."""
        way: list[tuple[Act, Mapping[str, Json]]] = [
            (Act.APPLY, {}),
            (Act.ACCEPT, {}),
            (Act.CHECK, {"station_opinion": "经入户核实，家庭成员均处于失业状态（练习）"}),
            (Act.POST, {}),
            (Act.EVIDENCE, {}),
            (Act.TAKE_DOWN, {}),
            (Act.REPORT, {}),
        ]
        before = {
            Act.APPLY: 13,
            Act.ACCEPT: 12,
            Act.CHECK: 10,
            Act.POST: 9,
            Act.EVIDENCE: 9,
            Act.TAKE_DOWN: 4,
            Act.REPORT: 3,
        }
        last = {"accepted": Act.ACCEPT, "publicity": Act.EVIDENCE}.get(plan.upto, Act.REPORT)
        end = before[last] if plan.upto in ("accepted", "publicity", "reported") else 0
        for act, typed in way:
            self._at(plan.last + before[act] - end, self._step(home, act, typed))
            if act is last:
                break
        if plan.upto == "recognised":
            self._at(plan.last, self._step(home, Act.RECOGNISE, {}))
            self._at(plan.last, lambda d: self._recognise_members(d, home))
        elif plan.upto == "refused":
            reason: dict[str, Json] = {
                "refusal_reason": "县级比对：一名成员有在保的单位参保记录",
                "remedy": "可申请复核，或依法申请行政复议、提起行政诉讼",
            }
            self._at(plan.last, self._step(home, Act.REFUSE, reason))
        if plan.upto in ("recognised", "refused") and plan.last > _TOLD_AFTER:
            self._at(plan.last - _TOLD_AFTER, self._step(home, Act.NOTIFY, {}))

    def _step(self, home: _Home, act: Act, typed: Mapping[str, Json]) -> Deed:
        def do(desk: Desk) -> None:
            body: dict[str, Json] = dict(typed)
            if act is Act.CHECK:
                for kind in _CHECKS:
                    found: dict[str, Json] = {"kind": kind, "system": _SYSTEM[kind], "result": "clear"}
                    look_up(desk, home.id, found).result()
            elif act is Act.POST:
                entry = policy_files.shipped().figure("clocks.publicity.household", desk.today)
                least = shown_until(desk.working_days, desk.today, entry) if entry is not None else desk.today
                until = max(least, desk.working_days.add(desk.today, _SHOWN_FOR))
                body |= {"publicity_from": desk.today.isoformat(), "publicity_until": until.isoformat()}
            elif act is Act.RECOGNISE:
                number = home.id[-4:].upper()
                body |= {**_COUNTY, "decision_no": f"示零〔练习〕{number}号", "filing_no": f"LJY-{number}"}
            elif act is Act.REFUSE:
                body |= _COUNTY
            claiming.act(desk, home.id, self._root(desk, home), act, body).result()

        return do

    def _recognise_members(self, desk: Desk, home: _Home) -> None:
        """零就业家庭成员: the county's paper names the grown members too."""
        for life, _ in home.lives:
            held: dict[str, Json] = {
                "category": "JL4",
                "state": "recognised",
                "main": True,
                "since": desk.today.isoformat(),
                "source": "document",
                "authority": str(_COUNTY["decided_by"]),
                "household": home.id,
                "checked_on": desk.today.isoformat(),
                "number": f"示零〔练习〕{home.id[-4:].upper()}号",
            }
            add_record(desk, case_subject(life.case_id), "recognition", held).result()

    def _file(self, desk: Desk, home: _Home) -> None:
        values: dict[str, Json] = {
            "filed_on": desk.today.isoformat(),
            "filing_no": f"BA-{home.id[-4:].upper()}",
            "source": "document",
            "authority": "南岭街道民政办",
        }
        filing.file_household(desk, home.id, self._root(desk, home), values).result()

    def _help(self, desk: Desk, home: _Home) -> None:
        helping.first_help(desk, home.id, self._root(desk, home)).result()

    def _hand_up(self, desk: Desk, home: _Home, level: str, holder: str) -> None:
        helping.hand_up(desk, home.id, level, holder).result()

    def _work(self, desk: Desk, home: _Home) -> None:
        """The wife's job, seen by its contract; her registration ends with it."""
        life = home.lives[1][0]
        until = home.plan.job
        job: dict[str, Json] = {
            "form": "10",
            **self._year.opening(),
            "since": desk.today.isoformat(),
            "source": "document",
            "verified_on": desk.today.isoformat(),
            "verified_how": "查看劳动合同",
            "contract": "是",
            "until": (self._year.today + timedelta(days=until)).isoformat() if until else None,
        }
        add_record(
            desk, case_subject(life.case_id), "placement", {k: v for k, v in job.items() if v}
        ).result()
        life.deregister(desk, desk.today.isoformat(), "10")

    def _clear(self, desk: Desk, home: _Home) -> None:
        clearing.clear_household(desk, home.id, self._root(desk, home)).result()

    def _root(self, desk: Desk, home: _Home) -> RecordState:
        return desk.read(lambda con: reads.subject_state(con, Subject("household", home.id))).result().root


_SYSTEM: Mapping[str, str] = {
    "insurance": "社会保险系统",
    "business": "市场主体信息查询",
    "retirement": "社会保险系统",
    "death": "民政殡葬信息",
    "visit": "上门走访",
}
