"""What happens to one invented person in the year: contacts, plan, steps, a job, an end, a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from jobdesk.cases.ops import Json
from jobdesk.services.closing import end_help, resume_help
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.planning import (
    agree_plan,
    current_plan,
    finish_measure,
    measures_of,
    move_measure,
    review_plan,
)
from jobdesk.services.practice.people import Person
from jobdesk.services.practice.year import Year
from jobdesk.services.registering import Child, register
from jobdesk.services.serving import Contact, ServiceEntry, record_service

_CHANNELS = ("phone",) * 12 + ("visit",) * 4 + ("station",) * 3 + ("online",)
_END_REASONS = {"10": "11", "21": "12", "22": "13", "30": "14"}
_YOUNG, _OLD = 28, 40
"""Own figures: up to and from this age some sentences fit only."""
_HELP_ENDS = {"10": "employed", "21": "self_employed", "22": "flexible", "30": "public_post"}


def confirmed(name: str, value: str, paper: str, number: str = "") -> Child:
    """A field of the file that a paper confirms, seen on the day the file is opened."""
    body: dict[str, Json] = {"field": name, "value": value, "source": "document", "document": paper}
    return Child("proof", {**body, **({"number": number} if number else {})})


def seen_on(children: Sequence[Child], day: date) -> list[Child]:
    """The same, the papers among them seen on that day."""
    return [
        replace(c, values={**c.values, "looked_on": day.isoformat()}) if c.record == "proof" else c
        for c in children
    ]


@dataclass(slots=True)
class Life:
    """One person and the course of the year for them.

    Attributes:
        months: between two contacts.
        steps: service types still to be given, in order.
        placed_after: days from the opening to a job; 0 for none.
    """

    year: Year
    person: Person
    actor: str
    children: Sequence[Child] = ()
    extra: Mapping[str, Json] | None = None
    months: int = 1
    steps: tuple[str, ...] = ()
    has_plan: bool = False
    placed_after: int = 0
    case_id: str = ""
    over: bool = False
    offered: set[str] = field(default_factory=set[str])

    def begin(self, day: date) -> None:
        """The file is opened on that day; the rest follows from it."""
        self.year.plan(day, self.actor, self._register)

    # ------------------------------------------------------------------ opening

    def _register(self, desk: Desk) -> None:
        rng = self.year.rng
        values: dict[str, Json] = {**self.person.root, **(self.extra or {}), "owner": self.actor}
        if rng.random() < 0.93:
            day = desk.today.isoformat()
            values |= {"notice_on": day, "compare_on": day, "truth_on": day}
        else:
            self.year.later(desk, rng.randint(20, 45), self._notice)
        first = self._due(desk, 5, 12)
        values |= {"next_contact": first.isoformat(), "next_contact_reason": "首次联系"}
        self.case_id = register(desk, values, seen_on(self.children, desk.today)).result().case_id
        self._contact_on(first)
        if self.has_plan:
            self.year.later(desk, rng.randint(6, 25), self._agree)
        if self.placed_after:
            self.year.later(desk, self.placed_after, self._place)

    def _notice(self, desk: Desk) -> None:
        state = desk.case(self.case_id).result()
        day = desk.today.isoformat()
        values: dict[str, Json] = {"notice_on": day, "compare_on": day, "truth_on": day}
        save_record(desk, state.subject, state.root, values).result()

    # ------------------------------------------------------------------ contacts

    def _due(self, desk: Desk, least: int, most: int) -> date:
        day = desk.today + timedelta(days=self.year.rng.randint(least, most))
        return self.year.days.add(day, 0)

    def _contact_on(self, day: date) -> None:
        """Mostly done on the day, sometimes some days late, now and then forgotten for weeks."""
        chance = self.year.rng.random()
        late = 0 if chance < 0.86 else self.year.rng.randint(1, 4) if chance < 0.94 else 20
        self.year.plan(day + timedelta(days=late), self.actor, self._contact)

    def _contact(self, desk: Desk) -> None:
        if self.over:
            return
        rng = self.year.rng
        if rng.random() < 0.09:
            again = self._due(desk, 1, 4)
            self._serve(
                desk,
                {
                    "type": "HF",
                    "channel": "phone",
                    "engagement": "attempt",
                    "outcome": "no_answer",
                    "content": "",
                },
                again,
                "电话未接通，再联系",
            )
            self._contact_on(again)
            return
        step = bool(self.steps) and rng.random() < 0.92
        span = (9, 24) if self.steps else (self.months * 26, self.months * 31)
        following = self._due(desk, *span)
        if step:
            kind, self.steps = self.steps[0], self.steps[1:]
            self._serve(desk, self._step(kind, desk), following, "了解服务后的情况")
        else:
            self._serve(desk, self._call(), following, "定期联系")
        self._contact_on(following)

    def _call(self) -> dict[str, Json]:
        channel = self.year.rng.choice(_CHANNELS)
        words = {"visit": "visit", "station": "desk"}.get(channel, "call")
        met = channel in ("visit", "station")
        kind = "HF" if channel != "station" else self.year.rng.choice(("ZCXJ", "XB"))
        outcome = (
            ("met" if met else "connected" if channel == "phone" else None) if kind == "HF" else "offered"
        )
        place = self.person.root["address"] if channel == "visit" else "服务大厅" if met else None
        return {
            "type": kind,
            "channel": channel,
            "content": self.year.text("text", words),
            "outcome": outcome,
            "engagement": None if kind == "HF" else "offered",
            "place": place,
        }

    def _step(self, kind: str, desk: Desk) -> dict[str, Json]:
        year = self.year
        engagement = year.rng.choice(("offered", "offered", "joined", "completed", "declined"))
        outcome = "not_accepted" if engagement == "declined" else engagement
        values: dict[str, Json] = {
            "type": kind,
            "channel": year.rng.choice(("station", "phone", "station", "online")),
            "engagement": engagement,
            "outcome": outcome,
            "round": 1,
        }
        if kind == "GWTJ" and year.posts:
            post = year.rng.choice([p for p in year.posts if p not in self.offered] or year.posts)
            self.offered.add(post)
            values["vacancies"] = [post]
            values["content"] = "推荐岗位并说明要求。"
        else:
            words = {"ZYZD": "guidance", "JNPX": "training", "JYJX": "internship"}.get(kind, "desk")
            values["content"] = year.text("text", words)
        if kind in ("JNPX", "JYJX") and year.rng.random() < 0.2:
            values["provider"] = year.rng.choice(("county", "school"))
        return values

    def _serve(self, desk: Desk, values: dict[str, Json], following: date | None, reason: str) -> str:
        year = self.year
        served = desk.today
        if year.rng.random() < 0.015:
            served -= timedelta(days=9)
            values = {**values, "late_reason": "下村走访后补录"}
        values = {**values, "served_on": served.isoformat(), "staff": desk.actor}
        contact = Contact(following.isoformat(), reason) if following else Contact()
        done = record_service(desk, [self.case_id], ServiceEntry(values, contact)).result()
        return done.services[self.case_id]

    # ------------------------------------------------------------------ plan

    def _agree(self, desk: Desk) -> None:
        if self.over:
            return
        year, rng, today = self.year, self.year.rng, desk.today
        values: dict[str, Json] = {
            "analysis": rng.choice(self._words("analysis")),
            "barrier_text": year.text("text", "barrier"),
            "barriers": rng.sample(["skill", "health", "care", "expectation", "area"], rng.randint(1, 2)),
            "goal": rng.choice(self._words("goal")),
            "goal_due": _iso(today, rng.randint(150, 330)),
            "wish": year.text("work", "posts"),
            "review_on": _iso(today, rng.randint(60, 100)),
            "statement": "本人愿意配合，情况属实。",
            "statement_on": today.isoformat(),
        }
        if rng.random() < 0.6:
            values |= {
                "promise": year.text("text", "promise"),
                "promise_due": _iso(today, rng.randint(20, 45)),
                "promise_owner": desk.actor,
            }
            year.later(desk, rng.randint(10, 24), self._keep_promise)
        chosen = rng.sample(self._words("measures"), rng.randint(2, 3))
        measures: list[dict[str, Json]] = [
            {"what": what, "owner": desk.actor, "due": _iso(today, rng.randint(15, 120))} for what in chosen
        ]
        if self.steps:
            for measure in measures:
                measure["step"] = year.words["measure_steps"].get(str(measure["what"]))
        agree_plan(desk, desk.case(self.case_id).result(), values, measures).result()
        for measure in measures:
            due = date.fromisoformat(str(measure["due"]))
            after = rng.randint(-6, 0) if rng.random() < 0.93 else rng.randint(20, 45)
            year.plan(due + timedelta(days=after), desk.actor, self._measure)
        review = date.fromisoformat(str(values["review_on"]))
        year.plan(
            review + timedelta(days=rng.randint(-8, -1) if rng.random() < 0.95 else 30),
            desk.actor,
            self._review,
        )

    def _words(self, name: str) -> list[str]:
        """Sentences for everybody and for somebody of this age: nobody of fifty has just left school."""
        texts: Mapping[str, list[str]] = self.year.words["text"]
        age = self.person.age(self.year.today)
        kind = "young" if age <= _YOUNG else "old" if age >= _OLD else ""
        return [*texts[name], *texts.get(f"{name}_{kind}", [])]

    def _keep_promise(self, desk: Desk) -> None:
        """Mostly in time; what is late is late by weeks, not for ever."""
        state = desk.case(self.case_id).result()
        plan = current_plan(state)
        if plan is None or plan.get("promise_done_on"):
            return
        if self.year.rng.random() < 0.9:
            kept: dict[str, Json] = {"promise_done_on": desk.today.isoformat()}
            save_record(desk, state.subject, plan, kept).result()
        else:
            self.year.later(desk, 25, self._keep_promise)

    def _measure(self, desk: Desk) -> None:
        state = desk.case(self.case_id).result()
        plan = current_plan(state)
        waiting = [m for m in measures_of(state, plan.id) if m.text("state") == "planned"] if plan else []
        if self.over or not waiting:
            return
        measure = min(waiting, key=lambda m: m.text("due"))
        chance = self.year.rng.random()
        if chance < 0.78:
            finish_measure(desk, self.case_id, measure, desk.today.isoformat(), "已落实").result()
        elif chance < 0.92:
            new_due = _iso(desk.today, self.year.rng.randint(20, 50))
            move_measure(desk, self.case_id, measure, new_due, self.year.text("text", "missed")).result()
            self.year.plan(date.fromisoformat(new_due), desk.actor, self._measure)
        else:
            finish_measure(
                desk, self.case_id, measure, desk.today.isoformat(), "本人已另有安排", "dropped"
            ).result()

    def _review(self, desk: Desk) -> None:
        state = desk.case(self.case_id).result()
        plan = current_plan(state)
        if self.over or plan is None:
            return
        values: dict[str, Json] = {"text": self.year.text("text", "review"), "next_on": _iso(desk.today, 95)}
        review_plan(desk, self.case_id, plan, values).result()
        if self.year.rng.random() < 0.15:
            self.year.later(desk, 3, self._agree)
        else:
            self.year.later(desk, self.year.rng.randint(85, 93), self._review)

    # ------------------------------------------------------------------ work, end, return

    def _place(self, desk: Desk) -> None:
        """A job: verified or merely heard of; the registration ends, follow-ups go on."""
        year, rng, day = self.year, self.year.rng, desk.today.isoformat()
        form = rng.choice(("10", "10", "10", "22", "22", "21", "30"))
        job: dict[str, Json] = {
            "form": form,
            **year.opening(),
            "since": day,
            "pay": year.text("work", "pay"),
        }
        verified = rng.random() < 0.7
        if verified:
            job |= {
                "verified_on": day,
                "verified_how": "查看劳动合同",
                "contract": "是",
                "insured": "是",
                "source": "document",
            }
        else:
            job |= {"source": "self", "note": "电话里听本人说的"}
        subject = case_subject(self.case_id)
        add_record(desk, subject, "placement", job).result()
        if verified:
            self.deregister(desk, day, form)
        else:
            year.later(desk, 110, lambda d: self._verify(d, day, form))
        year.later(desk, 6, self._keep_recognition)
        self.steps, self.months = (), 3
        if verified and rng.random() < 0.55:
            year.later(desk, rng.randint(20, 60), lambda d: self._end(d, _HELP_ENDS[form]))

    def _verify(self, desk: Desk, since: str, form: str) -> None:
        """What was heard of turned out to be so: verified some months later, and the registration ends."""
        subject = case_subject(self.case_id)
        state = desk.case(self.case_id).result()
        for job in state.of("placement"):
            if not job.get("verified_on") and not job.get("until"):
                found: dict[str, Json] = {
                    "verified_on": desk.today.isoformat(), "verified_how": "上门看过工牌",
                    "source": "document",
                }  # fmt: skip
                save_record(desk, subject, job, found).result()
        self.deregister(desk, since, form)

    def deregister(self, desk: Desk, day: str, form: str) -> None:
        """The 失业登记 ends with the work that began."""
        subject = case_subject(self.case_id)
        for spell in desk.case(self.case_id).result().of("registration"):
            if not spell.get("until"):
                save_record(desk, subject, spell, {"until": day, "end_reason": _END_REASONS[form]}).result()

    def _keep_recognition(self, desk: Desk) -> None:
        """The county was asked: a recognition stands while its subsidy runs, whatever work began."""
        subject = case_subject(self.case_id)
        for record in desk.case(self.case_id).result().of("recognition"):
            if record.text("state") == "recognised":
                kept: dict[str, Json] = {
                    "reviewed_on": desk.today.isoformat(), "review_result": "享受社保补贴期间保留认定"
                }  # fmt: skip
                save_record(desk, subject, record, kept).result()

    def _end(self, desk: Desk, reason: str) -> None:
        if self.over:
            return
        self.over = True
        end_help(desk, desk.case(self.case_id).result(), reason).result()
        if self.year.rng.random() < 0.15:
            self.year.later(desk, self.year.rng.randint(30, 80), self._resume)

    def _resume(self, desk: Desk) -> None:
        self.over = False
        resume_help(desk, desk.case(self.case_id).result(), "合同到期，重新求职").result()
        following = self._due(desk, 5, 12)
        self._serve(desk, self._call(), following, "重新纳入后联系")
        self._contact_on(following)


def _iso(day: date, after: int) -> str:
    return (day + timedelta(days=after)).isoformat()
