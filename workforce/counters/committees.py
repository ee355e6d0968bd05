"""Counters over the two committees 两委: members once per community, communities by how they are led, terms (domain §1.M)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import AGE, PARTY_MEMBER, SCHOOLING


def members(scope: Scope) -> str:
    """code, id (of the person), seats held, and what is known of the person."""
    return f"""
    SELECT w.division_id AS code, w.person_id AS id, w.party, w.committee, w.secretary, w.chair, w.full_time,
        w.sex = 'female' AS female, {AGE} AS age, l.young, {SCHOOLING} AS schooling, {PARTY_MEMBER} AS party_member
    FROM seats w JOIN limits l ON l.scope = w.scope"""


def communities(scope: Scope) -> str:
    """code, id (the code again) and who leads: every community that exists on the day, with anybody in it or not."""
    return f"""
    SELECT d.code, d.code AS id, s.division_id IS NOT NULL AS seated, coalesce(s.formed, false) AS formed,
        coalesce(s.has_secretary, false) AS has_secretary, coalesce(s.has_chair, false) AS has_chair,
        coalesce(s.one_shoulder, false) AS one_shoulder
    FROM core_division d LEFT JOIN (
        SELECT division_id, bool_or(committee) AS formed, bool_or(secretary) AS has_secretary, bool_or(chair) AS has_chair,
            bool_or(secretary AND chair) AS one_shoulder
        FROM seats GROUP BY 1
    ) s ON s.division_id = d.code
    WHERE d.level = 5 AND d.urban AND {scope.of("d.code")}
      AND (d.valid_from IS NULL OR d.valid_from <= %(on)s) AND (d.valid_to IS NULL OR d.valid_to > %(on)s)"""


def terms(scope: Scope) -> str:
    """code, id (of the term) and the day by which the next election is due: the latest term of each committee."""
    return f"""
    SELECT DISTINCT ON (t.division_id, t.body) t.division_id AS code, t.id, t.body, t.valid_to AS due_on
    FROM workforce_term t JOIN core_division d ON d.code = t.division_id AND d.urban
    WHERE t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > t.valid_from) AND {scope.of("t.division_id")}
    ORDER BY t.division_id, t.body, t.valid_from DESC"""


def _member(name: str, label, when: str, add: str = "") -> Counter:
    return Counter(name=f"members_{name}", label=label, when=when, add=add)


def _secretary(name: str, label, when: str = "true", add: str = "") -> Counter:
    return Counter(name=f"secretaries_{name}", label=label, when=f"r.secretary AND {when}", add=add)


MEMBERS = Family(
    name="members",
    row=RowKind.PERSON,
    rows=members,
    counters=(
        Counter(name="members", label=_("“两委”成员")),
        _member("party", _("社区党组织成员"), "r.party"),
        _member("committee", _("居民委员会成员"), "r.committee"),
        _member("both", _("交叉任职人数"), "r.party AND r.committee"),
        _member("party_only", _("只在党组织任职的"), "r.party AND NOT r.committee"),
        _member("committee_only", _("只在居委会任职的"), "r.committee AND NOT r.party"),
        _member("full_time", _("专职“两委”成员"), "r.full_time"),
        _member("women", _("女性“两委”成员"), "r.female"),
        _member("young", _("年轻的“两委”成员（规定年龄及以下）"), "r.age <= r.young"),
        _member("college", _("大专以上“两委”成员"), "r.schooling >= 2"),
        _member("schooling_known", _("登记了学历的“两委”成员"), "r.schooling > 0"),
        _member("cpc", _("中共党员“两委”成员"), "r.party_member"),
        _member("age_sum", _("“两委”成员年龄合计"), "true", add="r.age"),
        Counter(name="secretaries", label=_("书记"), when="r.secretary"),
        _secretary("women", _("女性书记"), "r.female"),
        _secretary("young", _("年轻的书记（规定年龄及以下）"), "r.age <= r.young"),
        _secretary("college", _("大专以上书记"), "r.schooling >= 2"),
        _secretary("schooling_known", _("登记了学历的书记"), "r.schooling > 0"),
        _secretary("age_sum", _("书记年龄合计"), add="r.age"),
        Counter(name="chairs", label=_("居委会主任"), when="r.chair"),
        Counter(name="chairs_women", label=_("女性居委会主任"), when="r.chair AND r.female"),
    ),
)

COMMITTEES = Family(
    name="committees",
    row=RowKind.COMMUNITY,
    rows=communities,
    counters=(
        Counter(name="communities", label=_("社区")),
        Counter(name="seated", label=_("登记了“两委”成员的社区"), when="r.seated"),
        Counter(name="formed", label=_("已组建居委会的社区"), when="r.formed"),
        Counter(name="one_shoulder", label=_("“一肩挑”社区"), when="r.formed AND r.one_shoulder"),
        Counter(
            name="apart",
            label=_("书记、主任分设的社区"),
            when="r.formed AND r.has_secretary AND r.has_chair AND NOT r.one_shoulder",
        ),
        Counter(name="without_secretary", label=_("书记空缺的社区"), when="r.seated AND NOT r.has_secretary"),
        Counter(name="without_chair", label=_("居委会主任空缺的社区"), when="r.seated AND NOT r.has_chair"),
    ),
)

TERMS = Family(
    name="terms",
    row=RowKind.TERM,
    rows=terms,
    counters=(
        Counter(name="terms", label=_("登记了任期的“两委”")),
        Counter(name="terms_ended", label=_("任期已届满的“两委”"), when="r.due_on <= %(on)s"),
        Counter(
            name="terms_due_90",
            label=_("90天内任期届满的“两委”"),
            when="r.due_on > %(on)s AND r.due_on <= %(on)s::date + 90",
        ),
    ),
)
