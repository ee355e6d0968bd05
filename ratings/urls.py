"""Addresses of service records and star ratings: one list for each first word of an address; `portal.urls` includes them."""

from django.urls import path

from ratings.views import access as access_pages
from ratings.views import bonuses as bonus_pages
from ratings.views import calibration as calibration_pages
from ratings.views import consequences as consequence_pages
from ratings.views import cycles as cycle_pages
from ratings.views import deliberation as matter_pages
from ratings.views import eligibility as eligibility_pages
from ratings.views import facilities as facility_pages
from ratings.views import features as feature_pages
from ratings.views import needs as need_pages
from ratings.views import objections as objection_pages
from ratings.views import point_rules as point_rule_pages
from ratings.views import points as point_pages
from ratings.views import premises as premises_pages
from ratings.views import projects as project_pages
from ratings.views import public as public_pages
from ratings.views import refusals as refusal_pages
from ratings.views import requests as request_pages
from ratings.views import schemes as scheme_pages
from ratings.views import service as service_pages
from ratings.views import sheets as sheet_pages
from ratings.views import shifts as shift_pages
from ratings.views import star_acts
from ratings.views import stars as star_pages
from ratings.views import units as unit_pages
from ratings.views import visits as visit_pages

daily = [
    path("", service_pages.service, name="service"),
    path("of/<str:code>/", service_pages.service_place, name="service_place"),
    path("of/<str:code>/premises/", premises_pages.premises, name="premises"),
    path("of/<str:code>/premises/new/", premises_pages.premises_new, name="premises_new"),
    path("of/<str:code>/premises/many/", premises_pages.premises_many, name="premises_many"),
    path("premises/<int:pk>/", premises_pages.premises_one, name="premises_one"),
    path("premises/<int:pk>/edit/", premises_pages.premises_edit, name="premises_edit"),
    path("premises/<int:pk>/end/", premises_pages.premises_end, name="premises_end"),
    path("premises/<int:pk>/take-back/", premises_pages.premises_take_back, name="premises_take_back"),
    path("premises/<int:pk>/visit/", visit_pages.visit_new, name="visit_new"),
    path("of/<str:code>/visits/", visit_pages.visits, name="visits"),
    path("of/<str:code>/visits/due/", visit_pages.visits_due, name="visits_due"),
    path("of/<str:code>/visits/mark/", visit_pages.visits_mark, name="visits_mark"),
    path("visits/<int:pk>/take-back/", visit_pages.visit_take_back, name="visit_take_back"),
    path("of/<str:code>/requests/", request_pages.requests, name="requests"),
    path("of/<str:code>/requests/new/", request_pages.request_new, name="request_new"),
    path("requests/<int:pk>/", request_pages.request_one, name="request"),
    path("requests/<int:pk>/edit/", request_pages.request_edit, name="request_edit"),
    path("requests/<int:pk>/<slug:act>/", request_pages.request_act, name="request_act"),
    path("of/<str:code>/shifts/", shift_pages.shifts, name="shifts"),
    path("of/<str:code>/shifts/save/", shift_pages.shifts_save, name="shifts_save"),
    path("of/<str:code>/shifts/copy/", shift_pages.shifts_copy, name="shifts_copy"),
    path("of/<str:code>/shifts/month/", shift_pages.shifts_month, name="shifts_month"),
    path("of/<str:code>/shifts/day/", shift_pages.shifts_go, name="shifts_go"),
    path("of/<str:code>/shifts/day/<str:day>/", shift_pages.shifts_day, name="shifts_day"),
]
governance = [
    path("of/<str:code>/needs/", need_pages.needs, name="needs"),
    path("of/<str:code>/needs/new/", need_pages.need_new, name="need_new"),
    path("needs/<int:pk>/edit/", need_pages.need_edit, name="need_edit"),
    path("needs/<int:pk>/take-back/", need_pages.need_take_back, name="need_take_back"),
    path("of/<str:code>/projects/", project_pages.projects, name="projects"),
    path("of/<str:code>/projects/new/", project_pages.project_new, name="project_new"),
    path("projects/<int:pk>/edit/", project_pages.project_edit, name="project_edit"),
    path("projects/<int:pk>/<slug:step>/", project_pages.project_step, name="project_step"),
    path("of/<str:code>/facilities/", facility_pages.facilities, name="facilities"),
    path("of/<str:code>/facilities/new/", facility_pages.facility_new, name="facility_new"),
    path("facilities/<int:pk>/edit/", facility_pages.facility_edit, name="facility_edit"),
    path("facilities/<int:pk>/end/", facility_pages.facility_end, name="facility_end"),
    path("facilities/<int:pk>/take-back/", facility_pages.facility_take_back, name="facility_take_back"),
    path("of/<str:code>/features/", feature_pages.features, name="features"),
    path("of/<str:code>/features/<slug:kind>/new/", feature_pages.feature_new, name="feature_new"),
    path("features/<int:pk>/edit/", feature_pages.feature_edit, name="feature_edit"),
    path("features/<int:pk>/end/", feature_pages.feature_end, name="feature_end"),
    path("features/<int:pk>/take-back/", feature_pages.feature_take_back, name="feature_take_back"),
    path("of/<str:code>/deliberations/", matter_pages.deliberations, name="deliberations"),
    path("of/<str:code>/deliberations/new/", matter_pages.deliberation_new, name="deliberation_new"),
    path("deliberations/<int:pk>/edit/", matter_pages.deliberation_edit, name="deliberation_edit"),
    path("deliberations/<int:pk>/<slug:step>/", matter_pages.deliberation_step, name="deliberation_step"),
    path("of/<str:code>/points/", point_pages.points, name="points"),
    path("of/<str:code>/points/new/", point_pages.point_new, name="point_new"),
    path("of/<str:code>/points/review/", point_pages.points_review, name="points_review"),
    path("of/<str:code>/points/rules/", point_rule_pages.point_rules, name="point_rules"),
    path("of/<str:code>/points/rules/new/", point_rule_pages.point_rule_new, name="point_rule_new"),
    path("points/rules/<int:pk>/edit/", point_rule_pages.point_rule_edit, name="point_rule_edit"),
    path("points/rules/<int:pk>/end/", point_rule_pages.point_rule_end, name="point_rule_end"),
    path("points/rules/<int:pk>/take-back/", point_rule_pages.point_rule_take_back, name="point_rule_take_back"),
    path("points/households/<int:pk>/", point_pages.point_household, name="point_household"),
]

