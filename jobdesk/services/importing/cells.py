"""From a raw cell to values of our fields: one converter a column, each distinct value read once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jobdesk.cases.codes import CodeTable
from jobdesk.cases.date_spelling import DateReading, read_date, read_number
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.schema import FieldType
from jobdesk.cases.schema import field as schema_field
from jobdesk.host import code_lists
from jobdesk.services.importing import layouts, paper_codes, phones
from jobdesk.services.importing.columns import Guess
from jobdesk.services.importing.grid import Raw, shown
from jobdesk.services.importing.layouts import Reading
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.tables import compact

Json = str | int | bool | list[str]
Pairs = tuple[tuple[str, Json], ...]
Outcome = tuple[Pairs, tuple[Problem, ...]]
"""Values by target, and what is not right with them."""

Converter = Callable[[Raw], Outcome]

NOTHING: Outcome = ((), ())
_WIDE = str.maketrans({c: chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))})
_ODD = re.compile(r"[\s０-９Ａ-Ｚ]")
_LIST = re.compile(r"[、,，;；/\n]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What reading a column needs besides the cell."""

    words: Reading
    system_1904: bool


def plain(value: Raw) -> str:
    """Text of a cell: blanks collapsed, full-width figures and capitals made narrow."""
    text = shown(value)
    if not _ODD.search(text):
        return text
    return " ".join(text.split()).translate(_WIDE)


def converter(guess: Guess, settings: Settings) -> Converter | None:
    """The converter of a column, None for one that is not taken or is read with the whole row (ID number)."""
    target = guess.target
    if target is None or target in {"skip", "hint.serial", "case.id_number", "case.old_id_number"}:
        return None
    if target == "hint.age":
        return _age
    if target == "benefit.period":
        return _period(guess, settings)
    if target == "case.school_major":
        return _school
    record, name, _, code = layouts.split_target(target)
    if code:
        return _tick(guess, settings, code)
    if target.endswith("+"):
        return _labelled(guess, settings)
    if target in {"recognition.category"}:
        return _categories(guess, settings)
    if target == "case.name":
        return _name
    declared = schema_field(record, name)
    kind = declared.type if declared else FieldType.TEXT
    if kind in (FieldType.DATE, FieldType.DAY, FieldType.MONTH):
        return _date(guess, settings, kind)
    if kind is FieldType.PHONE:
        return _phone(guess)
    if kind in (FieldType.CODE, FieldType.SET) and declared and declared.table:
        table = code_lists.table(declared.table)
        return _set(guess, settings, table) if kind is FieldType.SET else _code(guess, settings, table)
    if kind is FieldType.BOOL:
        return _bool(guess, settings)
    if kind is FieldType.INT:
        return _int(guess)
    return _text(target)


def _text(target: str) -> Converter:
    def convert(value: Raw) -> Outcome:
        text = plain(value)
        return (((target, text),), ()) if text else NOTHING

    return convert


def _name(value: Raw) -> Outcome:
    text = plain(value)
    if not text:
        return NOTHING
    if not text.isascii():
        text = text.replace(" ", "").replace("•", "·").replace("．", "·")
    return (("case.name", text),), ()


def _age(value: Raw) -> Outcome:
    match = re.search(r"\d{1,3}", compact(shown(value)))
    return ((("hint.age", int(match[0])),), ()) if match else NOTHING


def _int(guess: Guess) -> Converter:
    target = guess.target or ""

    def convert(value: Raw) -> Outcome:
        text = compact(shown(value))
        match = re.fullmatch(r"(\d{1,9})(?:[人个名月次])?", text)
        if match:
            return ((target, int(match[1])),), ()
        return (), (Problem("number_unreadable", target, guess.letter),)

    return convert


def _bool(guess: Guess, settings: Settings) -> Converter:
    target = guess.target or ""

    def convert(value: Raw) -> Outcome:
        answer = yes_or_no(value, settings.words)
        if answer is None:
            return (), (Problem("yes_no_unclear", target, guess.letter),)
        return ((target, answer),), ()

    return convert


def yes_or_no(value: Raw, words: Reading) -> bool | None:
    text = compact(shown(value)).upper()
    if text in words.yes:
        return True
    return False if text in words.no or text in words.none else None


def _tick(guess: Guess, settings: Settings, code: str) -> Converter:
    target = (guess.target or "").partition("=")[0]

    def convert(value: Raw) -> Outcome:
        answer = yes_or_no(value, settings.words)
        if answer:
            return ((target, code),), ()
        return NOTHING if answer is False else ((), (Problem("yes_no_unclear", target, guess.letter),))

    return convert


