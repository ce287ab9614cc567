"""规则与口径: the steps in use, for whom, what counts, and every figure of our own, each with 查看依据."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtWidgets import QWidget

from jobdesk.cases.codes import Status
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import PackSet
from jobdesk.host import template_files
from jobdesk.services.policies import packs_of
from jobdesk.services.settings import (
    STEPS_CIRCLES,
    STEPS_COUNTING,
    STEPS_TEMPLATE,
    set_station_setting,
    station_settings,
)
from jobdesk.services.station_rules import StationRules, rules_of
from jobdesk.ui.context import Context
from jobdesk.ui.kit import (
    Basis,
    Card,
    Chip,
    ChipLook,
    Choice,
    DropDown,
    Field,
    Segments,
    Text,
    Tick,
    basis_link,
    clear,
    column,
    flow,
    frame,
    row,
)
from jobdesk.ui.settings.beside import Beside, page, pair
from jobdesk.ui.settings.figures_card import FiguresCard
from jobdesk.ui.settings.household_card import HouseholdCard
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import (
    counts_name,
    source_said,
    status_look,
    step_lines,
    t,
    template_name,
)

BY_TEMPLATE = "template"
COUNTING = (BY_TEMPLATE, "offered", "joined", "completed")


class RulesPage(Section):
    """Every choice is saved at once, with 撤销."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        options = [Choice(x.id, template_name(x), x.id) for x in template_files.templates()]
        self.templates = DropDown(options, nothing=t("template_choose"))
        self.steps = column(gap=8)
        self.counting = Segments([Choice(v, t(f"counting_{v}")) for v in COUNTING])
        self.circles = column(gap=6)
        self.ticks: dict[str, Tick] = {}
        self._packs: PackSet | None = None
        self._deadline = ""
        self.beside = Beside()
        self.figures = FiguresCard(ctx, self._save)
        self.households = HouseholdCard(self._save)
        card = column(
            Field(t("template"), self.templates, label_width=100), self.steps,
            Field(t("counting"), self.counting, hint=t("counting_note"), label_width=100),
            pair(t("circles"), frame(self.circles), top=True, width=98), self.beside, gap=12,
        )  # fmt: skip
        self.hold(
            page(
                t("section.rules"),
                t("rules_note"),
                Card(card, title=t("template_title")),
                self.households,
                self.figures,
            )
        )
        self.templates.chosen.connect(self._template_chosen)
        self.counting.chosen.connect(self._counting_chosen)

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        future = desk.read(lambda con: rules_of(station_settings(con, desk)))
        self.ctx.ask(future, self, self._loaded, self.beside.fail)
        self.ctx.ask(desk.read(lambda con: packs_of(con, desk)), self, self._packed)

    def _packed(self, packs: PackSet) -> None:
        self._packs = packs
        self._show_deadline()

    def _show_deadline(self) -> None:
        if self._packs is not None:
            self.households.show_choice(self._packs, self.ctx.desk.today, self._deadline)

    def _save(self, key: str, value: Json, said: str) -> None:
        self.beside.quiet()
        future = set_station_setting(self.ctx.desk, key, value)
        self.ctx.save(future, self, said, lambda _c: self.arrive(), self.beside.fail)

    def _counting_chosen(self, wanted: str) -> None:
        self._save(STEPS_COUNTING, None if wanted == BY_TEMPLATE else wanted, t("rules_saved"))

    def _template_chosen(self, wanted: str) -> None:
        default = next(x.id for x in template_files.templates() if x.is_default)
        self._save(STEPS_TEMPLATE, None if wanted == default else wanted, t("template_saved"))

    def _loaded(self, rules: StationRules) -> None:
        self.templates.set_value(rules.template.id)
        self.counting.set_value(rules.counting or BY_TEMPLATE)
        self._show_steps(rules)
        self._show_circles(rules)
        if rules.unknown_template:
            self.beside.say("problem", t("template_unknown", id=rules.unknown_template))
        self.figures.show_figures(rules.figures)
        self._deadline = rules.household_deadline
        self._show_deadline()

    def _show_steps(self, rules: StationRules) -> None:
        clear(self.steps)
        template = rules.template
        name, look = status_look(template.status)
        lines = step_lines(template)
        basis = Basis(
            t("template_basis", name=template.name, steps="、".join(n for n, _ in lines)),
            template.source.document, template.source.clause, template.status, tuple(lines),
            note=template.note,
        )  # fmt: skip
        chips: list[QWidget] = [Chip(name, cast(ChipLook, look))]
        if template.note:
            chips.append(Text(template.note, "caption", "warn"))
        chips.append(basis_link(basis))
        self.steps.addWidget(flow(*chips, gap=10))
        for number, (step, said) in enumerate(lines, 1):
            name_text = Text(f"{number}　{step}", wrap=True)
            name_text.setFixedWidth(170)
            self.steps.addWidget(
                frame(row(name_text, (Text(said, "caption", "ink_2", wrap=True), 1), gap=10))
            )
        unconfirmed = [s for s in template.steps if s.counts_status == "unconfirmed"]
        if unconfirmed:
            said = t("counts_unconfirmed", counts=counts_name(unconfirmed[0].counts))
            self.steps.addWidget(Text(said, "caption", "warn", wrap=True))

    def _show_circles(self, rules: StationRules) -> None:
        clear(self.circles)
        self.ticks = {}
        own = rules.template.circle
        opened = {c.code for c in rules.opened_to}
        self.circles.addWidget(self._circle(own.name, t("circle_own"), own.status, source_said(own.source)))
        for circle in template_files.circles().values():
            if circle.code == own.code:
                continue
            tick = Tick(circle.name, circle.code in opened)
            tick.toggled.connect(partial(self._open_to, circle.code))
            self.ticks[circle.code] = tick
            basis = Basis(circle.name, "", source_said(circle.source), circle.status, note=t("circle_note"))
            self.circles.addWidget(frame(row(tick, basis_link(basis), None, gap=12)))
        self.circles.addWidget(Text(t("circle_note"), "caption", "ink_2", wrap=True))

    def _circle(self, name: str, note: str, status: Status, source: str) -> QWidget:
        basis = Basis(name, "", source, status)
        return flow(Text(name), Chip(note, "accent"), basis_link(basis), gap=10)

    def _open_to(self, code: str, on: bool) -> None:
        wanted = [c for c, tick in self.ticks.items() if (on if c == code else tick.isChecked())]
        self._save(STEPS_CIRCLES, list[Json](wanted) or None, t("rules_saved"))
