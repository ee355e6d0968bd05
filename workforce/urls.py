"""Addresses of the roster and of people."""

from django.urls import path

from workforce.views import (
    assessments,
    cases,
    certificates,
    contracts,
    grades,
    moves,
    papers,
    payroll,
    posts,
    records,
    roster,
    worker,
)
from workforce.views import careers as career_pages
from workforce.views import establishment as position_pages
from workforce.views import grids as grid_pages
from workforce.views import terms as term_pages
from workforce.views import terms_before as before_pages
from workforce.views import training as training_pages
from workforce.views import training_class as classes
from workforce.views import transfers as transfer_pages

urlpatterns = [
    path("", roster.roster, name="roster"),
    path("new/", posts.worker_new, name="worker_new"),
    path("<uuid:pk>/", worker.worker, name="worker"),
    path("<uuid:pk>/reveal/", worker.worker_reveal, name="worker_reveal"),
    path("<uuid:pk>/posts/new/", posts.worker_post_new, name="worker_post_new"),
    path("<uuid:pk>/leave/", posts.worker_leave, name="worker_leave"),
    path("<uuid:pk>/move/", moves.worker_move, name="worker_move"),
    path("<uuid:pk>/<slug:kind>/new/", records.record_new, name="record_new"),
    path("records/<slug:kind>/<int:pk>/edit/", records.record_edit, name="record_edit"),
    path("records/<slug:kind>/<int:pk>/end/", records.record_end, name="record_end"),
    path("records/<slug:kind>/<int:pk>/take-back/", records.record_take_back, name="record_take_back"),
    path("records/contract/<int:pk>/renew/", records.contract_renew, name="contract_renew"),
    path("certificates/", certificates.certificate_ledger, name="certificates"),
    path("contracts/", contracts.contract_ledger, name="contracts"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/clear/", cases.case_clear, name="case_clear"),
    path("cases/<int:pk>/correct/", cases.case_correct, name="case_correct"),
    path("<uuid:pk>/papers/<slug:kind>/new/", papers.paper_new, name="paper_new"),
    path("papers/<slug:kind>/<int:pk>/edit/", papers.paper_edit, name="paper_edit"),
    path("papers/certificate/<int:pk>/register/", papers.registration_new, name="registration_new"),
    path("grades/", grades.grades, name="grades"),
    path("grades/accept/", grades.grades_accept, name="grades_accept"),
    path("grades/<uuid:pk>/", grades.grade_proposal, name="grade_proposal"),
    path("payroll/", payroll.payroll, name="payroll"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/new/", assessments.scheme_new, name="scheme_new"),
    path("assessments/<int:pk>/", assessments.scheme, name="scheme"),
    path("assessments/<int:pk>/edit/", assessments.scheme_edit, name="scheme_edit"),
    path("assessments/<int:pk>/scores/", assessments.scheme_scores, name="scheme_scores"),
    path("assessments/<int:pk>/cases/", assessments.scheme_cases, name="scheme_cases"),
    path("assessments/<int:pk>/<slug:act>/", assessments.scheme_act, name="scheme_act"),
    path("<int:pk>/edit/", posts.appointment_edit, name="appointment_edit"),
    path("<int:pk>/take-back/", posts.appointment_take_back, name="appointment_take_back"),
    path("<int:pk>/end/", posts.appointment_end, name="appointment_end"),
]

grids = [
    path("<int:pk>/edit/", grid_pages.grid_edit, name="grid_edit"),
    path("<int:pk>/end/", grid_pages.grid_end, name="grid_end"),
    path("<int:pk>/posts/new/", grid_pages.gridpost_new, name="gridpost_new"),
    path("of/<str:code>/", grid_pages.grids, name="grids"),
    path("of/<str:code>/new/", grid_pages.grid_new, name="grid_new"),
]

training = [
    path("", training_pages.training, name="training"),
    path("rotation/", training_pages.training_rotation, name="training_rotation"),
    path("new/", classes.training_new, name="training_new"),
    path("<int:pk>/", classes.training_class, name="training_class"),
    path("<int:pk>/edit/", classes.training_edit, name="training_edit"),
    path("<int:pk>/enrol/", classes.training_enrol, name="training_enrol"),
    path("<int:pk>/marks/", classes.training_marks, name="training_marks"),
]


def careers(nomination_rules: tuple) -> list:
    """Addresses of careers. The rules are those of the site, asked before anybody is put forward for an honour."""
    rules = {"rules": nomination_rules}
    return [
        path("", career_pages.careers, name="careers"),
        path("secretaries/", career_pages.careers_secretaries, name="careers_secretaries"),
        path("directed/new/", career_pages.directed_new, name="directed_new"),
        path("directed/<int:pk>/", career_pages.directed_edit, name="directed_edit"),
        path("awards/", career_pages.awards, name="awards"),
        path("awards/new/", career_pages.award_new, name="award_new"),
        path("awards/<int:pk>/", career_pages.award, name="award"),
        path("awards/<int:pk>/edit/", career_pages.award_edit, name="award_edit"),
        path("awards/<int:pk>/nominate/", career_pages.nomination_new, rules, name="nomination_new"),
        path("nominations/<int:pk>/", career_pages.nomination_move, rules, name="nomination_move"),
    ]


transfers = [
    path("", transfer_pages.transfers, name="transfers"),
    path("new/", transfer_pages.transfer_new, name="transfer_new"),
    path("<int:pk>/", transfer_pages.transfer, name="transfer"),
    path("<int:pk>/agree/", transfer_pages.transfer_agree, name="transfer_agree"),
    path("<int:pk>/refuse/", transfer_pages.transfer_refuse, name="transfer_refuse"),
    path("<int:pk>/withdraw/", transfer_pages.transfer_withdraw, name="transfer_withdraw"),
]

positions = [
    path("", position_pages.establishments, name="establishments"),
    path("of/<str:code>/", position_pages.establishment, name="establishment"),
    path("of/<str:code>/apply/", position_pages.establishment_apply, name="establishment_apply"),
    path("of/<str:code>/set/", position_pages.establishment_set, name="establishment_set"),
    path("applications/<int:pk>/", position_pages.establishment_application, name="establishment_application"),
    path("applications/<int:pk>/decide/", position_pages.establishment_decide, name="establishment_decide"),
    path("applications/<int:pk>/withdraw/", position_pages.establishment_withdraw, name="establishment_withdraw"),
    path("exceptions/<int:pk>/", position_pages.establishment_exception, name="establishment_exception"),
]

terms = [
    path("of/<str:code>/", term_pages.terms, name="terms"),
    path("of/<str:code>/before/", before_pages.terms_before, name="terms_before"),
    path("of/<str:code>/new/", term_pages.term_new, name="term_new"),
    path("<int:pk>/edit/", term_pages.term_edit, name="term_edit"),
]