def _labelled(guess: Guess, settings: Settings) -> Converter:
    target = (guess.target or "").rstrip("+")
    label = guess.column.leaf

    def convert(value: Raw) -> Outcome:
        text = plain(value)
        if not text or text in settings.words.none:
            return NOTHING
        meanings, unknown = coded(text, guess)
        shown_text = "、".join(meanings) if meanings else text
        problems = (Problem("code_to_check", target, guess.letter, {"text": text}),) if unknown else ()
        return ((target, f"{label}：{shown_text}"),), problems

    return convert


def _school(value: Raw) -> Outcome:
    text = plain(value)
    if not text:
        return NOTHING
    match = re.fullmatch(r"(.*?(?:大学|学院|学校|中专|技校|中学|分校))[\s、,，/·-]*(.+?)(?:专业)?", text)
    if match and match[2].strip():
        return (("case.school", match[1]), ("case.major", match[2].strip())), ()
    return (("case.school", text),), ()


def read_day(value: Raw, settings: Settings) -> DateReading:
    """Any cell as a date; a date cell is the day it holds (see ``Sheet.months`` for those that show less)."""
    if isinstance(value, datetime):
        return DateReading(PartialDate.of(value.date()))
    if isinstance(value, date):
        return DateReading(PartialDate.of(value))
    if isinstance(value, (bool, time, timedelta)):
        return DateReading(problem="date_unreadable")
    if isinstance(value, (int, float)):
        return read_number(float(value), system_1904=settings.system_1904, pivot=settings.words.pivot)
    return read_date(value, pivot=settings.words.pivot)


def _date(guess: Guess, settings: Settings, kind: FieldType) -> Converter:
    target = guess.target or ""
    since = target.endswith(".since")

    def convert(value: Raw) -> Outcome:
        reading = read_day(value, settings)
        if reading.blank:
            return NOTHING
        params = {"text": plain(value)}
        if reading.problem or reading.start is None:
            code = reading.problem or "date_unreadable"
            if target == "case.birth" and code != "date_impossible":
                code = "birth_unreadable"
            return (), (Problem(code, target, guess.letter, params),)
        if kind is FieldType.DAY and reading.start.day is None:
            return (), (Problem("date_needs_day", target, guess.letter, params),)
        iso = reading.start.iso()
        pairs: Pairs = ((target, iso[:7] if kind is FieldType.MONTH else iso),)
        if since and reading.end is not None:
            pairs = (*pairs, (f"{target[: -len('since')]}until", reading.end.iso()))
        return pairs, ()

    return convert


def _period(guess: Guess, settings: Settings) -> Converter:
    def convert(value: Raw) -> Outcome:
        reading = read_day(value, settings)
        if reading.blank:
            return NOTHING
        if reading.problem or reading.start is None:
            code = reading.problem or "date_unreadable"
            return (), (Problem(code, "benefit.since", guess.letter, {"text": plain(value)}),)
        pairs: list[tuple[str, Json]] = [("benefit.since", reading.start.iso())]
        if reading.end is not None:
            pairs.append(("benefit.until", reading.end.iso()))
        return tuple(pairs), ()

    return convert


def _phone(guess: Guess) -> Converter:
    target = guess.target or ""

    def convert(value: Raw) -> Outcome:
        text = plain(value)
        if phones.is_mobile(text):
            return ((target, text),), ()
        if not text or compact(text) in {"无", "-", "—", "/", "没有"}:
            return NOTHING
        reading = phones.read_phones(text)
        pairs: list[tuple[str, Json]] = []
        for slot, number in zip((target, "case.phone_2"), reading.numbers, strict=False):
            if slot != target or not pairs:
                pairs.append((slot, number))
        if target != "case.phone":
            del pairs[1:]
        if (
            reading.words
            or len(reading.numbers) > 2
            or (target == "case.phone_2" and len(reading.numbers) > 1)
        ):
            pairs.append(("case.note", f"{guess.column.leaf}：{text}"))
        problems = ()
        if reading.problem:
            problems = (Problem(reading.problem, target, guess.letter, {"length": len(compact(text))}),)
        return tuple(pairs), problems

    return convert


def coded(text: str, guess: Guess) -> tuple[tuple[str, ...], bool]:
    """Meanings of the codes a cell consists of (empty for plain text), and whether one stayed unknown."""
    written_out = paper_codes.sign_and_text(text)
    if written_out is not None:
        return (written_out[1],), False
    numbers = paper_codes.codes_in(text)
    if numbers is None or (not paper_codes.has_sign(text) and guess.legend is None and not guess.paper):
        return (), False
    meanings: list[str] = []
    for number in numbers:
        meaning = _meaning(number, guess)
        if meaning is None:
            return (), True
        meanings.append(meaning)
    return tuple(dict.fromkeys(meanings)), False


