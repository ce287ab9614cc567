"""Facts stand once: the installer's source, the locks and the texts agree with product.toml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from common.inputs import canonical, read_lock
from common.product import ROOT, BuildFailed, product
from msi.sources import COMPONENTS, product_code, texts, write_files, write_texts

SOURCE = (ROOT / "packaging" / "msi" / "jobdesk.wxs").read_text("utf-8")
WINDOWS_LOCK = ROOT / "packaging" / "windows" / "requirements.lock"


def test_every_property_is_taken_checked_kept_and_written() -> None:
    for prop in product().properties:
        short = prop.name.removeprefix("JOBDESK_")
        assert f'<Property Id="{prop.name}" Secure="yes"' in SOURCE
        assert f'Property="{prop.name}" Value="[SAVED_{short}]"' in SOURCE, prop.name
        assert re.search(rf"<Condition Message=[^>]+>[^<]*\b{prop.name}\b", SOURCE), prop.name
        if not prop.secret:
            assert f'Name="{prop.value}" Type="string" Value="[{prop.name}]"' in SOURCE


def test_registry_keys_are_those_of_the_product() -> None:
    keys = set(re.findall(r'Key="(Software\\Jobdesk[^"]*)"', SOURCE))
    windows = product().windows
    assert keys == {windows[name].split("\\", 1)[1] for name in ("install_key", "enrolment_key")}
    assert "Policies" not in SOURCE


def test_texts_and_components_are_the_ones_the_source_names() -> None:
    assert set(re.findall(r"\$\(var\.T_(\w+)\)", SOURCE)) == set(texts(product()))
    assert set(re.findall(r"\$\(var\.G_(\w+)\)", SOURCE)) == set(COMPONENTS)


def test_texts_fit_the_code_page_and_the_columns() -> None:
    for key, text in texts(product()).items():
        limit = 64 if key in ("Feature", "RemoveText") else 255
        assert len(text.encode("gbk")) <= limit, key
        assert "{" not in text, key


def test_windows_takes_the_versions_the_project_is_locked_to() -> None:
    ours = {entry.name: entry.version for entry in read_lock(ROOT / "requirements.lock")}
    entries = read_lock(WINDOWS_LOCK)
    assert {e.name: e.version for e in entries if e.name in ours} == {
        e.name: ours[e.name] for e in entries if e.name in ours
    }
    assert all(len(entry.hashes) == 1 for entry in entries)
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert wanted is not None
    names = {canonical(re.split(r"[=<>\[ ]", name)[0]) for name in re.findall(r'"([^"]+)"', wanted[1])}
    assert names <= {entry.name for entry in entries}, "run make msi-lock"


def test_no_lock_names_a_host() -> None:
    for lock in (WINDOWS_LOCK, ROOT / "packaging" / "windows" / "python.lock"):
        assert not re.search(r"https?://|--index|--find-links", lock.read_text("utf-8"))


@pytest.mark.parametrize("line", ["wheel", "wheel>=1", "wheel==1.0", "wheel==1.0 --hash=md5:00"])
def test_what_is_not_pinned_is_refused(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text(line, "utf-8")
    with pytest.raises(BuildFailed, match="not pinned"):
        read_lock(lock)


def test_another_version_has_other_components_and_the_same_upgrade_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listing = {"lib/a.pyd": {"sha256": "00"}, "jobdesk.exe": {"sha256": "01"}}
    seen: list[tuple[str, str, str]] = []
    for version in ("1.2.3", "1.2.3", "1.2.4"):
        product.cache_clear()
        monkeypatch.setenv("JOBDESK_PACKAGE_VERSION", version)
        write_texts(tmp_path / "t", product(), product_code(product(), listing), chinese=True)
        write_files(tmp_path / "f", product(), listing, chinese=True)
        seen.append(
            (product_code(product(), listing), (tmp_path / "t").read_text(), (tmp_path / "f").read_text())
        )
    product.cache_clear()
    monkeypatch.undo()
    assert seen[0] == seen[1]
    assert seen[0][0] != seen[2][0]
    guids = [set(re.findall(r'Guid="([0-9A-F-]{36})"', files)) for _, _, files in seen]
    assert guids[0] and not guids[0] & guids[2]
    assert all(product().windows["upgrade_code"] in one[1] for one in seen)


def test_names_beyond_ascii_are_whole_for_wix_and_keys_for_wixl(tmp_path: Path) -> None:
    listing = {"resources/就业困难人员.xlsx": {"sha256": "00"}}
    write_files(tmp_path / "wix", product(), listing, chinese=True)
    write_files(tmp_path / "wixl", product(), listing, chinese=False)
    assert 'Name="就业困难人员.xlsx"' in (tmp_path / "wix").read_text("utf-8")
    assert re.search(r'<File Id="(f\w+)" Name="\1"', (tmp_path / "wixl").read_text("utf-8"))


def test_a_version_windows_cannot_order_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    product.cache_clear()
    monkeypatch.setenv("JOBDESK_PACKAGE_VERSION", "1.2.3.dev4")
    with pytest.raises(BuildFailed, match="three numbers"):
        product()
    product.cache_clear()
