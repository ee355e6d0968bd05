"""What REST clients read of certificates and their registrations."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.dated import last_day
from portal.core.web.serializers import RowSerializer
from workforce.enums import CertificateLevel
from workforce.models import Certificate, Registration
from workforce.serializers.roster import PostHolderSerializer

_WORKER = {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"}


class CertificateSerializer(RowSerializer):
    """A certificate with its latest registration by the day asked for; `on` stands in the context."""

    example = {
        "id": 1,
        "worker": _WORKER,
        "level": "assistant",
        "number": "示例2024000001",
        "obtained_on": "2024-08-10",
        "issued_on": None,
        "registered_on": "2025-03-01",
        "registration_expires_on": "2028-03-01",
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    level = serializers.ChoiceField(CertificateLevel.choices, help_text=_("证书等级。"))
    number = serializers.CharField(help_text=_("证书编号。"))
    obtained_on = serializers.DateField(help_text=_("证书取得（批准）日期。"))
    issued_on = serializers.DateField(allow_null=True, help_text=_("证书签发日期；null 为未登记。"))
    registered_on = serializers.SerializerMethodField(help_text=_("最近一次登记的日期；null 为没有登记。"))
    registration_expires_on = serializers.SerializerMethodField(help_text=_("最近一次登记有效期的最后一天。"))

    def _latest(self, held: Certificate) -> Registration | None:
        on = self.context["on"]
        known = (one for one in held.registrations.all() if one.registered_on <= on)
        return max(known, key=lambda one: one.registered_on, default=None)

    def get_registered_on(self, held: Certificate) -> date | None:
        latest = self._latest(held)
        return latest and latest.registered_on

    def get_registration_expires_on(self, held: Certificate) -> date | None:
        latest = self._latest(held)
        return latest and last_day(latest.valid_to)


class RegisteredCertificateSerializer(RowSerializer):
    id = serializers.IntegerField()
    level = serializers.ChoiceField(CertificateLevel.choices)


class RegistrationSerializer(RowSerializer):
    """A registration of a certificate; it runs out while the certificate stays valid."""

    example = {
        "id": 1,
        "worker": _WORKER,
        "certificate": {"id": 1, "level": "assistant"},
        "number": "",
        "registered_on": "2025-03-01",
        "valid_to": "2028-03-02",
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    certificate = RegisteredCertificateSerializer()
    number = serializers.CharField(help_text=_("登记证号。"))
    registered_on = serializers.DateField(help_text=_("登记日期。"))
    valid_to = serializers.DateField(help_text=_("登记失效的第一天。"))
