"""Names are found as people say them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.host import assets
from jobdesk.store.pinyin import MOST, readings, spelt_at


def spelled(name: str) -> list[str]:
    return ["".join(reading.full) for reading in readings(name)]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("单玉梅", "shanyumei"),
        ("仇海涛", "qiuhaitao"),
        ("曾庆华", "zengqinghua"),
        ("解淑珍", "xieshuzhen"),
        ("查晓宁", "zhaxiaoning"),
        ("尉迟雪", "yuchixue"),
        ("万俟明", "moqiming"),
        ("区建国", "oujianguo"),
        ("朴成哲", "piaochengzhe"),
        ("令狐冲", "linghuchong"),
        ("澹台丽", "tantaili"),
        ("逄伟", "pangwei"),
        ("牟丽", "muli"),
        ("员金花", "yunjinhua"),
        ("种芳", "chongfang"),
        ("吕绿", "lvlv"),
        ("王丽", "wangli"),
        ("爱新觉罗启", "aixinjueluoqi"),
    ],
)
def test_first_reading(name: str, first: str) -> None:
    assert spelled(name)[0] == first


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("单玉梅", "danyumei"),
        ("仇海涛", "chouhaitao"),
        ("翟平", "diping"),
        ("覃芳", "tanfang"),
        ("盖丽", "gaili"),
        ("乐平", "leping"),
        ("尉迟雪", "weichixue"),
        ("长孙平", "changsunping"),
        ("李长乐", "lichangle"),
        ("李长乐", "lizhangyue"),
        ("王行", "wanghang"),
    ],
)
def test_other_readings_are_kept(name: str, also: str) -> None:
    assert also in spelled(name)


def test_initials() -> None:
    assert readings("尉迟雪")[0].initials == "ycx"
    assert {r.initials for r in readings("单玉")} == {"sy", "dy", "cy"} or {
        r.initials for r in readings("单玉")
    } == {"sy", "dy"}


def test_rare_and_foreign_characters() -> None:
    assert spelled("陈㛃")[0] == "chenjie" and spelled("张𬭎")[0] == "zhanghong"
    assert spelled("Anna 李")[0] == "annali"
    assert spelled("买买提·艾力")[0] == "maimaitiaili"
    assert readings("") == () and readings(" · ") == ()
    assert readings("𰻞")[0].full  # a character that the dictionary may lack keeps itself


@given(st.text(max_size=30))
def test_bounds(name: str) -> None:
    found = readings(name)
    assert len(found) <= MOST and len(set(found)) == len(found)
    for reading in found:
        assert len(reading.initials) == len(reading.full) and all(reading.full)


def test_many_polyphones_stay_bounded_and_keep_the_likeliest() -> None:
    assert len(readings("单长乐行重朝都还数种")) == MOST


def test_table_is_sound() -> None:
    rows = assets.csv_rows("surnames.csv")
    assert len({row["surname"] for row in rows}) == len(rows) > 300
    for row in rows:
        for way in row["readings"].split("|"):
            assert len(way.split()) == len(row["surname"]), row
            assert way.replace(" ", "").isascii() and way.replace(" ", "").islower(), row


def test_not_imported_before_the_first_name() -> None:
    code = "import sys, jobdesk.store.pinyin; assert 'pypinyin' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=assets.root().parent)


def test_a_long_list_is_searched_by_initials_syllables_or_both() -> None:
    name = "自强街道就业服务站"
    for letters, at in (("zq", 0), ("zqjd", 0), ("ZQJIE", 0), ("jiedao", 2), ("jiuyefw", 4), ("zhan", 8)):
        assert spelt_at(letters, name) == at, letters
    for letters in ("qz", "zk", "jiedaoz", "zhang", "zqjdjyfwzz"):
        assert spelt_at(letters, name) == -1, letters
    assert spelt_at("ct", "长通街道") == spelt_at("zt", "长通街道") == 0, "either reading of 长"
    assert spelt_at("z", "") == -1
