"""Checks of the two committees 两委: vacancies, the core posts, sizes (domain §1.A3, §1.B2, §1.B3).

Sizes are "generally" 一般: a finding is a warning to look, no breach.
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import (
    CORE_POSTS,
    PARTY_BRANCH_SIZE,
    PARTY_COMMITTEE_SIZE,
    RESIDENTS_COMMITTEE_SIZE,
)
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.enums import Body, PartyForm
from workforce.inspections.wording import URBAN, heads, looked_at, number_lines, rule_line, whole
from workforce.queries.committees import BODIES_ON, LATEST_TERMS

_BODIES = f"WITH {RULES_CTE}, {URBAN}, {BODIES_ON}"


# Vacancies ----------------------------------------------------------------------------------------------------------

_VACANCIES = f"""{_BODIES},
looked AS (SELECT code FROM places),
vacant AS (
    SELECT p.code, v.post, v.body FROM places p LEFT JOIN bodies b ON b.division_id = p.code
    CROSS JOIN LATERAL (VALUES ('secretary', 'party', coalesce(b.secretaries, 0)),
        ('chair', 'committee', coalesce(b.chairs, 0))) AS v (post, body, number)
    WHERE v.number = 0
),
left_on AS MATERIALIZED (
    SELECT a.division_id, a.body, max(a.valid_to) AS since FROM workforce_appointment a
    WHERE a.body IN ('party', 'committee') AND a.tier = 1 AND a.valid_to <= %(on)s AND a.valid_to > a.valid_from
    GROUP BY 1, 2
)"""
POSTS = {"secretary": gettext_lazy("社区党组织书记"), "chair": gettext_lazy("居委会主任")}


def _vacancies(on: date) -> tuple[str, dict]:
    return (
        f"""{_VACANCIES}
        SELECT (v.code || ':' || v.post)::varchar(80) AS subject, v.code AS division_id, NULL::date AS due_on,
            jsonb_build_object('post', v.post, 'since', l.since, 'document', NULL, 'article', NULL,
                'on', %(on)s::date) AS facts
        FROM vacant v LEFT JOIN left_on l ON l.division_id = v.code AND l.body = v.body""",
        whole(on),
    )


def _vacancy_headline(facts: dict) -> str:
    words = {"post": POSTS[facts["post"]], "since": facts["since"]}
    return (_("%(post)s自 %(since)s 起空缺。") if facts["since"] else _("没有在任的%(post)s。")) % words


def _vacancy_lines(facts: dict) -> list[Line]:
    return [Line(_("职务"), str(POSTS[facts["post"]])), Line(_("空缺自"), facts["since"] or _("名册中没有前任"))]


VACANCY = Inspection(
    key="vacancy",
    label=gettext_lazy("书记或主任空缺"),
    sentence=gettext_lazy("每个社区是否都有在任的党组织书记和居委会主任。"),
    topic="committee",
    subjects=lambda on: looked_at(_VACANCIES, on),
    problems=_vacancies,
    headline=_vacancy_headline,
    lines=_vacancy_lines,
    remedy=gettext_lazy("按程序选任后，在名册中登记任职；书记兼任主任的，两个职务分别登记。"),
)

# The core posts -----------------------------------------------------------------------------------------------------

_CORE = f"""{_BODIES},
looked AS (
    SELECT b.*, r.document, r.article, (r.value->>'secretaries')::int AS want_secretaries,
        (r.value->>'deputy_secretaries')::int AS want_deputies, (r.value->>'vice_chairs')::int AS want_vice_chairs,
        (r.value->>'one_shoulder')::boolean AS one_shoulder
    FROM bodies b JOIN places p ON p.code = b.division_id
    {nearest_rule(CORE_POSTS, "b.division_id", "r")}
    WHERE r.id IS NOT NULL
),
judged AS (
    SELECT l.*, array_remove(ARRAY[
        CASE WHEN secretaries > want_secretaries THEN 'secretary_surplus' END,
        CASE WHEN deputies < want_deputies THEN 'deputy_missing'
             WHEN deputies > want_deputies THEN 'deputy_surplus' END,
        CASE WHEN vice_chairs < want_vice_chairs THEN 'vice_chair_missing'
             WHEN vice_chairs > want_vice_chairs THEN 'vice_chair_surplus' END,
        CASE WHEN one_shoulder AND secretaries > 0 AND chairs > 0 AND shoulders = 0 THEN 'apart' END
    ], NULL) AS faults FROM looked l
)"""
FAULTS = {
    "secretary_missing": gettext_lazy("书记不足"),
    "secretary_surplus": gettext_lazy("书记超出"),
    "deputy_missing": gettext_lazy("专职副书记不足"),
    "deputy_surplus": gettext_lazy("专职副书记超出"),
    "vice_chair_missing": gettext_lazy("居委会专职副主任不足"),
    "vice_chair_surplus": gettext_lazy("居委会专职副主任超出"),
    "apart": gettext_lazy("书记没有兼任居委会主任"),
}


def _core_faults(on: date) -> tuple[str, dict]:
    """A missing secretary is told as a vacancy, not a second time here."""
    return (
        f"""{_CORE}
        SELECT division_id::varchar(80) AS subject, division_id, NULL::date AS due_on, jsonb_build_object(
            'faults', faults, 'secretaries', want_secretaries, 'deputy_secretaries', want_deputies,
            'vice_chairs', want_vice_chairs, 'one_shoulder', one_shoulder, 'have_secretaries', secretaries,
            'have_deputies', deputies, 'have_vice_chairs', vice_chairs, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM judged WHERE cardinality(faults) > 0""",
        whole(on),
    )


def _core_headline(facts: dict) -> str:
    return _("固定职务设置不符：%(faults)s。") % {"faults": _("、").join(str(FAULTS[one]) for one in facts["faults"])}


def _core_lines(facts: dict) -> list[Line]:
    pairs = (
        ("secretaries", "have_secretaries", _("书记")),
        ("deputy_secretaries", "have_deputies", _("专职副书记")),
        ("vice_chairs", "have_vice_chairs", _("居委会专职副主任")),
    )
    said = _("现 %(have)s 人，规定 %(want)s 人")
    lines = [Line(label, said % {"have": facts[have], "want": facts[want]}) for want, have, label in pairs]
    return [*lines, rule_line(CORE_POSTS, facts)]


CORE = Inspection(
    key="core_posts",
    label=gettext_lazy("固定职务设置不符"),
    sentence=gettext_lazy("书记、专职副书记、居委会专职副主任是否按规定的人数各自配齐，书记是否兼任居委会主任。"),
    topic="committee",
    subjects=lambda on: looked_at(_CORE, on),
    problems=_core_faults,
    headline=_core_headline,
    lines=_core_lines,
    remedy=gettext_lazy("按规定配齐并在名册中登记；名册有误时请更正岗位层级、任职机构和专职情况。"),
)

# Sizes --------------------------------------------------------------------------------------------------------------

# Members and form come together by community and not by a join: PostgreSQL expects few rows of `bodies` and would go
# through all terms for each of them.
_SIZES = f"""{_BODIES}, {LATEST_TERMS},
formed AS (
    SELECT division_id, max(party) AS party, max(committee) AS committee, max(form) AS form
    FROM (
        SELECT division_id, party, committee, NULL AS form FROM bodies
        UNION ALL SELECT division_id, NULL, NULL, form FROM latest WHERE body = 'party'
    ) x GROUP BY division_id
),
looked AS (
    SELECT b.division_id, v.body, v.form, v.members, r.value, r.document, r.article
    FROM formed b JOIN places p ON p.code = b.division_id
    CROSS JOIN LATERAL (VALUES ('party', b.party, b.form), ('committee', b.committee, NULL)) AS v (body, members, form)
    {nearest_rule(PARTY_COMMITTEE_SIZE, "b.division_id", "a")}
    {nearest_rule(PARTY_BRANCH_SIZE, "b.division_id", "c")}
    {nearest_rule(RESIDENTS_COMMITTEE_SIZE, "b.division_id", "m")}
    CROSS JOIN LATERAL (
        SELECT CASE WHEN v.body = 'committee' THEN m.value WHEN v.form = 'branch' THEN c.value
                WHEN v.form IN ('committee', 'general_branch') THEN a.value END AS value,
            CASE WHEN v.body = 'committee' THEN m.document WHEN v.form = 'branch' THEN c.document
                ELSE a.document END AS document,
            CASE WHEN v.body = 'committee' THEN m.article WHEN v.form = 'branch' THEN c.article
                ELSE a.article END AS article
    ) r
    WHERE v.members > 0 AND r.value IS NOT NULL
)"""


def _sizes(on: date) -> tuple[str, dict]:
    return (
        f"""{_SIZES}
        SELECT (division_id || ':' || body)::varchar(80) AS subject, division_id, NULL::date AS due_on,
            jsonb_build_object('body', body, 'form', form, 'members', members, 'least', (value->>'least')::int,
                'most', (value->>'most')::int, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM looked WHERE members NOT BETWEEN (value->>'least')::int AND (value->>'most')::int""",
        whole(on),
    )


def _body_words(facts: dict) -> str:
    return str(PartyForm(facts["form"]).label if facts.get("form") else Body(facts["body"]).label)


def _size_headline(facts: dict) -> str:
    words = {**facts, "body": _body_words(facts)}
    return _("%(body)s现有成员 %(members)s 人，一般 %(least)s 至 %(most)s 人。") % words


def _size_lines(facts: dict) -> list[Line]:
    kind = RESIDENTS_COMMITTEE_SIZE
    if facts["body"] == Body.PARTY:
        kind = PARTY_BRANCH_SIZE if facts["form"] == PartyForm.BRANCH else PARTY_COMMITTEE_SIZE
    body = Line(_("机构"), _body_words(facts))
    return [body, *number_lines(facts, heads, ("members", _("现有成员"))), rule_line(kind, facts)]


SIZE = Inspection(
    key="committee_size",
    label=gettext_lazy("“两委”成员人数提示"),
    sentence=gettext_lazy(
        "社区党组织和居民委员会的成员人数（含兼职和交叉任职）是否在一般规定的范围内；超出范围只作提示。"
    ),
    topic="committee",
    subjects=lambda on: looked_at(_SIZES, on),
    problems=_sizes,
    headline=_size_headline,
    lines=_size_lines,
    remedy=gettext_lazy("补选、调整成员，或者在名册中补登未登记的成员；党组织形式有误时请更正换届记录。"),
)

INSPECTIONS = (VACANCY, CORE, SIZE)
