"""A place is found the way a clerk types it; an ID number says where it was first issued."""

from __future__ import annotations

import pytest

from jobdesk.services.places import counties, find_places, first_coded_region, place_of, townships_of


def test_every_legal_county_is_there() -> None:
    assert sum(not p.statistical for p in counties()) == 60
    assert sum(p.statistical for p in counties()) == 9
    assert sum(len(townships_of(p.code)) for p in counties()) == 1075


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("南岭街道", "220102001"),
        ("220102001", "220102001"),
        ("220102", "220102"),
        ("nanguan", "220102"),
        ("ngq", "220102"),
        ("changling", "220722"),
        ("dunhua", "222403"),
        ("辉南", "220523"),
        ("lvyuan", "220106"),
        ("梅河口", "220581"),
        ("ngq nl", "220102001"),
        ("南关 南岭", "220102001"),
    ],
)
def test_found(query: str, first: str) -> None:
    assert find_places(query)[0].code == first


def test_nothing_and_limits() -> None:
    assert find_places("") == [] and find_places("zzzz") == [] and find_places("长", 0) == []
    assert len(find_places("jd", 5)) == 5


def test_names() -> None:
    place = place_of("220102001")
    assert place is not None
    assert (place.full_name, place.county, place.city) == ("长春市南关区南岭街道", "南关区", "长春市")
    assert place_of("220102999") is None


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("220102198001011234", "吉林省长春市南关区"),
        ("220181198001011234", "吉林省长春市九台市"),
        ("229001198901011234", "吉林省公主岭市"),
        ("220211198001011234", "吉林省吉林市丰满区／郊区"),
        ("229901198001011234", "吉林省"),
        ("230102198001011234", "黑龙江省"),
        ("810000199001011234", "香港特别行政区"),
        ("830000199001011234", "台湾地区"),
        ("990000199001011234", None),
        ("", None),
    ],
)
def test_first_coded_region(number: str, place: str | None) -> None:
    assert first_coded_region(number) == place


def test_every_county_is_found_by_its_own_pinyin_and_initials() -> None:
    from jobdesk.host.assets import csv_rows

    for row in csv_rows("regions/counties.csv"):
        for typed in (row["pinyin"].replace(" ", ""), row["initials"], row["name"], row["code"]):
            assert row["code"] in {p.code for p in find_places(typed)}, typed
