"""Which column is which of our fields: a guess with its reasons, the clerk's word, and its memory.

Every guess says why (``import.reason.<code>``), so that the screen can show it and the clerk can
change it. What was chosen is remembered per layout, under a digest of the header.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jobdesk.cases.schema import FieldType
from jobdesk.cases.schema import field as schema_field
from jobdesk.services.importing import layouts, paper_codes
from jobdesk.services.importing.grid import letters, shown
from jobdesk.services.importing.layouts import Layout, Vocabulary
from jobdesk.services.importing.tables import Column, Table, bare_key, compact, label_key

SAMPLE = 80
CODE_SAMPLE = 1000
"""Rows looked at for circled signs in a column where none are expected."""
_ID = re.compile(r"\d{17}[\dXx]|\d{15}|[1-9]\d{5}(?:19|20)\d{2}[\dXx*]{8,}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NAME = re.compile(r"[\u3400-\u9fff·\U00020000-\U0003ffff]{2,4}")
_DATE = re.compile(r"(?:19|20)\d{2}[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?.*|(?:19|20)\d{4}(?:\d{2})?")

EvidenceKind = str
"""``id``, ``phone``, ``sex``, ``date``, ``name`` or empty: what most cells of a column look like."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One column and what it is taken for.

    Attributes:
        target: see :mod:`layouts`; None when nothing is known: the column is not taken.
        reasons: codes, the strongest first: ``remembered chosen layout synonym alike content
            content_agrees content_disagrees repeated``.
        legend: meaning of the codes in this column by the sheet's own notes (number → text).
        paper: code list for this column's codes, chosen or remembered; ``text`` keeps them as text.
        question: codes stand in the cells and nobody has said yet what they mean.
        suggested: code list to offer first when ``question``.
    """

    column: Column
    target: str | None
    reasons: tuple[str, ...] = ()
    evidence: EvidenceKind = ""
    legend: Mapping[int, str] | None = None
    paper: str = ""
    question: bool = False
    suggested: str = ""

    @property
    def letter(self) -> str:
        return letters(self.column.index)


@dataclass(frozen=True, slots=True)
class LayoutMemory:
    """What a clerk has settled for a layout, as a value to store under ``key``.

    Attributes:
        targets: occurrence-marked label (``联系电话``, ``联系电话#2``) → target, empty text for 不导入.
        papers: the same label → code list id or ``text``.
    """

    key: str
    targets: Mapping[str, str] = field(default_factory=dict[str, str])
    papers: Mapping[str, str] = field(default_factory=dict[str, str])

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "targets": dict(self.targets), "papers": dict(self.papers)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> LayoutMemory:
        return cls(str(raw["key"]), dict(raw.get("targets", {})), dict(raw.get("papers", {})))


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read."""

    table: Table
    guesses: tuple[Guess, ...]
    layout: Layout | None
    key: str
    kind: str = "case"

    def choose(self, column: int, target: str | None) -> Plan:
        """The clerk's word for a column; a target taken elsewhere is given up there."""
        changed: list[Guess] = []
        for guess in self.guesses:
            if guess.column.index == column:
                guess = replace(guess, target=target, reasons=("chosen",))
            elif target and guess.target == target and not target.endswith("+") and "=" not in target:
                guess = replace(guess, target=None, reasons=("given_up",))
            changed.append(guess)
        return replace(self, guesses=_with_questions(self.table, tuple(changed), layouts.vocabulary()))

    def choose_paper(self, column: int, paper: str) -> Plan:
        """The clerk's word on what the codes of a column mean: a code list, or ``text``."""
        changed = tuple(
            replace(g, paper=paper, question=False) if g.column.index == column else g for g in self.guesses
        )
        return replace(self, guesses=changed)

    def memory(self) -> LayoutMemory:
        """Everything as it stands now, to be stored when the clerk goes on."""
        marked = _marked(self.guesses)
        return LayoutMemory(
            self.key,
            {label: guess.target or "" for label, guess in marked.items()},
            {label: guess.paper for label, guess in marked.items() if guess.paper},
        )

    @property
    def questions(self) -> tuple[Guess, ...]:
        return tuple(g for g in self.guesses if g.question)

    def column_of(self, target: str) -> Guess | None:
        return next((g for g in self.guesses if g.target == target), None)


def layout_key(table: Table) -> str:
    """Digest of the normalised header: the same for the next month's file of the same layout."""
    text = "\x1f".join(label_key(c.label) for c in table.columns)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan(table: Table, memory: LayoutMemory | None = None, known: Vocabulary | None = None) -> Plan:
    """Guess every column; what ``memory`` holds for this layout goes before any guess."""
    known = known or layouts.vocabulary()
    labels = [c.label for c in table.columns]
    found = layouts.best_layout(labels, [table.sheet.name, *table.notes[:6]], known)
    key = layout_key(table)
    guesses = [_guess(table, column, found, known) for column in table.columns]
    guesses = _by_content(guesses)
    guesses = _once(guesses)
    if memory is not None and memory.key == key:
        guesses = _remember(guesses, memory)
    kind = found.kind if found else "case"
    return Plan(table, _with_questions(table, tuple(guesses), known), found, key, kind)


def names_people(table: Table, known: Vocabulary | None = None) -> bool:
    """Whether a table is of people or posts; the list of choices behind a template (性别｜学历) is not."""
    known = known or layouts.vocabulary()
    found = layouts.best_layout([c.label for c in table.columns], [table.sheet.name, *table.notes[:6]], known)
    if found is not None and found.kind != "case":
        return True
    for column in table.columns:
        if _by_header(column.label, found, known)[0] in {"case.name", "case.id_number"}:
            return True
    return any(_evidence(table, column.index) == "id" for column in table.columns)


def _guess(table: Table, column: Column, found: Layout | None, known: Vocabulary) -> Guess:
    evidence = _evidence(table, column.index)
    target, reason = _by_header(column.label, found, known)
    return Guess(column, target, (reason,) if reason else (), evidence)


def _by_header(label: str, found: Layout | None, known: Vocabulary) -> tuple[str | None, str]:
    if not label:
        return None, ""
    leaf = label.rpartition("/")[2]
    keys = [label_key(label), bare_key(label)]
    leaf_keys = [label_key(leaf), bare_key(leaf)]
    if found is not None:
        by_bare = {bare_key(k): c for k, c in found.columns.items()}
        for key in (*keys, *([] if "/" in label else leaf_keys)):
            if key in found.columns or key in by_bare:
                return (found.columns.get(key) or by_bare[key]).target, "layout"
        ends = {k.rpartition("/")[2]: c for k, c in found.columns.items() if "/" in k}
        for key in leaf_keys:
            if key in ends:
                return ends[key].target, "layout"
    if bare_key(label).startswith(known.other_person) and keys[0] not in known.synonyms:
        return None, ""
    for key in (*keys, *leaf_keys):
        if key in known.synonyms:
            return known.synonyms[key], "synonym"
    return _alike(leaf_keys[1] or leaf_keys[0], known)


def _alike(key: str, known: Vocabulary) -> tuple[str | None, str]:
    if len(key) < 2 or key.startswith(known.other_person):
        return None, ""
    inside = [name for name in known.synonyms if len(name) >= 4 and name in key]
    if inside:
        return known.synonyms[max(inside, key=len)], "alike"
    near = difflib.get_close_matches(key, known.synonyms, n=1, cutoff=0.8) if len(key) >= 4 else []
    return (known.synonyms[near[0]], "alike") if near else (None, "")


def _evidence(table: Table, column: int) -> EvidenceKind:
    counts = {"id": 0, "phone": 0, "sex": 0, "date": 0, "name": 0}
    seen = 0
    for row in table.rows[:SAMPLE]:
        value = table.sheet.raw(row, column)
        if value == "":
            continue
        seen += 1
        text = compact(shown(value))
        if _ID.fullmatch(text):
            counts["id"] += 1
        elif _MOBILE.match(text):
            counts["phone"] += 1
        elif text in {"男", "女"}:
            counts["sex"] += 1
        elif not isinstance(value, (str, int, float)) or _DATE.fullmatch(text):
            counts["date"] += 1
        elif _NAME.fullmatch(text):
            counts["name"] += 1
    if not seen:
        return ""
    kind, most = max(counts.items(), key=lambda item: item[1])
    return kind if most * 10 >= seen * 6 else ""


_BY_CONTENT = {"id": "case.id_number", "phone": "case.phone", "sex": "case.sex"}
_LOOKS = {FieldType.ID_NUMBER: "id", FieldType.PHONE: "phone", FieldType.DATE: "date", FieldType.DAY: "date"}


def _by_content(guesses: list[Guess]) -> list[Guess]:
    """Content confirms, contradicts, or (for ID number, phone, sex) stands in for a header unknown."""
    taken = {g.target for g in guesses}
    result: list[Guess] = []
    for guess in guesses:
        wanted = _BY_CONTENT.get(guess.evidence)
        if guess.target is None and wanted and wanted not in taken:
            taken.add(wanted)
            guess = replace(guess, target=wanted, reasons=("content",))
        elif guess.target is not None and guess.evidence:
            agrees = _agreement(guess.target, guess.evidence)
            if agrees is not None:
                word = "content_agrees" if agrees else "content_disagrees"
                guess = replace(guess, reasons=(*guess.reasons, word))
        result.append(guess)
    return result


def _agreement(target: str, evidence: EvidenceKind) -> bool | None:
    if target in layouts.PSEUDO:
        return None
    record, name, _, _ = layouts.split_target(target)
    if (record, name) == ("case", "sex"):
        return evidence == "sex"
    if (record, name) == ("case", "name"):
        return evidence == "name"
    declared = schema_field(record, name)
    looks = _LOOKS.get(declared.type) if declared else None
    if looks is None:
        return False if evidence == "id" and (record, name) != ("case", "disability_card") else None
    return evidence == looks


def _once(guesses: list[Guess]) -> list[Guess]:
    """A field is filled from one column; a repeated visit block becomes the next record."""
    seen: dict[str, int] = {}
    result: list[Guess] = []
    for guess in guesses:
        target = guess.target
        if target is None or target.endswith("+") or "=" in target or target in {"skip", "hint.serial"}:
            result.append(guess)
            continue
        seen[target] = seen.get(target, 0) + 1
        number = seen[target]
        if number > 1:
            if target.startswith("service."):
                guess = replace(
                    guess, target=layouts.nth(target, number), reasons=(*guess.reasons, "repeated")
                )
            elif target == "case.phone" and "case.phone_2" not in seen:
                seen["case.phone_2"] = 1
                guess = replace(guess, target="case.phone_2", reasons=(*guess.reasons, "repeated"))
            else:
                guess = replace(guess, target=None, reasons=("repeated",))
        result.append(guess)
    return result


def _marked(guesses: tuple[Guess, ...] | list[Guess]) -> dict[str, Guess]:
    marked: dict[str, Guess] = {}
    counts: dict[str, int] = {}
    for guess in guesses:
        label = label_key(guess.column.label)
        if not label:
            continue
        counts[label] = counts.get(label, 0) + 1
        marked[label if counts[label] == 1 else f"{label}#{counts[label]}"] = guess
    return marked


def _remember(guesses: list[Guess], memory: LayoutMemory) -> list[Guess]:
    names = {guess.column.index: label for label, guess in _marked(guesses).items()}
    result: list[Guess] = []
    for guess in guesses:
        label = names.get(guess.column.index, "")
        if label in memory.targets and _still_known(memory.targets[label]):
            target = memory.targets[label] or None
            guess = replace(guess, target=target, reasons=("remembered",))
        if label in memory.papers:
            guess = replace(guess, paper=memory.papers[label])
        result.append(guess)
    return result


def _still_known(target: str) -> bool:
    if not target:
        return True
    try:
        layouts.check_target(target)
    except ValueError:
        return False
    return True


def _with_questions(table: Table, guesses: tuple[Guess, ...], known: Vocabulary) -> tuple[Guess, ...]:
    """Give every column with codes its legend from the notes, else the question."""
    legends = paper_codes.legends(table.notes)
    result: list[Guess] = []
    for guess in guesses:
        if guess.target is None or guess.target in layouts.PSEUDO or not _holds_codes(table, guess):
            result.append(replace(guess, legend=None, question=False))
            continue
        legend = paper_codes.legend_for(guess.column.label, legends)
        suggested = known.paper.get(guess.target, "")
        if guess.target.endswith(".note+"):
            suggested = "paper_help_form" if "援助形式" in guess.column.label else ""
        result.append(
            replace(
                guess,
                legend=legend.meanings if legend else None,
                question=legend is None and not guess.paper,
                suggested=suggested,
            )
        )
    return tuple(result)


def _holds_codes(table: Table, guess: Guess) -> bool:
    """Circled signs anywhere count; bare small numbers only in a column that a code list is known for."""
    coded = guess.target is not None and guess.target in layouts.vocabulary().paper
    column, lines = guess.column.index, table.sheet.rows
    rows = table.rows if coded else table.rows[:CODE_SAMPLE]
    for value in {lines[row][column] for row in rows if len(lines[row]) > column}:
        if value == "" or (not coded and not isinstance(value, str)):
            continue
        text = shown(value)
        if (coded or paper_codes.has_sign(text)) and paper_codes.codes_in(text):
            return True
    return False
