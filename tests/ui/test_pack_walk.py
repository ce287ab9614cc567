"""A county's pack by window: from the file dialog to the new rule in 今日, and back; what is refused says why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.due import DueKind
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json
from jobdesk.host.publisher_key import new_key
from jobdesk.host.settings_file import AppConfig
from jobdesk.host.strings import text
from jobdesk.services.registering import Child, register
from jobdesk.store import local
from jobdesk.ui.hub import GoTo
from jobdesk.ui.settings.packs_page import PacksPage
from jobdesk.ui.settings.screen import SettingsScreen
from jobdesk.ui.today.screen import TodayScreen
from tests.services.packs_made import COUNTY, signed
from tests.stations import Made, make_station
from tests.ui.whole_window import PICTURES, WholeWindow

YOUNGER = """pack = "county-women"
title = "某县大龄失业人员年龄"
version = {version}

[[entry]]
key = "hardship.JL2.women"
kind = "figure"
valid_from = 2022-05-01
region = "220102"
status = "unconfirmed"
source = {{ document = "某县就业〔2026〕30号", clause = "一" }}
sentence = "女性年满{age}周岁"
value = {age}
unit = "year"
replaces = "hardship"
"""
OUT = Child("registration", {"since": "2025-06-01", "registered": True, "source": "system"})
USUAL: Mapping[str, Json] = {
    "local_hukou": True, "sex": "2", "work_capacity": "able", "willingness": "yes", "hukou_kind": "10",
    "opened_on": "2026-06-01", "notice_on": "2026-06-01", "next_contact": "2026-12-20",
}  # fmt: skip


class Walk(WholeWindow):
    """Dialogs answer with ``chosen`` and ``saved``."""

    def __init__(
        self, street: Made, clock: FixedClock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        super().__init__(street, clock, qtbot)
        self.count = 0
        config = AppConfig(data="", publishers=COUNTY.text)
        self.shell.ctx.read_config = lambda: config  # type: ignore[method-assign]
        self.shell.begin()
        self.chosen, self.saved = "", ""
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (self.chosen, ""))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (self.saved, ""))

    def person(self, name: str, **values: Json) -> str:
        self.count += 1
        first = f"229901{str(values['birth']).replace('-', '')}{self.count * 2:03}"
        body = {"name": name, "id_number": first + check_digit(first), **USUAL, **values}
        return register(self.desk, body, [OUT]).result().case_id

    def page(self) -> PacksPage:
        """Go there."""
        self.hub.go_to.emit(GoTo("settings", part="packs"))
        return self.here()

    def here(self) -> PacksPage:
        screen = self.window.page("settings")
        assert isinstance(screen, SettingsScreen)
        page = screen.section("packs")
        assert isinstance(page, PacksPage)
        return page

    def choose(self, path: Path, says: str) -> PacksPage:
        """By 选择文件… until the page says something."""
        page = self.page()
        self.chosen = str(path)
        page.choose.click()
        self.until(lambda: says in self.words())
        return page

    def words(self) -> str:
        return "\n".join(label.text() for label in self.here().findChildren(QLabel) if label.isVisible())

    def press(self, words: str) -> bool:
        """A visible button with these words, once it is there."""
        found = [
            b for b in self.here().findChildren(QPushButton) if b.isVisible() and b.text().strip() == words
        ]
        for button in found[:1]:
            button.click()
        return bool(found)

    def may_apply(self, case_id: str) -> bool:
        self.hub.go_to.emit(GoTo("today"))
        screen = self.window.page("today")
        assert isinstance(screen, TodayScreen)
        if screen.board is None:
            return False
        return any(line.kind is DueKind.MAY_APPLY for line in screen.board.lines.get(case_id, ()))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.at(2026, 11, 16)


@pytest.fixture
def street(tmp_path: Path, clock: FixedClock) -> Made:
    """In 220102, where the pack holds."""
    facts = {"name": "南岭街道综合服务中心", "code": "220102001", "region": "长春市南关区南岭街道"}
    return make_station(tmp_path, clock, fields=facts)


@pytest.fixture
def walk(
    street: Made, clock: FixedClock, qtbot: QtBot, dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Walk]:
    with closing(Walk(street, clock, qtbot, monkeypatch)) as made:
        yield made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_from_the_file_dialog_to_the_new_rule_in_today_and_back(walk: Walk, stick: Path) -> None:
    her = walk.person("白玉兰", birth="1987-03-01", community="甲社区")
    for n in range(30):
        walk.person(f"周{n}", birth="1987-04-01", community="乙社区")
    walk.person("钱一", birth="1990-03-01")
    assert not walk.may_apply(her)
    page = walk.choose(signed(stick, YOUNGER.format(version=1, age=38)), "女性年满38周岁（")
    told = walk.words()
    assert COUNTY.name in told and "女性年满 40 周岁" in told
    names = page.offer.names
    listed = names.listed
    assert listed is not None and names.isVisible()
    assert {c.name for c in listed.effects.changes if c.key == "hardship.JL2"} == {
        "白玉兰", *(f"周{n}" for n in range(30))
    }  # fmt: skip
    assert names.table.model().rowCount() == len(listed.effects.changes) > 30, "every one, not only counts"
    walk.picture("1-offered")
    page.offer.take.click()
    walk.until(lambda: "使用中" in walk.words())
    walk.picture("2-taken")
    walk.until(lambda: walk.may_apply(her))
    walk.picture("3-today")
    walk.page()
    walk.until(lambda: walk.press(text("packs.rollback")))
    walk.picture("4-asked")
    page.reason.set_value("县里撤回了文件")
    page.go_back.click()
    walk.until(lambda: "退回：县里撤回了文件" in walk.words())
    walk.picture("5-rolled-back")
    walk.until(lambda: not walk.may_apply(her))


def test_what_is_refused_says_why(walk: Walk, stick: Path) -> None:
    page = walk.choose(signed(stick, YOUNGER.format(version=2, age=38), 2), "女性年满38周岁（")
    page.offer.take.click()
    walk.until(lambda: "使用中" in walk.words())
    bare = stick / "county.toml"
    bare.write_text(YOUNGER.format(version=3, age=36), "utf-8")
    strange = signed(stick, YOUNGER.format(version=3, age=36), 3, key=new_key())
    older = signed(stick, YOUNGER.format(version=1, age=36), 1)
    cut = stick / "cut.jobdesk"
    cut.write_bytes(older.read_bytes()[:-40])
    for name, path, why in (
        ("unsigned", bare, "没有签名"), ("foreign", strange, "不在本机认可的名单里"),
        ("older", older, "不比正在使用的第 2 版新"), ("cut", cut, "已损坏或没有复制完整"),
    ):  # fmt: skip
        page = walk.choose(path, why)
        assert not page.offer.take.isVisible(), name
        walk.picture(f"6-{name}")
    kept = walk.desk.read(lambda con: con.execute("SELECT count(*) FROM blob").fetchone()[0]).result()
    assert kept == 1, "nothing refused was kept"


def test_the_names_go_out_as_a_workbook_and_on_paper_and_that_is_written_down(
    walk: Walk, stick: Path
) -> None:
    for n in range(60):
        walk.person(f"周{n}", birth="1987-04-01", community="乙社区" if n % 2 else "")
    walk.person("阿卜杜热合曼·买买提依明江·吐尔逊古丽", birth="1987-04-02",
                community="内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇西社区居民委员会")  # fmt: skip
    page = walk.choose(signed(stick, YOUNGER.format(version=1, age=38)), "女性年满38周岁（")
    names = page.offer.names
    for ending, button in (("xlsx", names.export), ("pdf", names.print)):
        walk.saved = str(stick / f"名单.{ending}")
        button.click()
        walk.until(lambda e=ending: bool(walk.said) and f"已写出 名单.{e}" in walk.said[-1].text)
    walk.picture("8-long")
    book = openpyxl.load_workbook(stick / "名单.xlsx")
    rows = [[str(c.value) for c in row] for row in book.worksheets[0].iter_rows()]
    assert sum(row[1].startswith("周") for row in rows) == 60
    assert any("女性年满38周岁" in str(c.value) for row in book.worksheets[1].iter_rows() for c in row)
    pdf = pypdfium2.PdfDocument(stick / "名单.pdf")
    whole = "".join(p.get_textpage().get_text_range() for p in pdf)
    assert all("列有人员类别，不张贴" in p.get_textpage().get_text_range() for p in pdf), (
        "names beside categories"
    )
    assert all(f"周{n}" in whole for n in range(60)) and "阿卜杜热合曼" in whole
    if PICTURES:
        for n, one in enumerate(pdf):
            one.render(scale=2).to_pil().save(Path(PICTURES) / f"7-paper-{n + 1}.png")
    log = walk.desk.read(local.accesses).result()
    assert {(a.what, a.field, a.count) for a in log} >= {
        ("export", "pack_effects", 61), ("print", "pack_effects", 61)
    }  # fmt: skip
