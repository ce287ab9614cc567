from pathlib import Path

import pytest

from jobdesk.cases.errors import BadInput
from jobdesk.host.settings_file import AppConfig, load_config, read_settings, write_settings


def load(tmp_path: Path, flags: dict[str, str | None] | None = None, **env: str) -> AppConfig:
    return load_config({"data": str(tmp_path), **(flags or {})}, env)


def test_precedence_and_origins(tmp_path: Path) -> None:
    write_settings(tmp_path / "jobdesk.toml", theme="dark", second=str(tmp_path / "f"), log_level="debug")
    config = load(tmp_path, {"log_level": "error", "theme": None}, JOBDESK_SECOND=str(tmp_path / "e"))
    shown = {name: (value, origin) for name, value, origin in config.shown()}
    assert shown["theme"] == ("dark", "file")
    assert shown["second"] == (str(tmp_path / "e"), "environment")
    assert shown["log_level"] == ("error", "flag")
    assert shown["key_file"] == ("", "default")
    assert shown["data"] == (str(tmp_path), "flag")
    assert config.paths.second == tmp_path / "e"


def test_data_from_environment_decides_which_file_is_read(tmp_path: Path) -> None:
    write_settings(tmp_path / "jobdesk.toml", theme="light")
    config = load_config({}, {"JOBDESK_DATA": str(tmp_path)})
    assert (config.theme, config.origins["data"]) == ("light", "environment")


def test_writing_keeps_other_keys_and_empty_removes(tmp_path: Path) -> None:
    file = tmp_path / "jobdesk.toml"
    write_settings(file, theme="dark", second='C:\\备份 "x"\n')
    write_settings(file, theme="")
    assert read_settings(file) == {"second": 'C:\\备份 "x"\n'}


@pytest.mark.parametrize(
    "content", [b"theme = ", b'colour = "red"', b"theme = 3", b'key_file = "x"', b"\xff\xfe"]
)
def test_bad_files_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jobdesk.toml").write_bytes(content)
    with pytest.raises(BadInput):
        load(tmp_path)
    with pytest.raises(BadInput):
        write_settings(tmp_path / "jobdesk.toml", theme="dark")
    assert (tmp_path / "jobdesk.toml").read_bytes() == content


def test_bad_value_says_where_it_came_from(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        load(tmp_path, JOBDESK_THEME="blue")
    assert bad.value.params["origin"] == "environment"


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "jobdesk.toml").write_bytes(b'\xef\xbb\xbftheme = "dark"\r\n')
    assert load(tmp_path).theme == "dark"
