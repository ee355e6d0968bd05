"""What may be wrong with a proposal as it comes in, with the sentence for each: the same for form, sheet and REST."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from proposals import bodies
from proposals.enums import ProposerType
from proposals.queries.cases import type_label

Fault = tuple[str, dict[str, Any]]
"""A code and what its sentence says of the case."""

SENTENCES: dict[str, Promise] = {
    "number_missing": _L("请填写编号。"),
    "number_used": _L("本次会议已有 %(number)s 号。请核对编号，或打开原来的那一件更正。"),
    "number_settled": _L("交办以后编号不能再改。"),
    "title_missing": _L("请填写案由。"),
    "wrong_word": _L("案由把文件叫作“%(wrong)s”，这里应称“%(right)s”。请改正。"),
    "wrong_type": _L("这一类会议的提案者只有：%(types)s。"),
    "wrong_person": _L("“%(name)s”：这里的提出者是%(person)s，姓名后不用写称谓。"),
    "names_none": _L("请写出提案者，一行一位。"),
    "names_twice": _L("同一位提案者写了两次。请删去重复的。"),
    "names_differs": _L("提案者数填的是 %(count)s，写出的是 %(names)s 位。请核对，两者应一致。"),
    "names_one": _L("个人提出的只有一位提案者；几位共同提出的，请选“联名”。"),
    "names_several": _L("联名提出的至少有两位提案者。"),
    "received_future": _L("收到日期不能晚于今天。"),
    "filed_outside": _L("立案日期应在收到日期和今天之间。"),
    "filed_already": _L("已经立案。要取消立案，请在审查中重新审查。"),
    "forwards_alone": _L("只有联名提出的才能约定由第一提案人转告。"),
    "not_open": _L("这件现在是“%(state)s”，内容不能再改。"),
}


@dataclass(frozen=True)
class Given:
    """A proposal as it would be, as far as its faults are concerned; `names` are those of its signers in order."""

    body: str
    title: str
    proposer_type: str
    count: int
    names: list[str]
    received_on: date
    filed_on: date | None = None
    forwards: bool = False


def sentence(fault: Fault) -> str:
    """The sentence of a fault in the language of the moment."""
    code, params = fault
    return str(SENTENCES[code]) % params


def faults_of(given: Given) -> dict[str, Fault]:
    """What does not fit the body, or does not agree, by field: empty where all is well."""
    faults: dict[str, Fault] = {}
    words = bodies.WORDS[given.body]
    if not given.title:
        faults["title"] = ("title_missing", {})
    elif wrong := bodies.wrong_word(given.body, given.title):
        faults["title"] = ("wrong_word", {"wrong": wrong, "right": words.document})
    if given.proposer_type not in words.types:
        faults["proposer_type"] = ("wrong_type", {"types": _labels(given.body, words.types)})
    faults |= _people(given)
    if given.received_on > today():
        faults["received_on"] = ("received_future", {})
    elif given.filed_on and not given.received_on <= given.filed_on <= today():
        faults["filed_on"] = ("filed_outside", {})
    if given.forwards and given.proposer_type != ProposerType.JOINT:
        faults["first_signer_forwards"] = ("forwards_alone", {})
    return faults


def _people(given: Given) -> dict[str, Fault]:
    """Whether the people are the body's, and names, number and type agree."""
    if named := bodies.wrong_person(given.body, given.proposer_type, given.names):
        return {"signers": ("wrong_person", {"name": named, "person": bodies.WORDS[given.body].person})}
    if not (fault := bodies.count_fault(given.proposer_type, given.count, given.names)):
        return {}
    field = "signers" if fault in ("none", "twice") else "proposers_count"
    return {field: (f"names_{fault}", {"count": given.count, "names": len(given.names)})}


def _labels(body: str, types: Iterable[str]) -> str:
    return _("、").join(type_label(body, one) for one in types)
