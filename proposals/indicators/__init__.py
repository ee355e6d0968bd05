"""Every figure of proposals, promises and the task ledger, in the order of the catalogue (domain §1.O, §2.2)."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Indicator, Topic, Unit
from portal.core.indicators.sources import DISCLOSURE, TIANJIN_FEATURE
from proposals.counters import BOOK

_matters = partial(Indicator, book=BOOK, topic=Topic.PROPOSALS, unit=Unit.MATTERS, urban=False)
_share = partial(Indicator, book=BOOK, topic=Topic.PROPOSALS, unit=Unit.PERCENT, urban=False, decimals=2)
_CLASSES = {
    "answers_a": (_("办理结果A类"), _("A类占比")),
    "answers_b": (_("办理结果B类"), _("B类占比")),
    "answers_c": (_("办理结果C类"), _("C类占比")),
    "answers_d": (_("办理结果D类"), _("D类占比")),
}
_BY_CLASS = _("各地分类办法不同，以办理结果分类规则为准；取当天的类别。")

INTAKE = (
    _matters(
        key="proposals",
        label=_("收到的提案和建议"),
        numerator="proposals",
        formula=_("本年收到的政协提案和人大代表建议。"),
    ),
    _matters(
        key="proposals_filed",
        label=_("立案的提案和建议"),
        numerator="proposals_filed",
        known="proposals",
        formula=_("本年收到、已立案的，含已并案的；不含待审查、不予立案和已撤回的。"),
    ),
    _share(
        key="proposals_filed_share",
        label=_("立案率"),
        numerator="proposals_filed",
        denominator="proposals",
        formula=_("立案的 ÷ 本年收到的。"),
    ),
)
ANSWERS = (
    _matters(
        key="answers",
        label=_("应答复的提案和建议"),
        numerator="answers",
        formula=_("本年交办、由主办或分办单位答复的；分办的各算一件，会办的不算。"),
    ),
    _share(
        key="answers_given_share",
        label=_("办复率"),
        numerator="answers_given",
        denominator="answers",
        formula=_("已答复的 ÷ 本年交办、应答复的。"),
        better=Better.HIGHER,
    ),
    _share(
        key="answers_on_time_share",
        label=_("按期办复率"),
        numerator="answers_on_time",
        denominator="answers_judged",
        formula=_("在期限内答复的 ÷ 已答复或已到期的；期限以办理时的规则、延期和中止为准。"),
        better=Better.HIGHER,
    ),
    _matters(
        key="answers_overdue",
        label=_("逾期未答复"),
        numerator="answers_overdue",
        known="answers",
        formula=_("本年交办、期限已过而没有答复的。"),
        better=Better.LOWER,
    ),
    _share(
        key="answers_contact_share",
        label=_("沟通率"),
        numerator="answers_contacted",
        denominator="answers_given",
        formula=_("与提案者有沟通记录的 ÷ 已答复的；走访、座谈、电话等都算。"),
        better=Better.HIGHER,
    ),
    *(
        _matters(key=key, label=label, numerator=key, known="answers_given", formula=_BY_CLASS)
        for key, (label, _of) in _CLASSES.items()
    ),
    *(
        _share(key=f"{key}_share", label=label, numerator=key, denominator="answers_given", formula=_BY_CLASS)
        for key, (_of, label) in _CLASSES.items()
    ),
    _share(
        key="answers_published_share",
        label=_("答复公开率"),
        numerator="answers_published",
        denominator="answers_open",
        formula=_("已公开的 ÷ 已答复、公开属性为主动公开的。"),
        citation=DISCLOSURE,
        better=Better.HIGHER,
    ),
)
FEEDBACK = (
    _share(
        key="feedback_returned_share",
        label=_("意见征询表收回率"),
        numerator="feedback_returned",
        denominator="feedback_asked",
        formula=_("收回的 ÷ 发出的；再次答复的以最后一轮为准。"),
        better=Better.HIGHER,
    ),
    _share(
        key="feedback_content_share",
        label=_("满意率（含基本满意）"),
        numerator="feedback_content",
        denominator="feedback_returned",
        formula=_("结果满意和基本满意的 ÷ 收回的；没有收回的不算满意，也不在分母中。"),
        better=Better.HIGHER,
    ),
    _share(
        key="feedback_satisfied_share",
        label=_("满意率（不含基本满意）"),
        numerator="feedback_satisfied",
        denominator="feedback_returned",
        formula=_("结果满意的 ÷ 收回的；没有收回的不算满意，也不在分母中。"),
        better=Better.HIGHER,
    ),
)
LEDGERS = (
    _matters(
        key="promises",
        label=_("承诺事项"),
        numerator="promises",
        formula=_("本年台账上的承诺事项，含由上年转入的，不含已取消的。"),
    ),
    _share(
        key="promises_kept_share",
        label=_("承诺落实率"),
        numerator="promises_kept",
        denominator="promises",
        formula=_("已落实的 ÷ 本年的承诺事项。"),
        better=Better.HIGHER,
    ),
    _share(
        key="promises_on_time_share",
        label=_("承诺按期落实率"),
        numerator="promises_on_time",
        denominator="promises_judged",
        formula=_("按期落实的 ÷ 已落实或已到期的。"),
        better=Better.HIGHER,
    ),
    _matters(
        key="tasks",
        label=_("台账任务"),
        numerator="tasks",
        formula=_("当天在本年任务清单上的任务，含已销号的，不含已取消的。"),
        citation=TIANJIN_FEATURE,
    ),
    _share(
        key="tasks_struck_share",
        label=_("任务销号率"),
        numerator="tasks_struck",
        denominator="tasks",
        formula=_("已销号的 ÷ 本年台账任务。"),
        citation=TIANJIN_FEATURE,
        better=Better.HIGHER,
    ),
    _share(
        key="tasks_on_time_share",
        label=_("任务按期销号率"),
        numerator="tasks_on_time",
        denominator="tasks_judged",
        formula=_("按期销号的 ÷ 已销号或已到期的。"),
        citation=TIANJIN_FEATURE,
        better=Better.HIGHER,
    ),
)

INDICATORS = (*INTAKE, *ANSWERS, *FEEDBACK, *LEDGERS)
COMPOSITIONS = (
    Composition(
        key="answer_classes",
        label=_("办理结果构成"),
        topic=Topic.PROPOSALS,
        parts=tuple(f"{key}_share" for key in _CLASSES),
    ),
)
