"""Counters over what is to be answered of the calendar year: on time, contact, class, publication (domain §2.2)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from proposals.counters.words import local_day
from proposals.enums import ResultClass


def rows(scope: Scope) -> str:
    """code, id (of the handling) and how it stood on the day: replied, on time, overdue, contact, class, published."""
    return f"""
    SELECT a.code, a.id, a.replied, a.replied AND a.replied_on <= a.due_on AS on_time,
        NOT a.replied AND a.due_on < %(on)s AS overdue,
        EXISTS (SELECT 1 FROM proposals_contact c WHERE c.handling_id = a.id AND c."on" <= %(on)s AND NOT c.taken_back)
            AS contacted,
        (SELECT c.after FROM proposals_classchange c WHERE c.handling_id = a.id AND c."on" <= %(on)s
         ORDER BY c."on" DESC, c.id DESC LIMIT 1) AS result,
        (SELECT c.after FROM proposals_classchange c WHERE c.handling_id = a.id AND c.before = '') AS first_result,
        EXISTS (SELECT 1 FROM proposals_reply p JOIN proposals_publication o ON o.reply_id = p.id
            WHERE p.handling_id = a.id AND {local_day("o.published_at")} <= %(on)s
              AND (o.taken_back_at IS NULL OR {local_day("o.taken_back_at")} > %(on)s)) AS published,
        EXISTS (SELECT 1 FROM proposals_reply p WHERE p.handling_id = a.id AND p.disclosure = 'public') AS open
    FROM answering a"""


ANSWERS = Family(
    name="answers",
    row=RowKind.HANDLING,
    rows=rows,
    counters=(
        Counter(name="answers", label=_("本年交办、应答复的")),
        Counter(name="answers_given", label=_("已答复的"), when="r.replied"),
        Counter(name="answers_judged", label=_("已答复或已到期的"), when="r.replied OR r.overdue"),
        Counter(name="answers_on_time", label=_("按期答复的"), when="r.on_time"),
        Counter(name="answers_overdue", label=_("逾期未答复的"), when="r.overdue"),
        Counter(name="answers_contacted", label=_("已答复、与提案者沟通过的"), when="r.replied AND r.contacted"),
        *(
            Counter(name=f"answers_{one.lower()}", label=label, when=f"r.replied AND r.result = '{one}'")
            for one, label in (
                (ResultClass.A, _("已答复、结果为A类的")),
                (ResultClass.B, _("已答复、结果为B类的")),
                (ResultClass.C, _("已答复、结果为C类的")),
                (ResultClass.D, _("已答复、结果为D类的")),
            )
        ),
        Counter(
            name="answers_raised",
            label=_("办理结果已改为A类的"),
            when="r.replied AND r.result = 'A' AND r.first_result <> 'A'",
        ),
        Counter(name="answers_open", label=_("已答复、应当公开的"), when="r.replied AND r.open"),
        Counter(name="answers_published", label=_("已公开的"), when="r.replied AND r.published"),
    ),
)
