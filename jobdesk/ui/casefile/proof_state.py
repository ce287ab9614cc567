"""What stands under a field about its confirmation: 已核对 with paper, day, who; or 未核对. Pure: no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases.facts import Rec
from jobdesk.cases.id_number import IdKind, examine
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.proofs import PROVABLE, proof_of, said
from jobdesk.cases.rules.retirement import WOMEN
from jobdesk.services.case_files import CaseFile
from jobdesk.ui.case_words import Words, code, t

_CLOCKS = frozenset({"graduated_on", "birth", "retirement_type"})
"""Fields from which a legal clock starts: 未核对 is said of them wherever the value came from."""


@dataclass(frozen=True, slots=True)
class ProofMark:
    """The quiet line under a field.

    Attributes:
        words: what is known of where the value stands.
        proof: the record that confirms it, None while nobody has.
    """

    words: str
    proof: Rec | None = None


def proof_mark(file: CaseFile, name: str, words: Words) -> ProofMark | None:
    """None where there is nothing to say: an empty field, or one that asks for no confirmation."""
    value = file.state.root.get(name)
    if name not in PROVABLE or not said(value):
        return None
    today = file.agenda.iso if file.agenda is not None else words.today.isoformat()
    found = proof_of(file.facts, name, today)
    if found is not None:
        return ProofMark(proof_words(found, words), found)
    if name in ("birth", "sex") and _by_number(file, words):
        return None
    sheet = file.agenda.from_sheet.get(file.case_id, ()) if file.agenda is not None else ()
    before = any(r.text("field") == name for r in file.facts.of("proof"))
    if name in sheet:
        return ProofMark(t("proof_sheet"))
    if before:
        return ProofMark(t("proof_void"))
    return ProofMark(t("proof_none")) if name in _CLOCKS and _counts(file, name) else None


def _counts(file: CaseFile, name: str) -> bool:
    """Whether a clock would really start from it."""
    if name == "retirement_type":
        return file.state.root.text(name) in WOMEN
    return name == "birth" or file.state.root.text("graduate_kind") not in ("", "none")


def _by_number(file: CaseFile, words: Words) -> bool:
    """A valid ID number gives birth and sex by itself: rules read it there, whatever stands in the field."""
    return examine(file.state.root.text("id_number"), words.today).kind is IdKind.VALID


def proof_words(proof: Rec, words: Words) -> str:
    """已核对 · 毕业证书 105551202405001234 · 2026年11月2日 · 于晓梅."""
    paper = proof.text("document") or code("sources", proof.text("source"))
    parts = (
        t("proof_done"), " ".join(p for p in (paper, proof.text("number")) if p),
        words.day(proof.text("looked_on")), words.who(proof.text("staff")),
    )  # fmt: skip
    return t("proof_joint").join(p for p in parts if p)


def usual(name: str, today: str) -> dict[str, Json]:
    """What the question starts with: the paper that usually confirms this field, seen today."""
    return {"source": "document", "document": t(f"proof_paper.{PROVABLE[name]}"), "looked_on": today}
