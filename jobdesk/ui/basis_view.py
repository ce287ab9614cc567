"""查看依据 in words: one function turns the trace of any rule into what the popover shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from jobdesk.cases import schema
from jobdesk.cases.basis import Basis, Checked, Seen, Source, Step
from jobdesk.cases.rules.proofs import PROVABLE
from jobdesk.host.fact_words import PROOF, condition_words, fact_name, missing_words, value_words
from jobdesk.host.strings import has, text
from jobdesk.ui.kit import Basis as Shown
from jobdesk.ui.kit import BasisFact, BasisStep
from jobdesk.ui.kit.basis import Outcome, Way

Named = Callable[[Seen], str]
"""What a record is called in 查看依据; empty where it is not known."""
Go = Callable[[str, str], object]
"""Opens a part of the person's file (``part``, ``detail``), as ``CaseFilePanel.go`` does."""

PARTS: Mapping[str, str] = {
    "case": "overview", "group": "overview", "statement": "overview", "registration": "job",
    "placement": "job", "employment": "job", "business": "job", "absence": "job", "public_post": "subsidy",
    "recognition": "recognition", "verification": "recognition", "benefit": "subsidy", "subsidy": "subsidy",
    "household": "household", "member": "household", "rung": "household", "service": "services",
    "plan": "plan", "measure": "plan", "review": "plan", "attachment": "files",
}  # fmt: skip
"""Kind of a record → the tab of the file that shows it."""
_MOST_WAYS = 2


def shown(
    basis: Basis, day: Callable[[str], str], named: Named | None = None, go: Go | None = None, who: str = "",
    from_sheet: Collection[str] = (), ways: tuple[tuple[str, Way], ...] = (), blank: Collection[str] = (),
) -> Shown:  # fmt: skip
    """A trace of the rules as the kit shows it.

    Args:
        day: says an ISO date of any precision.
        named: what a record is called; its day is put before it.
        go: makes every fact lead to the field where it is written down.
        who: the people it is about.
        from_sheet: fields of the file that stand as an imported sheet had them: 未核对 where the trace,
            made for a whole day's list, could not know it.
        ways: where what is no single fact of a file is corrected.
        blank: fields of the file in which nothing stands: they are filled in, not confirmed.
    """
    own = basis.source.document == "jobdesk"
    ids = {s.kind: s.id for s in reversed(basis.counted)}
    people = ((text("basis.who"), who),) if who else ()
    return Shown(
        sentence=_sentence(basis),
        document="" if own else basis.source.document,
        clause=basis.source.clause,
        status=basis.status,
        facts=(*people, *((_date_name(name), day(value)) for name, value in basis.dates if value)),
        counted=tuple(_seen(s, day, named) for s in basis.counted),
        not_counted=tuple((_seen(s, day, named), why_words(s.why)) for s in basis.not_counted),
        note=" ".join(text(f"note.{n}") for n in basis.notes if has(f"note.{n}")),
        remark=basis.remark,
        outcome=_outcome(basis.outcome),
        checked=tuple(
            _fact(c, day, _ways(c, ids, go), from_sheet, go, blank) for c in dict.fromkeys(basis.facts)
        ),
        missing=tuple((missing_words(n), _fill(n, basis, ids, go, blank)) for n in basis.missing),
        steps=tuple(_step(s) for s in dict.fromkeys(basis.steps)),
        ways=(*ways, *_records(basis, go)),
    )


def source_words(source: Source | None) -> str:
    """Document and clause; empty for a figure of our own without a clause."""
    if source is None:
        return ""
    document = "" if source.document == "jobdesk" else source.document
    return " ".join(part for part in (document, source.clause) if part)


def why_words(why: str) -> str:
    return text(f"why.{why}") if has(f"why.{why}") else why


def way_to(kind: str, name: str, record: str = "") -> tuple[str, str]:
    """Part of the file and detail for a field of a record; a record that is not there is to be added."""
    part = PARTS.get(kind, "overview")
    return (part, name) if kind == "case" else (part, record or f"add:{kind}")


def _sentence(basis: Basis) -> str:
    if basis.sentence:
        return basis.sentence
    key = f"rule.{basis.rule}"
    return text(key, **dict(basis.params)) if has(key) else basis.rule


def _outcome(outcome: str) -> Outcome:
    return outcome if outcome in ("met", "not_met", "unknown") else ""


