"""Builds resources/regions/ from the statistical division lists, with pinyin for finding a place.

    python tools/build_regions.py FOLDER

FOLDER holds jilin_counties_2023.csv, jilin_streets_2023.csv and jilin_codes_history_1980_2019.csv
(github.com/modood/Administrative-divisions-of-China 2.7.0, WTFPL, to 2023-06-30; history from
github.com/cn/GB2260). Pinyin is written into the files so that the program needs no dictionary.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict

OUT = Path(__file__).resolve().parent.parent / "resources" / "regions"
SOURCE = "github.com/modood/Administrative-divisions-of-China 2.7.0 (WTFPL), as of 2023-06-30"

LOCAL_READINGS = {
    "乐山": [["lè"], ["shān"]],
    "乐胜": [["lè"], ["shèng"]],
    "什根": [["shí"], ["gēn"]],
    "长白": [["cháng"], ["bái"]],
    "长春": [["cháng"], ["chūn"]],
    "朝阳": [["cháo"], ["yáng"]],
    "朝辉": [["zhāo"], ["huī"]],
    "查干": [["chá"], ["gān"]],
    "重庆": [["chóng"], ["qìng"]],
    "珲春": [["hún"], ["chūn"]],
    "会展": [["huì"], ["zhǎn"]],
}


def syllables(name: str) -> list[str]:
    return [s for s in lazy_pinyin(name, errors=lambda _: "") if s.isalpha()]


def with_pinyin(name: str) -> tuple[str, str]:
    """``chao yang`` and ``cy``; ü is typed v on every Chinese keyboard."""
    found = [s.replace("ü", "v") for s in syllables(name)]
    return " ".join(found), "".join(s[0] for s in found)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, note: str, columns: Sequence[str], body: Iterable[Sequence[str]]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {note}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(body)


def main(folder: Path) -> None:
    load_single_dict({ord("长"): "cháng", ord("都"): "dū", ord("参"): "shēn", ord("洮"): "táo"})
    load_phrases_dict(LOCAL_READINGS)
    counties = rows(folder, "jilin_counties_2023.csv")
    write(
        "counties.csv",
        SOURCE,
        ("code", "name", "city_code", "city", "kind", "pinyin", "initials"),
        (
            (c["code"], c["name"], c["city_code"], c["city_name"], c["kind"], *with_pinyin(c["name"]))
            for c in counties
        ),
    )
    write(
        "streets.csv",
        SOURCE,
        ("code", "name", "county_code", "pinyin", "initials"),
        (
            (s["code"], s["name"], s["area_code"], *with_pinyin(s["name"]))
            for s in rows(folder, "jilin_streets_2023.csv")
        ),
    )
    write(
        "history.csv",
        "github.com/cn/GB2260: GB/T 2260 codes of Jilin 1980-2019; months first and last seen (YYYYMM)",
        ("code", "name", "first_seen", "last_seen"),
        (
            (h["code"], h["name"], h["first_seen"], h["last_seen"])
            for h in rows(folder, "jilin_codes_history_1980_2019.csv")
        ),
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
