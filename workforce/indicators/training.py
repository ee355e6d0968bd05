"""Training in the calendar year up to the day: persons 人数 and person-times 人次 are counted apart (domain §1.F)."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Topic, Unit
from portal.core.indicators.sources import TIANJIN
from workforce.enums import TrainingLevel
from workforce.indicators.figure import figure, persons, share

_persons = partial(persons, topic=Topic.TRAINING, citation=TIANJIN, urban=False)
_times = partial(figure, topic=Topic.TRAINING, citation=TIANJIN, unit=Unit.PERSON_TIMES, urban=False)
_BY_LEVEL = {
    TrainingLevel.CITY: (_("市级培训人数"), _("市级培训人次")),
    TrainingLevel.DISTRICT: (_("区级培训人数"), _("区级培训人次")),
    TrainingLevel.STREET: (_("街镇级培训人数"), _("街镇级培训人次")),
}
_PERSONS = _("本年已开班的培训中到课的人数；一人参加几次算一人。")
_TIMES = _("本年已开班的培训中到课的人次；一人参加几次算几次。")

TRAINING = (
    _persons(key="trained", label=_("本年培训人数"), numerator="trained", formula=_PERSONS),
    _times(key="training_times", label=_("本年培训人次"), numerator="training_times", formula=_TIMES),
    *(
        _persons(key=f"trained_{level}", label=labels[0], numerator=f"trained_{level}", formula=_PERSONS)
        for level, labels in _BY_LEVEL.items()
    ),
    *(
        _times(key=f"training_times_{level}", label=labels[1], numerator=f"training_times_{level}", formula=_TIMES)
        for level, labels in _BY_LEVEL.items()
    ),
    share(
        key="training_rotation",
        label=_("全员轮训率"),
        topic=Topic.TRAINING,
        numerator="trained_in_post",
        denominator="in_community",
        formula=_("本年参加过培训的社区任职人员 ÷ 社区任职人数。"),
        citation=TIANJIN,
        better=Better.HIGHER,
    ),
)
