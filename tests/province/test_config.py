"""Values from the environment that cannot be: told at once, with the name of the variable."""

from __future__ import annotations

import pytest

from province.cli.commands import main
from province.config import from_environment


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARALLEL", "0"), ("PARALLEL", "-1"), ("PARALLEL", "2.5"), ("PER_MINUTE", "inf"), ("PER_MINUTE", "nan"),
        ("PER_MINUTE", "0"), ("WORKERS", "0"), ("PORT", "99999"), ("PATIENCE", "-1"), ("PATIENCE", "inf"),
        ("APART", "-5"), ("PORT", "http"), ("DATABASE", "foo"), ("DATABASE", "mysql://a:secret@b/c"),
        ("DATABASE", "postgresql://a:secret@b/c"), ("OWNER", "foo"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_by_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variable = f"JOBDESK_PROVINCE_{name}"
    with pytest.raises(ValueError, match=variable):
        from_environment({variable: value})
    monkeypatch.setenv(variable, value)
    assert main(["serve"]) == 1
    said = capsys.readouterr().err
    assert variable in said and "secret" not in said and said.count("\n") == 1


def test_what_stands_in_the_manual_is_taken() -> None:
    found = from_environment(
        {
            "JOBDESK_PROVINCE_DATABASE": "postgresql+psycopg://jobdesk_app:a@host/province",
            "JOBDESK_PROVINCE_PATIENCE": "0.5",
            "JOBDESK_PROVINCE_PARALLEL": "16",
        }
    )
    assert (found.patience_s, found.parallel, found.owner) == (0.5, 16, "")
    assert from_environment({}).database.startswith("sqlite:///")
