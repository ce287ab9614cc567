"""The kit of controls every screen is built from; ``docs/ui-kit.md`` shows them in use.

Texts are given ready to show (``jobdesk.host.strings.text``); nothing here takes rich text.
"""

from jobdesk.ui.kit.banners import Action, Banner, BannerKind
from jobdesk.ui.kit.basis import Basis, BasisFact, BasisStatus, BasisStep, basis_layout
from jobdesk.ui.kit.buttons import Button, IconButton
from jobdesk.ui.kit.cards import Card, EmptyState, StatTile
from jobdesk.ui.kit.chips import BlankChip, Chip, ChipLook, FilterChip, chips
from jobdesk.ui.kit.choices import Choice, DropDown, Segments, Switch, Tick
from jobdesk.ui.kit.fields import DateInput, Field, TextArea, TextInput
from jobdesk.ui.kit.labels import Count, ElidedText, Face, FlowText, Icon, KeyCap, Text, key_hints
from jobdesk.ui.kit.layouts import Flow, Scroll, clear, column, flow, frame, row, rule
from jobdesk.ui.kit.panels import SidePage
from jobdesk.ui.kit.popover import Popover, basis_link, show_basis
from jobdesk.ui.kit.progress import ProgressLine, Stages, StepState, StepStrip
from jobdesk.ui.kit.tabs import Tab, Tabs
from jobdesk.ui.kit.toast import Toast

__all__ = [
    "Action",
    "Banner",
    "BannerKind",
    "Basis",
    "BasisFact",
    "BasisStatus",
    "BasisStep",
    "BlankChip",
    "Button",
    "Card",
    "Chip",
    "ChipLook",
    "Choice",
    "Count",
    "DateInput",
    "DropDown",
    "ElidedText",
    "EmptyState",
    "Face",
    "Field",
    "FilterChip",
    "Flow",
    "FlowText",
    "Icon",
    "IconButton",
    "KeyCap",
    "Popover",
    "ProgressLine",
    "Scroll",
    "Segments",
    "SidePage",
    "Stages",
    "StatTile",
    "StepState",
    "StepStrip",
    "Switch",
    "Tab",
    "Tabs",
    "Text",
    "TextArea",
    "TextInput",
    "Tick",
    "Toast",
    "basis_layout",
    "basis_link",
    "chips",
    "clear",
    "column",
    "flow",
    "frame",
    "key_hints",
    "row",
    "rule",
    "show_basis",
]
