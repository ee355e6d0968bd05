"""What the editor of answers says: slips of wording as sentences, figures and typed numbers beside the text."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.web import formats
from proposals.models import Reply, ReplySection
from proposals.queries import drafts
from proposals.queries.figures import Contradiction, Standing, contradictions, named_in, standing
from proposals.wording import Slip

_SLIPS = {
    "honorific_mixed": _L("称谓混用：%(found)s。对这样的提案者应统一用“%(expected)s”。"),
    "honorific_wrong": _L("称谓“%(found)s”与提案者不符，应为“%(expected)s”。"),
    "about_doubled": _L("“%(found)s”重复了“关于”。"),
    "number_brackets": _L("文号“%(found)s”的年份应放在六角括号〔〕里。"),
    "number_form": _L("文号“%(found)s”的序号前不写“第”，也不补 0。"),
    "word_wrong": _L("“%(found)s”用错了文种，这里应称“%(expected)s”。"),
    "member_wrong": _L("“%(found)s”称呼有误，这里应称“%(expected)s”。"),
    "mobile_printed": _L("“%(found)s”是手机号码。答复会公开，请改用办公电话。"),
    "count_wrong": _L("主送写“等%(found)s位”，前面列出的是 %(expected)s 人。"),
    "number_absent": _L("标题和开头都没有写明“%(expected)s”。"),
    "contact_missing": _L("还没有填写%(expected)s。"),
    "opinion_missing": _L("文中写到%(found)s，但没有它的会办意见在案。"),
}
_PARTS = {
    "title": _L("标题"),
    "addressee": _L("主送"),
    "opening": _L("开头"),
    "closing": _L("结尾"),
    "contact": _L("联系方式"),
}


def slip_rows(slips: Iterable[Slip], sections: list[ReplySection]) -> list[dict]:
    """Each slip as a sentence with where it is: a name, and the id of the field to go to."""
    places = {str(one.pk): number for number, one in enumerate(sections, 1)}
    return [_slip_row(slip, places) for slip in slips]


def _slip_row(slip: Slip, places: dict[str, int]) -> dict:
    words = str(_SLIPS[slip.code]) % {"found": slip.found, "expected": slip.expected}
    if slip.part in places:
        return {"words": words, "where": section_name(places[slip.part]), "target": f"text-{places[slip.part]}"}
    target = {"contact": "id_phone"}.get(slip.part, f"id_{slip.part}")
    where = _PARTS.get(slip.part, "")
    return {"words": words, "where": where, "target": target if where else ""}


def section_name(number: int) -> str:
    return _("第 %(n)s 段") % {"n": number}


def figure_rows(stands: Iterable[Standing], sections: list[ReplySection], reply: Reply) -> list[dict]:
    """Every figure of the margin: what the letter says, whether it holds, its definition, and where it stands."""
    used: dict[int, list[int]] = {}
    for number, one in enumerate(sections, 1):
        for key in named_in([one.text]):
            used.setdefault(key, []).append(number)
    around = named_in([reply.opening, reply.closing])
    return [_figure_row(one, used.get(one.figure.pk, []), one.figure.pk in around) for one in stands]


def _figure_row(one: Standing, numbers: list[int], around: bool) -> dict:
    shown = one.shown
    return {
        "pk": one.figure.pk,
        "token": f"[[{one.figure.pk}]]",
        "label": shown["label"],
        "place": shown["place"],
        "on": shown["on"],
        "text": shown["text"],
        "changed": one.changed,
        "words": one.words,
        "now": one.now["text"] if one.now else _("无法取得"),
        "now_on": one.day.isoformat(),
        "definition": shown["definition"],
        "basis": shown["basis"],
        "rule": shown["rule"] or shown["citation"],
        "made": _made(shown),
        "where": _("、").join(section_name(number) for number in numbers) or (_("开头或结尾") if around else ""),
        "target": f"text-{numbers[0]}" if numbers else "",
        "kept_because": shown.get("kept_because", ""),
        "instead_of": shown.get("instead_of", ""),
    }


def _made(shown: dict) -> str:
    if not shown["denominator"]:
        return ""
    return f"{formats.number(shown['numerator'])} ÷ {formats.number(shown['denominator'])}"


def typed_rows(found: Iterable[Contradiction], sections: list[ReplySection]) -> list[dict]:
    """Typed numbers that the catalogue gives otherwise, as sentences."""
    numbers = {one.pk: number for number, one in enumerate(sections, 1)}
    said = _("写的是“%(typed)s”，指标“%(label)s”在 %(on)s 为 %(text)s。请核对，或改为插入指标。")
    return [
        {
            "words": said % {"typed": one.typed.text, "label": one.label, "on": one.on.isoformat(), "text": one.text},
            "where": section_name(numbers[one.section.pk]),
            "target": f"text-{numbers[one.section.pk]}",
        }
        for one in found
    ]


def source_rows(sections: list[ReplySection]) -> list[dict]:
    """Which paragraphs came from which co-handler, and from which earlier answer."""
    units: dict[str, list[str]] = {}
    earlier: dict[int, dict] = {}
    for number, one in enumerate(sections, 1):
        if one.unit_id:
            units.setdefault(one.unit.short, []).append(section_name(number))
        if one.taken_from_id:
            row = earlier.setdefault(one.taken_from_id, {"reply": one.taken_from, "places": []})
            row["places"].append(section_name(number))
    rows = [{"unit": unit, "where": _("、").join(places)} for unit, places in units.items()]
    return rows + [{"reply": row["reply"], "where": _("、").join(row["places"])} for row in earlier.values()]


def beside(reply: Reply, sections: list[ReplySection], indicators) -> dict:
    """The margin: figures, and of a draft what its wording and typed numbers get wrong."""
    figures = figure_rows(standing(reply, indicators), sections, reply)
    if reply.letter_id:
        return {"figures": figures}
    return {
        "figures": figures,
        "slips": slip_rows(drafts.slips_of(reply, sections), sections),
        "typed": typed_rows(contradictions(reply, indicators, sections), sections),
    }
