"""Training (domain §1.F)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, percent
from portal.core.policy.kinds.choices import TRAINING_LEVELS

ROTATION = Kind(
    key="training.rotation",
    topic=Topic.TRAINING,
    label=gettext_lazy("全员轮训"),
    summary=gettext_lazy("每年轮训的人数不低于社区工作者的 %(percent)s"),
    fields=(percent("percent", gettext_lazy("轮训覆盖率"), 1),),
)
TRAINING_TIERS = Kind(
    key="training.tiers",
    topic=Topic.TRAINING,
    label=gettext_lazy("分级培训"),
    summary=gettext_lazy("每年由下列各级分别组织培训：%(tiers)s"),
    fields=(Field("tiers", gettext_lazy("组织培训的层级"), "choices", choices=TRAINING_LEVELS),),
)
TRAINING_KINDS = (ROTATION, TRAINING_TIERS)
