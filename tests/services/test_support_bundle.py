"""The bundle of a station full of people holds no name, number, payload, path or account."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.enrolment_code import enrolment_code
from jobdesk.cases.errors import BadInput
from jobdesk.host.log import start_log, stop_log
from jobdesk.host.policy_settings import policy_of
from jobdesk.host.settings_file import AppConfig, load_config
from jobdesk.host.signed_pack import new_key, public_bytes_of, publisher_key
from jobdesk.reports.month_job import month_pdf_of
from jobdesk.reports.selfcheck import PAPERS
from jobdesk.services.importing.applying import apply
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.registering import register
from jobdesk.services.selftest import selftest
from jobdesk.services.serving import Contact, ServiceEntry, record_service
from jobdesk.services.support_bundle import bundle_name, sieved, support_bundle
from jobdesk.store.log import all_ops
from tests.services.test_selftest import CLOCK
from tests.stations import Made, make_station

AT = FixedClock.at(2026, 11, 20)
PERSON = {
    "name": "欧阳桂兰", "id_number": "22990119900307123X", "phone": "19912340031",
    "address": "Nanling Street 88 Unit 3", "community": "平阳社区", "school": "Changchun Test College",
}  # fmt: skip
CODE = enrolment_code(bytes(range(9)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clerk's own folder: its name is a person's."""
    made = tmp_path / "ouyangguilan" / "欧阳的 文件"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def made(folder: Path) -> Iterator[Made]:
    """People by hand and from a sheet, services, a paper; everything logged as loudly as can be."""
    start_log(folder / "data" / "logs", logging.DEBUG)
    made = make_station(folder, AT, clerk="于晓梅", second=True)
    desk = made.desk
    case = register(desk, dict(PERSON)).result().case_id
    body = {
        "type": "call",
        "served_on": "2026-11-20",
        "channel": "phone",
        "staff": made.staff,
        "content": "Pingyang talk",
    }
    record_service(desk, [case], ServiceEntry(body, Contact("2026-12-01", "再问"))).result()
    sheet = Path(__file__).parents[2] / "resources/samples/就业困难人员管理台帐.xlsx"
    apply(desk, make_preview(desk, read_path(sheet, desk.today)))
    month_pdf_of(desk, date(2026, 11, 1), masked=False)
    log = logging.getLogger("jobdesk.ui.tasks")
    try:
        open(folder / "ouyangguilan.xlsx", "rb")  # noqa: SIM115, PTH123
    except OSError:
        log.exception("reading failed")
    try:
        raise ValueError(f"bad cell: {PERSON}\nNanling Street 88 Unit 3\n  line: 22990119900307123X")
    except ValueError as error:
        log.error("a bug", exc_info=error)
    log.warning("refused: %s", BadInput("file_unreadable", path=str(folder / "ouyangguilan book.xlsx")))
    log.info("half a line about '%s' at %s", PERSON["address"], folder)
    yield made
    made.station.close()
    stop_log()


@pytest.fixture
def config(folder: Path) -> AppConfig:
    key = publisher_key(public_bytes_of(new_key()), "某县就业局")
    values = {"Server": "https://jobs.nanling.example", "UpdateFolder": "/srv/nanling-updates", "Updates": "bad value",
              "Publishers": {"某县就业局": key.text.partition("=")[2]}, "EnrolmentCode": CODE.text}  # fmt: skip
    policy = policy_of([("policy", values)])
    return load_config({"data": str(folder / "data"), "second": str(folder / "second")}, {}, policy)


