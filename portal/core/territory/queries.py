"""Reads of the tree: finding a division by what people type, walking up and down it."""

from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy

from portal.core.lib.codes import COUNTRY, Level, ancestors, candidates
from portal.core.territory.models import Division, DivisionQuerySet

COUNTRY_NAME = gettext_lazy("全国")
COUNTRY_KIND = "country"


def country() -> Division:
    """The country as a place of figures; it is no division and is never stored."""
    name = str(COUNTRY_NAME)
    return Division(code=COUNTRY, name=name, label=name, level=0, kind=COUNTRY_KIND, urban=True)


def is_country(text: str | None) -> bool:
    """Whether a code as people write it stands for the whole country."""
    return text is not None and text.strip() in (COUNTRY, COUNTRY + COUNTRY)


def find_division(text: str, within: DivisionQuerySet | None = None) -> Division | None:
    """The division that a code stands for, padded with zeros or not; the code as written goes before the padded one."""
    codes = candidates(text)
    found = (Division.objects.all() if within is None else within).in_bulk(codes)
    return next((found[code] for code in codes if code in found), None)


def trail(division: Division) -> list[Division]:
    """The way from the top down to `division`, formal nodes left out, itself included."""
    found = Division.objects.in_bulk(ancestors(division.code))
    above = [found[code] for code in reversed(ancestors(division.code)) if code in found]
    return [d for d in above if not d.formal] + [division]


def shown_children(division: Division, on) -> DivisionQuerySet:
    """Divisions shown one step below: formal nodes such as 市辖区 are replaced by their children; of the country provinces."""
    if not division.level:
        return Division.objects.filter(level=Level.PROVINCE, formal=False).in_force(on)
    formal = Division.objects.filter(parent=division, formal=True, level=division.level + 1).under(division.code)
    return (
        Division.objects.under(division.code)
        .filter(Q(parent=division) | Q(parent__in=formal), formal=False, level__lte=division.level + 2)
        .in_force(on)
    )


def search_divisions(divisions: DivisionQuerySet, text: str) -> DivisionQuerySet:
    """Divisions whose name contains `text`, whose code starts with it, or whose pinyin initials do; upper levels first."""
    text = text.strip().replace("\x00", "")
    if not text:
        return divisions.none()
    condition = Q(label__contains=text)
    if text.isascii() and text.isdigit():
        condition |= Q(code__in=candidates(text)) | Q(code__startswith=text)
    elif text.isascii() and text.isalpha():
        condition |= Q(initials__startswith=text.lower())
    return divisions.filter(condition, formal=False).order_by("level", Length("label"), "code")
