from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.cases.errors import Refused
from jobdesk.host.template_files import service_rules, template
from jobdesk.services.exporting import Asked, read_for_export
from jobdesk.services.listing import Rules
from jobdesk.services.settings import FORBID_UNMASKED, set_station_setting
from jobdesk.store import local
from tests.services.desk_here import DeskHere


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    yield made
    made.station.close()


def rules(here: DeskHere) -> Rules:
    return Rules(template(), service_rules(), here.desk.today)


def test_an_export_is_logged_with_count_and_reason(here: DeskHere) -> None:
    ids = [here.person("甲"), here.person("乙")]
    lines = read_for_export(here.desk, Asked("export", ids, True, "上报县局"), rules(here)).result()
    assert [line.item.name for line in lines] == ["甲", "乙"]
    (entry,) = here.desk.read(local.accesses).result()
    assert (entry.what, entry.field, entry.count, entry.reason) == ("export", "unmasked", 2, "上报县局")


def test_unmasked_without_a_reason_is_refused_and_reads_nothing(here: DeskHere) -> None:
    with pytest.raises(Refused) as refused:
        read_for_export(here.desk, Asked("copy", [here.person("甲")], True, "  "), rules(here)).result()
    assert refused.value.code == "export_reason_needed"
    assert here.desk.read(local.accesses).result() == []


def test_a_setting_forbids_unmasked_exports_and_not_masked_ones(here: DeskHere) -> None:
    case_id = here.person("甲")
    set_station_setting(here.desk, FORBID_UNMASKED, True).result()
    with pytest.raises(Refused) as refused:
        read_for_export(here.desk, Asked("print", [case_id], True, "核对"), rules(here)).result()
    assert refused.value.code == "export_unmasked_forbidden"
    assert len(read_for_export(here.desk, Asked("print", [case_id]), rules(here)).result()) == 1
