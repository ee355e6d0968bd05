"""The letters of the demonstration's answers: drafts, issued ones with their numbers and figures, published ones."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder

from portal.core.letters.models import Letter, LetterStyle, NumberRegister
from portal.core.letters.numbers import number_text
from portal.core.lib.bulk import insert_rows
from portal.demo.plan import SHOWCASE
from portal.demo.proposal_courses import Answer, Case
from portal.demo.proposal_walk import moment
from portal.demo.proposal_words import TELLING, answer_of, opinion_of, report_of
from portal.registry import INDICATORS
from proposals import wording
from proposals.enums import Disclosure, ProposerType, ReplyKind, Stage
from proposals.models import LiveFigure, Publication, Reply, ReplySection
from proposals.queries.cases import search_text, search_vector
from proposals.queries.drafts import paper_of
from proposals.queries.figures import counted, places_of, spoken, told
from proposals.queries.publication import search_terms
from proposals.redaction import Known, redact_paper

TOLD = timedelta(days=250)
CITY = SHOWCASE[:2]
FIGURES = ("workers", "staffing_ratio", "certified_share")
SENTENCE = "截至[[{0}:day]]，在岗社区工作者[[{0}]]，每万人配备[[{1}]]，持证率[[{2}]]。"
GIVEN = (Stage.OPINION_GIVEN, Stage.ARCHIVED)
_REPLY = (
    "handling_id", "kind", "round", "style", "title", "addressee", "opening", "closing", "result", "disclosure",
    "disclosure_reason", "contact", "phone", "attachments", "copies", "drafted_by_id", "drafted_at", "letter_id",
    "version",
)  # fmt: skip
_LETTER = (
    "id", "division_id", "word", "year", "sequence", "number", "title", "issued_on", "issued_at", "issued_by_id", "paper",
    "figures", "sha256",
)  # fmt: skip
_FIGURE = (
    "reply_id", "indicator", "division_id", "on", "decimals", "inserted", "inserted_by_id", "inserted_at", "frozen",
)  # fmt: skip


def plain(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)


class Writer:
    """Writes the answers of cases whose parts are stored already; returns nothing that pages could not read."""

    def __init__(self, cases: list[Case]) -> None:
        self.pairs = [(case, one) for case in cases for one in case.answers]
        self.replies: list[Reply] = []
        self._told: dict[tuple[str, date], list[tuple[str, int, dict]]] = {}

    def write(self) -> None:
        self._replies()
        figures = self._figures()
        sections = self._sections(figures)
        ReplySection.objects.bulk_create([one for rows in sections for one in rows])
        self._letters(sections)
        self._publications()

    def _replies(self) -> None:
        """The answers as rows, and again with what was stored, in the same order."""
        self.replies = [_reply(case, one) for case, one in self.pairs]
        insert_rows(Reply, _REPLY, (
            tuple(getattr(reply, name) for name in _REPLY[:15])
            + (reply.drafted_by_id, moment(one.drafted_on, 9), reply.letter_id, 1)
            for reply, (_case, one) in zip(self.replies, self.pairs, strict=True)
        ))  # fmt: skip
        stored = Reply.objects.filter(handling__in=[one.walk.part.pk for _case, one in self.pairs])
        keys = {
            (part, kind, number): pk for part, kind, number, pk in stored.values_list("handling", "kind", "round", "pk")
        }
        for reply in self.replies:
            reply.pk = keys[reply.handling_id, reply.kind, reply.round]
        for reply, (_case, one) in zip(self.replies, self.pairs, strict=True):
            one.reply = reply

    def _figures(self) -> dict[int, list[LiveFigure]]:
        """Figures of the catalogue in answers, frozen in those that are signed; those of each answer."""
        rows = []
        for reply, (case, one) in zip(self.replies, self.pairs, strict=True):
            on = self._day_told(case, one)
            if on is None:
                continue
            for key, places, said in self._said(reply.handling.division_id, on):
                frozen = {**said, "checked_on": one.signed_on.isoformat()} if one.signed_on else None
                rows.append((
                    reply.pk, key, reply.handling.division_id, on, places, plain(said), one.drafted_by.pk,
                    moment(one.drafted_on, 9), plain(frozen) if frozen else None,
                ))  # fmt: skip
        insert_rows(LiveFigure, _FIGURE, rows)
        found = defaultdict(list)
        for figure in LiveFigure.objects.filter(reply__in=[reply.pk for reply in self.replies]).order_by("pk"):
            found[figure.reply_id].append(figure)
        for reply in self.replies:
            reply._prefetched_objects_cache = {"figures": found.get(reply.pk, [])}
        return found

    def _day_told(self, case: Case, one: Answer) -> date | None:
        """As of when an answer tells figures: the quarter before its draft, of one that waits for signature its own day.

        Older answers and those of districts do without: figures of a past day are counted from the rows.
        """
        if case.topic.matter not in TELLING or one.kind != ReplyKind.REPLY or one.walk.part.division_id != CITY:
            return None
        if one.walk.part.stage == Stage.SIGNATURE:
            return one.drafted_on
        quarter = date(one.drafted_on.year, (one.drafted_on.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
        return quarter if quarter > one.walk.clock.day - TOLD else None

    def _said(self, code: str, on: date) -> list[tuple[str, int, dict]]:
        if (code, on) not in self._told:
            wanted = [INDICATORS[key] for key in FIGURES]
            found = counted(wanted, code, on)
            whole = [found.get(one.key) for one in wanted]
            self._told[code, on] = (
                [(one.indicator.key, places_of(one.indicator), told(one, places_of(one.indicator))) for one in whole]
                if all(one is not None and one.value is not None for one in whole)
                else []
            )
        return self._told[code, on]

    def _sections(self, figures: dict[int, list[LiveFigure]]) -> list[list[ReplySection]]:
        made = []
        for reply, (case, one) in zip(self.replies, self.pairs, strict=True):
            held = figures.get(reply.pk, [])
            sentence = SENTENCE.format(*(figure.pk for figure in held)) if held else ""
            place = "全市" if reply.handling.division_id == CITY else "全区"
            said = (
                report_of(case.topic)
                if one.kind == ReplyKind.IMPLEMENTATION
                else answer_of(case.topic, place, sentence, wording.honorific(_matter(case, one)))
            )
            texts = [(level, text, None) for level, text in said]
            for walk in case.walks:
                if one.kind == ReplyKind.REPLY and walk.part.role == "co" and walk.part.stage in GIVEN:
                    texts.append((0, opinion_of(case.topic, walk.part.unit.name), walk.part.unit))
            shown = {figure.pk: figure.frozen or figure.inserted for figure in held}
            made.append([
                ReplySection(
                    reply=reply, position=position, level=level, text=text, unit=unit,
                    search=search_vector(search_text("", "", spoken(text, shown))) if one.signed_on else None,
                )
                for position, (level, text, unit) in enumerate(texts, 1)
            ])  # fmt: skip
        return made

    def _letters(self, sections: list[list[ReplySection]]) -> None:
        """Numbers in the order of signature, each register without a gap; the paper is frozen with its hash."""
        signed = [
            (one, reply, rows)
            for reply, rows, (_case, one) in zip(self.replies, sections, self.pairs, strict=True)
            if one.signed_on
        ]
        last: dict[tuple[str, str, int], int] = {
            (one.division_id, one.word, one.year): one.last for one in NumberRegister.objects.all()
        }
        known, rows = set(last), []
        for one, reply, written in sorted(signed, key=lambda found: (found[0].signed_on, found[1].pk)):
            unit, on = reply.handling.unit, one.signed_on
            which = (unit.division_id, unit.word, on.year)
            last[which] = last.get(which, 0) + 1
            number = number_text(unit.word, on.year, last[which])
            reply.frozen = replace(paper_of(reply, written, dated=on), number=number)
            told_of = [
                {"figure": held.pk, "indicator": held.indicator, **held.frozen}
                for held in reply.figures.all()
                if held.frozen
            ]
            rows.append((
                reply.letter_id, *which, last[which], number, reply.title, on, moment(on, 15),
                one.signed_by.pk, plain(reply.frozen.to_data()), plain(told_of), reply.frozen.digest(),
            ))  # fmt: skip
        NumberRegister.objects.bulk_create(
            NumberRegister(division_id=code, word=word, year=year, last=number)
            for (code, word, year), number in last.items()
            if (code, word, year) not in known
        )
        for code, word, year in known:
            NumberRegister.objects.filter(division_id=code, word=word, year=year).exclude(
                last=last[code, word, year]
            ).update(last=last[code, word, year])
        insert_rows(Letter, _LETTER, rows)

    def _publications(self) -> None:
        made = []
        for reply, (case, one) in zip(self.replies, self.pairs, strict=True):
            if one.checked_by is None:
                continue
            public = one.disclosure == Disclosure.PUBLIC
            row = Publication(
                reply=reply, division_id=reply.handling.division_id, disclosure=one.disclosure, reason=one.reason,
                checked_by=one.checked_by, checked_on=one.checked_on,
                published_by=one.signed_by if one.published_on else None,
            )  # fmt: skip
            if public:
                paper, counts = redact_paper(reply.frozen, _known(case))
                row.content = paper.to_data()
                row.removed = [{"kind": kind, "n": counts[kind]} for kind in sorted(counts)]
            if public and one.published_on:
                row.published_at = moment(one.published_on, 16)
                row.search = search_vector(search_terms(row))
            made.append(row)
        Publication.objects.bulk_create(made)


def _reply(case: Case, one: Answer) -> Reply:
    part = one.walk.part
    matter = _matter(case, one)
    return Reply(
        handling=part, kind=one.kind, round=one.round, style=LetterStyle.LETTER, title=wording.title(matter),
        addressee=wording.addressee(matter), opening=wording.opening(matter), closing=wording.closing(matter),
        result=one.result, disclosure=one.disclosure, disclosure_reason=one.reason, contact=part.officer,
        phone=part.unit.phone, copies="\n".join(wording.copies(matter)), drafted_by=one.drafted_by,
        letter_id=uuid4() if one.signed_on else None,
    )  # fmt: skip


def _matter(case: Case, one: Answer) -> wording.Matter:
    proposal, session = case.proposal, case.proposal.session
    given = [walk.part.unit.short for walk in case.walks if walk.part.role == "co" and walk.part.stage in GIVEN]
    return wording.Matter(
        body=session.body, organ=session.place_name, session=session.label, number=proposal.number,
        subject=proposal.title, proposer_type=proposal.proposer_type,
        names=tuple(signer.name for signer in case.proposers), unit=one.walk.part.unit.name, kind=str(one.kind),
        co_handlers=tuple(given) if one.walk.part.role == "lead" else (),
    )  # fmt: skip


def _known(case: Case) -> Known:
    """What must not be read on the public site."""
    people = case.proposal.proposer_type in (ProposerType.MEMBER, ProposerType.JOINT)
    return Known(
        phones=tuple(one.phone for one in case.proposers),
        addresses=tuple(one.address for one in case.proposers),
        names=tuple(one.name for one in case.proposers if len(one.name) > 1) if people else (),
    )
