"""What is said against a value that somebody typed, by the rules of its record. Pure: no Qt."""

from __future__ import annotations

from datetime import date

from jobdesk.cases.ops import Json
from jobdesk.cases.problems import Problem, problems_of
from jobdesk.cases.state import RecordState
from jobdesk.host.strings import has, text
from jobdesk.host.template_files import figures
from jobdesk.ui.case_words import t


def problem_text(problem: Problem) -> str:
    """The sentence of a problem."""
    key = f"problem.{problem.code}"
    return text(key, **dict(problem.params)) if has(key) else t("some_problem", code=problem.code)


class ThirdCheck:
    """What stands against a third value, in words; what is only doubtful about one is said once."""

    def __init__(self) -> None:
        self._doubted: Json = None

    def against(self, about: RecordState, field: str, value: Json, today: date, keeps_blank: str) -> str:
        """Empty where nothing does.

        Args:
            about: the record in which two values of ``field`` differ.
            keeps_blank: what the button says that keeps a blank; empty where a value is kept.
        """
        if value is None or value == "":
            key, keep = ("third_blank_or", {"keep": keeps_blank}) if keeps_blank else ("third_blank", {})
            return text(f"conflicts.{key}", **keep)
        wrong = _third_problem(about, field, value, today, read=value == self._doubted)
        if wrong is None:
            return ""
        self._doubted = value
        said = problem_text(wrong)
        return said if wrong.blocks else text("conflicts.third_doubt", what=said)


def _third_problem(about: RecordState, field: str, value: Json, today: date, *, read: bool) -> Problem | None:
    """A value in the place of two that differ: what forbids it, as the form of the record would say it; else
    what is doubtful about it, until somebody has ``read`` that.
    """
    values = {**about.values(), field: value}
    known = {k: v for k, v in values.items() if v is not None and v != ""}
    found = problems_of(about.kind, known, today, figures(), record_id=about.id)
    own = [p for p in found if p.field == field and not p.odd]
    return next((p for p in own if p.blocks), next(iter(own), None) if not read else None)
