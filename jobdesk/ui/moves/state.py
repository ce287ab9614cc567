"""What 转入转出 shows: sections of cards for each tab, with what can be done about each. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobdesk.cases.clock import local_datetime
from jobdesk.services.household.naming import called
from jobdesk.services.moving.reading import Moves, Pair
from jobdesk.services.moving.recent import Answered
from jobdesk.store.sync_moves import ERASED, MANY, Ask
from jobdesk.store.sync_scope import Stub
from jobdesk.store.sync_told import Notice
from jobdesk.ui.case_words import day
from jobdesk.ui.moves.cards import Do, MoveCard, t

TABS = ("in", "out", "twins")
_APART = "transfer_apart"
_FAILS = ("nobody", "here", "gone", "answered", "erased")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its cards."""

    key: str
    cards: tuple[MoveCard, ...]

    @property
    def title(self) -> str:
        return t(f"heading_{self.key}")


def sections(tab: str, found: Moves, today: date) -> tuple[Section, ...]:
    """What a tab shows; sections without a card are left out."""
    told = _Told(found, today)
    pairs: Mapping[str, Sequence[tuple[str, Iterator[MoveCard]]]] = {
        "in": (("offers", told.wanted(True)), ("answers", told.answers(True)), ("agreed", told.agreed()),
               ("asked_in", told.asked(True)), ("failed", told.failed(True)), ("came", told.came()),
               ("refused", told.refused(True))),
        "out": (("wants", told.wanted(False)), ("answers", told.answers(False)),
                ("asked_out", told.asked(False)), ("failed", told.failed(False)),
                ("refused", told.refused(False)), ("left", told.left())),
        "twins": (("twins", told.twins()), ("answers", told.apart()), ("merged", told.merged())),
    }  # fmt: skip
    made = (Section(key, tuple(cards)) for key, cards in pairs[tab])
    return tuple(s for s in made if s.cards)


def waiting(found: Moves) -> dict[str, int]:
    """How many matters of each tab wait for somebody here."""
    apart = sum(_of_twins(n) for n in found.answers)
    takes = sum(_into_here(n, found) for n in (*found.wanted, *found.answers) if not _of_twins(n))
    return {
        "in": takes, "out": len(found.wanted) + len(found.answers) - takes - apart,
        "twins": len(found.twins) + apart,
    }  # fmt: skip


def first_tab(found: Moves) -> str:
    """Where something waits, else where requests of ours are open, else the first one."""
    numbers = waiting(found)
    ours = {"in" if ask.body.get("to") == found.own else "out" for ask in found.asks}
    return next((key for key in TABS if numbers[key]), next((key for key in TABS if key in ours), TABS[0]))


def _into_here(notice: Notice, found: Moves) -> bool:
    target = notice.more.get("target")
    return target == found.own or (notice.kind == "transfer_over" and not target)


def _is_erased(notice: Notice) -> bool:
    """Over since the person is erased; a reason that only a later program knows is none such."""
    return notice.kind == "transfer_over" and notice.more.get("why") == ERASED


def _of_twins(notice: Notice) -> bool:
    """An answer about two files of one person; of those who move there is always a target."""
    return notice.kind == _APART or (_is_erased(notice) and not notice.more.get("target"))


