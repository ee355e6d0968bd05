"""Service facilities and items of the checklist, as the lists show them."""

from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found, filter_words
from ratings.enums import FacilityFunction
from ratings.exports.rows import PLACE
from ratings.forms.facilities import FacilityFilter
from ratings.models import Facility, Feature
from ratings.queries import facilities as reads


def functions_of(facility: Facility) -> str:
    """The functions of a facility in words."""
    return "、".join(str(FacilityFunction(key).label) for key in facility.functions)


def find_facilities(asked: Asked) -> Found:
    place, form = asked.chosen(Perm.VIEW_SERVICE), FacilityFilter(asked.params)
    found = reads.facilities(asked.user, under=place.code, on=asked.on, **form.asked())
    rows = (
        [
            one.division_id,
            one.division.label,
            one.name,
            one.get_kind_display(),
            one.area,
            one.public_area,
            functions_of(one),
            one.rated,
            one.valid_from,
            last_day(one.valid_to),
        ]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label, filters=filter_words(form))


def find_features(asked: Asked) -> Found:
    place = asked.chosen(Perm.VIEW_SERVICE)
    found = Feature.objects.for_user(asked.user, Perm.VIEW_SERVICE).under(place.code).in_force(asked.on)
    found = found.select_related("division").order_by("division_id", "kind", "pk")
    rows = (
        [one.division_id, one.division.label, one.get_kind_display(), one.note, one.valid_from, last_day(one.valid_to)]
        for one in found.iterator(chunk_size=500)
    )
    return Found(found.count(), rows, about=place.label)


FACILITIES = Export(
    key="facilities",
    label=_L("服务设施"),
    perm=Perm.VIEW_SERVICE,
    page="facilities",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("name", _L("设施名称"), width=24),
        Column("kind", _L("类别"), width=16),
        Column("area", _L("建筑面积（平方米）"), kind=Kind.NUMBER),
        Column("public_area", _L("居民活动面积（平方米）"), kind=Kind.NUMBER),
        Column("functions", _L("功能"), width=24),
        Column("rated", _L("评定等级")),
        Column("valid_from", _L("启用日期"), kind=Kind.DATE),
        Column("last_day", _L("停用日期"), kind=Kind.DATE),
    ),
    find=find_facilities,
)
FEATURES = Export(
    key="features",
    label=_L("组织和阵地"),
    perm=Perm.VIEW_SERVICE,
    page="features",
    page_needs=("place",),
    columns=(
        *PLACE,
        Column("kind", _L("事项"), width=20),
        Column("note", _L("说明"), width=28),
        Column("valid_from", _L("自"), kind=Kind.DATE),
        Column("last_day", _L("截止"), kind=Kind.DATE),
    ),
    find=find_features,
)
