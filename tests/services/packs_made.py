"""Signed rule packs and calendars as a county would publish them, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jobdesk.host.publisher_key import PublisherKey, new_key, public_bytes_of, publisher_key
from jobdesk.host.signed_pack import packed

KEY = new_key()
COUNTY: PublisherKey = publisher_key(public_bytes_of(KEY), "某县就业服务局")
ISSUED = date(2026, 11, 1)

HEAD = 'pack = "{name}"\ntitle = "{title}"\nversion = {version}\n'
AGE = """
[[entry]]
key = "registration.youngest"
kind = "figure"
valid_from = {since}
region = "{region}"
status = "unconfirmed"
source = {{ document = "某县就业〔2026〕1号", clause = "二" }}
sentence = "劳动年龄从年满{age}周岁起"
value = {age}
unit = "year"
replaces = "registration"
"""


def age_pack(age: int = 18, version: int = 1, since: str = "2015-01-01", region: str = "220102") -> str:
    """A county's pack that moves the least age of registration."""
    head = HEAD.format(name="county-age", title="某县登记年龄", version=version)
    return head + AGE.format(age=age, since=since, region=region)


def signed(folder: Path, content: str | dict[str, str], version: int = 1, *, name: str = "某县规则",
           kind: str = "rules", key: object = KEY) -> Path:  # fmt: skip
    """A signed file of one pack file, or of several by name."""
    files = {"county.toml": content} if isinstance(content, str) else content
    data = packed(kind, name, version, ISSUED, {k: v.encode() for k, v in files.items()}, key)  # type: ignore[arg-type]
    path = folder / f"{name}-{kind}-{version}-{len(list(folder.iterdir()))}.jobdesk"
    path.write_bytes(data)
    return path


CALENDAR = """known_from = {year}-01-01
known_through = {year}-12-31
source = {{ document = "国务院办公厅关于{year}年部分节假日安排的通知" }}

[[year]]
year = {year}
off = [{off}]
work = [{work}]
"""


def calendar(year: int, off: str, work: str = "") -> str:
    """A calendar of one year."""
    return CALENDAR.format(year=year, off=off, work=work)