service = [*daily, *governance]
schemes = [
    path("schemes/", scheme_pages.rating_schemes, name="rating_schemes"),
    path("schemes/new/", scheme_pages.rating_scheme_new, name="rating_scheme_new"),
    path("schemes/<int:pk>/edit/", scheme_pages.rating_scheme_edit, name="rating_scheme_edit"),
    path("schemes/<int:pk>/copy/", scheme_pages.rating_scheme_copy, name="rating_scheme_copy"),
]
cycles = [
    path("", cycle_pages.ratings, name="ratings"),
    path("new/", cycle_pages.rating_open, name="rating_open"),
    path("<int:pk>/", cycle_pages.rating_cycle, name="rating_cycle"),
    path("<int:pk>/sheet/", sheet_pages.rating_sheet, name="rating_sheet"),
    path("<int:pk>/calibration/", calibration_pages.rating_calibration, name="rating_calibration"),
    path("<int:pk>/opinions/new/", cycle_pages.rating_opinion_new, name="rating_opinion_new"),
    path("<int:pk>/acts/<slug:act>/", cycle_pages.rating_act, name="rating_act"),
    path("opinions/<int:pk>/take-back/", cycle_pages.rating_opinion_take_back, name="rating_opinion_take_back"),
    path("units/<int:pk>/", unit_pages.rating_unit, name="rating_unit"),
    path("units/<int:pk>/assess/", unit_pages.rating_assess, name="rating_assess"),
    path("units/<int:pk>/evidence/new/", unit_pages.rating_evidence_new, name="rating_evidence_new"),
    path("units/<int:pk>/acts/<slug:act>/", unit_pages.rating_unit_act, name="rating_unit_act"),
    path("evidence/<uuid:pk>/", unit_pages.rating_evidence, name="rating_evidence"),
    path("evidence/<uuid:pk>/take-back/", unit_pages.rating_evidence_take_back, name="rating_evidence_take_back"),
    path("incidents/<int:pk>/<slug:act>/", unit_pages.rating_incident_act, name="rating_incident_act"),
]
ratings: list = [*schemes, *cycles]
stars = [
    path("", star_pages.stars, name="stars"),
    path("objections/", objection_pages.objections, name="objections"),
    path("objections/<uuid:pk>/", objection_pages.objection, name="objection"),
    path("objections/<uuid:pk>/reveal/", objection_pages.objection_reveal, name="objection_reveal"),
    path("drafts/<int:pk>/", star_acts.star_draft, name="star_draft"),
    path("drafts/<int:pk>/refuse/", star_acts.star_draft_refuse, name="star_draft_refuse"),
    path("drafts/<int:pk>/withdraw/", star_acts.star_draft_withdraw, name="star_draft_withdraw"),
    path("of/<str:code>/", star_pages.star_unit, name="star_unit"),
    path("of/<str:code>/remove/", star_acts.star_remove, name="star_remove"),
    path("of/<str:code>/correct/", star_acts.star_correct, name="star_correct"),
]
access = [
    path("", access_pages.access, name="access"),
    path("items/new/", access_pages.access_item_new, name="access_item_new"),
    path("items/<int:pk>/edit/", access_pages.access_item_edit, name="access_item_edit"),
    path("items/<int:pk>/revoke/", access_pages.access_item_revoke, name="access_item_revoke"),
    path("items/<int:pk>/take-back/", access_pages.access_item_take_back, name="access_item_take_back"),
    path("applications/", access_pages.access_applications, name="access_applications"),
    path("applications/new/", access_pages.access_new, name="access_new"),
    path("applications/<int:pk>/", access_pages.access_application, name="access_application"),
    path("applications/<int:pk>/<slug:step>/", access_pages.access_step, name="access_step"),
    path("refusals/of/<str:code>/", refusal_pages.access_refusals, name="access_refusals"),
    path("refusals/of/<str:code>/new/", refusal_pages.access_refusal_new, name="access_refusal_new"),
    path("refusals/<int:pk>/edit/", refusal_pages.access_refusal_edit, name="access_refusal_edit"),
    path("refusals/<int:pk>/answer/", refusal_pages.access_refusal_answer, name="access_refusal_answer"),
]
consequences = [
    path("", consequence_pages.consequences, name="consequences"),
    path("<int:pk>/settle/", consequence_pages.consequence_settle, name="consequence_settle"),
    path("<int:pk>/amount/", bonus_pages.bonus_amount, name="bonus_amount"),
    path("bonuses/settle/", bonus_pages.bonuses_settle, name="bonuses_settle"),
    path("people/<uuid:pk>/", consequence_pages.consequences_person, name="consequences_person"),
    path("eligibility/", eligibility_pages.eligibilities, name="eligibilities"),
    path("eligibility/of/<str:code>/", eligibility_pages.eligibility, name="eligibility"),
    path("eligibility/of/<str:code>/ask/", eligibility_pages.exception_new, name="exception_new"),
    path("exceptions/", eligibility_pages.exceptions, name="exceptions"),
    path("exceptions/<int:pk>/", eligibility_pages.exception_answer, name="exception_answer"),
]
public = [
    path("", public_pages.public_ratings, name="public_ratings"),
    path("receipts/", public_pages.public_receipt_search, name="public_receipt_search"),
    path("receipts/<str:receipt>/", public_pages.public_receipt, name="public_receipt"),
    path("<uuid:key>/", public_pages.public_rating, name="public_rating"),
    path("<uuid:key>/objection/<str:code>/", public_pages.public_objection, name="public_objection"),
]
