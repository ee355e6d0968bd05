"""Every page x every role x own, sibling and parent territory. A route without a row here fails the suite.

A row says who may use a page and where its territory comes from. What must happen follows: the page inside the own
territory, 404 outside as for a thing that does not exist, 403 without the permission, the log-in page for strangers.
REST has the same matrix in `tests/api/test_access.py`.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from portal.core.accounts.models import ApiToken
from tests import factories
from tests import world as w
from tests.makers import MAKERS, PLACED
from tests.matrix import (
    ADMINS,
    BUREAUS,
    COMMUNITY_OF,
    EVERYBODY,
    FIGURE_READERS,
    HANDLERS,
    IN_PARENT,
    KEEPERS,
    OFFICES,
    READERS,
    TERRITORIES,
    Page,
    reached,
)

PUBLIC = {"login", "login_code", "healthz", "readyz", "set_language"}
PUBLIC |= {"public_ratings", "public_rating", "public_objection", "public_receipt", "public_receipt_search"}
PUBLIC |= {"public_replies", "public_reply", "public_reply_pdf", "feedback_form", "feedback_received"}
PUBLIC |= {"public_replies_feed", "public_replies_json", "public_replies_csv"}
OWN = {"my_notices", "logout", "password_change", "password_change_done", "tokens", "token_new", "developers"}
OWN |= {"second_factor", "second_factor_set_up", "second_factor_codes", "second_factor_off"}
PAGES = {
    "today": Page(EVERYBODY),
    "division": Page(FIGURE_READERS, "division"),
    "division_uncounted": Page(FIGURE_READERS, "division"),
    "division_panel": Page(FIGURE_READERS, "panel"),
    "indicators": Page(FIGURE_READERS),
    "indicator": Page(FIGURE_READERS, "figure"),
    "indicator_rows": Page(FIGURE_READERS, "figure"),
    "indicator_publish": Page({"city", "district"}, "figure"),
    "indicators_compare": Page(FIGURE_READERS),
    "publications": Page(FIGURE_READERS),
    "publication": Page(FIGURE_READERS, "publication"),
    "publication_compare": Page(FIGURE_READERS, "publication"),
    "division_population": Page(OFFICES, "division"),
    "forecast": Page(FIGURE_READERS, "division"),
    "forecast_people": Page(READERS, "division"),
    "place_search": Page(FIGURE_READERS),
    "search": Page(FIGURE_READERS),
    "findings": Page(READERS),
    "finding": Page(READERS, "finding"),
    "finding_act": Page(OFFICES, "finding", "post"),
    "findings_bulk": Page(OFFICES, method="post"),
    "findings_inspect": Page(OFFICES, method="post"),
    "supervisions": Page(READERS),
    "supervision_new": Page(OFFICES),
    "supervision": Page(READERS, "supervision"),
    "runs": Page(READERS | {"system_admin"}),
    "webhooks": Page({"system_admin"}),
    "webhook_new": Page({"system_admin"}),
    "webhook": Page({"system_admin"}, "webhook"),
    "webhook_test": Page({"system_admin"}, "webhook", "post"),
    "webhook_switch": Page({"system_admin"}, "webhook", "post"),
    "webhook_renew": Page({"system_admin"}, "webhook", "post"),
    "calendar": Page({"system_admin"}),
    "calendar_moves": Page({"system_admin"}),
    "policies": Page(FIGURE_READERS),
    "policy_new": Page({"city", "district"}, "kind"),
    "policy_what_if": Page(FIGURE_READERS, "kind"),
    "grades": Page(OFFICES),
    "grade_proposal": Page(OFFICES, "person"),
    "grades_accept": Page({"street"}, method="post"),
    "payroll": Page(OFFICES),
    "assessments": Page(OFFICES),
    "scheme_new": Page({"district", "street"}),
    "scheme": Page(OFFICES, "scheme"),
    "scheme_edit": Page({"district", "street"}, "scheme"),
    "scheme_scores": Page({"district", "street"}, "scheme"),
    "scheme_cases": Page(OFFICES, "scheme"),
    "scheme_act": Page({"district", "street"}, "scheme_act"),
    "rating_schemes": Page(READERS),
    "rating_scheme": Page(READERS, "rating_scheme"),
    "rating_scheme_compare": Page(READERS, "rating_scheme"),
    "rating_scheme_new": Page({"city", "district"}),
    "rating_scheme_edit": Page({"city", "district"}, "rating_scheme"),
    "rating_scheme_copy": Page({"city", "district"}, "rating_scheme"),
    "rating_scheme_act": Page({"city", "district"}, "rating_scheme_act"),
    "rating_item_new": Page({"city", "district"}, "rating_scheme"),
    "rating_item_edit": Page({"city", "district"}, "rating_item"),
    "rating_item_drop": Page({"city", "district"}, "rating_item"),
    "rating_trial": Page({"city", "district"}, "rating_scheme"),
    "ratings": Page(READERS),
    "rating_open": Page({"city", "district"}),
    "rating_cycle": Page(READERS, "cycle"),
    "rating_figures": Page({"city", "district"}, "cycle"),
    "rating_act": Page({"city", "district"}, "cycle_act"),
    "rating_calibration": Page({"city", "district"}, "cycle"),
    "rating_opinion_new": Page({"city", "district"}, "cycle"),
    "rating_opinion_take_back": Page({"city", "district"}, "opinion", "post"),
    "rating_sheet": Page({"district", "street", "community"}, "cycle"),
    "rating_unit": Page(READERS, "rated_unit"),
    "rating_assess": Page({"district", "street", "community"}, "rated_unit"),
    "rating_unit_act": Page({"city", "district", "street"}, "rated_unit_act"),
    "rating_evidence": Page(READERS, "evidence"),
    "rating_evidence_new": Page({"district", "street", "community"}, "rated_unit"),
    "rating_evidence_take_back": Page({"district", "street", "community"}, "evidence", "post"),
    "rating_incident_act": Page(OFFICES, "incident", "post"),
    "stars": Page(READERS),
    "star_unit": Page(READERS, "starred"),
    "star_remove": Page({"city", "district"}, "starred"),
    "star_correct": Page({"city", "district"}, "starred"),
    "star_draft": Page({"city", "district"}, "star_draft"),
    "star_draft_refuse": Page({"city", "district"}, "star_draft"),
    "star_draft_withdraw": Page({"city", "district"}, "star_draft"),
    "objections": Page({"city", "district"}),
    "objection": Page({"city", "district"}, "objection"),
    "objection_reveal": Page({"city", "district"}, "objection"),
    "imports": Page(READERS),
    "import_new": Page(READERS),
    "roster_template": Page(READERS),
    "import": Page(READERS, "batch"),
    "import_rows": Page(READERS, "batch"),
    "import_errors": Page(READERS, "batch"),
    "import_apply": Page(READERS, "batch", "post"),
    "import_cancel": Page(READERS, "batch", "post"),
    "import_annotated": Page(READERS, "batch"),
    "import_mapping": Page(READERS, "batch"),
    "import_mappings": Page(OFFICES),
    "import_mapping_forget": Page(OFFICES, "mapping", "post"),
    "import_leaving": Page(OFFICES, "batch"),
    "import_transfers": Page(OFFICES, "batch", "post"),
    "import_undo": Page(READERS, "batch"),
    "roster": Page(READERS),
    "roster_grid_home": Page({"street"}),
    "roster_grid": Page({"street"}, "division"),
    "roster_grid_data": Page({"street"}, "division"),
    "roster_grid_check": Page({"street"}, "division", "post"),
    "roster_grid_apply": Page({"street"}, "division", "post"),
    "roster_grid_draft": Page({"street"}, "division"),
    "worker": Page(READERS, "person"),
    "worker_new": Page({"street"}),
    "worker_reveal": Page(OFFICES, "person", "post"),
    "worker_post_new": Page({"street"}, "person"),
    "worker_leave": Page({"street"}, "person"),
    "worker_move": Page({"street"}, "person"),
    "transfers": Page(OFFICES),
    "transfer": Page(OFFICES, "transfer"),
    "transfer_new": Page({"street"}),
    "transfer_agree": Page(OFFICES, "transfer"),
    "transfer_refuse": Page(OFFICES, "transfer"),
    "transfer_withdraw": Page(OFFICES, "transfer"),
    "appointment_edit": Page({"street"}, "appointment"),
    "appointment_end": Page({"street"}, "appointment"),
    "establishments": Page(FIGURE_READERS),
    "establishment": Page(FIGURE_READERS, "division"),
    "establishment_apply": Page({"street"}, "division"),
    "establishment_set": Page({"city", "district"}, "division"),
    "establishment_application": Page(FIGURE_READERS, "application"),
    "establishment_decide": Page({"city", "district"}, "application", "post"),
    "establishment_withdraw": Page({"street"}, "application", "post"),
    "establishment_exception": Page({"city", "district"}, "appointment"),
    "terms": Page(FIGURE_READERS, "division"),
    "terms_before": Page(FIGURE_READERS, "division"),
    "term_new": Page({"street"}, "division"),
    "term_edit": Page({"street"}, "term"),
    "certificates": Page(READERS),
    "contracts": Page(READERS),
    "cases": Page(OFFICES),
    "case": Page(OFFICES, "case"),
    "case_clear": Page(OFFICES, "case", "post"),
    "case_correct": Page(OFFICES, "case", "post"),
    "paper_new": Page({"street"}, "papers"),
    "paper_edit": Page({"street"}, "paper"),
    "registration_new": Page({"street"}, "certificate"),
    "appointment_take_back": Page({"street"}, "appointment"),
    "record_new": Page({"street"}, "records"),
    "record_edit": Page({"street"}, "record"),
    "record_end": Page({"street"}, "record"),
    "record_take_back": Page({"street"}, "record"),
    "contract_renew": Page({"street"}, "contract"),
    "grids": Page(READERS, "division"),
    "grid_new": Page({"street"}, "division"),
    "grid_edit": Page({"street"}, "grid"),
    "grid_end": Page({"street"}, "grid"),
    "gridpost_new": Page({"street"}, "grid"),
    "training": Page(READERS),
    "training_rotation": Page(READERS),
    "training_new": Page(OFFICES),
    "training_class": Page(READERS, "class"),
    "training_edit": Page(OFFICES, "class"),
    "training_enrol": Page(OFFICES, "class"),
    "training_marks": Page(OFFICES, "class", "post"),
    "careers": Page(READERS),
    "careers_secretaries": Page(READERS),
    "directed_new": Page({"city", "district"}),
    "directed_edit": Page({"city", "district"}, "directed"),
    "awards": Page(READERS),
    "award": Page(READERS, "award"),
    "award_new": Page({"city", "district"}),
    "award_edit": Page({"city", "district"}, "award"),
    "nomination_new": Page({"city", "district"}, "award"),
    "nomination_move": Page({"city", "district"}, "nomination"),
    "reports": Page(READERS | {"auditor"}),
    "report_new": Page(OFFICES),
    "report_settings": Page({"city", "district"}),
    "report": Page(READERS | {"auditor"}, "report"),
    "report_remarks": Page(OFFICES, "report", "post"),
    "report_changes": Page(READERS | {"auditor"}, "report"),
    "report_file": Page(READERS | {"auditor"}, "report_file"),
    "report_step": Page(OFFICES, "report_step"),
    "letters": Page(BUREAUS),
    "letter": Page(BUREAUS, "letter"),
    "letter_file": Page(BUREAUS, "letter_file"),
    "letter_batch_new": Page(BUREAUS, method="post"),
    "letter_batch": Page(BUREAUS, "letter_batch"),
    "letter_batch_cancel": Page(BUREAUS, "letter_batch", "post"),
    "letter_batch_file": Page(BUREAUS, "letter_batch"),
    "service": Page(READERS),
    "service_place": Page(READERS, "division"),
    "premises": Page(READERS, "division"),
    "premises_new": Page(KEEPERS, "division"),
    "premises_many": Page(KEEPERS, "division"),
    "premises_one": Page(READERS, "premises"),
    "premises_edit": Page(KEEPERS, "premises"),
    "premises_end": Page(KEEPERS, "premises"),
    "premises_take_back": Page(KEEPERS, "premises", "post"),
    "visit_new": Page(KEEPERS, "premises"),
    "visits": Page(READERS, "division"),
    "visits_due": Page(KEEPERS, "division"),
    "visits_mark": Page(KEEPERS, "division", "post"),
    "visit_take_back": Page(KEEPERS, "visit", "post"),
    "requests": Page(READERS, "division"),
    "request_new": Page(KEEPERS, "division"),
    "request": Page(READERS, "request"),
    "request_edit": Page(KEEPERS, "request"),
    "request_act": Page(KEEPERS, "request_act", "post"),
    "shifts": Page(READERS, "division"),
    "shifts_save": Page(KEEPERS, "division", "post"),
    "shifts_copy": Page(KEEPERS, "division", "post"),
    "shifts_month": Page(READERS, "division"),
    "shifts_day": Page(KEEPERS, "shifts_day"),
    "shifts_go": Page(KEEPERS, "division"),
    "consequences": Page(READERS),
    "consequence_settle": Page({"city", "district"}, "consequence"),
    "bonus_amount": Page({"city", "district"}, "bonus"),
    "bonuses_settle": Page({"city", "district"}, method="post"),
    "consequences_person": Page(READERS, "person"),
    "eligibilities": Page(READERS),
    "eligibility": Page(READERS, "unit"),
    "exceptions": Page(READERS),
    "exception_new": Page(OFFICES, "unit"),
    "exception_answer": Page({"city", "district"}, "exception"),
    "needs": Page(READERS, "division"),
    "need_new": Page(KEEPERS, "community"),
    "need_edit": Page(KEEPERS, "need"),
    "need_take_back": Page(KEEPERS, "need"),
    "projects": Page(READERS, "division"),
    "project_new": Page(KEEPERS, "community"),
    "project_edit": Page(KEEPERS, "project"),
    "project_step": Page(OFFICES, "project_step"),
    "facilities": Page(READERS, "division"),
    "facility_new": Page(KEEPERS, "community"),
    "facility_edit": Page(KEEPERS, "facility"),
    "facility_end": Page(KEEPERS, "facility"),
    "facility_take_back": Page(KEEPERS, "facility"),
    "features": Page(READERS, "division"),
    "feature_new": Page(KEEPERS, "feature_kind"),
    "feature_edit": Page(KEEPERS, "feature"),
    "feature_end": Page(KEEPERS, "feature"),
    "feature_take_back": Page(KEEPERS, "feature"),
    "deliberations": Page(READERS, "division"),
    "deliberation_new": Page(KEEPERS, "community"),
    "deliberation_edit": Page(KEEPERS, "matter"),
    "deliberation_step": Page(KEEPERS, "matter_step"),
    "points": Page(READERS, "division"),
    "point_new": Page(KEEPERS, "community"),
    "points_review": Page(KEEPERS, "division", "post"),
    "point_household": Page(READERS, "premises"),
    "point_rules": Page(READERS, "division"),
    "point_rule_new": Page(OFFICES, "division"),
    "point_rule_edit": Page(OFFICES, "point_rule"),
    "point_rule_take_back": Page(OFFICES, "point_rule"),
    "point_rule_end": Page(OFFICES, "point_rule"),
    "access": Page(READERS),
    "access_item_new": Page({"city", "district"}),
    "access_item_edit": Page({"city", "district"}, "list_item"),
    "access_item_take_back": Page({"city", "district"}, "list_item"),
    "access_item_revoke": Page({"city", "district"}, "list_item"),
    "access_applications": Page(READERS),
    "access_new": Page({"city", "district"}),
    "access_application": Page(READERS, "access"),
    "access_step": Page({"city", "district"}, "access_step"),
    "access_refusals": Page(READERS, "division"),
    "access_refusal_new": Page(KEEPERS, "community"),
    "access_refusal_edit": Page(KEEPERS, "refusal"),
    "access_refusal_answer": Page(OFFICES, "refusal"),
    "proposals": Page(HANDLERS),
    "reply_new": Page(HANDLERS, "part"),
    "reply_draft": Page(HANDLERS, "reply"),
    "reply_figures": Page(HANDLERS, "reply"),
    "reply_library": Page(HANDLERS, "reply"),
    "reply_letter": Page(HANDLERS, "reply"),
    "reply_page": Page(HANDLERS, "reply_page"),
    "reply_file": Page(HANDLERS, "reply_file"),
    "reply_sign": Page(BUREAUS, "reply"),
    "reply_correct": Page(HANDLERS, "reply_issued"),
    "proposal_new": Page(BUREAUS),
    "proposal_edit": Page(BUREAUS, "proposal"),
    "proposal_screen": Page(BUREAUS, "proposal_act"),
    "proposal_file_new": Page(BUREAUS, "proposal"),
    "proposal_file": Page(HANDLERS, "case_file"),
    "proposal_file_take_back": Page(BUREAUS, "case_file", "post"),
    "proposal_sessions": Page(HANDLERS),
    "proposal_session_new": Page(BUREAUS),
    "proposal_session_edit": Page(BUREAUS, "session"),
    "handling_units": Page(HANDLERS),
    "handling_unit_new": Page(BUREAUS),
    "handling_unit": Page(HANDLERS, "handling_unit"),
    "handling_unit_edit": Page(BUREAUS, "handling_unit"),
    "handling_unit_close": Page(BUREAUS, "handling_unit", "post"),
    "handling_seat_new": Page(BUREAUS, "handling_unit", "post"),
    "handling_seat_take": Page(BUREAUS, "seat", "post"),
    "proposal_board": Page(HANDLERS),
    "proposal_remind": Page(BUREAUS, "part"),
    "proposal_remind_many": Page(BUREAUS, method="post"),
    "unanswered_cases": Page(HANDLERS),
    "deadline": Page(HANDLERS, "deadline"),
    "proposal": Page(HANDLERS, "proposal"),
    "proposal_assign": Page(BUREAUS, "proposal"),
    "proposal_withdraw": Page(BUREAUS, "proposal"),
    "handling_step": Page(HANDLERS, "part_step"),
    "extension_decide": Page(BUREAUS, "extension"),
    "contact_take_back": Page(HANDLERS, "contact", "post"),
    "promises": Page(HANDLERS),
    "promise": Page(HANDLERS, "promise"),
    "promise_new": Page(HANDLERS, "promising"),
    "promise_act": Page(HANDLERS, "promise_act"),
    "promise_file": Page(HANDLERS, "promise_file"),
    "ledger": Page(READERS | {"auditor"}),
    "ledger_new": Page({"city", "district"}),
    "ledger_roll": Page({"city", "district"}),
    "ledger_quick": Page(OFFICES, "ledger_period"),
    "ledger_task": Page(READERS | {"auditor"}, "task"),
    "ledger_file": Page(READERS | {"auditor"}, "task_file"),
    "ledger_report": Page(OFFICES, "task_report"),
    "ledger_act": Page(OFFICES, "task_ask"),
    "satisfaction": Page(HANDLERS),
    "reply_send": Page(HANDLERS, "sending"),
    "implementation_send": Page(HANDLERS, "implementation"),
    "feedback_enter": Page(HANDLERS, "feedback"),
    "feedback_renew": Page(HANDLERS, "feedback"),
    "disclosure_reviews": Page(BUREAUS),
    "disclosure_review": Page(BUREAUS, "signed_reply"),
    "disclosure_release": Page(BUREAUS, "published_reply", "post"),
    "disclosure_hide": Page(BUREAUS, "published_reply"),
    "disclosure_take_back": Page(BUREAUS, "published_reply"),
    "accounts": Page(ADMINS),
    "account_new": Page({"system_admin"}),
    "audit": Page({"auditor"}),
    "audit_changes": Page({"auditor"}),
}

# Pages of a single account, grant, token or rule have rules of their own beside the permission: tested where they live.
ACCOUNTS = {
    "account": ADMINS,
    "account_change": {"system_admin"},
    "account_reset": {"system_admin"},
    "account_deactivate": {"system_admin"},
    "account_activate": {"system_admin"},
    "account_unlock": {"security_admin"},
    "account_end_sessions": {"security_admin"},
    "account_reset_factor": {"security_admin"},
    "grant_new": {"security_admin"},
    "grant_withdraw": {"security_admin"},
}
TOKENS = {"token_rotate", "token_revoke"}
EXPORT_ROUTES = {"export", "export_clear"}
RULES = {
    "policy_end": Page({"city", "district"}, "rule"),
    "policy_withdraw": Page({"city", "district"}, "rule"),
}


def _names(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.name
        else:
            yield from _names(pattern.url_patterns, prefix + str(pattern.pattern))


def test_every_page_has_a_row():
    names = {name for route, name in _names(get_resolver().url_patterns) if not route.startswith("api/")}
    assert names == PUBLIC | OWN | set(PAGES) | set(ACCOUNTS) | set(RULES) | set(TOKENS) | EXPORT_ROUTES


def call(client: Client, name: str, page: Page, arguments: list):
    return getattr(client, page.method)(reverse(name, args=arguments))


def outcomes(client: Client, name: str, page: Page, role: str) -> dict:
    """What `role` gets from a page in the own, a sibling and a parent territory."""
    whole = page.of == "division"
    make = MAKERS.get(page.of, lambda code: [])
    own, sibling, parent = TERRITORIES[role]
    codes = {"own": own if whole else COMMUNITY_OF[own]}
    if page.of in PLACED:
        codes |= {"sibling": sibling if whole else COMMUNITY_OF.get(sibling)} if sibling else {}
        codes |= {"parent": parent if whole else IN_PARENT[parent]} if parent else {}
    answers = {where: call(client, name, page, make(code)) for where, code in codes.items()}
    return {where: "reached" if reached(a) else a.status_code for where, a in answers.items()}


@pytest.mark.parametrize("name", sorted(PAGES | RULES))
def test_page(world, login, name):
    page = (PAGES | RULES)[name]
    found = {role: outcomes(login(getattr(world.users, role)), name, page, role) for role in sorted(EVERYBODY)}
    expected = {
        role: {where: (("reached" if where == "own" else 404) if role in page.roles else 403) for where in answers}
        for role, answers in found.items()
    }
    assert found == expected


@pytest.mark.parametrize("name", sorted(ACCOUNTS))
def test_account_page(world, login, name):
    target = factories.user("target", ("community", w.SPRING), division=w.SPRING)
    key = target.grants.get().pk if name == "grant_withdraw" else target.pk
    answers = {role: login(getattr(world.users, role)).get(reverse(name, args=[key])) for role in EVERYBODY}
    assert {role for role, answer in answers.items() if answer.status_code != 403} == ACCOUNTS[name]
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 403, 404, 405}


@pytest.mark.parametrize("name", sorted(TOKENS))
def test_token_of_somebody_else_does_not_exist(world, login, name):
    token = ApiToken.objects.create(
        user=world.users.city, name="x", prefix="cwp_x", digest="0" * 64, scopes=["stats:read"],
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    assert login(world.users.street).post(reverse(name, args=[token.pk])).status_code == 404


def _asked_by_a_stranger(name: str) -> tuple[int, str]:
    page = (PAGES | RULES).get(name, Page(set(), "account" if name in ACCOUNTS else ""))
    with transaction.atomic():
        arguments = [1] if name in ACCOUNTS else MAKERS.get(page.of, lambda code: [])(w.SPRING)
        response = call(Client(), name, page, arguments)
        transaction.set_rollback(True)  # the next page finds the world as this one did
    return response.status_code, response.get("Location", "").split("?")[0]


def test_stranger_is_sent_to_the_login_by_every_page(world):
    names = sorted((set(PAGES) | OWN | set(ACCOUNTS) | set(RULES)) - {"logout"})
    assert {name: _asked_by_a_stranger(name) for name in names} == dict.fromkeys(names, (302, "/login/"))
