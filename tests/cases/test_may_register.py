"""失业登记 by the words of the notice: 城镇常住, not 城镇户籍 (2015 （二十四）)."""

from __future__ import annotations

import pytest

from jobdesk.cases.ops import Json
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.cases.rules.vocabulary import judge, outcome
from tests.cases.files import File
from tests.cases.hardship_files import at

KEY = "registration.may_register"
ROOT: dict[str, Json] = {
    "birth": "1981-04-26", "work_capacity": "able", "willingness": "yes", "opened_on": "2015-01-05",
}  # fmt: skip


def somebody(**root: Json) -> File:
    file = File(**{**ROOT, **root})
    for kind in ("insurance", "business"):
        file.add("verification", kind=kind, result="clear", looked_on="2016-05-01", system="省系统")
    return file


@pytest.mark.parametrize(
    ("hukou", "resident", "then"),
    [
        ("10", True, Outcome.MET),
        ("20", True, Outcome.MET),
        ("10", False, Outcome.NOT_MET),
        ("10", None, Outcome.UNKNOWN),
        ("20", False, Outcome.NOT_MET),
    ],
)
def test_to_2019_who_lives_in_town_may_register_whatever_the_household_register_says(
    hukou: str, resident: bool | None, then: Outcome
) -> None:
    situation = at(somebody(hukou_kind=hukou, urban_resident=resident), "2016-06-01")
    verdict = judge(KEY, situation)
    assert verdict.outcome is then, verdict
    assert outcome(KEY, situation) is then


def test_since_2020_the_place_does_not_decide() -> None:
    for resident in (True, False, None):
        situation = at(somebody(hukou_kind="20", urban_resident=resident), "2020-06-01")
        assert (
            judge(KEY, situation).outcome
            is judge(KEY, at(somebody(hukou_kind="10", urban_resident=True), "2020-06-01")).outcome
        )
