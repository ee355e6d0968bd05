"""What the page of a case shows of each part: line of stages, who must do what next, who is missing, what happened."""

from collections.abc import Collection, Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.lib.clock import today
from portal.core.web import keep
from proposals import stages
from proposals.enums import ContactWhen, DueKind, HandlingRole, ProposalState, ReplyKind, Stage
from proposals.models import Handling, Proposal
from proposals.queries import handling as reads
from proposals.queries.gates import SILENT, contacts_missing, facts_of, requirements
from proposals.views.handling_acts import ACTS, makers, offered
from proposals.views.step_words import SIGNERS, badge_of, label_of, line_label, next_of
from workforce.views.answers import may_change_now

# Where each of the four is waited for.
_WAITS: dict[str, Collection[str]] = {
    "drafted_by": stages.DRAFTING,
    "checked_by": {stages.OFFICE_CHECK},
    "supervised_by": {stages.SUPERVISION_CHECK},
    "signed_by": {stages.SIGNATURE},
}
_MOST_ACTS = 2
# Beside the way on, what is done so often that it does not hide in a menu.
_SHOWN = frozenset({"contact"})


def parts_of(request: HttpRequest, proposal: Proposal) -> list[dict]:
    """Every part that the reader may see, ready for the page."""
    found = reads.visible_parts(request.user, proposal)
    powers = reads.powers_of(request.user, found)
    rule = requirements(proposal.division_id, today())
    return [_part(request, one, powers[one.pk], rule, found) for one in found]


def _part(request: HttpRequest, part: Handling, powers: frozenset[str], rule: dict, parts: list[Handling]) -> dict:
    facts = facts_of(part, rule)
    acts = _acts(request, part, powers, facts)
    shown = [act for act in acts if act["primary"] or act["key"] in _SHOWN]
    beside = [act for act in acts if act not in shown]
    return {
        "row": part,
        "badge": badge_of(part.stage),
        "steps": [] if part.stage in reads.GONE else line(part, rule),
        "next": next_of(part),
        "acts": shown or beside[:_MOST_ACTS],
        "more": beside if shown else beside[_MOST_ACTS:],
        "stamp": stamp(part, rule, parts),
        "opinions": _opinions(part, parts),
        "maker": _maker_words(request, part, powers, facts),
        "contacts": [one for one in part.contacts.all() if not one.taken_back],
        "takes_back": stages.UNIT in powers and may_change_now(request) and part.stage not in stages.FINAL,
        "decides": stages.OFFICE in powers and may_change_now(request),
        "answers": part.role != HandlingRole.CO,
    }


def _acts(request: HttpRequest, part: Handling, powers: frozenset[str], facts: frozenset[str]) -> list[dict]:
    if not may_change_now(request):
        return []
    return _first_draft(request, part, powers) + [
        {
            "key": key,
            "label": _label(part, key),
            "url": keep.page_url(request, "handling_step", part.pk, key),
            "primary": onward,
        }
        for key, onward in offered(part, request.user, powers, facts)
        if key != "submit_draft" or _has_draft(part)
    ]


def _has_draft(part: Handling) -> bool:
    return any(one.round == part.round and one.kind != ReplyKind.IMPLEMENTATION for one in part.drafts)


def _first_draft(request: HttpRequest, part: Handling, powers: frozenset[str]) -> list[dict]:
    """The way on before there is anything to hand in: the draft itself, which has a page of its own."""
    if stages.UNIT not in powers or part.stage not in stages.DRAFTING or _has_draft(part):
        return []
    url = keep.page_url(request, "reply_new", part.pk)
    return [{"key": "draft", "label": _("起草答复"), "url": url, "primary": True}]


def _label(part: Handling, key: str) -> str:
    rewrites = key == "give_opinion" and part.stage == Stage.OPINION_GIVEN
    return _("修改会办意见") if rewrites else str(ACTS[key].label)


def _maker_words(request: HttpRequest, part: Handling, powers: frozenset[str], facts: frozenset[str]) -> str:
    """Why somebody who otherwise might is not offered the next step."""
    rows = stages.steps_from(part.stage, part.role, facts)
    mine = any("other" in row.needs and row.who in powers for row in rows)
    return _("您参与过本次答复的前面步骤，这一步须由另一个人办理。") if mine and request.user.pk in makers(part) else ""


def line(part: Handling, rule: dict) -> list[dict]:
    """The line of stages up to where the part stands; supervision only where the place asks for it or it took place."""
    wanted = [one for one in stages.line(part.role) if one != stages.SUPERVISION_CHECK or _supervised(part, rule)]
    here = wanted.index(stages.place_in_line(part.stage))
    ended = part.stage == stages.ARCHIVED
    found = []
    for place, one in enumerate(wanted):
        state = "done" if place < here or ended else "current" if place == here else "todo"
        side = place == here and part.stage != one
        found.append({"label": part.get_stage_display() if side else line_label(one), "state": state})
    return found


def _supervised(part: Handling, rule: dict) -> bool:
    return bool(rule["supervision"] or part.supervised_by_id or part.stage == stages.SUPERVISION_CHECK)


