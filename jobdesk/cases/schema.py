"""What a subject can hold: record kinds, their fields, and what each field needs.

A *subject* is the unit of folding and of scope (one person's file, one household, one import …).
It has one root record, whose kind is the subject's kind and whose id is the subject's id, and any
number of child records, each with an id of its own. Fields hold JSON scalars: text, whole numbers,
booleans; dates are ISO text of stated precision (``2026``, ``2026-03``, ``2026-03-15``). Field
labels stand in the string catalogue under ``field.<record>.<field>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class FieldType(StrEnum):
    """How a value is typed, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    """A full date."""
    DATE = "date"
    """A date of stated precision: a month stays a month."""
    MONTH = "month"
    BOOL = "bool"
    INT = "int"
    CODE = "code"
    """A code of the table named by ``Field.table``; unknown text is kept as it is, to be checked."""
    ID_NUMBER = "id_number"
    PHONE = "phone"
    STAFF = "staff"
    REF = "ref"
    """The id of another subject or record."""
    SET = "set"
    """Unordered values; concurrent additions all stay (add-wins)."""
    JSON = "json"
    """A nested value that is written and replaced as a whole (a held row's cells, a saved view)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record kind.

    Attributes:
        critical: with several unsettled versions none wins by clock (design.md §4).
        masked: shown masked until revealed; revealing is logged.
        sensitive: 残疾, 健康, 低保 …: never in lists, exports and print unless asked for by name.
        table: code list for CODE and SET fields, empty otherwise.
    """

    name: str
    type: FieldType = FieldType.TEXT
    critical: bool = False
    masked: bool = False
    sensitive: bool = False
    table: str = ""


def _f(spec: str, type_: FieldType = FieldType.TEXT, **flags: bool | str) -> tuple[Field, ...]:
    return tuple(Field(name, type_, **flags) for name in spec.split())  # type: ignore[arg-type]


T, L, D, B, S = FieldType.TEXT, FieldType.LONG_TEXT, FieldType.DAY, FieldType.BOOL, FieldType.STAFF

# Where a fact comes from (domain.md §11.21): only 省系统 and 文书 start a legal clock.
PROVENANCE = (
    *_f("source", FieldType.CODE, table="sources"),
    *_f("authority number"),
    *_f("checked_on", D),
)

# The way of an application (困难认定, 零就业家庭): 申请, 受理, 补正, 初审, 公示, 县级认定, 复核.
# Only the county recognises (domain.md §11.2); ``snapshot`` keeps the verdict and its facts of the time.
CLAIM = (
    *_f("applied_on accepted_on supplement_on supplemented_on station_checked_on", D),
    *_f("reported_on publicity_from publicity_until publicity_evidence_on publicity_down_on", D),
    *_f("decided_on notified_on appealed_on reviewed_on", D),
    *_f("accepted_by station_checked_by", S),
    *_f("receipt_no decision_no decided_by"),
    *_f("supplement_list station_opinion objection refusal_reason remedy review_result", L),
    *_f("rule_version"),
    *_f("snapshot", FieldType.JSON),
)

