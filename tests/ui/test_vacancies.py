"""岗位: expired ones are marked, a check needs a day that lies ahead, pasted posts go in once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jobdesk.services.settings import FIGURE, set_station_setting
from jobdesk.services.vacancies import Vacancy, add_vacancy, vacancies
from jobdesk.ui.hub import GoTo
from jobdesk.ui.vacancies import VacanciesScreen, state

TODAY = date(2026, 7, 15)


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def _screen(qtbot: QtBot, ground: Ground, where: GoTo | None = None) -> VacanciesScreen:
    screen = VacanciesScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.resize(1290, 712)
    screen.show()
    screen.arrive(where or GoTo("vacancies"))
    ground.settle(qtbot)
    return screen


def _posts(ground: Ground) -> list[Vacancy]:
    return ground.desk.read(lambda con: vacancies(con, ground.desk)).result()


def test_filters_count_and_the_expired_are_marked(ground: Ground) -> None:
    for until in ("2026-08-30", "2026-07-18", "2026-07-14", ""):
        add_vacancy(ground.desk, {"unit": "甲", "post": f"岗{until}", "valid_until": until}).result()
    posts = _posts(ground)
    assert state.counts(posts, TODAY) == {"current": 3, "ending": 1, "expired": 1, "all": 4}
    rows = {p.valid_until: state.row_of(p, TODAY).cells["valid_until"] for p in posts}
    assert rows["2026-07-14"].note == state.t("expired")
    assert rows["2026-07-18"].note == state.t("ending")
    assert rows[""].text == state.t("no_end")


def test_a_post_is_typed_kept_as_draft_and_saved(qtbot: QtBot, ground: Ground) -> None:
    screen = _screen(qtbot, ground, GoTo("vacancies", part="new"))
    screen.form.boxes["unit"].setFocus()
    screen.form.boxes["unit"].insert("南岭幼儿园")  # type: ignore[union-attr]
    screen.leave()
    ground.settle(qtbot)
    again = _screen(qtbot, ground, GoTo("vacancies", part="new"))
    assert again.form.boxes["unit"].value() == "南岭幼儿园"
    again.form.keep()
    assert again.form.fields["post"].problem
    again.form.boxes["post"].set_value("保育员")
    again.form.boxes["headcount"].set_value("若干")
    again.form.keep()
    assert again.form.fields["headcount"].problem
    again.form.boxes["headcount"].set_value("2")
    again.form.keep()
    ground.settle(qtbot)
    (post,) = _posts(ground)
    assert (post.unit, post.post, post.headcount, post.checked_on) == (
        "南岭幼儿园",
        "保育员",
        2,
        "2026-07-15",
    )


def test_checking_an_expired_post_asks_for_a_new_end(qtbot: QtBot, ground: Ground) -> None:
    add_vacancy(ground.desk, {"unit": "甲", "post": "乙", "valid_until": "2026-07-01"}).result()
    post = _posts(ground)[0]
    screen = _screen(qtbot, ground, GoTo("vacancies", post.id))
    ground.settle(qtbot)
    screen.check_today()
    assert screen.form.fields["valid_until"].problem == state.t("new_end_needed")
    screen.form.days["valid_until"].set_date(date(2026, 9, 1))
    screen.check_today()
    ground.settle(qtbot)
    post = _posts(ground)[0]
    assert (post.checked_on, post.valid_until, post.is_current) == ("2026-07-15", "2026-09-01", True)
    screen.edit(post.id)
    ground.settle(qtbot)
    screen.end_today()
    ground.settle(qtbot)
    assert not _posts(ground)[0].is_current


def test_pasted_posts_are_shown_first_and_go_in_once(qtbot: QtBot, ground: Ground) -> None:
    screen = _screen(qtbot, ground)
    screen.view.take.click()
    pasted = "单位\t岗位\t薪资\n甲\t乙\t3000\n丙\t丁\t\n"
    screen.taking.box.setPlainText(pasted)
    qtbot.waitUntil(lambda: screen.taking.found is not None)
    assert _posts(ground) == []
    screen.taking.take_them()
    qtbot.waitUntil(lambda: len(_posts(ground)) == 2)
    screen.view.take.click()
    screen.taking.box.setPlainText(pasted)
    qtbot.waitUntil(lambda: screen.taking.found is not None)
    assert screen.taking.found is not None and screen.taking.found.fresh == ()
    assert screen.taking.found.known == 2


def test_the_station_says_how_long_a_text_may_be(qtbot: QtBot, ground: Ground) -> None:
    set_station_setting(ground.desk, FIGURE + "text_limit", 20).result()
    screen = _screen(qtbot, ground, GoTo("vacancies", part="new"))
    screen.form.boxes["unit"].set_value("某" * 21)
    screen.form.boxes["post"].set_value("保育员")
    screen.form.keep()
    assert screen.form.fields["unit"].problem and not screen.form.fields["post"].problem
    screen.form.boxes["unit"].set_value("某" * 20)
    screen.form.keep()
    ground.settle(qtbot)
    assert [p.unit for p in _posts(ground)] == ["某" * 20]
