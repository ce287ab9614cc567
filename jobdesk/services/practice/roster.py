"""Who is on the books of the practice station, and why: some 300 people by kind."""

from __future__ import annotations

from datetime import date, timedelta

from jobdesk.cases.ops import Json
from jobdesk.services.practice.lives import Life, confirmed
from jobdesk.services.practice.people import People, Person
from jobdesk.services.practice.year import Year
from jobdesk.services.registering import Child

RECOGNISED, UNCHECKED, GRADUATES, UNEMPLOYED = 60, 42, 72, 60
"""How many of each kind (own figures); households and the people of ``mornings`` bring some seventy more."""
_HARDSHIP = ("JL2",) * 9 + ("JL1",) * 4 + ("JL3", "JL3", "JL5", "JL5", "JL6", "JL6")
_ROUND = ("ZYZD", "GWTJ", "GWTJ", "GWTJ", "JNPX", "JYJX")
_RESTRICTED = ("released", "drug_recovery")


class Roster:
    """Draws people by kind and plans their lives."""

    def __init__(self, year: Year, people: People) -> None:
        self._year = year
        self._people = people
        self._rng = year.rng
        self.lives: list[Life] = []

    def draw_all(self) -> list[Life]:
        """Everybody but the households; half of them stand on the books from the first weeks."""
        for n in range(RECOGNISED):
            self._begin(self._hardship("recognised", n))
        for n in range(UNCHECKED):
            self._begin(self._hardship("ledger", n))
        for n in range(GRADUATES):
            self._begin(self._graduate(n))
        for n in range(UNEMPLOYED):
            self._begin(self._unemployed(n))
        return self.lives

    def add(self, life: Life, day: date) -> Life:
        """One more."""
        self.lives.append(life)
        life.begin(day)
        return life

    def _begin(self, life: Life) -> None:
        span = (self._year.today - self._year.start).days
        rng = self._rng
        after = rng.randint(0, 50) if rng.random() < 0.55 else rng.randint(50, span - 6)
        self.add(life, self._year.start + timedelta(days=after))

    # ------------------------------------------------------------------ kinds

    def person_with(self, person: Person, tier: str = "") -> dict[str, Json]:
        """What is asked of everybody; now and then something is still missing, and seen to be."""
        rng, year = self._rng, self._year
        old = person.age(year.today) >= 35
        values: dict[str, Json] = {
            "education": rng.choice(("71", "71", "61", "41", "80"))
            if old
            else rng.choice(("61", "41", "31", "21")),
            "skills": year.text("work", "skills"),
            "wish_post": year.text("work", "posts"),
            "wish_area": year.text("work", "areas"),
            "wish_pay": year.text("work", "pay"),
            "work_form": rng.choice(("long", "long", "any", "short", "part")),
            "willingness": "yes",
            "marital": "20" if old else "10",
            "certificate_no": f"2299010025{rng.randint(1, 999999):06d}",
        }
        if tier:
            values |= {"tier": tier, "tier_reason": "按就业能力评定"}
        for name in ("skills", "wish_post", "certificate_no", "education"):
            if rng.random() < 0.06:
                del values[name]
        if rng.random() < 0.04:
            person.root.pop("phone", None)
        return values

    def _since(self, least: int, most: int) -> str:
        return (self._year.start - timedelta(days=self._rng.randint(least, most))).isoformat()

    def _hardship(self, state: str, n: int) -> Life:
        rng = self._rng
        category = rng.choice(_HARDSHIP)
        sex = "1" if category == "JL2" and rng.random() < 0.4 else ("2" if category == "JL2" else "")
        youngest = 50 if sex == "1" and category == "JL2" else 41 if category == "JL2" else 30
        person = self._people.draw(youngest, 58 if sex != "2" else 53, sex)
        extra = self.person_with(person, rng.choice(("1", "2", "", "", "")))
        children = [self._registered(("02", "08", "10", "05"))]
        values: dict[str, Json] = {"category": category, "state": state, "main": True}
        if state == "recognised":
            values |= {
                "source": "document",
                "authority": self._year.words["station"]["authority"],
                "number": f"示就认〔2025〕{n + 11}号",
                "since": self._since(20, 400),
                "checked_on": self._since(1, 15),
            }
        elif state == "ledger":
            values |= {"source": "ledger"}
        children.append(Child("recognition", values))
        if category == "JL3":
            extra |= {"disability": "肢体四级", "health": "6"}
            children.append(Child("group", {"kind": "disabled", "source": "document"}))
        if category == "JL5":
            children.append(Child("group", {"kind": "allowance", "source": "document"}))
        if rng.random() < 0.04:
            children.append(Child("group", {"kind": rng.choice(_RESTRICTED), "source": "document"}))
        if state == "recognised" and rng.random() < 0.5:
            subsidy = self._subsidy(person)
            children.append(subsidy)
            children[0] = self._make_room(subsidy, children[0], values, n)
            if subsidy.values["kind"] == "social_flexible":
                children.append(self._flexible(subsidy))
        return self._life(
            person,
            extra,
            children,
            has_plan=rng.random() < 0.8,
            months=rng.choice((1, 2, 2)),
            placed=0.3 if state == "recognised" else 0.15,
        )

    def _graduate(self, n: int) -> Life:
        """Of this year and of the year before; a few from a technicians' school."""
        rng, year = self._rng, self._year
        person = self._people.draw(21, 25)
        graduated = year.today.year - (n % 2)
        technical = n % 13 == 0
        places = year.words["places"]
        extra = self.person_with(person, rng.choice(("3", "", "", "")))
        extra |= {
            "graduate_kind": "technician_preparatory" if technical else "university",
            "school": places["technical"] if technical else rng.choice(places["schools"]),
            "major": rng.choice(places["majors"]),
            "graduated_on": f"{graduated}-07-01" if n % 5 else f"{graduated}-07",
            "education": rng.choice(("21", "31")),
            "origin_place": year.words["station"]["region"],
            "archive_place": "示例区人才服务中心",
        }
        children: list[Child] = []
        if rng.random() < 0.6:
            children.append(self._registered(("01",)))
        if n % 9 == 4:
            kind = "study" if n % 2 else "no_wish"
            extra["willingness"] = "study" if kind == "study" else "none"
            stated = (year.today - timedelta(days=rng.randint(20, 150))).isoformat()
            text = "准备研究生考试。" if kind == "study" else "近期照顾家人，暂不求职。"
            children.append(Child("statement", {"kind": kind, "stated_on": stated, "text": text}))
        if n % 4 != 1:
            children.append(confirmed("graduated_on", str(extra["graduated_on"]), "毕业证书"))
        rounds = rng.choice((1, 1, 1, 2))
        return self._life(
            person,
            extra,
            children,
            has_plan=rng.random() < 0.35,
            steps=_ROUND * rounds,
            months=1,
            placed=0.35,
        )

    def _unemployed(self, n: int) -> Life:
        rng = self._rng
        person = self._people.draw(24, 52)
        extra = self.person_with(person, rng.choice(("3", "", "", "")))
        children = [self._registered(("02", "05", "06", "08"))]
        if n % 8 == 0:
            until = self._year.today + timedelta(days=rng.randint(-20, 160))
            children.append(
                Child(
                    "benefit", {"since": self._since(10, 60), "until": until.isoformat(), "source": "system"}
                )
            )
        if n % 11 == 0:
            kind = rng.choice(("veteran", "lifted_poor", "military_family", "single_parent"))
            children.append(Child("group", {"kind": kind, "source": "document"}))
        return self._life(
            person, extra, children, has_plan=rng.random() < 0.2, months=rng.choice((2, 3)), placed=0.4
        )

    # ------------------------------------------------------------------ parts

    def _registered(self, reasons: tuple[str, ...]) -> Child:
        values: dict[str, Json] = {
            "since": self._since(5, 500),
            "reason": self._rng.choice(reasons),
            "registered": True,
            "source": "system",
            "checked_on": self._since(0, 4),
        }
        return Child("registration", values)

    def _subsidy(self, person: Person) -> Child:
        """Three years, or until the pension where that is near; some end within the next weeks."""
        ends = self._year.today + timedelta(days=self._rng.choice((6, 12, 25, 28, 70, 160, 300, 500)))
        began = ends - timedelta(days=3 * 365)
        values: dict[str, Json] = {
            "kind": self._rng.choice(("social_flexible", "social_flexible", "public_post")),
            "since": began.isoformat(),
            "until": ends.isoformat(),
            "first_approved": began.isoformat(),
            "source": "document",
            "authority": self._year.words["station"]["authority"],
        }
        return Child("subsidy", values)

    def _make_room(self, subsidy: Child, spell: Child, recognition: dict[str, Json], n: int) -> Child:
        """The 失业登记 as it goes with a subsidy for flexible work: ended. The recognition came before."""
        began = str(subsidy.values["since"])
        first = date.fromisoformat(began)
        recognition["since"] = (first - timedelta(days=30 + n % 40)).isoformat()
        since = (first - timedelta(days=280 + n % 60)).isoformat()
        values: dict[str, Json] = {**spell.values, "since": since}
        if subsidy.values["kind"] == "social_flexible":
            values |= {"until": (first - timedelta(days=5)).isoformat(), "end_reason": "13"}
        return Child("registration", values)

    def _flexible(self, subsidy: Child) -> Child:
        """灵活就业 by promise, beneath a subsidy for it."""
        since = (date.fromisoformat(str(subsidy.values["since"])) - timedelta(days=5)).isoformat()
        values: dict[str, Json] = {
            "form": "22", "since": since, "registered_on": since, "source": "system",
            "evidence_kind": "promise",
        }  # fmt: skip
        return Child("employment", values)

    def _life(
        self,
        person: Person,
        extra: dict[str, Json],
        children: list[Child],
        *,
        has_plan: bool,
        months: int,
        placed: float,
        steps: tuple[str, ...] = (),
    ) -> Life:
        rng = self._rng
        after = rng.randint(60, 240) if rng.random() < placed else 0
        return Life(self._year, person, self._year.someone(), children, extra, months, steps, has_plan, after)
