"""Counters over service facilities; areas are kept in hundredths of a square metre (domain §1.H6 to H8)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import in_force


def rows(scope: Scope) -> str:
    """code, id (of the facility), kind, area and public area in hundredths of m2 (NULL where not measured)."""
    return f"""
    SELECT f.division_id AS code, f.id, f.kind, (f.area * 100)::bigint AS area,
        (f.public_area * 100)::bigint AS public_area, f.rated <> '' AS rated
    FROM ratings_facility f JOIN units u ON u.code = f.division_id
    WHERE {in_force("f")} AND {scope.of("f.division_id")}"""


FACILITIES = Family(
    name="facilities",
    row=RowKind.FACILITY,
    rows=rows,
    counters=(
        Counter(name="facilities", label=_("服务设施")),
        Counter(name="facility_area", label=_("服务设施面积（百分之一平方米）"), add="r.area", big=True),
        Counter(
            name="facility_area_split",
            label=_("登记了居民活动面积的设施的面积（百分之一平方米）"),
            when="r.public_area IS NOT NULL",
            add="r.area",
            big=True,
        ),
        Counter(
            name="public_area",
            label=_("居民活动面积（百分之一平方米）"),
            when="r.public_area > 0",
            add="r.public_area",
            big=True,
        ),
        Counter(name="complexes", label=_("综合体"), when="r.kind = 'complex'"),
        Counter(name="complexes_rated", label=_("评定了等级的综合体"), when="r.kind = 'complex' AND r.rated"),
    ),
)
