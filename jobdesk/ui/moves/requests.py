"""Cards of what stations ask of each other: requests, answers, and what came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobdesk.services.moving.recent import Answered
from jobdesk.store.sync_moves import Ask
from jobdesk.ui.moves.cards import Do, MoveCard, t
from jobdesk.ui.moves.words import Told, facts_lines, into_here, is_erased, of_twins

_FAILS = ("nobody", "here", "gone", "answered", "erased")


class Requests(Told):
    """``takes``: about files that come here, else about those that go."""

    def wanted(self, takes: bool) -> Iterator[MoveCard]:
        for n in self.found.wanted:
            if into_here(n, self.found) != takes:
                continue
            station, who = self.found.station(n.sender), self.who(n.subjects, n.more.get("facts", ()))
            key = "offer" if takes else "want_twin" if n.more.get("into") else "want"
            accept = Do("accept_take" if takes else "accept_give", "primary")
            does = (accept, Do("refuse"))
            if not takes and len(n.subjects) == 1:
                does = (*does, Do("open_file", "link"))
            facts = facts_lines(n.more.get("facts", ())) if takes else ()
            yield MoveCard(
                n.id, t(key, station=station, who=who), (*facts, *self.lines("", n.text)),
                t("came_at", day=self.day(n.at_ms)), does=does, subject=n.subjects[0] if n.subjects else "",
                station=station,
            )  # fmt: skip

    def answers(self, takes: bool) -> Iterator[MoveCard]:
        for n in self.found.answers:
            if into_here(n, self.found) != takes or n.kind == "transfer_withdraw" or of_twins(n):
                continue
            kind = n.kind.removeprefix("transfer_")
            if is_erased(n):
                kind = "erased_in" if takes else "erased_out"
            station, who = self.found.station(n.sender), self.who(n.subjects)
            does = (Do("carry_out", "primary") if kind == "accept" else Do("known"),)
            ours = n.subjects[0] if len(n.subjects) == 1 and self._is_here(n.subjects[0], takes) else ""
            if kind == "refuse" and ours:
                does = (*does, Do("open_file", "link"))  # asked once more, or another station
            yield MoveCard(
                n.id, t(f"answer_{kind}", station=station, who=who), self.lines("", n.text),
                t("came_at", day=self.day(n.at_ms)), does=does, subject=ours, station=station,
            )  # fmt: skip

    def _is_here(self, subject: str, takes: bool) -> bool:
        """Whether there is a page of it: of what was asked for in vain only where it once was here."""
        was_here = not takes or subject in {s.id for s in self.found.stubs}
        return was_here and bool(self.found.people.get(subject))

    def agreed(self) -> Iterator[MoveCard]:
        for a in self.found.agreed:
            facts = a.asked.more.get("facts", ()) if a.asked else ()
            who, known = self.who(a.subjects, facts), facts_lines(facts)
            yield MoveCard(
                a.id, t("agreed", station=self.found.station(a.station), who=who),
                (*(k for k in known if k != who), *self.lines("", a.asked.text if a.asked else "")),
                t("agreed_on", day=self.day(a.at_ms)), t("state_agreed" if a.sent else "state_unsent"),
                "accent" if a.sent else "warn",
            )  # fmt: skip

    def refused(self, takes: bool) -> Iterator[MoveCard]:
        for a in self.found.refused:
            if a.takes != takes:
                continue
            facts = a.asked.more.get("facts", ()) if a.asked else ()
            key = "answer_refuse" if not a.ours else "refused_offer" if takes else "refused_want"
            yield MoveCard(
                a.id, t(key, station=self.found.station(a.station), who=self.who(a.subjects, facts)),
                self._refusal(a), t("answered_on", day=self.day(a.at_ms)),
                "" if a.sent else t("state_unsent"), "warn",
            )  # fmt: skip

    def _refusal(self, answer: Answered) -> tuple[str, ...]:
        asked = answer.asked if answer.ours else None
        wanted = t("their_reason", text=asked.text) if asked and asked.text else ""
        return tuple(line for line in (wanted, *self.lines("", answer.text)) if line)

    def asked(self, takes: bool) -> Iterator[MoveCard]:
        for ask in self.found.asks:
            if (ask.body.get("to") == self.found.own) == takes:
                state = "state_sent" if ask.is_sent else "state_unsent"
                members = facts_lines(ask.body.get("facts", ())) if len(ask.subjects) > 1 else ()
                yield MoveCard(
                    ask.id, self._asked_words(ask, takes),
                    (*members, *self.lines("", str(ask.body.get("text", "")))),
                    t("at", day=self.day(ask.at_ms)), t(state), "accent" if ask.is_sent else "warn",
                    (Do("take_back"),),
                )  # fmt: skip
        for n in self.found.colleagues:
            if (n.more.get("target") == self.found.own) == takes:
                asked = self.found.station(n.to)
                key, who = ("asked_in_at" if takes else "asked_out"), self.who(n.subjects)
                into = n.more.get("into") if takes else ""
                words = self.twin_words(n.subjects, into, asked) if into else t(key, station=asked, who=who)
                yield MoveCard(
                    n.id, words,
                    (*self.lines("", n.text), t("by_colleague")), t("at", day=self.day(n.at_ms)),
                    t("state_sent"), "accent",
                )  # fmt: skip

    def failed(self, takes: bool) -> Iterator[MoveCard]:
        for ask in self.found.failed:
            if (ask.body.get("to") == self.found.own) == takes:
                key = ask.error if ask.error in _FAILS else "other"
                yield MoveCard(
                    ask.id, t(f"fail_{key}", who=self.asked_who(ask)),
                    self.lines("", str(ask.body.get("text", ""))), t("at", day=self.day(ask.at_ms)),
                    does=(Do("register"),) if key == "nobody" else (),
                )  # fmt: skip

    def _asked_words(self, ask: Ask, takes: bool) -> str:
        shown: Mapping[str, Any] = ask.body.get("shown", {})
        if not takes:
            station = self.found.station(ask.body.get("to"))
            return t("asked_out", station=station, who=self.asked_who(ask))
        if ask.body.get("into"):
            return self.twin_words(ask.subjects, ask.body["into"])
        if shown.get("asked"):
            return t("asked_in_at", station=self.found.station(shown["asked"]), who=self.asked_who(ask))
        return t("asked_in", who=self.asked_who(ask))
