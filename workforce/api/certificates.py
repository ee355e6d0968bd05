"""`certificates/`, `registrations/`: what people hold, for other systems (contract: REST)."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.web.filters import CodeParameter, DayParameter, IdParameter
from portal.core.web.operations import Operation
from workforce.api.roster import SEALED, RosterViewSet, choices_of
from workforce.enums import CertificateLevel
from workforce.models import Certificate, Registration
from workforce.serializers import CertificateSerializer, RegistrationSerializer

_RIGHTS = {"scope": Scope.ROSTER_READ, "perm": Perm.VIEW_ROSTER}


class _PaperViewSet(RosterViewSet):
    """Records of people in post on the day asked for; a single record may be of anybody in the territory."""

    lookup_value_regex = "[0-9]{1,18}"

    @property
    def on(self) -> date:
        return self.values.get("on") or today()

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "on": self.on}

    def of_people_in_post(self, rows: QuerySet) -> QuerySet:
        """The rows; in a list those alone of people with a post on the day in the division asked for."""
        rows = rows.select_related("person").defer(*SEALED)
        if self.action != "list":
            return rows
        posts = self.posts().in_force(self.on).filter(person_id=OuterRef("person_id"))
        return rows.filter(Exists(posts))


class CertificateViewSet(_PaperViewSet):
    serializer_class = CertificateSerializer
    path_parameters = (IdParameter(description=_("证书编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("证书"),
            description=_(
                "on 当天在任人员到当天为止取得的证书，附最近一次登记。一人可有几本，统计持证人数时一人只计一次。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            sheet_perm=Perm.EXPORT_ROSTER,
            parameters=(
                CodeParameter(description=_("只要在该区划及其下级任职的。")),
                DayParameter(),
                choices_of("level", _("只要这一等级的。"), CertificateLevel, "assistant"),
            ),
            example=CertificateSerializer.example,
            **_RIGHTS,
        ),
        "retrieve": Operation(
            summary=_("一本证书"),
            description=_("管理范围内人员的一本证书。"),
            example=CertificateSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        held = self.of_people_in_post(self.rows_of(Certificate).prefetch_related("registrations"))
        if self.action != "list":
            return held
        level = self.values["level"]
        held = held.filter(obtained_on__lte=self.on)
        return held.filter(level=level) if level else held


class RegistrationViewSet(_PaperViewSet):
    serializer_class = RegistrationSerializer
    path_parameters = (IdParameter(description=_("登记编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("证书登记"),
            description=_(
                "on 当天在任人员到当天为止办理的全部证书登记，过期的也在内。登记过期不等于证书失效。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            sheet_perm=Perm.EXPORT_ROSTER,
            parameters=(CodeParameter(description=_("只要在该区划及其下级任职的。")), DayParameter()),
            example=RegistrationSerializer.example,
            **_RIGHTS,
        ),
        "retrieve": Operation(
            summary=_("一次登记"),
            description=_("管理范围内人员的一次证书登记。"),
            example=RegistrationSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.of_people_in_post(self.rows_of(Registration).select_related("certificate"))
        return rows.filter(registered_on__lte=self.on) if self.action == "list" else rows