class _Told:
    """The cards of a state, tab by tab."""

    def __init__(self, found: Moves, today: date) -> None:
        self._found, self._today = found, today

    def wanted(self, takes: bool) -> Iterator[MoveCard]:
        for n in self._found.wanted:
            if _into_here(n, self._found) != takes:
                continue
            station, who = self._found.station(n.sender), self._who(n.subjects, n.more.get("facts", ()))
            key = "offer" if takes else "want_twin" if n.more.get("into") else "want"
            accept = Do("accept_take" if takes else "accept_give", "primary")
            does = (accept, Do("refuse"))
            if not takes and len(n.subjects) == 1:
                does = (*does, Do("open_file", "link"))
            facts = _facts_lines(n.more.get("facts", ())) if takes else ()
            yield MoveCard(
                n.id, t(key, station=station, who=who), (*facts, *self._lines("", n.text)),
                t("came_at", day=self._day(n.at_ms)), does=does, subject=n.subjects[0] if n.subjects else "",
                station=station,
            )  # fmt: skip

    def answers(self, takes: bool) -> Iterator[MoveCard]:
        for n in self._found.answers:
            if _into_here(n, self._found) != takes or n.kind == "transfer_withdraw" or _of_twins(n):
                continue
            kind = n.kind.removeprefix("transfer_")
            if _is_erased(n):
                kind = "erased_in" if takes else "erased_out"
            station, who = self._found.station(n.sender), self._who(n.subjects)
            does = (Do("carry_out", "primary") if kind == "accept" else Do("known"),)
            ours = n.subjects[0] if len(n.subjects) == 1 and self._is_here(n.subjects[0], takes) else ""
            if kind == "refuse" and ours:
                does = (*does, Do("open_file", "link"))  # asked once more, or another station
            yield MoveCard(
                n.id, t(f"answer_{kind}", station=station, who=who), self._lines("", n.text),
                t("came_at", day=self._day(n.at_ms)), does=does, subject=ours, station=station,
            )  # fmt: skip

    def _is_here(self, subject: str, takes: bool) -> bool:
        """Whether there is a page of it: of what was asked for in vain only where it once was here."""
        was_here = not takes or subject in {s.id for s in self._found.stubs}
        return was_here and bool(self._found.people.get(subject))

    def apart(self) -> Iterator[MoveCard]:
        for n in self._found.answers:
            if _of_twins(n):
                station = self._found.station(n.sender)
                key = "answer_erased_twin" if _is_erased(n) else "answer_apart"
                yield MoveCard(
                    n.id, t(key, station=station, who=self._who(n.subjects[:1])), (),
                    t("came_at", day=self._day(n.at_ms)), does=(Do("known"),), station=station,
                )  # fmt: skip

    def agreed(self) -> Iterator[MoveCard]:
        for a in self._found.agreed:
            facts = a.asked.more.get("facts", ()) if a.asked else ()
            who, known = self._who(a.subjects, facts), _facts_lines(facts)
            yield MoveCard(
                a.id, t("agreed", station=self._found.station(a.station), who=who),
                (*(k for k in known if k != who), *self._lines("", a.asked.text if a.asked else "")),
                t("agreed_on", day=self._day(a.at_ms)), t("state_agreed" if a.sent else "state_unsent"),
                "accent" if a.sent else "warn",
            )  # fmt: skip

    def came(self) -> Iterator[MoveCard]:
        for c in self._found.came:
            station, name = self._found.station(c.station), c.name or t("nameless")
            kept = self._found.people.get(c.kept) or t("nameless")
            line = t("came_merged", who=kept) if c.kept else t("came_no_clerk") if c.no_clerk else ""
            does = (Do("hand"), Do("open_file", "link")) if c.no_clerk else (Do("open_file"),)
            yield MoveCard(
                c.subject, t("came_here", who=name, station=station), (line,) if line else (),
                t("came_on", day=day(c.on, self._today)), does=does, subject=c.kept or c.subject,
                station=station, kind=c.kind, name=name,
            )  # fmt: skip

    def refused(self, takes: bool) -> Iterator[MoveCard]:
        for a in self._found.refused:
            if a.takes != takes:
                continue
            facts = a.asked.more.get("facts", ()) if a.asked else ()
            key = "answer_refuse" if not a.ours else "refused_offer" if takes else "refused_want"
            yield MoveCard(
                a.id, t(key, station=self._found.station(a.station), who=self._who(a.subjects, facts)),
                self._refusal(a), t("answered_on", day=self._day(a.at_ms)),
                "" if a.sent else t("state_unsent"), "warn",
            )  # fmt: skip

    def _refusal(self, answer: Answered) -> tuple[str, ...]:
        asked = answer.asked if answer.ours else None
        wanted = t("their_reason", text=asked.text) if asked and asked.text else ""
        return tuple(line for line in (wanted, *self._lines("", answer.text)) if line)

    def asked(self, takes: bool) -> Iterator[MoveCard]:
        for ask in self._found.asks:
            if (ask.body.get("to") == self._found.own) == takes:
                state = "state_sent" if ask.is_sent else "state_unsent"
                members = _facts_lines(ask.body.get("facts", ())) if len(ask.subjects) > 1 else ()
                yield MoveCard(
                    ask.id, self._asked_words(ask, takes),
                    (*members, *self._lines("", str(ask.body.get("text", "")))),
                    t("at", day=self._day(ask.at_ms)), t(state), "accent" if ask.is_sent else "warn",
                    (Do("take_back"),),
                )  # fmt: skip
        for n in self._found.colleagues:
            if (n.more.get("target") == self._found.own) == takes:
                asked = self._found.station(n.to)
                key, who = ("asked_in_at" if takes else "asked_out"), self._who(n.subjects)
                into = n.more.get("into") if takes else ""
                words = self._twin_words(n.subjects, into, asked) if into else t(key, station=asked, who=who)
                yield MoveCard(
                    n.id, words,
                    (*self._lines("", n.text), t("by_colleague")), t("at", day=self._day(n.at_ms)),
                    t("state_sent"), "accent",
                )  # fmt: skip

    def failed(self, takes: bool) -> Iterator[MoveCard]:
        for ask in self._found.failed:
            if (ask.body.get("to") == self._found.own) == takes:
                key = ask.error if ask.error in _FAILS else "other"
                yield MoveCard(
                    ask.id, t(f"fail_{key}", who=self._asked_who(ask)),
                    self._lines("", str(ask.body.get("text", ""))), t("at", day=self._day(ask.at_ms)),
                    does=(Do("register"),) if key == "nobody" else (),
                )  # fmt: skip

    def left(self) -> Iterator[MoveCard]:
        asked = {s for a in self._found.asks for s in a.subjects}
        for stub in self._found.stubs:
            station = self._found.station(stub.stream)
            on = t("left_on", day=day(stub.moved_on, self._today)) if stub.moved_on else ""
            does = () if stub.id in asked or stub.kind != "case" else (Do("ask_back"),)
            yield MoveCard(
                stub.id, t("left", who=_stub_name(stub), station=station),
                (t("left_blank") if stub.blanked else t("left_kept"),), on, does=does, subject=stub.id,
                station=station,
            )  # fmt: skip

    def twins(self) -> Iterator[MoveCard]:
        for pair in self._found.twins:
            n, station = pair.notice, self._found.station(pair.notice.sender)
            who = self._found.people.get(pair.own) or t("nameless")
            does = (Do("ask_twin", "primary"), Do("give_twin"), Do("not_twin"), Do("open_file", "link"))
            asked = [a for a in self._found.asks if pair.far in a.subjects]
            sent = all(a.is_sent for a in asked)
            state = t("state_sent" if sent else "state_unsent") if asked else ""
            yield MoveCard(
                n.id, t("twin", who=who, station=station), _twin_lines(n),
                t("came_at", day=self._day(n.at_ms)), state, "accent" if sent else "warn",
                does[1:] if asked else does, pair.own, station, pair.far,
            )  # fmt: skip

    def merged(self) -> Iterator[MoveCard]:
        for pair in self._found.merged:
            if pair.alias in {s.id for s in self._found.stubs}:
                continue  # it is another station's to take apart
            kept = pair.far if pair.alias == pair.own else pair.own
            who = self._found.people.get(kept) or self._found.people.get(pair.alias) or t("nameless")
            yield MoveCard(
                pair.notice.id, t("merged_here", who=who), does=(Do("unmerge"), Do("open_file", "link")),
                subject=kept, into=pair.alias,
            )  # fmt: skip

    def _asked_words(self, ask: Ask, takes: bool) -> str:
        shown: Mapping[str, Any] = ask.body.get("shown", {})
        if not takes:
            station = self._found.station(ask.body.get("to"))
            return t("asked_out", station=station, who=self._asked_who(ask))
        if ask.body.get("into"):
            return self._twin_words(ask.subjects, ask.body["into"])
        if shown.get("asked"):
            return t("asked_in_at", station=self._found.station(shown["asked"]), who=self._asked_who(ask))
        return t("asked_in", who=self._asked_who(ask))

    def _twin_words(self, far: Sequence[str], into: object, asked: str = "") -> str:
        """Somebody who is here too: the other file is to be merged into ours, and we know his name."""
        pair = next((p for p in (*self._found.twins, *self._found.merged) if p.far in far), None)
        station = asked or (self._found.station(pair.notice.sender) if pair else t("other_station"))
        names = [self._found.people.get(str(s)) for s in (into, pair.own if pair else "")]
        return t("asked_twin", station=station, who=next((n for n in names if n), t("somebody")))

    def _asked_who(self, ask: Ask) -> str:
        shown: Mapping[str, Any] = ask.body.get("shown", {})
        named = shown.get("masked") or shown.get("name")
        return str(named) if named else self._who(ask.subjects, ask.body.get("facts", ()))

    def _who(self, subjects: Sequence[str], facts: Sequence[Mapping[str, Any]] = ()) -> str:
        """Somebody here by the whole name, somebody of another station by the surname."""
        told = [str(f.get("name", "")) for f in facts[:1]]
        names = [self._found.people.get(s) for s in subjects[:1]] + told
        if len(subjects) < 2:
            return next((n for n in names if n), t("somebody"))
        return t("several", name=next((n for n in names if n), called("")), count=len(subjects) - 1)

    def _lines(self, facts: str, reason: str) -> tuple[str, ...]:
        return tuple(line for line in (facts, t("told_reason", text=reason) if reason else "") if line)

    def _day(self, ms: int) -> str:
        return day(local_datetime(ms).date().isoformat(), self._today)


