"""查看依据 in words: a basis of the rules as the popover shows it."""

from __future__ import annotations

from jobdesk.cases.basis import Basis, Seen
from jobdesk.host.strings import has, text
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.casefile.words import Words, record_name, t
from jobdesk.ui.kit import Basis as Shown


def shown_basis(basis: Basis, file: CaseFile, words: Words) -> Shown:
    """Every record counted and not counted, by its day and type, each with why not."""
    key = f"rule.{basis.rule}"
    params = {k: _figure(v) for k, v in basis.params}
    sentence = text(key, **params) if has(key) else basis.rule
    return Shown(
        sentence=sentence,
        document="" if basis.source.document == "jobdesk" else basis.source.document,
        clause=basis.source.clause,
        status=basis.status,
        facts=tuple((_date_name(name), words.day(value)) for name, value in basis.dates if value),
        counted=tuple(seen_words(s, file, words) for s in basis.counted),
        not_counted=tuple((seen_words(s, file, words), why_words(s.why)) for s in basis.not_counted),
        note=" ".join(text(f"note.{n}") for n in basis.notes if has(f"note.{n}")),
    )


def seen_words(seen: Seen, file: CaseFile, words: Words) -> str:
    """5月22日 职业指导 到站."""
    held = file.find(seen.kind, seen.id)
    if held is None:
        return " ".join(p for p in (words.day(seen.day) if seen.day else "", record_name(seen.kind)) if p)
    record = held.record
    day = record.text("served_on") or seen.day
    parts = [words.day(day) if day else t("undated")]
    if seen.kind == "service":
        names = ("type", "channel", "provider")
        parts += [
            words.value("service", n, record.get(n)) for n in names if record.get(n) not in (None, "own")
        ]
        posts = record.get("vacancies") or record.get("offered")
        parts.append(words.value("service", "vacancies" if isinstance(posts, list) else "offered", posts))
    else:
        parts.append(record_name(seen.kind))
    return " ".join(p for p in parts if p)


def why_words(why: str) -> str:
    return text(f"why.{why}") if has(f"why.{why}") else why


def _date_name(name: str) -> str:
    return text(f"basis_date.{name}") if has(f"basis_date.{name}") else name


def _figure(value: str | int) -> str:
    return str(value)
