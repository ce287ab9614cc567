"""The fields of a person's file itself, and those that several record kinds share, in the order of a form."""

from __future__ import annotations

from jobdesk.cases.schema_fields import B, D, FieldType, L, S, fields

# Where a fact comes from (domain.md §11.21): only 省系统 and 文书 start a legal clock.
PROVENANCE = (
    *fields("source", FieldType.CODE, table="sources"),
    *fields("authority number"),
    *fields("checked_on", D),
)

# The way of an application (困难认定, 零就业家庭): 申请, 受理, 补正, 初审, 公示, 县级认定, 复核.
# Only the county recognises (domain.md §11.2); ``snapshot`` keeps the verdict and its facts of the time.
CLAIM = (
    *fields("applied_on accepted_on supplement_on supplemented_on station_checked_on", D),
    *fields("reported_on publicity_from publicity_until publicity_evidence_on publicity_down_on", D),
    *fields("decided_on notified_on appealed_on reviewed_on", D),
    *fields("accepted_by station_checked_by", S),
    *fields("receipt_no decision_no decided_by exit_decided_by exit_decision_no"),
    *fields("supplement_list station_opinion objection refusal_reason remedy review_result", L),
    *fields("rule_version"),
    *fields("snapshot", FieldType.JSON),
)

CASE = (
    *fields("name", critical=True),
    *fields("id_number", FieldType.ID_NUMBER, critical=True, masked=True),
    *fields("old_id_number", FieldType.ID_NUMBER, masked=True),
    *fields("birth", FieldType.DATE, critical=True, masked=True),
    *fields("sex", FieldType.CODE, table="sex"),
    *fields("nation", FieldType.CODE, table="nation"),
    *fields("phone phone_2", FieldType.PHONE, masked=True),
    *fields("hukou_place community address insured_place work_place"),
    *fields("hukou_kind", FieldType.CODE, table="hukou_kind"),
    *fields("local_hukou urban_resident", B),
    *fields("resident_since", FieldType.DATE),
    *fields("work_capacity", FieldType.CODE, table="work_capacity"),
    *fields("laid_off_soe land_taken ever_employed ever_insured trained_startup student_loan", B),
    *fields("monthly_income", FieldType.INT),
    *fields("pension_since", FieldType.DATE),
    *fields("education", FieldType.CODE, table="education"),
    *fields("marital", FieldType.CODE, table="marital"),
    *fields("political", FieldType.CODE, table="political"),
    *fields("health", FieldType.CODE, table="health", sensitive=True),
    *fields("disability", FieldType.TEXT, critical=True, sensitive=True),
    *fields("disability_card", masked=True, sensitive=True),
    *fields("retirement_type", FieldType.CODE, table="retirement_type"),
    *fields("school major origin_place archive_place"),
    *fields("graduate_kind", FieldType.CODE, table="graduate_kind"),
    *fields("graduated_on", FieldType.DATE),
    *fields("skills", L),
    *fields("certificate_no"),
    *fields("wish_post wish_pay wish_area training_wish"),
    *fields("work_form", FieldType.CODE, table="work_form"),
    *fields("willingness", FieldType.CODE, table="willingness"),
    *fields("service_needs", FieldType.SET, table="service_need"),
    *fields("notice_on compare_on truth_on", D),
    *fields("tier", FieldType.CODE, table="tier"),
    *fields("tier_reason"),
    *fields("owner", S),
    *fields("opened_on", D),
    *fields("first_round_on", D),
    *fields("last_contact", FieldType.DATE),
    *fields("next_contact", D),
    *fields("next_contact_reason"),
    *fields("transfer_wish"),
    *fields("transfer_wish_on", D),
    *fields("unreachable_agreed_by", S),
    *fields("unreachable_agreed_on", D),
    *fields("lists", FieldType.SET),
    *fields("help_state", FieldType.CODE, table="help_state"),
    *fields("help_reason", FieldType.CODE, table="end_of_help"),
    *fields("help_note", L),
    *fields("help_changed_on", D),
    *fields("merged_into", FieldType.REF),
    *fields("station moved_from", FieldType.REF),
    *fields("moved_on", D),
    *fields("deceased_on", FieldType.DATE),
    *fields("note", L),
)
