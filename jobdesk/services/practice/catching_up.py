"""Every ten days the station works off what is overdue, as one does whose supervisor looks too.

What nobody did on its day would otherwise lie there for the rest of the invented year. A few lines stay:
a morning without anything late would teach nothing.
"""

from __future__ import annotations

from datetime import timedelta

from jobdesk.cases.due import CONTACT_KINDS, DueKind, DueLine
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.services.confirming import confirm
from jobdesk.services.desk import Desk
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.planning import current_plan, finish_measure, move_measure, review_plan
from jobdesk.services.practice.mornings import UNSEEN
from jobdesk.services.practice.year import Year
from jobdesk.services.registration.ending import end_spell
from jobdesk.services.serving import Contact, ServiceEntry, record_service
from jobdesk.services.today import OF_NO_PERSON, load_board, put_off
from jobdesk.services.vacancies import change_vacancy
from jobdesk.store import reads

LEFT, LEFT_LAST, PUT_OFF = 0.04, 8, 3
"""Own figures: the share left for the next time, how many lines are left for today, and put off."""
_NEVER = frozenset({DueKind.HELD_ROWS, DueKind.UNREACHABLE})
"""Held rows wait for whoever opens the practice station, 无法联系 for whoever supervises it."""
_OF_PLANS = frozenset({DueKind.MEASURE, DueKind.PROMISE, DueKind.PLAN_GOAL, DueKind.PLAN_REVIEW})
_TOLD = frozenset(
    {DueKind.SUBSIDY_END, DueKind.BENEFIT_END, DueKind.TELL_POLICY, DueKind.PREPARE, DueKind.WINDOW_END}
)
_WAITS = frozenset({DueKind.MAY_APPLY, DueKind.MAY_REGISTER})
"""The person need not want it: put off with the reason."""
_PAPERS = {"graduated_on": "毕业证书", "birth": "户口簿"}
_GUIDED = frozenset({DueKind.NEW_ROUND, DueKind.TRANSFER_WISH})
"""Answered by 职业指导."""


