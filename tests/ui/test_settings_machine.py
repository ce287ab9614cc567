"""本机 and 关于: what IT has set is greyed, the selftest runs beside the work, the bundle is written."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.enrolment_code import enrolment_code
from jobdesk.host.policy_settings import policy_of
from jobdesk.host.settings_file import AppConfig, read_settings
from jobdesk.host.signed_pack import new_key, public_bytes_of, publisher_key, write_pack
from jobdesk.host.update_manifest import INSIDE, PACK_NAME, written
from jobdesk.ui.kit import TextInput
from jobdesk.ui.settings.about_page import AboutPage
from jobdesk.ui.settings.backup_page import BackupPage
from jobdesk.ui.settings.machine_page import MachinePage
from jobdesk.ui.settings.machine_state import managed_lines
from tests.services.test_updates import DAY, release
from tests.ui.settings_scene import SettingsScene

KEY = new_key()
PROVINCE = publisher_key(public_bytes_of(KEY), "吉林省就业服务局")
COUNTY = publisher_key(public_bytes_of(new_key()), "某县就业局")
CODE = enrolment_code(bytes(range(9)))
Policy = Callable[..., None]


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, dressed: QApplication) -> Iterator[SettingsScene]:
    made = SettingsScene(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Policy:
    file = tmp_path / "policy.json"
    monkeypatch.setattr("jobdesk.host.policy_settings.POLICY_FILE", file)

    def write(**values: object) -> None:
        file.write_text(json.dumps(values))

    return write


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_managed_values_are_greyed_and_bad_ones_told(scene: SettingsScene, policy: Policy) -> None:
    policy(StationCode="220102001", Server="https://jobs.example", EnrolmentCode=CODE.text, Updates="maybe")
    page = scene.show("machine")
    assert isinstance(page, MachinePage)
    scene.until(lambda: "站点代码" in words(page))
    greyed = [x for x in page.findChildren(TextInput) if x is not page.line]
    shown = words(page) + "".join(x.text() for x in greyed)
    assert "由单位统一设置" in shown and "https://jobs.example" in shown and "自动用它登记本机" in shown
    assert CODE.text not in shown and CODE.masked in shown
    assert "自动更新（Updates）没有采用" in shown and "告知单位的管理员" in shown
    assert "220102001" in shown and not any(x.isEnabled() for x in greyed)
    policy()
    page.arrive()
    scene.until(lambda: "没有为这台电脑统一设置什么" in words(page))


def test_the_second_folder_of_it_cannot_be_changed_here(
    scene: SettingsScene, policy: Policy, tmp_path: Path
) -> None:
    page = scene.show("backup")
    assert isinstance(page, BackupPage)
    scene.until(lambda: page.second.folder.text() == str(tmp_path / "second"))
    assert page.second.choose.isEnabled() and not page.second.by_unit.isVisibleTo(page)
    policy(SecondFolder=str(tmp_path / "second"))
    page.second.load()
    scene.until(lambda: not page.second.choose.isEnabled())
    assert page.second.by_unit.isVisibleTo(page) and page.second.choose.toolTip() == "由单位统一设置"


def test_publishers_are_added_and_taken_away(scene: SettingsScene, policy: Policy) -> None:
    policy(Publishers={"吉林省就业服务局": PROVINCE.text.partition("=")[2]})
    page = scene.show("machine")
    assert isinstance(page, MachinePage)
    scene.until(lambda: PROVINCE.key_id in words(page))
    assert "不再认可" not in words(page)
    page.add.click()
    assert "名称=公钥" in words(page.field)
    page.line.set_value("nonsense")
    page.add.click()
    scene.until(lambda: "写得不对" in words(page.beside))
    page.line.set_value(COUNTY.text)
    page.add.click()
    scene.until(lambda: COUNTY.key_id in words(page))
    assert COUNTY.text in read_settings(scene.paths.settings)["publishers"]
    (remove,) = [b for b in page.findChildren(type(page.add)) if b.text() == "不再认可"]
    remove.click()
    scene.until(lambda: "publishers" not in read_settings(scene.paths.settings))
    scene.until(lambda: COUNTY.key_id not in words(page))


def test_only_it_names_publishers(scene: SettingsScene, policy: Policy) -> None:
    policy(OnlyThesePublishers=True)
    page = scene.show("machine")
    assert isinstance(page, MachinePage)
    assert not page.add.isEnabled() and not page.line.isEnabled() and "由单位统一设置" in words(page.field)


def test_selftest_and_bundle(scene: SettingsScene, tmp_path: Path) -> None:
    page = scene.show("about")
    assert isinstance(page, AboutPage)
    card = page.selftest
    card.run.click()
    assert not card.run.isEnabled() and not card.save.isEnabled()
    scene.until(lambda: card.results.count() == 13)
    assert card.run.isEnabled() and card.line.isHidden()
    scene.until(lambda: "SQLCipher 4." in words(card))  # in sight with the next turn of the loop
    assert "自检" in words(card)
    card.write(tmp_path / "求助.zip")
    scene.until(lambda: "求助文件已保存" in words(card))
    assert "selftest.json" in zipfile.ZipFile(tmp_path / "求助.zip").namelist()
    card.write(tmp_path / "nowhere" / "x.zip")
    scene.until(lambda: "找不到文件" in words(card))
    assert card.save.isEnabled()


def test_an_update_is_one_quiet_line_and_only_where_it_wants(
    scene: SettingsScene, policy: Policy, tmp_path: Path
) -> None:
    keys = {"吉林省就业服务局": PROVINCE.text.partition("=")[2]}
    page = scene.show("about")
    assert isinstance(page, AboutPage) and page.update_line.isHidden()
    share = tmp_path / "share"
    share.mkdir()
    policy(Updates="on", UpdateFolder=str(share), Publishers=keys)
    page.arrive()
    scene.until(lambda: "没有更新清单" in page.update_line.text())
    inside = written(DAY.replace(year=2099), (release("99.0", "0.0"),))
    write_pack(share / PACK_NAME, "update", "jobdesk", 1, DAY, {INSIDE: inside}, KEY)
    page.arrive()
    scene.until(lambda: "有新版本 99.0" in page.update_line.text())
    assert scene.said == [] and not page.update_line.isHidden()
    policy(Updates="off", UpdateFolder=str(share), Publishers=keys)
    page.arrive()
    assert page.update_line.isHidden()


def test_lines_of_every_setting() -> None:
    values = {
        "StationCode": "220102001", "Server": "https://x", "SecondFolder": "/s", "Updates": "on",
        "UpdateFolder": "/u", "OnlyThesePublishers": "off", "EnrolmentCode": CODE.text,
    }  # fmt: skip
    policy = policy_of([("policy", values), ("install", {"DataFolder": "/d"})])
    lines = managed_lines(AppConfig(data="/d", policy=policy))
    assert [x.name for x in lines] == [
        "站点代码", "省级服务器", "登记码", "第二份存放处", "台账文件夹", "更新", "更新文件夹", "只认单位指定的发布单位"
    ]  # fmt: skip
    assert [x.value for x in lines if x.name in ("更新", "只认单位指定的发布单位")] == ["开", "关"]