CASE = (
    *_f("name", critical=True),
    *_f("id_number", FieldType.ID_NUMBER, critical=True, masked=True),
    *_f("old_id_number", FieldType.ID_NUMBER, masked=True),
    *_f("birth", FieldType.DATE, critical=True),
    *_f("sex", FieldType.CODE, table="sex"),
    *_f("nation", FieldType.CODE, table="nation"),
    *_f("phone phone_2", FieldType.PHONE, masked=True),
    *_f("hukou_place community address insured_place work_place"),
    *_f("hukou_kind", FieldType.CODE, table="hukou_kind"),
    *_f("local_hukou urban_resident", B),
    *_f("resident_since", FieldType.DATE),
    *_f("work_capacity", FieldType.CODE, table="work_capacity"),
    *_f("laid_off_soe land_taken ever_employed ever_insured trained_startup student_loan", B),
    *_f("monthly_income", FieldType.INT),
    *_f("pension_since", FieldType.DATE),
    *_f("education", FieldType.CODE, table="education"),
    *_f("marital", FieldType.CODE, table="marital"),
    *_f("political", FieldType.CODE, table="political"),
    *_f("health", FieldType.CODE, table="health", sensitive=True),
    *_f("disability", FieldType.TEXT, critical=True, sensitive=True),
    *_f("disability_card", masked=True, sensitive=True),
    *_f("retirement_type", FieldType.CODE, table="retirement_type"),
    *_f("school major origin_place archive_place"),
    *_f("graduate_kind", FieldType.CODE, table="graduate_kind"),
    *_f("graduated_on", FieldType.DATE),
    *_f("skills", L),
    *_f("certificate_no"),
    *_f("wish_post wish_pay wish_area training_wish"),
    *_f("work_form", FieldType.CODE, table="work_form"),
    *_f("willingness", FieldType.CODE, table="willingness"),
    *_f("service_needs", FieldType.SET, table="service_need"),
    *_f("notice_on compare_on truth_on", D),
    *_f("tier", FieldType.CODE, table="tier"),
    *_f("tier_reason"),
    *_f("owner", S),
    *_f("opened_on", D),
    *_f("first_round_on", D),
    *_f("last_contact", FieldType.DATE),
    *_f("next_contact", D),
    *_f("next_contact_reason"),
    *_f("transfer_wish"),
    *_f("transfer_wish_on", D),
    *_f("unreachable_agreed_by", S),
    *_f("unreachable_agreed_on", D),
    *_f("lists", FieldType.SET),
    *_f("help_state", FieldType.CODE, table="help_state"),
    *_f("help_reason", FieldType.CODE, table="end_of_help"),
    *_f("help_note", L),
    *_f("help_changed_on", D),
    *_f("merged_into", FieldType.REF),
    *_f("station", FieldType.REF),
    *_f("deceased_on", FieldType.DATE),
    *_f("note", L),
)

RECORDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "case": CASE,
        "registration": (
            *_f("since until", FieldType.DATE),
            *_f("reason", FieldType.CODE, table="unemployment_reason"),
            *_f("end_reason", FieldType.CODE, table="deregistration_reason"),
            *_f("registered", B),
            *_f("registered_on", D),
            *_f("kind application_no"),
            *_f("by_promise", B),
            *_f("note", L),
            *PROVENANCE,
        ),
        "recognition": (
            *_f("category", FieldType.CODE, table="hardship"),
            *_f("category_text"),
            *_f("main", B),
            *_f("state", FieldType.CODE, table="recognition_state"),
            *_f("since until", FieldType.DATE),
            *_f("exit_reason note", L),
            *CLAIM,
            *_f("exit_code", FieldType.CODE, table="recognition_exit"),
            *_f("exited_on", D),
            *_f("household", FieldType.REF),
            *PROVENANCE,
        ),
        "verification": (
            *_f("claim", FieldType.REF),
            *_f("kind", FieldType.CODE, table="verification_kind"),
            *_f("system"),
            *_f("looked_on", D),
            *_f("result", FieldType.CODE, table="verification_result"),
            *_f("finding note", L),
            *_f("staff", S),
            *_f("by_whom"),
        ),
        "absence": (
            *_f("kind", FieldType.CODE, table="absence_kind"),
            *_f("since until", FieldType.DATE),
            *_f("place"),
            *_f("note", L),
            *PROVENANCE,
        ),
        "business": (
            *_f("name role"),
            *_f("unit_code"),
            *_f("form", FieldType.CODE, table="business_form"),
            *_f("since until", FieldType.DATE),
            *_f("first_time", B),
            *_f("note", L),
            *PROVENANCE,
        ),
        "public_post": (
            *_f("kind", FieldType.CODE, table="public_post_kind"),
            *_f("unit post contract_no"),
            *_f("since until", FieldType.DATE),
            *_f("recognition", FieldType.REF),
            *_f("basis_document"),
            *_f("months_before", FieldType.INT),
            *_f("attendance_on verified_on exit_plan_on", D),
            *_f("exit_plan note", L),
            *_f("end_reason"),
            *PROVENANCE,
        ),
        "override": (
            *_f("problem record_kind"),
            *_f("record", FieldType.REF),
            *_f("reason", L),
            *_f("stated_on", D),
            *_f("staff", S),
        ),
        "group": (
            *_f("kind", FieldType.CODE, table="groups"),
            *_f("since until", FieldType.DATE),
            *_f("note", L),
            *PROVENANCE,
        ),
        "employment": (
            *_f("since until", FieldType.DATE),
            *_f("form", FieldType.CODE, table="employment_form"),
            *_f("unit evidence unit_code"),
            *_f("evidence_kind", FieldType.CODE, table="employment_evidence"),
            *_f("registered_on", D),
            *_f("end_reason", FieldType.CODE, table="employment_end_reason"),
            *_f("note", L),
            *PROVENANCE,
        ),
        "benefit": (*_f("since until", FieldType.DATE), *_f("note", L), *PROVENANCE),
        "subsidy": (
            *_f("kind", FieldType.CODE, table="subsidy_kind"),
            *_f("since until first_approved", FieldType.DATE),
            *_f("months_before", FieldType.INT),
            *_f("policy", FieldType.CODE, table="policy"),
            *_f("amount payer basis_document"),
            *_f("applied_on extension_confirmed_on", D),
            *_f("extension", FieldType.CODE, table="subsidy_extension"),
            *_f("extension_confirmed_by", S),
            *_f("note", L),
            *PROVENANCE,
        ),
        "plan": (
            *_f("analysis", L),
            *_f("barriers", FieldType.SET, table="barriers"),
            *_f("barrier_text wish"),
            *_f("goal", L),
            *_f("goal_due", D),
            *_f("promise", L),
            *_f("promise_due promise_done_on", D),
            *_f("promise_owner", S),
            *_f("statement", L),
            *_f("statement_on agreed_on review_on", D),
            *_f("agreed_by", S),
            *_f("version", FieldType.INT),
        ),
        "measure": (
            *_f("plan replaces", FieldType.REF),
            *_f("what", L),
            *_f("step", FieldType.CODE, table="service_type"),
            *_f("owner", S),
            *_f("owner_text"),
            *_f("due done_on", D),
            *_f("state", FieldType.CODE, table="measure_state"),
            *_f("result reason", L),
        ),
        "review": (
            *_f("plan", FieldType.REF),
            *_f("reviewed_on next_on", D),
            *_f("staff", S),
            *_f("text", L),
        ),
        "service": (
            *_f("type", FieldType.CODE, table="service_type"),
            *_f("channel", FieldType.CODE, table="channel"),
            *_f("served_on", D),
            *_f("place"),
            *_f("staff entered_by", S),
            *_f("companions"),
            *_f("offered", L),
            *_f("vacancies", FieldType.SET),
            *_f("policies", FieldType.SET, table="policy"),
            *_f("engagement", FieldType.CODE, table="engagement"),
            *_f("content", L),
            *_f("outcome", FieldType.CODE, table="outcome"),
            *_f("outcome_text"),
            *_f("next_contact", D),
            *_f("provider", FieldType.CODE, table="provider"),
            *_f("round", FieldType.INT),
            *_f("late_reason"),
            *_f("group_event"),
        ),
        "statement": (
            *_f("kind", FieldType.CODE, table="statement_kind"),
            *_f("stated_on until", D),
            *_f("text", L),
        ),
        "placement": (
            *_f("form", FieldType.CODE, table="employment_form"),
            *_f("unit post industry contract insured unit_code place pay"),
            *_f("since until verified_on", FieldType.DATE),
            *_f("verified_how end_reason"),
            *_f("note", L),
            *PROVENANCE,
        ),
        "attachment": (
            *_f("digest file_name media_type title"),
            *_f("size", FieldType.INT),
            *_f("belongs_to", FieldType.REF),
            *_f("added_on", D),
        ),
        "postponement": (*_f("line"), *_f("until", D), *_f("reason", L)),
        "household": (
            *_f("head_name address community hukou_place"),
            *_f("kind", FieldType.CODE, table="household_kind"),
            *_f("since until", FieldType.DATE),
            *_f("state", FieldType.CODE, table="household_state"),
            *_f("station", FieldType.REF),
            *CLAIM,
            *_f("filing_no"),
            *_f("filed_on first_help_on cleared_on reverified_on exited_on", D),
            *_f("cleared_by", FieldType.REF),
            *_f("exit_code", FieldType.CODE, table="recognition_exit"),
            *_f("exit_reason note", L),
            *PROVENANCE,
        ),
        "rung": (
            *_f("level", FieldType.CODE, table="ladder"),
            *_f("holder"),
            *_f("since until", D),
            *_f("note", L),
        ),
        "member": (
            *_f("case", FieldType.REF),
            *_f("name"),
            *_f("relation", FieldType.CODE, table="relation"),
            *_f("birth_year", FieldType.INT),
            *_f("state", FieldType.CODE, table="member_state"),
            *_f("id_number", FieldType.ID_NUMBER, masked=True),
            *_f("hukou_kind", FieldType.CODE, table="hukou_kind"),
            *_f("lives_here hukou_here able willing", B),
            *_f("since until", FieldType.DATE),
        ),
        "vacancy": (
            *_f("unit post pay place contact requirement"),
            *_f("headcount", FieldType.INT),
            *_f("source"),
            *_f("checked_on valid_until", D),
            *_f("note", L),
        ),
        "walk_in": (
            *_f("came_on", D),
            *_f("channel", FieldType.CODE, table="channel"),
            *_f("name"),
            *_f("phone", FieldType.PHONE, masked=True),
            *_f("matter answer", L),
            *_f("staff", S),
            *_f("case", FieldType.REF),
        ),
        "station": (*_f("name code region village second_folder_note"), *_f("practice", B)),
        "staff": (
            *_f("name account"),
            *_f("since until", D),
            *_f("successor", S),
        ),
        "setting": (*_f("key"), *_f("value", FieldType.JSON)),
        "rule_pack": (
            *_f("kind name title digest publisher"),
            *_f("version", FieldType.INT),
            *_f("taken_on rolled_back_on", D),
            *_f("note", L),
        ),
        "assignment": (
            *_f("title issuer file_name digest"),
            *_f("received_on due_on returned_on", D),
            *_f("layout", FieldType.JSON),
            *_f("note", L),
        ),
        "assigned": (
            *_f("sheet"),
            *_f("row", FieldType.INT),
            *_f("cells", FieldType.JSON),
            *_f("case", FieldType.REF),
            *_f("name"),
            *_f("answer", FieldType.CODE, table="list_answer"),
            *_f("answered_on", D),
            *_f("staff", S),
            *_f("note", L),
        ),
        "import": (
            *_f("file_name sheets digest"),
            *_f("state", FieldType.CODE, table="import_state"),
            *_f("counts", FieldType.JSON),
            *_f("imported_on", D),
        ),
        "held_row": (
            *_f("sheet row_key"),
            *_f("row", FieldType.INT),
            *_f("cells problems", FieldType.JSON),
            *_f("state", FieldType.CODE, table="held_state"),
            *_f("case", FieldType.REF),
        ),
    }
)

