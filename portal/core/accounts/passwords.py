"""What a password must not be, beyond Django's own validators."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.lib.codes import ancestors
from portal.core.lib.text import pinyin_key
from portal.core.territory.models import Division

PRODUCT_NAMES = ("社区工作者", "社区", "管理平台", "community", "workforce", "portal", "password", "admin")
REST_LENGTH = 8
SHORTEST_NAME = 2
SHORTEST_SPELLING = 4
CLASSES_NEEDED = 3
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_KIND_OF_PLACE = re.compile(
    r"(特别行政区|自治区|自治州|自治县|自治旗|街道办事处|街道|地区|新区|社区|居委会|村委会|省|市|区|县|旗|盟|镇|乡)$"
)


def _names(user) -> set[str]:
    """Names that say nothing secret about this user: places above and around, the organ, the product."""
    home = user.division_id if user is not None else None
    codes = [home, *ancestors(home)] if home else []
    places = Division.objects.filter(level=1) | Division.objects.filter(code__in=codes)
    names = {settings.LEAD_DEPARTMENT, getattr(user, "department", ""), *PRODUCT_NAMES}
    for label in places.values_list("label", flat=True):
        names |= {label, _KIND_OF_PLACE.sub("", label)}
    return {name for name in names if name and len(name) >= SHORTEST_NAME}


def _spellings(name: str) -> set[str]:
    """The name in characters and in pinyin, small letters; spellings too short to mean anything are left out."""
    spelt = pinyin_key(name).replace(" ", "")
    return {name.lower(), spelt} if len(spelt) >= SHORTEST_SPELLING else {name.lower()}


class LocalNamesValidator:
    """Refuses passwords made of the names of places, organs, departments or the product, written or in pinyin.

    What is left when the longest such names are taken out must still have eight characters (ASVS 5.0 V6.2.11).
    """

    def validate(self, password: str, user=None) -> None:
        rest, found = password.lower(), []
        spellings = {spelling for name in _names(user) for spelling in _spellings(name)}
        for spelling in sorted(spellings, key=lambda text: (-len(text), text)):
            if spelling in rest:
                rest = rest.replace(spelling, "")
                found.append(spelling)
        if found and len(rest) < REST_LENGTH:
            said = {"names": _("、").join(found), "more": REST_LENGTH - len(rest)}
            raise ValidationError(
                _("密码主要由地名、单位或系统名称（%(names)s）组成，容易被猜到。请另选，或再加 %(more)s 个其他字符。")
                % said,
                code="password_local_name",
            )

    def get_help_text(self) -> str:
        return _("不要用地名、单位名称、系统名称或其拼音作密码。")


class CharacterClassesValidator:
    """Three of the four classes: small letters, capitals, digits, other signs (GB/T 22239-2019 8.1.4.1 a)."""

    def validate(self, password: str, user=None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in _CLASSES) < CLASSES_NEEDED:
            raise ValidationError(
                _("密码应包含小写字母、大写字母、数字、其他符号中的至少三种。"), code="password_classes"
            )

    def get_help_text(self) -> str:
        return _("小写字母、大写字母、数字、其他符号中至少用三种。")
