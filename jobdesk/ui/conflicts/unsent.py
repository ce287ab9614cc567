"""What was typed about a question and is not said yet: nobody but who typed it takes it away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jobdesk.cases.ops import Json
from jobdesk.services.conflict_board import Line, Question
from jobdesk.ui.casefile.question_draft import Place, Typed


@dataclass(slots=True)
class Entry:
    """Words about one question.

    Attributes:
        tab: where they were typed; line, question: as they stood then.
    """

    typed: Typed = field(default_factory=dict[str, Json])
    tab: str = ""
    line: Line | None = None
    question: Question | None = None


class Unsent:
    """By question, until it is said or given up."""

    def __init__(self) -> None:
        self._entries: dict[Place, Entry] = {}

    def put(self, place: Place, typed: Typed, tab: str, line: Line | None, question: Question | None) -> None:
        """As it stands in the card now; ``line`` None where nobody knows it: what was known stays."""
        entry = self._entries.setdefault(place, Entry())
        entry.typed = typed
        if line is not None:
            entry.tab, entry.line, entry.question = tab, line, question

    def bring(self, place: Place, typed: Typed) -> None:
        """As its draft has it; what is known of the question stays."""
        self._entries.setdefault(place, Entry()).typed = typed

    def fill(self, tab: str, lines: Mapping[str, Line], questions: Mapping[Place, Question]) -> None:
        """What nobody knew more of than the words, behind this tab."""
        for place, question in questions.items():
            entry = self._entries.get(place)
            if entry is not None and entry.question is None:
                entry.tab, entry.line, entry.question = tab, lines[place[0]], question

    def lost(self) -> list[Place]:
        """Those of which nobody knows more than what was typed."""
        return [place for place, entry in self._entries.items() if entry.question is None]

    def of(self, subjects: Collection[str]) -> list[Place]:
        """Whatever is typed about these."""
        return [place for place in self._entries if place[0] in subjects]

    def subjects(self) -> set[str]:
        """Whom anything is typed about."""
        return {place[0] for place in self._entries}

    def forget(self, place: Place) -> None:
        """Said, or given up."""
        self._entries.pop(place, None)

    def drop_blanks(self) -> None:
        """Of whom an input method was composing when it was put, and nothing came of it."""
        for place in [p for p, e in self._entries.items() if not e.typed]:
            self.forget(place)

    def typed(self, place: Place) -> Typed:
        entry = self._entries.get(place)
        return dict(entry.typed) if entry else {}

    def all_typed(self) -> dict[Place, Typed]:
        """By question."""
        return {place: dict(entry.typed) for place, entry in self._entries.items()}

    def lines(self) -> list[tuple[str, Line]]:
        """Whom something is typed about, once for each tab."""
        found = {(e.tab, e.line.subject.id): e.line for e in self._entries.values() if e.line is not None}
        return [(tab, line) for (tab, _subject), line in found.items()]

    def gone(self, tab: str, subject: str, waiting: Collection[tuple[str, str, str]]) -> list[Question]:
        """Questions of this person that something is typed about, and that wait behind this tab no more."""
        return [
            e.question for place, e in self._entries.items()
            if place[0] == subject and e.tab == tab and e.question is not None and place[1:] not in waiting
        ]  # fmt: skip