_CASE_CHILDREN = """registration recognition group employment benefit subsidy plan measure review service
statement placement attachment postponement verification absence business public_post override"""

CHILDREN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "case": frozenset(_CASE_CHILDREN.split()),
        "household": frozenset({"member", "rung", "verification", "attachment", "postponement"}),
        "vacancy": frozenset[str](),
        "walk_in": frozenset[str](),
        "station": frozenset({"staff", "setting", "rule_pack"}),
        "assignment": frozenset({"assigned"}),
        "import": frozenset({"held_row"}),
    }
)
"""Subject kind → record kinds it may hold besides its own root."""

_BY_NAME = {kind: {f.name: f for f in fields} for kind, fields in RECORDS.items()}

MOVES: Mapping[tuple[str, str], Mapping[str | None, frozenset[str]]] = MappingProxyType(
    {
        ("case", "help_state"): {
            None: frozenset({"open", "ended"}),
            "open": frozenset({"ended"}),
            "ended": frozenset({"open"}),
        }
    }
)
"""Status fields: value known before → values it may move to. Other moves stay visible proposals."""


def field(record: str, name: str) -> Field | None:
    """The declaration, or None when this version of the program does not know the field."""
    return _BY_NAME.get(record, {}).get(name)


def is_critical(record: str, name: str) -> bool:
    """Whether concurrent versions of this field wait for a person (ID number, name, birth, disability)."""
    declared = field(record, name)
    return declared is not None and declared.critical


def day_of(record: str, values: Mapping[str, object]) -> str | None:
    """The date by which a record is listed (ISO text of any precision), or None."""
    name = MAIN_DAY.get(record)
    value = values.get(name) if name else None
    return value if isinstance(value, str) else None


MAIN_DAY: Mapping[str, str] = MappingProxyType(
    {
        "registration": "since", "recognition": "since", "group": "since", "employment": "since",
        "benefit": "since", "subsidy": "since", "plan": "agreed_on", "measure": "due",
        "review": "reviewed_on", "service": "served_on", "statement": "stated_on", "placement": "since",
        "attachment": "added_on", "postponement": "until", "walk_in": "came_on", "vacancy": "checked_on",
        "import": "imported_on", "member": "since", "case": "opened_on",
        "verification": "looked_on", "absence": "since", "business": "since", "public_post": "since",
        "override": "stated_on", "rung": "since", "rule_pack": "taken_on", "assignment": "received_on",
        "assigned": "answered_on",
    }
)  # fmt: skip