def _fact(
    checked: Checked, day: Callable[[str], str], ways: tuple[tuple[str, Way], ...],
    from_sheet: Collection[str], go: Go | None, blank: Collection[str] = (),
) -> BasisFact:  # fmt: skip
    heard = checked.unchecked and not checked.shown
    if checked.heard:
        said = text("checked.heard", value=value_words(checked.name, checked.heard, day))
    else:
        said = text("checked.unverified") if heard else value_words(checked.name, checked.shown, day)
    loose = checked.unchecked or (
        bool(checked.shown) and any(k == "case" and n in from_sheet for k, n in checked.change)
    )
    return BasisFact(
        fact_name(checked.name),
        said,
        condition_words(checked, day),
        _outcome(checked.outcome),
        loose and not heard,
        ways[0][1] if ways and checked.shown else None,
        _prove(checked, loose, go, blank),
    )


def _prove(
    checked: Checked, loose: bool, go: Go | None, blank: Collection[str] = ()
) -> tuple[str, Way] | None:
    """核对 of the field a fact that nobody has confirmed stands in; of an empty one, the way to fill it."""
    if go is None or not loose:
        return None
    named = [n for k, n in checked.change if k == "case" and n in PROVABLE]
    name = next((n for n in named if n not in blank), "")
    if named and not name:
        return text("basis.fill", field=_label("case", named[0])), lambda: go("overview", named[0])
    return (text("basis.prove", field=_label("case", name)), _to_proof(name, go)) if name else None


def _to_proof(name: str, go: Go) -> Way:
    return lambda: go("overview", f"prove:{name}")


def _records(basis: Basis, go: Go | None) -> tuple[tuple[str, Way], ...]:
    """Where the records and fields of the file stand that a reminder counted: of several records of a kind
    the list of them.
    """
    if go is None or basis.facts:
        return ()
    typed = [n for n, value in basis.dates if value and schema.field("case", n) and has(f"field.case.{n}")]
    ids: dict[str, list[str]] = {}
    for seen in (*basis.counted, *basis.not_counted):
        if seen.kind in PARTS and has(f"record.{seen.kind}"):
            ids.setdefault(seen.kind, []).append(seen.id)

    def way(kind: str, record: str) -> Way:
        return lambda: go(PARTS[kind], record)

    fields = tuple((_label("case", n), way("case", n)) for n in dict.fromkeys(typed))
    return fields + tuple(
        (text(f"record.{kind}"), way(kind, found[0] if len(found) == 1 and kind != "case" else ""))
        for kind, found in ids.items()
    )


def _fill(
    name: str, basis: Basis, ids: Mapping[str, str], go: Go | None, blank: Collection[str] = ()
) -> tuple[tuple[str, Way], ...]:
    """What would fill a gap. What is only heard of is confirmed, not filled in again."""
    if name.startswith(PROOF):
        field = name.removeprefix(PROOF)
        words = text("basis.prove", field=_label("case", field))
        return () if go is None else ((words, _to_proof(field, go)),)
    found = next((c for c in basis.facts if c.name == name), None)
    if found is None:
        return ()
    sure = _prove(found, bool(found.heard), go, blank)
    if sure is not None:
        return (sure,)
    return tuple((text("basis.fill", field=label), way) for label, way in _ways(found, ids, go))


def _ways(checked: Checked, ids: Mapping[str, str], go: Go | None) -> tuple[tuple[str, Way], ...]:
    """Where a fact is written down, by the label of the field."""
    if go is None:
        return ()

    def way(kind: str, name: str) -> Way:
        part, detail = way_to(kind, name, ids.get(kind, ""))
        return lambda: go(part, detail)

    return tuple((_label(k, n), way(k, n)) for k, n in checked.change[:_MOST_WAYS])


def _label(kind: str, name: str) -> str:
    key, record = f"field.{kind}.{name}", f"record.{kind}"
    label = text(key) if has(key) else name
    return label if kind == "case" or not has(record) else f"{text(record)}：{label}"


def _step(step: Step) -> BasisStep:
    sentence = step.sentence or missing_words(f"rule:{step.key}")
    return BasisStep(sentence, _outcome(step.outcome), source_words(step.source), step.status, step.note)


def _seen(seen: Seen, day: Callable[[str], str], named: Named | None) -> str:
    name = named(seen) if named else ""
    what = name or (text(f"record.{seen.kind}") if has(f"record.{seen.kind}") else seen.kind)
    return " ".join(p for p in (day(seen.day) if seen.day else "", what) if p)


def _date_name(name: str) -> str:
    return text(f"basis_date.{name}") if has(f"basis_date.{name}") else name