def _stub_name(stub: Stub) -> str:
    return called(stub.name) if stub.kind == "household" else stub.name or t("nameless")


def _facts_lines(facts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """A line for each person; the household of which they are members is in the title."""
    people = facts[1:] if len(facts) > 1 else facts
    return tuple(line for f in people if (line := facts_words([f])))


def facts_words(facts: Sequence[Mapping[str, Any]]) -> str:
    """Masked facts in one line: 王**，1980年生，229901********1234，2026年1月5日建档."""
    if not facts:
        return ""
    f = facts[0]
    parts = [
        str(f.get("name", "")), t("fact_birth", value=f["birth"]) if f.get("birth") else "",
        str(f.get("id_number", "")),
        t("fact_opened", value=day(str(f["opened_on"]))) if f.get("opened_on") else "",
        t("fact_ended") if f.get("help_state") == "ended" else "",
    ]  # fmt: skip
    return t("join").join(p for p in parts if p)


def _twin_lines(notice: Notice) -> tuple[str, ...]:
    """What is known of the other file, and what both say: the number by which they were found before all."""
    facts: Sequence[Mapping[str, Any]] = notice.more.get("facts", ())
    told = [k for k in facts[0].get("same", ()) if k in ("name", "birth", "sex")] if facts else []
    alike = t("twin_same", fields="、".join(t(f"same_{k}") for k in ("id_number", *told)))
    more = (t("twin_many"),) if notice.more.get("why") == MANY else ()
    if not facts:
        return (t("twin_unknown"), alike, *more)
    return (t("twin_far", facts=facts_words(facts)), alike if told else t("twin_none"), *more)


def pair_of(found: Moves, notice_id: str) -> Pair | None:
    """The double a card is about."""
    return next((p for p in (*found.twins, *found.merged) if p.notice.id == notice_id), None)
