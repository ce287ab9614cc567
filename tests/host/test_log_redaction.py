import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobdesk.host.log import LOG_NAME, redact, start_log, stop_log


@pytest.fixture(autouse=True)
def closed_log() -> Iterator[None]:
    yield
    stop_log()


@pytest.mark.parametrize(
    "secret",
    [
        "229901199003071239",
        "22990119900307123X",
        "22990119900307123x",
        "229901 19900307 1239",
        "229901-1990-0307-1239",
        "229901900307123",
        "19912345678",
        "199 1234 5678",
        "+86 199-1234-5678",
        "0431-88888888",
        "张三",
        "阿依古丽·买买提",
        "𬭎",
        "２２９９０１１９９００３０７１２３９",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "case={} saved", "tel{}end", "('{}',)"])
def test_what_names_a_person_is_dropped(secret: str, frame: str) -> None:
    line = redact(frame.format(secret))
    assert secret not in line
    assert not any(part in line for part in (secret[:6], secret[-4:]))


@pytest.mark.parametrize(
    "kept",
    [
        "0199b2c4-7d1e-7a3b-8c4d-199123456789",
        "0199b2c4-7d1e-7a3b-8c4d-1991234567ab",
        "a3f0" * 16,
        "1795312345678",
        "2026-11-21 09:00:00",
        "rows=20000",
    ],
)
def test_our_own_ids_stay(kept: str) -> None:
    assert redact(f"op={kept} done") == f"op={kept} done"


def test_traceback_and_arguments_are_redacted(tmp_path: Path) -> None:
    assert start_log(tmp_path) is not None
    try:
        raise ValueError("bad 229901199003071239 张三")
    except ValueError:
        logging.getLogger("jobdesk.x").exception("failed for %s", "19912345678")
    text = (tmp_path / LOG_NAME).read_text("utf-8")
    assert "ValueError" in text
    for secret in ("229901199003071239", "张三", "19912345678"):
        assert secret not in text


def test_a_second_start_moves_the_log(tmp_path: Path) -> None:
    start_log(tmp_path / "a")
    start_log(tmp_path / "b")
    logging.getLogger("jobdesk.x").warning("once")
    assert "once" in (tmp_path / "b" / LOG_NAME).read_text()
    assert "once" not in (tmp_path / "a" / LOG_NAME).read_text()


def test_a_log_that_cannot_be_written_is_no_reason_to_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert start_log(tmp_path / "file" / "logs") is None
    handler = start_log(tmp_path / "logs")
    assert handler is not None
    assert handler.stream is not None
    handler.stream.close()
    logging.getLogger("jobdesk.x").warning("lost")
    assert handler.failures == 1
    assert capsys.readouterr().err == ""
    handler.stream = handler._open()