def _meaning(number: int, guess: Guess) -> str | None:
    if guess.legend is not None:
        return guess.legend.get(number)
    if not guess.paper or guess.paper == "text":
        return None
    try:
        entries = code_lists.table(guess.paper).entries
    except code_lists.UnknownTable:
        return None
    for entry in entries:
        found = paper_codes.codes_in(entry.code)
        if found == (number,):
            return entry.name
    return None


def resolve(text: str, table: CodeTable, words: Reading) -> str | None:
    """Code for a ledger's word, by name, alias or a term of the same meaning; never by likeness."""
    entry = table.find(text) or table.find(compact(text))
    if entry is not None:
        return entry.code
    wanted = compact(text)
    for candidate in table.entries:
        if wanted in {compact(name) for name in (candidate.name, *candidate.aliases)}:
            return candidate.code
    term = words.terms.get(table.id, {})
    return term.get(text) or term.get(wanted)


def _code(guess: Guess, settings: Settings, table: CodeTable) -> Converter:
    target = guess.target or ""
    note = f"{target.partition('.')[0]}.note"
    words = settings.words

    def convert(value: Raw) -> Outcome:
        text = plain(value)
        if not text or (text in words.none and table.find(text) is None):
            return NOTHING
        meanings, unknown = coded(text, guess)
        if unknown or len(meanings) > 1:
            kept = "、".join(meanings) or text
            return ((target, kept),), (Problem("code_to_check", target, guess.letter, {"text": text}),)
        word = meanings[0] if meanings else text
        code = resolve(word, table, words)
        if code is None:
            return ((target, word),), (Problem("code_unknown", target, guess.letter, {"text": word}),)
        pairs: Pairs = ((target, code),)
        if table.find(word) is None and table.find(compact(word)) is None:
            pairs = (*pairs, (note, f"{guess.column.leaf}：{word}"))
        return pairs, ()

    return convert


def _set(guess: Guess, settings: Settings, table: CodeTable) -> Converter:
    target = guess.target or ""
    words = settings.words

    def convert(value: Raw) -> Outcome:
        text = plain(value)
        if not text or text in words.none:
            return NOTHING
        meanings, unknown = coded(text, guess)
        if unknown:
            return ((target, [text]),), (Problem("code_to_check", target, guess.letter, {"text": text}),)
        parts = meanings or tuple(p.strip() for p in _LIST.split(text) if p.strip())
        codes = [resolve(part, table, words) or part for part in parts]
        strangers = [part for part, code in zip(parts, codes, strict=True) if table.get(code) is None]
        problems = tuple(Problem("code_unknown", target, guess.letter, {"text": s}) for s in strangers)
        return ((target, sorted(set(codes))),), problems

    return convert


_ELSEWHERE = ("paper_hardship", "hardship_system")


def _categories(guess: Guess, settings: Settings) -> Converter:
    """A category from a sheet is what the ledger says, one record each; its own words are always kept."""
    table = code_lists.table("hardship")
    words = settings.words

    def convert(value: Raw) -> Outcome:
        text = plain(value)
        if not text or text in words.none:
            return NOTHING
        meanings, unknown = coded(text, guess)
        if unknown:
            problem = Problem("code_to_check", "recognition.category", guess.letter, {"text": text})
            return (("recognition.category_text", text),), (problem,)
        parts = meanings or _category_parts(text, table, words)
        pairs: list[tuple[str, Json]] = []
        problems: list[Problem] = []
        for number, part in enumerate(parts, 1):
            code = resolve(part, table, words)
            if code is None and part not in meanings and not _is_type_elsewhere(part):
                problems.append(Problem("code_unknown", "recognition.category", guess.letter, {"text": part}))
            elif code is not None:
                pairs.append((layouts.nth("recognition.category", number), code))
            pairs.append((layouts.nth("recognition.category_text", number), part))
        return tuple(pairs), tuple(problems)

    return convert


def _is_type_elsewhere(name: str) -> bool:
    """A type of the neighbouring province's lists: known, but without a key here (see ``notes``)."""
    return any(code_lists.table(t).find(name) is not None for t in _ELSEWHERE)


def _category_parts(text: str, table: CodeTable, words: Reading) -> tuple[str, ...]:
    """Several names in a cell are split only where each part is a category we know."""
    parts = tuple(p.strip() for p in _LIST.split(text) if p.strip())
    if len(parts) > 1 and all(resolve(part, table, words) for part in parts):
        return parts
    return (text,)