def stamp(part: Handling, rule: dict, parts: Iterable[Handling]) -> list[dict]:
    """The countersign stamp: who has put their name to the answer, and who is missing."""
    if part.role == HandlingRole.CO or part.stage in {stages.ASSIGNED, stages.RETURN_REQUESTED, *reads.GONE}:
        return []
    found = [_countersign(one) for one in parts if part.role == HandlingRole.LEAD and _is_asked(one)]
    missing = [] if part.stage not in stages.DRAFTING else contacts_missing(part, rule)
    found += [
        {"label": _("%(when)s沟通") % {"when": ContactWhen(when).label}, "who": "", "state": "missing"}
        for when in missing
    ]
    for field, where in _WAITS.items():
        if field == "supervised_by" and not _supervised(part, rule):
            continue
        person = getattr(part, field)
        state = "done" if person else "next" if part.stage in where else "todo"
        found.append({"label": SIGNERS[field], "who": str(person) if person else "", "state": state})
    return found


def _is_asked(part: Handling) -> bool:
    return part.role == HandlingRole.CO and part.stage not in reads.GONE


def _countersign(part: Handling) -> dict:
    waived = bool(getattr(part, "opinion", None) and part.opinion.waived_because)
    silent = part.stage in SILENT
    due = part.due_on if silent and part.due_kind == DueKind.OPINION else None
    label = _("%(unit)s会办") % {"unit": part.unit.short}
    return {
        "label": label,
        "who": _("免于会办意见") if waived else "",
        "state": "missing" if silent else "done",
        "due": due,
    }


def _opinions(part: Handling, parts: list[Handling]) -> list[Handling]:
    """Opinions that belong to a part: its own, or those of the co-handlers for the lead."""
    if part.role == HandlingRole.CO:
        return [part] if getattr(part, "opinion", None) else []
    if part.role != HandlingRole.LEAD:
        return []
    return [one for one in parts if _is_asked(one) and getattr(one, "opinion", None)]


def story(parts: list[dict]) -> list[dict]:
    """What happened to all parts, the latest first."""
    rows = {part["row"].pk: part["row"] for part in parts}
    told = reads.story_of(list(rows.values()))
    found = [_moved(move, rows[move.handling_id]) for move in told["moves"]]
    found += [_reminded(one, rows[one.handling_id]) for one in told["reminders"]]
    found += [_shifted(one, rows[one.deadline.handling_id]) for one in told["shifted"]]
    found += [
        {
            "when": row.assigned_on,
            "title": _("交办%(unit)s（%(role)s）") % {"unit": row.unit.short, "role": row.get_role_display()},
            "who": str(row.assigned_by),
        }
        for row in rows.values()
    ]
    return sorted(
        found, key=lambda row: (f"{row['when']:%Y-%m-%d}", row.get("exact", False), str(row["when"])), reverse=True
    )


def _moved(move, part: Handling) -> dict:
    words = {"unit": part.unit.short, "step": label_of(move.step), "stage": Stage(move.after).label}
    title = _("%(unit)s：%(step)s → %(stage)s") % words
    if f"{move.moved_at:%Y-%m-%d}" != move.on.isoformat():
        title = _("%(title)s（办理日期 %(day)s）") % {"title": title, "day": move.on.isoformat()}
    who = str(move.moved_by) if move.moved_by_id else _("系统")
    return {"when": move.moved_at, "title": title, "text": move.words, "who": who, "exact": True, "strong": True}


def _reminded(one, part: Handling) -> dict:
    title = _("催办%(unit)s：%(kind)s %(day)s 到期") % {
        "unit": part.unit.short,
        "kind": one.get_kind_display(),
        "day": one.due_on.isoformat(),
    }
    return {"when": one.on, "title": title, "text": one.words, "who": str(one.sent_by)}


def _shifted(one, part: Handling) -> dict:
    title = _("%(unit)s的%(kind)s期限由 %(before)s 改为 %(after)s") % {
        "unit": part.unit.short,
        "kind": one.deadline.get_kind_display(),
        "before": one.before.isoformat(),
        "after": one.after.isoformat(),
    }
    return {"when": one.moved_at, "title": title, "text": one.reason, "who": str(one.moved_by or ""), "exact": True}


def case_acts(request: HttpRequest, proposal: Proposal, manages: bool) -> list[dict]:
    """What the office may do with the case as a whole: hand it over, or take in its withdrawal."""
    if not (manages and may_change_now(request)):
        return []
    found = []
    if proposal.state in (ProposalState.FILED, ProposalState.HANDLING, ProposalState.MERGED):
        first = proposal.state == ProposalState.FILED
        again = first and proposal.assigned_on is not None
        label = _("改派") if again else _("交办") if first or not proposal.assigned_on else _("增加承办单位")
        url = keep.page_url(request, "proposal_assign", proposal.pk)
        found.append({"label": label, "url": url, "icon": "send", "primary": first})
    if proposal.state == ProposalState.HANDLING:
        found.append({"label": _("登记撤回"), "url": keep.page_url(request, "proposal_withdraw", proposal.pk)})
    return found
