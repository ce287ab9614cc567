"""Cards of 疑似同一人: two files of one person, at two stations, or one by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobdesk.protocol.codes import Why
from jobdesk.services.moving.reading import Pair
from jobdesk.store.sync_told import Notice
from jobdesk.ui.moves.cards import Do, MoveCard, t
from jobdesk.ui.moves.words import Told, facts_words, is_erased, of_twins


class Twins(Told):
    """What is known of each, and what can be done about it."""

    def twins(self) -> Iterator[MoveCard]:
        for pair in self.found.twins:
            n, station = pair.notice, self.found.station(pair.notice.sender)
            who = self.found.people.get(pair.own) or t("nameless")
            does = (Do("ask_twin", "primary"), Do("give_twin"), Do("not_twin"), Do("open_file", "link"))
            state = self._state(pair)
            yield MoveCard(
                n.id, t("twin", who=who, station=station), _twin_lines(n),
                t("came_at", day=self.day(n.at_ms)),
                t(state) if state else "", "warn" if state == "state_unsent" else "accent",
                does[1:] if state else does, pair.own, station, pair.far,
            )  # fmt: skip

    def _state(self, pair: Pair) -> str:
        """What was asked about these two files; blank where nothing was, or that is over."""
        asked = [a for a in self.found.asks if pair.far in a.subjects]
        if asked:
            return "state_sent" if all(a.is_sent for a in asked) else "state_unsent"
        if pair.notice.id not in self.found.asked_twins:
            return ""
        if any(pair.own in n.subjects and n.more.get("into") == pair.far for n in self.found.wanted):
            return "state_wanted"
        return "state_sent" if any(pair.far in n.subjects for n in self.found.colleagues) else ""

    def apart(self) -> Iterator[MoveCard]:
        for n in self.found.answers:
            if of_twins(n):
                station = self.found.station(n.sender)
                key = "answer_erased_twin" if is_erased(n) else "answer_apart"
                yield MoveCard(
                    n.id, t(key, station=station, who=self.who(n.subjects[:1])), (),
                    t("came_at", day=self.day(n.at_ms)), does=(Do("known"),), station=station,
                )  # fmt: skip

    def merged(self) -> Iterator[MoveCard]:
        for pair in self.found.merged:
            if pair.alias in {s.id for s in self.found.stubs}:
                continue  # it is another station's to take apart
            kept = pair.far if pair.alias == pair.own else pair.own
            who = self.found.people.get(kept) or self.found.people.get(pair.alias) or t("nameless")
            yield MoveCard(
                pair.notice.id, t("merged_here", who=who), does=(Do("unmerge"), Do("open_file", "link")),
                subject=kept, into=pair.alias,
            )  # fmt: skip


def _twin_lines(notice: Notice) -> tuple[str, ...]:
    """What is known of the other file, and what both say: the number by which they were found before all."""
    facts: Sequence[Mapping[str, Any]] = notice.more.get("facts", ())
    told = [k for k in facts[0].get("same", ()) if k in ("name", "birth", "sex")] if facts else []
    alike = t("twin_same", fields="、".join(t(f"same_{k}") for k in ("id_number", *told)))
    more = (t("twin_many"),) if notice.more.get("why") == Why.MANY else ()
    if not facts:
        return (t("twin_unknown"), alike, *more)
    return (t("twin_far", facts=facts_words(facts)), alike if told else t("twin_none"), *more)