def contents(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        return {n: zipped.read(n).decode("utf-8-sig") for n in zipped.namelist()}


def payload_words(made: Made) -> set[str]:
    """Every text of two Chinese characters or six others that stands in any operation of the station."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            has_han = any(ord(c) > 0x2E7F for c in value)
            if len(value) >= (2 if has_han else 6):
                found.add(value)

    for _seq, op in made.desk.read(lambda con: list(all_ops(con))).result():
        walk(op.payload)
    return found


OURS_BY_CHANCE = {"姓名", "电话", "档案", "身份证号", "内容", "设置", "版本", "程序", "文件夹"}
"""Words of the note inside the bundle."""


def test_nothing_of_a_person_leaves(made: Made, config: AppConfig, folder: Path) -> None:
    lines = selftest(config, CLOCK, PAPERS)
    raw = support_bundle(config, AT, lines)
    inside = contents(raw)
    log_text = (config.paths.logs / "jobdesk.log").read_text("utf-8")
    assert "Nanling Street 88" in log_text, "what a careless message leaves in the log itself"
    everything = "\n".join(inside.values()) + "\n".join(inside)
    words = payload_words(made)
    assert len(words) > 300 and PERSON["address"] in words
    ids = {w for w in words if len(w) == 36 and w.count("-") == 4}
    codes = {"2026-11-20", "2026-12-01", "station"}  # a day before every line; a channel and a word of ours
    today = {line[:10] for line in log_text.splitlines()}  # may be one that stands in the station too
    leaked = {w for w in words - ids - OURS_BY_CHANCE - codes - today if w in everything}
    assert leaked == set()
    for secret in (*PERSON.values(), "Nanling", "ouyang", "欧阳", "Pingyang", str(folder), "jobs.nanling", "某县", CODE.text,
                   CODE.text[-4:], made.code.text.split("-")[0], "于晓梅", "bad value"):  # fmt: skip
        assert secret not in everything, secret
    assert made.station.key.hex() not in everything and made.key_file.read_text().strip() not in everything


def test_what_helps_is_there(made: Made, config: AppConfig) -> None:
    inside = contents(support_bundle(config, AT, selftest(config, CLOCK, PAPERS)))
    assert set(inside) == {
        "说明.txt", "versions.json", "selftest.json", "settings.json", "files.json", "logs/jobdesk.log"
    }  # fmt: skip
    versions = json.loads(inside["versions.json"])
    assert versions["jobdesk"] and versions["PySide6-Essentials"] and versions["cipher"].startswith("4.")
    assert {x["name"] for x in json.loads(inside["selftest.json"])} >= {"encryption", "pdf", "keyring"}
    settings = json.loads(inside["settings.json"])
    assert (
        settings["policy"] == {"server": "policy", "update_folder": "policy"}
        and settings["enrolment"] is True
    )
    assert {"origin": "policy", "reason": "on_off"} in settings["complaints"]
    assert json.loads(inside["files.json"])["station"] > 4096
    log = inside["logs/jobdesk.log"]
    assert "ValueError" in log and "in made" in log and "reading failed" in log
    assert "file_unreadable(path=<path>)" in log
    assert bundle_name(AT) == "jobdesk-support-20261120-0900.zip" or bundle_name(AT).startswith(
        "jobdesk-support-20261120-"
    )


def test_without_a_station_there_is_a_bundle_too(tmp_path: Path) -> None:
    config = load_config({"data": str(tmp_path / "d")}, {}, policy_of([]))
    inside = contents(support_bundle(config, AT, []))
    assert json.loads(inside["files.json"])["station"] is None


def test_the_sieve_line_by_line() -> None:
    lines = [
        "2026-11-20 09:00:00.000+08:00 ERROR jobdesk.x opening C:\\Users\\wanggl\\a b.xlsx failed",
        "Traceback (most recent call last):",
        '  File "C:\\Users\\wanggl\\jobdesk\\ui\\start.py", line 12, in begin',
        "    name = 'Wang Guilan'",
        "KeyError: 'Wang Guilan'",
        "jobdesk.cases.errors.BadInput: file(path=/home/wanggl/x)",
        "Wang Guilan 199",
        "",
    ]
    out = list(sieved(lines, ("wanggl",)))
    assert "wanggl" not in "".join(out) and "Guilan" not in "".join(out)
    assert out[2] == '  File "jobdesk/ui/start.py", line 12, in begin'
    assert out[3:] == ["KeyError", "jobdesk.cases.errors.BadInput"]
