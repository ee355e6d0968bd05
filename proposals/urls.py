"""Addresses of proposals and suggestions: one list for each first word of an address; `portal.urls` includes them."""

from django.urls import path

from proposals.views import answered as answered_pages
from proposals.views import board as board_pages
from proposals.views import case_page, handling_steps, task_acts, task_rolling, ticked
from proposals.views import cases as case_pages
from proposals.views import deadlines as deadline_pages
from proposals.views import feedback_form as form_pages
from proposals.views import intake as intake_pages
from proposals.views import ledger as ledger_pages
from proposals.views import open_data as data_pages
from proposals.views import promises as promise_pages
from proposals.views import public as public_pages
from proposals.views import publication as publication_pages
from proposals.views import satisfaction as satisfaction_pages
from proposals.views import sessions as session_pages

proposals = [
    path("", case_pages.proposals, name="proposals"),
    path("board/", board_pages.proposal_board, name="proposal_board"),
    path("board/remind/", ticked.proposal_remind_many, name="proposal_remind_many"),
    path("unanswered/", ticked.unanswered_cases, name="unanswered_cases"),
    path("board/<int:pk>/remind/", board_pages.proposal_remind, name="proposal_remind"),
    path("deadlines/<int:pk>/", deadline_pages.deadline, name="deadline"),
    path("new/", intake_pages.proposal_new, name="proposal_new"),
    path("<int:pk>/", case_page.proposal, name="proposal"),
    path("<int:pk>/assign/", handling_steps.proposal_assign, name="proposal_assign"),
    path("<int:pk>/withdraw/", handling_steps.proposal_withdraw, name="proposal_withdraw"),
    path("parts/<int:pk>/<slug:key>/", handling_steps.handling_step, name="handling_step"),
    path("extensions/<int:pk>/", handling_steps.extension_decide, name="extension_decide"),
    path("contacts/<int:pk>/take-back/", handling_steps.contact_take_back, name="contact_take_back"),
    path("<int:pk>/edit/", intake_pages.proposal_edit, name="proposal_edit"),
    path("<int:pk>/screen/<slug:act>/", intake_pages.proposal_screen, name="proposal_screen"),
    path("<int:pk>/files/new/", intake_pages.proposal_file_new, name="proposal_file_new"),
    path("files/<uuid:pk>/", intake_pages.proposal_file, name="proposal_file"),
    path("files/<uuid:pk>/take-back/", intake_pages.proposal_file_take_back, name="proposal_file_take_back"),
    path("sessions/", session_pages.proposal_sessions, name="proposal_sessions"),
    path("sessions/new/", session_pages.proposal_session_new, name="proposal_session_new"),
    path("sessions/<int:pk>/edit/", session_pages.proposal_session_edit, name="proposal_session_edit"),
    path("units/", session_pages.handling_units, name="handling_units"),
    path("units/new/", session_pages.handling_unit_new, name="handling_unit_new"),
    path("units/<int:pk>/", session_pages.handling_unit, name="handling_unit"),
    path("units/<int:pk>/edit/", session_pages.handling_unit_edit, name="handling_unit_edit"),
    path("units/<int:pk>/close/", session_pages.handling_unit_close, name="handling_unit_close"),
    path("units/<int:pk>/people/new/", session_pages.handling_seat_new, name="handling_seat_new"),
    path("people/<int:pk>/take/", session_pages.handling_seat_take, name="handling_seat_take"),
]
promises = [
    path("promises/", promise_pages.promises, name="promises"),
    path("promises/of/<int:pk>/new/", promise_pages.promise_new, name="promise_new"),
    path("promises/files/<uuid:pk>/", promise_pages.promise_file, name="promise_file"),
    path("promises/<int:pk>/", promise_pages.promise, name="promise"),
    path("promises/<int:pk>/<slug:act>/", promise_pages.promise_act, name="promise_act"),
]
ledger = [
    path("", ledger_pages.ledger, name="ledger"),
    path("new/", ledger_pages.ledger_new, name="ledger_new"),
    path("roll/", task_rolling.ledger_roll, name="ledger_roll"),
    path("reports/<str:period>/", ledger_pages.ledger_quick, name="ledger_quick"),
    path("files/<uuid:pk>/", ledger_pages.ledger_file, name="ledger_file"),
    path("<int:pk>/", ledger_pages.ledger_task, name="ledger_task"),
    path("<int:pk>/reports/<str:period>/", task_acts.ledger_report, name="ledger_report"),
    path("<int:pk>/<slug:act>/", task_acts.ledger_act, name="ledger_act"),
]
answered = [
    path("satisfaction/", satisfaction_pages.satisfaction, name="satisfaction"),
    path("sending/<int:pk>/", answered_pages.reply_send, name="reply_send"),
    path("implementations/<int:pk>/send/", answered_pages.implementation_send, name="implementation_send"),
    path("feedback/<int:pk>/enter/", answered_pages.feedback_enter, name="feedback_enter"),
    path("feedback/<int:pk>/renew/", answered_pages.feedback_renew, name="feedback_renew"),
    path("publication/", publication_pages.disclosure_reviews, name="disclosure_reviews"),
    path("publication/of/<int:pk>/", publication_pages.disclosure_review, name="disclosure_review"),
    path("publication/<uuid:pk>/release/", publication_pages.disclosure_release, name="disclosure_release"),
    path("publication/<uuid:pk>/hide/", publication_pages.disclosure_hide, name="disclosure_hide"),
    path("publication/<uuid:pk>/take-back/", publication_pages.disclosure_take_back, name="disclosure_take_back"),
]
replies = [
    path("", public_pages.public_replies, name="public_replies"),
    path("feed.atom", data_pages.public_feed, name="public_replies_feed"),
    path("data.json", data_pages.public_json, name="public_replies_json"),
    path("data.csv", data_pages.public_csv, name="public_replies_csv"),
    path("<uuid:pk>/", public_pages.public_reply, name="public_reply"),
    path("<uuid:pk>/letter.pdf", public_pages.public_reply_pdf, name="public_reply_pdf"),
]
answers = [
    path("received/", form_pages.feedback_received, name="feedback_received"),
    path("<str:token>/", form_pages.feedback_form, name="feedback_form"),
]
