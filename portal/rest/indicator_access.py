"""What every address of the figures needs: which figures, whose territory, which division, which day."""

from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal import registry
from portal.core.accounts.roles import Perm, Scope
from portal.core.indicators.declare import Indicator, Topic
from portal.core.lib.codes import LEVEL_KEYS, Level, candidates
from portal.core.lib.scope import union
from portal.core.territory.models import Division
from portal.core.territory.queries import country, find_division, is_country
from portal.core.web.filters import ChoiceParameter, CodeParameter
from portal.core.web.viewsets import PortalViewSet

RIGHTS = {"scope": Scope.STATS_READ, "perm": Perm.VIEW_STAFFING}
KEY = ChoiceParameter(
    name="key",
    description=_("指标的 key，见指标目录。"),
    example="cross_appointment",
    refers=True,
    choices={key: key for key in registry.INDICATORS},
)
DIVISION = CodeParameter(description=_("所问区划；缺省为您的每个管理范围。000000 为全国合计。"), example="2113")
LEVEL = ChoiceParameter(
    name="level",
    description=_("给出所问区划之下这一层级的全部区划；缺省只给所问区划本身。"),
    example="district",
    choices={key: int(number) for key, number in LEVEL_KEYS.items()},
)
TOPIC = ChoiceParameter(
    name="topic",
    description=_("只要这一主题的指标。"),
    example="committees",
    choices={topic: topic for topic in Topic.values},
)


def common(territories: list[str], others: list[str]) -> list[str]:
    """The territories that both lists hold, outermost only, in code order."""
    both = {max(one, other, key=len) for one in territories for other in others if _nested(one, other)}
    return sorted(code for code in both if not any(code != other and code.startswith(other) for other in both))


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


class FigureViewSet(PortalViewSet):
    """Figures need a permission of their own here and there: where the caller lacks it they do not exist."""

    tag = "indicators"

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The figure that the address names."""
        if self.kwargs["key"] not in registry.INDICATORS:
            raise Http404
        return (registry.INDICATORS[self.kwargs["key"]],)

    def needed(self) -> list[Perm]:
        """The permissions that the answer needs in one and the same place."""
        return list(dict.fromkeys([self.perm, *(one.perm for one in self.indicators if one.perm)]))

    @cached_property
    def territories(self) -> tuple[str, ...]:
        """Where the caller may see the figures asked for; raises Http404 where that is nowhere."""
        first, *rest = (self.request.user.territories(perm) for perm in self.needed())
        for held in rest:
            first = common(first, held)
        if not first:
            raise Http404
        return tuple(first)

    @cached_property
    def place(self) -> Division | None:
        """The division asked for; a node that exists only for its code stands for the division above it."""
        if self.values["division"] is None:
            return None
        if is_country(self.values["division"]):
            return self._country()
        inside = Division.objects.filter(union("code", list(self.territories)))
        found = find_division(self.values["division"], within=inside)
        if found is None:
            raise Http404
        above = inside.filter(code=found.parent_id).first() if found.formal else None
        return above or found

    def _country(self) -> Division:
        if "" not in self.territories:
            raise Http404
        return country()

    def codes(self) -> list[str]:
        """The divisions asked for, one by one; provinces for who holds the country."""
        if self.place:
            return [self.place.code]
        if "" not in self.territories:
            return list(self.territories)
        return list(Division.objects.filter(level=Level.PROVINCE).values_list("code", flat=True))

    def stamped_codes(self) -> list[str]:
        """What the answer rests on, as far as it can be told without a look at the divisions."""
        asked = self.values["division"]
        return candidates(asked) if asked else list(self.territories)
