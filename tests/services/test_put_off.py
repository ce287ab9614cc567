"""Only a line about a person can be put off: the postponement stands in that person's file."""

from __future__ import annotations

from datetime import date
from typing import cast

import pytest

from jobdesk.cases.basis import Basis
from jobdesk.cases.due import Bucket, DueKind, DueLine
from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk
from jobdesk.services.today import put_off


@pytest.mark.parametrize("kind", [DueKind.VACANCY, DueKind.HELD_ROWS])
def test_a_line_of_no_person_is_refused_before_anything_is_written(kind: DueKind) -> None:
    day = date(2026, 11, 20)
    line = DueLine("k", "v1", kind, "v1", day, day, Bucket.TODAY, 0, cast(Basis, None))
    with pytest.raises(Refused) as refused:
        put_off(cast(Desk, None), line, date(2026, 12, 1), "本人外出")
    assert refused.value.code == "put_off_only_people"
