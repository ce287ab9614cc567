"""People whose day comes within the month after today: what the rules are shown by.

Each has one telling thing: a day that a rule counts to, an application on its way, a post or a subsidy that
nears its end, facts that cannot both be true. Names stand under ``[mornings]`` in the sample file, so that a
guide can point to them. Days are counted from today whatever it is; nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from jobdesk.cases.figures import add_months
from jobdesk.cases.ops import Json
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.retirement import possible
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import save_record
from jobdesk.services.overriding import let_stand
from jobdesk.services.practice.claims import Claims
from jobdesk.services.practice.lives import confirmed, seen_on
from jobdesk.services.practice.people import People, Person
from jobdesk.services.practice.year import Deed, Year
from jobdesk.services.registering import Child, register
from jobdesk.services.serving import Contact, ServiceEntry, record_service

OPENED, SPOKEN = 150, 16
"""Own figures: days ago on which these files were opened, and on which somebody last spoke with them."""
FULL, PREPARE, WINDOW, RETIRES, ENDS = 9, 62, 93, 12, 40
"""Own figures, in days from today: somebody's 24 months are full, another's are; a third's support windows
end; women reach the statutory age; a subsidy ends (it is told a second time in ten days).
"""
UNSEEN = "graduate_unseen"
"""Whose date of graduation nobody has confirmed: 今日 asks for that first."""
USUAL: Mapping[str, Json] = {
    "work_capacity": "able",
    "willingness": "yes",
    "local_hukou": True,
    "hukou_kind": "10",
    "ever_employed": True,
    "ever_insured": True,
}
"""What rules ask of everybody."""


class Mornings:
    """Plans them all."""

    def __init__(self, year: Year, people: People, packs: PackSet) -> None:
        self._year = year
        self._people = people
        self._packs = packs
        self._names: dict[str, str] = year.words["mornings"]
        self._rows = 0

    def plan_all(self) -> None:
        """Before the year is run."""
        self._graduates()
        self._retiring()
        self._subsidies()
        self._posts()
        self._others()
        self._odd()
        Claims(self._year, self._enter, self._names).plan_all()

    # ------------------------------------------------------------------ by kind

    def _graduates(self) -> None:
        for role, days in (
            ("graduate_full", FULL),
            ("graduate_prepare", PREPARE),
            ("graduate_window", WINDOW),
            (UNSEEN, FULL),
        ):
            left = add_months(self._in(days), -24)
            extra: dict[str, Json] = {
                "graduate_kind": "university",
                "graduated_on": left.isoformat(),
                "education": "21",
                "school": "示例师范学院",
                "major": "学前教育",
                "ever_employed": False,
                "ever_insured": False,
            }
            papers = [confirmed("graduated_on", left.isoformat(), "毕业证书")] if role != UNSEEN else []
            self._enter(role, self._aged(24, "2"), [self.out_of_work("01"), *papers], extra)

    def _retiring(self) -> None:
        for role, kind in (("woman_near_50", "F50"), ("woman_near_55", "F55"), ("woman_type_open", "")):
            born = born_to_retire(self._in(RETIRES), kind or "F50", self._packs, self._year.today)
            extra: dict[str, Json] = {
                "retirement_type": kind or "unknown",
                "marital": "20",
                "education": "71",
            }
            papers = [confirmed("retirement_type", kind, "社会保险记录")] if kind else []
            self._enter(role, born, [*self.recognised("JL2", 500), *papers], extra, sex="2")

    def _subsidies(self) -> None:
        """One by months counted, one whose months were paid before jobdesk, one that has ended."""
        today = self._year.today
        counted = add_months(today.replace(day=1), -34)
        self._enter(
            "subsidy_counted",
            self._aged(45, "2"),
            [
                *self.recognised("JL2", 1150, registered=False),
                self._works("22", 1120),
                self._paid("social_flexible", counted),
            ],
        )
        before = self._paid("social_unit", add_months(today.replace(day=1), -8), months_before=24)
        self._enter(
            "subsidy_opening",
            self._aged(47, "2"),
            [*self.recognised("JL2", 1400, registered=False), self._works("10", 300), before],
        )
        typed = self._paid("social_flexible", self._in(ENDS - 700), until=self._in(ENDS).isoformat())
        self._enter(
            "subsidy_typed",
            self._aged(52, "1"),
            [*self.recognised("JL2", 720, registered=False), self._works("22", 690), typed],
        )

    def _posts(self) -> None:
        for role, values in (
            ("post_no_contract", {"kind": "hardship", "since": self._iso(-8), "until": self._iso(1087)}),
            (
                "post_exit_plan",
                {
                    "kind": "hardship",
                    "since": self._iso(-1000),
                    "until": self._iso(92),
                    "contract_no": "示公岗〔练习〕7号",
                    "attendance_on": self._iso(-20),
                    "verified_on": self._iso(-40),
                },
            ),
            (
                "post_lifted_poor",
                {
                    "kind": "lifted_poor",
                    "since": self._iso(-200),
                    "until": self._iso(165),
                    "contract_no": "示公岗〔练习〕9号",
                    "attendance_on": self._iso(-27),
                    "verified_on": self._iso(-86),
                    "basis_document": "吉就组〔2022〕2号（十七）",
                },
            ),
        ):
            post: dict[str, Json] = {"unit": "示例区环卫所", "post": "保洁员", "source": "document", **values}
            children = [Child("public_post", post), self._works("30", -(self._days(str(values["since"]))))]
            children += (
                self.recognised("JL2", 1050, registered=False)
                if values["kind"] == "hardship"
                else [Child("group", {"kind": "lifted_poor", "source": "document"})]
            )
            self._enter(role, self._aged(53, "1"), children)

    def _others(self) -> None:
        wish: dict[str, Json] = {"transfer_wish": "想找一份稳定的上班工作", "transfer_wish_on": self._iso(-6)}
        self._enter("transfer_wish", self._aged(36, "1"), [self._works("22", 120)], wish)
        tier: dict[str, Json] = {"tier": "1", "tier_reason": "独自照料父母，近期需每周联系（经办人调整）"}
        self._enter("tier_overruled", self._aged(38, "2"), [self.out_of_work("02")], tier)
        trained: dict[str, Json] = {"trained_startup": True}
        shop: dict[str, Json] = {
            "name": "练习便民小吃店",
            "role": "经营者",
            "form": "individual",
            "since": self._iso(-200),
            "first_time": True,
            "source": "document",
        }
        self._enter(
            "policy_untold", self._aged(34, "1"), [Child("business", shop), self._works("21", 200)], trained
        )
        self._enter("unreachable", self._aged(41, "1"), [self.out_of_work("05")], told=False)
        for n, (days, channel) in enumerate(((15, "phone"), (10, "phone"), (4, "visit"))):
            self._year.plan(self._in(-days), self._year.staff[0], self._try("unreachable", channel, n))

    def _odd(self) -> None:
        """Facts that cannot both be true; the last pair stands with a reason."""
        flexible = self._paid("social_flexible", self._in(-90))
        self._enter("odd_flexible", self._aged(44, "2"), [*self.recognised("JL2", 400), flexible])
        twice = [self.out_of_work("02", 200), self.out_of_work("05", 40)]
        self._enter("odd_two_spells", self._aged(39, "1"), twice)
        early = self._paid("public_post", self._in(-500))
        self._enter(
            "odd_early_subsidy",
            self._aged(51, "1"),
            [*self.recognised("JL2", 300, registered=False), self._works("30", 500), early],
        )
        works: dict[str, Json] = {
            "form": "10",
            "unit": "安居物业",
            "post": "保安员",
            "since": self._iso(-240),
            "verified_on": self._iso(-30),
            "source": "document",
        }
        self._enter(
            "odd_explained", self._aged(40, "1"), [self.out_of_work("02", 200), Child("placement", works)]
        )
        self._year.plan(self._in(-20), self._year.staff[0], self._explain)

    # ------------------------------------------------------------------ parts

    def out_of_work(self, reason: str, days: int = OPENED + 60) -> Child:
        """A running 失业登记 that the provincial system confirms."""
        since = self._iso(-days)
        return Child(
            "registration",
            {
                "since": since,
                "registered_on": since,
                "reason": reason,
                "registered": True,
                "source": "system",
                "checked_on": self._iso(-days + 1),
            },
        )

    def recognised(self, category: str, days: int, *, registered: bool = True) -> list[Child]:
        """A recognition of so many days ago by document, with the 失业登记 beneath it."""
        self._rows += 1
        since = self._iso(-days)
        held: dict[str, Json] = {
            "category": category,
            "state": "recognised",
            "main": True,
            "source": "document",
            "since": since,
            "authority": self._year.words["station"]["authority"],
            "checked_on": self._iso(-20),
            "number": f"示就认〔练习〕{300 + self._rows}号",
        }
        spell = [self.out_of_work("02", days + 200)] if registered else []
        return [Child("recognition", held), *spell]

    def _paid(self, kind: str, since: date, **more: Json) -> Child:
        first = since.isoformat()
        return Child(
            "subsidy",
            {
                "kind": kind,
                "since": first,
                "first_approved": first,
                "source": "document",
                "authority": self._year.words["station"]["authority"],
                **more,
            },
        )

    def _works(self, form: str, days: int) -> Child:
        """A 就业登记 that the provincial system has."""
        since = self._iso(-days)
        proof = "promise" if form == "22" else "filing"
        return Child(
            "employment",
            {
                "form": form,
                "since": since,
                "registered_on": since,
                "evidence_kind": proof,
                "source": "system",
            },
        )

    def _days(self, iso: str) -> int:
        return (date.fromisoformat(iso) - self._year.today).days

    def _in(self, days: int) -> date:
        return self._year.today + timedelta(days=days)

    def _iso(self, days: int) -> str:
        return self._in(days).isoformat()

    def _aged(self, years: int, sex: str) -> tuple[date, str]:
        """A birthday some months ago, so that no age changes within the month."""
        return self._in(-round(years * 365.25) - 150), sex

    def _enter(
        self,
        role: str,
        born: tuple[date, str] | date,
        children: Sequence[Child],
        extra: Mapping[str, Json] | None = None,
        *,
        sex: str = "",
        told: bool = True,
    ) -> dict[str, str]:
        """Open the file on its day and speak with the person later; the box holds the id once it is there."""
        birth, kind = (born, sex) if isinstance(born, date) else born
        person = self._people.named(self._names[role], kind, birth)
        box = self._boxes.setdefault(role, {})
        body: dict[str, Json] = {**person.root, **USUAL, **(extra or {})}
        actor = self._year.staff[0]
        self._year.plan(self._in(-OPENED), actor, self._open(person, body, children, box))
        if told:
            self._year.plan(self._in(-SPOKEN), actor, self._speak(box))
        return box

    @property
    def _boxes(self) -> dict[str, dict[str, str]]:
        return self._year.boxes

    def _open(
        self, person: Person, body: Mapping[str, Json], children: Sequence[Child], box: dict[str, str]
    ) -> Deed:
        def open_(desk: Desk) -> None:
            day = desk.today.isoformat()
            values: dict[str, Json] = {
                **body,
                "owner": desk.actor,
                "notice_on": day,
                "compare_on": day,
                "truth_on": day,
                "first_round_on": day,
                "next_contact": self._iso(24),
                "next_contact_reason": "定期联系",
            }
            made = register(desk, values, seen_on(children, desk.today)).result()
            box["id"] = made.case_id

        return open_

    def _speak(self, box: dict[str, str]) -> Deed:
        def speak(desk: Desk) -> None:
            values: dict[str, Json] = {
                "type": "HF",
                "channel": "phone",
                "outcome": "connected",
                "served_on": desk.today.isoformat(),
                "staff": desk.actor,
                "content": self._year.text("text", "call"),
            }
            following = self._year.days.add(self._in(24), 0).isoformat()
            record_service(desk, [box["id"]], ServiceEntry(values, Contact(following, "定期联系"))).result()

        return speak

    def _try(self, role: str, channel: str, n: int) -> Deed:
        def attempt(desk: Desk) -> None:
            values: dict[str, Json] = {
                "type": "HF",
                "channel": channel,
                "engagement": "attempt",
                "served_on": desk.today.isoformat(),
                "outcome": "not_met" if channel == "visit" else "no_answer",
                "staff": desk.actor,
                "content": "上门无人，邻居说外出" if channel == "visit" else "",
            }
            following = self._year.days.add(self._in(3), 0).isoformat()
            record_service(
                desk, [self._boxes[role]["id"]], ServiceEntry(values, Contact(following, "再联系"))
            ).result()

        return attempt

    def _explain(self, desk: Desk) -> None:
        state = desk.case(self._boxes["odd_explained"]["id"]).result()
        (job,) = state.of("placement")
        reason = "原单位合同日期有误，已向单位核实，等待更正"
        let_stand(desk, state.subject, ("placement", job.id), ["job_before_registration"], reason).result()
        moved: dict[str, Json] = {"note": "就业日期待单位更正"}
        save_record(desk, case_subject(state.subject.id), state.root, moved).result()


def born_to_retire(day: date, kind: str, packs: PackSet, today: date) -> date:
    """A birthday whose statutory day of that type is the day, or the first after it that exists."""
    years = int(kind[1:])
    born = add_months(day, -12 * (years + 6))
    while True:
        (found,) = possible(PartialDate.of(born), (kind,), packs, today)
        if found[1].day >= day:
            return born
        gap = (day - found[1].day).days
        born += timedelta(days=max(1, gap // 2))