class CatchingUp:
    """The regular look at the board."""

    def __init__(self, year: Year) -> None:
        self._year = year

    def plan_all(self) -> None:
        """Every ten days from the third week on, and once more on the last working day before today."""
        year = self._year
        day = year.start + timedelta(days=20)
        while day < year.today - timedelta(days=4):
            year.plan(day, year.staff[0], self._regular)
            day += timedelta(days=10)
        year.plan(year.days.add(year.today, -1), year.staff[0], self._last, at_close=True)

    def _regular(self, desk: Desk) -> None:
        for line in self._late(desk):
            if self._year.rng.random() >= LEFT:
                self._answer(desk, line)

    def _last(self, desk: Desk) -> None:
        """What fell due in the last days stays in part; one older line, as it happens everywhere."""
        late = [x for x in self._late(desk) if x.kind not in _NEVER]
        left = [*late[-(LEFT_LAST - 1) :], *late[:1]]
        may_wait = [x for x in late if x not in left and x.kind not in OF_NO_PERSON]
        for line in may_wait[:PUT_OFF]:
            until = self._year.days.add(desk.today, 6)
            put_off(desk, line, until, "本人外出，约定回来后办理").result()
        for line in self._late(desk):
            if line.uid not in {x.uid for x in left}:
                self._answer(desk, line)

    def _late(self, desk: Desk) -> list[DueLine]:
        board = load_board(desk).result()
        homes = {i for i, item in board.items.items() if item.is_household}  # these have their own way
        return [x for x in board.ordered() if x.due <= desk.today and x.subject not in homes]

    # ------------------------------------------------------------------ one line

    def _answer(self, desk: Desk, line: DueLine) -> None:
        """Do what the line asks for; nothing when an answer before settled it as well."""
        if line.kind in _NEVER or line.subject == self._year.boxes.get(UNSEEN, {}).get("id"):
            return
        if line.kind is DueKind.VACANCY:
            self._check_post(desk, line)
            return
        state = desk.case(line.subject).result()
        if line.kind in CONTACT_KINDS:
            self._call(desk, state)
        elif line.kind in _TOLD:
            self._tell(desk, state, line)
        elif line.kind in _GUIDED:
            self._guide(desk, state)
        elif line.kind is DueKind.NOTICE:
            day = desk.today.isoformat()
            given: dict[str, Json] = {"notice_on": day, "compare_on": day, "truth_on": day}
            save_record(desk, state.subject, state.root, given).result()
        elif line.kind is DueKind.STEP:
            self._step(desk, state, line)
        elif line.kind is DueKind.VERIFY:
            name = str(dict(line.params)["part"])
            paper: dict[str, Json] = {"source": "document", "document": _PAPERS[name]}
            confirm(desk, state.subject.id, name, state.root.get(name), paper).result()
        elif line.kind is DueKind.PENSION:
            looked: dict[str, Json] = {
                "kind": "retirement", "system": "社会保险系统", "looked_on": desk.today.isoformat(),
                "result": "clear", "staff": desk.actor,
            }  # fmt: skip
            add_record(desk, state.subject, "verification", looked).result()
        elif line.kind in _OF_PLANS:
            self._plan(desk, state, line)
        elif line.kind in _WAITS:
            until = self._year.days.add(desk.today + timedelta(days=90), 0)
            put_off(desk, line, until, "本人暂不申请，先求职，约定季度后再谈").result()
        elif line.kind is DueKind.DEREGISTER:
            self._deregister(desk, state, line)
        elif line.kind is DueKind.LEAVE:
            self._keep(desk, state, line)

    def _deregister(self, desk: Desk, state: SubjectState, line: DueLine) -> None:
        """A job merely heard of waits some weeks for proof; then it is seen, and the 失业登记 ends."""
        day = desk.today.isoformat()
        for job in state.of("placement"):
            if not job.get("verified_on") and not job.get("until"):
                if job.text("since") > (desk.today - timedelta(days=90)).isoformat():
                    until = self._year.days.add(desk.today + timedelta(days=45), 0)
                    put_off(desk, line, until, "听本人说已上班，等合同或参保信息").result()
                    return
                seen: dict[str, Json] = {
                    "verified_on": day,
                    "verified_how": "上门看过工牌",
                    "source": "document",
                }
                save_record(desk, state.subject, job, seen).result()
        for spell in state.of("registration"):
            if not spell.get("until"):
                end_spell(desk, state.subject.id, spell, {"until": day, "end_reason": "11"}).result()

    def _keep(self, desk: Desk, state: SubjectState, line: DueLine) -> None:
        """The county was asked and keeps the recognition while the help runs."""
        held = state.records.get(("recognition", line.record))
        if held is not None:
            kept: dict[str, Json] = {
                "reviewed_on": desk.today.isoformat(), "review_result": "享受政策期间保留认定"
            }  # fmt: skip
            save_record(desk, state.subject, held, kept).result()

    def _check_post(self, desk: Desk, line: DueLine) -> None:
        subject = Subject("vacancy", line.record)
        post = desk.read(lambda con: reads.subject_state(con, subject)).result().root
        until = (desk.today + timedelta(days=self._year.rng.randint(60, 150))).isoformat()
        values: dict[str, Json] = {"checked_on": desk.today.isoformat(), "valid_until": until}
        change_vacancy(desk, post, values).result()

    def _call(self, desk: Desk, state: SubjectState) -> None:
        months = 3 if state.of("placement") else self._year.rng.choice((1, 1, 2))
        following = self._year.days.add(desk.today + timedelta(days=months * 29), 0)
        values: dict[str, Json] = {
            "type": "HF", "channel": "phone", "outcome": "connected",
            "content": self._year.text("text", "call"),
        }  # fmt: skip
        self._serve(desk, state, values, Contact(following.isoformat(), "定期联系"))

    def _tell(self, desk: Desk, state: SubjectState, line: DueLine) -> None:
        values: dict[str, Json] = {
            "type": "ZCXJ", "channel": "phone", "outcome": "offered", "engagement": "offered",
            "content": self._year.text("text", "end"),
        }  # fmt: skip
        if line.kind is DueKind.TELL_POLICY:
            named = str(dict(line.params).get("policies") or "").split(",")
            values |= {"policies": list[Json](named), "content": "介绍可以了解的政策和办理地点。"}
        self._serve(desk, state, values, Contact())

    def _guide(self, desk: Desk, state: SubjectState) -> None:
        values: dict[str, Json] = {
            "type": "ZYZD", "channel": "station", "outcome": "offered", "engagement": "offered",
            "content": self._year.text("text", "guidance"),
        }  # fmt: skip
        self._serve(desk, state, values, Contact())

    def _step(self, desk: Desk, state: SubjectState, line: DueLine) -> None:
        """The step itself where it is ours alone, else the measure by which it was agreed."""
        year, params = self._year, dict(line.params)
        code = line.key.split(":")[-2].split(".")[0]
        kind = {"PXJX": "JNPX"}.get(code, code)
        needed = int(str(params["required"])) - int(str(params["counted"]))
        values: dict[str, Json] = {
            "type": kind, "channel": "station", "engagement": "offered", "outcome": "offered",
            "round": params["round"],
        }  # fmt: skip
        if kind == "GWTJ" and year.posts:
            posts = year.rng.sample(year.posts, min(len(year.posts), needed))
            values |= {"vacancies": list(posts), "content": "推荐岗位并说明要求。"}
        else:
            words = {"ZYZD": "guidance", "JNPX": "training", "JYJX": "internship"}.get(kind, "desk")
            values["content"] = year.text("text", words)
        self._serve(desk, state, values, Contact())
        measure = state.records.get(("measure", line.record))
        if measure is not None:
            finish_measure(desk, state.subject.id, measure, desk.today.isoformat(), "已落实").result()

    def _plan(self, desk: Desk, state: SubjectState, line: DueLine) -> None:
        plan = current_plan(state)
        if line.kind is DueKind.MEASURE:
            measure = state.records.get(("measure", line.record))
            if measure is None:
                return
            if self._year.rng.random() < 0.5:
                finish_measure(desk, state.subject.id, measure, desk.today.isoformat(), "已落实").result()
                return
            due = (desk.today + timedelta(days=self._year.rng.randint(20, 50))).isoformat()
            reason = self._year.text("text", "missed")
            move_measure(desk, state.subject.id, measure, due, reason).result()
        elif plan is not None and line.kind is DueKind.PROMISE:
            kept: dict[str, Json] = {"promise_done_on": desk.today.isoformat()}
            save_record(desk, state.subject, plan, kept).result()
        elif plan is not None:
            values: dict[str, Json] = {
                "text": self._year.text("text", "review"),
                "next_on": (desk.today + timedelta(days=95)).isoformat(),
            }
            review_plan(desk, state.subject.id, plan, values).result()

    def _serve(self, desk: Desk, state: SubjectState, values: dict[str, Json], contact: Contact) -> None:
        entry: dict[str, Json] = {**values, "served_on": desk.today.isoformat(), "staff": desk.actor}
        record_service(desk, [state.subject.id], ServiceEntry(entry, contact)).result()
