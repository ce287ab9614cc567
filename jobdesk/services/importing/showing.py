"""How values and cells of a preview are shown: codes by name, numbers masked, sensitive ones not at all."""

from __future__ import annotations

from collections.abc import Iterable

from jobdesk.cases.masking import mask_birth, mask_id, mask_other, mask_phone
from jobdesk.cases.ops import Json
from jobdesk.cases.schema import FieldType
from jobdesk.cases.schema import field as schema_field
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.importing import layouts, paper_codes, shielding
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.verdicts import CellState, Mark

_REVEALING = ("recognition.", "registration.reason")
_FIRST = (CellState.CHANGED, CellState.NEW, CellState.CHECK, CellState.SINCE, CellState.UNCHANGED)


def masked(text_: str, target: str | None, shield: Shield, evidence: str = "") -> str:
    """The text as far as its shield lets it be seen."""
    if shield is Shield.OPEN:
        return text_
    if shield is not Shield.MASKED:
        return ""
    kind = _type(target)
    if kind is FieldType.ID_NUMBER or evidence == "id":
        return mask_id(text_)
    if kind is FieldType.PHONE or evidence == "phone":
        return mask_phone(text_)
    if kind is FieldType.DATE:
        return mask_birth(text_)
    return mask_other(text_)


def problem_text(problem: Problem) -> str:
    """The sentence of a problem; words of the sheet that reveal what is restricted are not repeated.

    A code nobody has explained may be 刑满释放: where codes reveal such things none is repeated.
    """
    params = dict(problem.params)
    said = params.get("text")
    if isinstance(said, str):
        shield = shielding.of_text(said)
        if problem.target.startswith(_REVEALING) and paper_codes.codes_in(said) is not None:
            shield = max(shield, Shield.SENSITIVE)
        if shield > Shield.MASKED:
            params["text"] = text(f"import_ui.shield.{shield.name.lower()}")
    return text(f"import.problem.{problem.code}", **params)


def value_text(target: str, value: Json) -> str:
    """A typed value in words, masked or empty as its field demands."""
    if value is None:
        return ""
    shield = shielding.of_value(target, value)
    return masked(_words(target, value), target, shield)


def _words(target: str, value: Json) -> str:
    if isinstance(value, bool):
        return text("import.yes") if value else text("import.no")
    if isinstance(value, list):
        return "、".join(_words(target, v) for v in value)
    record, name, _, _ = layouts.split_target(target)
    declared = schema_field(record, name)
    if declared is not None and declared.table:
        entry = code_lists.table(declared.table).get(str(value))
        if entry is not None:
            return entry.name
    return str(value)


def _type(target: str | None) -> FieldType | None:
    if not target or target in layouts.PSEUDO:
        return None
    record, name, _, _ = layouts.split_target(target)
    declared = schema_field(record, name)
    return declared.type if declared else None


def foremost(marks: Iterable[tuple[str, Mark]]) -> tuple[str, Mark] | None:
    """Of the values that came out of one cell the one that matters most."""
    return min(marks, key=lambda pair: _FIRST.index(pair[1].state), default=None)
