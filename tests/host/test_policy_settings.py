"""IT's settings stand above ours; what will not do is told and not used."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from jobdesk.cases.enrolment_code import enrolment_code
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.host import policy_settings, publishers
from jobdesk.host.policy_settings import SETTINGS, Policy, policy_of, read_policy
from jobdesk.host.settings_file import load_config, read_settings, write_settings
from jobdesk.host.signed_pack import new_key, public_bytes_of, publisher_key
from jobdesk.host.strings import has

PROVINCE = publisher_key(public_bytes_of(new_key()), "省级")
CODE = enrolment_code(bytes(range(9)))


def policy(**values: object) -> Policy:
    return policy_of([("policy", values)])


def said(found: Policy) -> str:
    return "\n".join(c.said for c in found.complaints)


def test_policy_stands_above_the_installer() -> None:
    found = policy_of(
        [
            ("policy", {"SecondFolder": "/srv/p", "Updates": 1}),
            ("install", {"SecondFolder": "/srv/i", "Server": "https://i"}),
        ]
    )
    assert (found.value("second"), found.values["second"].origin) == ("/srv/p", "policy")
    assert (found.value("server"), found.values["server"].origin) == ("https://i", "install")
    assert found.updates_on and not policy().updates_on and not policy(Updates="off").updates_on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("StationCode", "22010200"), ("StationCode", "22010200１"), ("StationCode", "220102001; DROP"),
        ("Server", "http://x"), ("Server", "https://a b"), ("Server", 'https://"'), ("Server", "https://"),
        ("Updates", "maybe"), ("Updates", 7), ("SecondFolder", "relative"), ("SecondFolder", '/a"b'),
        ("SecondFolder", "/a/../../etc"), ("SecondFolder", "/a/%USERNAME%"), ("UpdateFolder", ["/a"]),
        ("Sever", "https://x"), ("Publishers", "x"), ("Publishers", {"省级": "AAAA"}),
        ("DataFolder", "/policy/does/not/move/data"),
    ],
)  # fmt: skip
def test_a_value_that_will_not_do_is_told_and_not_used(name: str, value: object) -> None:
    found = policy_of([("policy", {name: value}), ("install", {})])
    assert found.values == {} and found.publishers == ()
    assert len(found.complaints) == 1 and name in said(found) and "没有采用" in said(found)


def test_a_setting_that_is_not_used_is_named_as_people_call_it() -> None:
    found = policy_of([("policy", {"Server": "http://x"}), ("install", {})])
    assert said(found).startswith("单位设置的服务器地址（Server）没有采用")
    assert all(has(f"policy.name.{s.value_name}") for s in SETTINGS)


def test_a_bad_policy_leaves_the_installers_value_standing() -> None:
    found = policy_of([("policy", {"Server": "ftp://x"}), ("install", {"Server": "https://ok"})])
    assert found.value("server") == "https://ok" and len(found.complaints) == 1


def test_what_the_installer_notes_for_itself_is_no_complaint() -> None:
    notes = {
        "InstallFolder": r"C:\Program Files\Jobdesk",
        "Version": "0.1.0",
        "StationGroup": "BU",
        "Server": "",
    }
    assert policy_of([("policy", {}), ("install", notes)]) == Policy()


def test_one_policy_for_many_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPUTERNAME", "NLJD-07")
    assert policy(SecondFolder="/srv/jobdesk/%ComputerName%").value("second") == "/srv/jobdesk/NLJD-07"


def test_an_enrolment_code_with_a_slip_is_told_without_the_code(caplog: pytest.LogCaptureFixture) -> None:
    slip = CODE.text[:-1] + ("0" if CODE.text[-1] != "0" else "1")
    with caplog.at_level(logging.DEBUG):
        found = policy_of([("policy", {}), ("install", {"EnrolmentCode": slip})])
        good = policy_of([("policy", {}), ("install", {"EnrolmentCode": CODE.text.lower()})])
    assert found.enrolment is None and "登记码有错字" in said(found)
    assert good.enrolment == CODE
    everything = repr(found) + repr(good) + said(found) + caplog.text + str(found.complaints)
    assert slip not in everything and CODE.text not in everything


def test_the_file_of_linux(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    assert read_policy(file) == Policy()
    key = PROVINCE.text.partition("=")[2]
    file.write_text(
        json.dumps({"StationCode": "220102001", "Publishers": {"省级": key, "坏": "?"}}), "utf-8-sig"
    )
    found = read_policy(file)
    assert found.value("station_code") == "220102001"
    assert found.publishers == (PROVINCE,) and "坏" in said(found)
    for bad in (b"[]", b"{", b"\xff\xfe", b"[" * 5000):
        file.write_bytes(bad)
        assert "读不出来" in said(read_policy(file))


def test_settings_take_their_place_below_policy(tmp_path: Path) -> None:
    write_settings(tmp_path / "jobdesk.toml", second="/file")
    flags: dict[str, str | None] = {"data": str(tmp_path)}
    installed = policy_of([("policy", {}), ("install", {"SecondFolder": "/install"})])
    assert load_config(flags, {}, Policy()).second == "/file"
    config = load_config(flags, {}, installed)
    assert (config.second, config.origins["second"]) == ("/install", "install")
    assert config.is_managed("second") and not config.is_managed("theme")
    assert load_config(flags, {"JOBDESK_SECOND": "/environment"}, installed).second == "/environment"
    config = load_config({**flags, "second": "/flag"}, {}, policy(SecondFolder="/policy"))
    assert (config.second, config.origins["second"]) == ("/policy", "policy")


def test_the_installer_says_where_the_data_lies_unless_a_flag_does(tmp_path: Path) -> None:
    installed = policy_of([("install", {"DataFolder": str(tmp_path / "i")})])
    config = load_config({}, {}, installed)
    assert (config.data, config.origins["data"]) == (str(tmp_path / "i"), "install")
    assert load_config({"data": str(tmp_path / "f")}, {}, installed).data == str(tmp_path / "f")


def test_the_machines_policy_is_read_unless_one_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "policy.json"
    file.write_text('{"SecondFolder": "/machine"}')
    monkeypatch.setattr(policy_settings, "POLICY_FILE", file)
    assert load_config({"data": str(tmp_path)}, {}).second == "/machine"


# ------------------------------------------------------------------ publishers


def test_publishers_of_policy_and_of_the_settings(tmp_path: Path) -> None:
    flags: dict[str, str | None] = {"data": str(tmp_path)}
    county = publisher_key(public_bytes_of(new_key()), "某县就业局")
    set_by_it = Policy(publishers=(PROVINCE,))
    publishers.trust(load_config(flags, {}, Policy()), county)
    publishers.trust(load_config(flags, {}, Policy()), publisher_key(PROVINCE.public_bytes, "自称省级"))
    config = load_config(flags, {}, set_by_it)
    assert publishers.in_force(config) == (PROVINCE, county)  # each key once, IT's name for it
    assert publishers.in_force(config, machine_only=True) == (PROVINCE,)
    publishers.distrust(config, county.key_id)
    assert publishers.in_force(load_config(flags, {}, set_by_it)) == (PROVINCE,)
    with pytest.raises(Refused, match="publisher_of_policy"):
        publishers.distrust(config, PROVINCE.key_id)
    with pytest.raises(Refused, match="publisher_unknown"):
        publishers.distrust(load_config(flags, {}, set_by_it), county.key_id)


def test_it_may_be_the_only_one_to_name_publishers(tmp_path: Path) -> None:
    flags: dict[str, str | None] = {"data": str(tmp_path)}
    county = publisher_key(public_bytes_of(new_key()), "某县")
    publishers.trust(load_config(flags, {}, Policy()), county)
    config = load_config(flags, {}, policy(OnlyThesePublishers=True))
    assert publishers.in_force(config) == ()
    with pytest.raises(Refused, match="publishers_by_policy"):
        publishers.trust(config, county)


def test_a_setting_somebody_broke_keeps_the_good_keys(tmp_path: Path) -> None:
    write_settings(tmp_path / "jobdesk.toml", publishers=f"什么;{PROVINCE.text};")
    config = load_config({"data": str(tmp_path)}, {}, Policy())
    assert publishers.in_force(config) == (PROVINCE,) and publishers.unreadable(config) == 1
    with pytest.raises(BadInput, match="publisher_key_malformed"):
        publishers.trust(config, publisher_key(PROVINCE.public_bytes, "甲;乙"))
    assert read_settings(tmp_path / "jobdesk.toml")["publishers"].startswith("什么")
