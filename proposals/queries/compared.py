"""A letter beside its public version, element by element, for the eye that checks."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.letters.paper import Annex, Block, Paper, annex_mark, annex_title, numbered, signatures
from proposals import redaction

WORDS: dict[str, Promise] = {
    redaction.PHONE: _L("电话号码"),
    redaction.EMAIL: _L("电子邮箱"),
    redaction.ACCOUNT: _L("网络账号"),
    redaction.ID_NUMBER: _L("身份证号"),
    redaction.ADDRESS: _L("地址"),
    redaction.NAME: _L("个人姓名"),
    redaction.GIVEN: _L("审查人指定的文字"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One element: what it is, as signed, and as the public will read it."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compared(paper: Paper, public: Paper) -> list[Pair]:
    """Elements that say something, in the order of the letter."""
    pairs = [Pair(_("标题"), paper.title, public.title), Pair(_("主送"), paper.addressee, public.addressee)]
    pairs += _block_pairs(paper, public)
    pairs += [Pair(_("附件"), *both) for both in zip(paper.attachments, public.attachments, strict=True)]
    pairs += [
        Pair(_("联系方式"), _contact(paper), _contact(public)),
        Pair(_("署名"), "\n".join(signatures(paper)), "\n".join(signatures(public))),
        Pair(_("附注"), paper.note, public.note),
        Pair(_("抄送"), "，".join(paper.copies), "，".join(public.copies)),
    ]
    for before, after in zip(paper.annexes, public.annexes, strict=True):
        pairs.append(Pair(annex_mark(paper, before), annex_title(paper, before), annex_title(public, after)))
        pairs += _block_pairs(before, after)
    return [pair for pair in pairs if pair.before]


def _block_pairs(paper: Paper | Annex, public: Paper | Annex) -> list[Pair]:
    blocks = zip(numbered(paper), numbered(public), strict=True)
    return [Pair(number, _text(before), _text(after)) for (before, number, _depth), (after, _number, _same) in blocks]


def _text(block: Block) -> str:
    if block.table:
        rows = (" | ".join(row) for row in block.table.rows)
        return "\n".join(piece for piece in (block.table.caption, *rows) if piece)
    return f"{block.text} {block.follows}".strip()


def _contact(paper: Paper) -> str:
    return "\n".join(paper.contact.lines()) if paper.contact else ""


def removed_words(removed: Iterable[dict]) -> list[str]:
    """What was left out, in words: 电话号码 2 处."""
    return [_("%(what)s %(n)s 处") % {"what": WORDS.get(one["kind"], one["kind"]), "n": one["n"]} for one in removed]
