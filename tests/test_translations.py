"""The interface is complete in Chinese and in English."""

from django.conf import settings
from django.utils import translation

from portal.core.territory.models import Basis
from portal.translation.catalogue import faults


def test_every_text_of_the_interface_is_there_in_both_languages():
    assert faults(settings.BASE_DIR) == []


def test_english_is_compiled_and_used():
    label = Basis.URBAN_PERMANENT.label
    with translation.override("zh-hans"):
        assert str(label) == "城镇常住人口"
    with translation.override("en"):
        assert str(label).isascii()
