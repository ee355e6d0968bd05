"""The parts of a person's page that hold records: posts, contracts, leave, grids, training, honours, exits, facts."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import age_on, in_force
from portal.core.lib.dated import last_day as last_day_of
from portal.core.lib.identity import mask, mask_phone
from portal.core.web import keep
from workforce.actions.records import taken_back
from workforce.forms import RevealForm
from workforce.models import Appointment, Exit, GridPost, Person
from workforce.queries.contracts import renewals
from workforce.queries.people import heads_among, posts_of
from workforce.views.answers import may_change_now
from workforce.views.roster import counting_note
from workforce.views.worker_rights import may_change, sees_private


def dated(row, on: date) -> dict:
    """A record with its last day and its state on the day; what was taken back says so."""
    if taken_back(row):
        return {"row": row, "last_day": None, "state": "inactive", "word": _("已撤回"), "taken_back": True}
    running = in_force(row.valid_from, row.valid_to, on)
    state = "in_force" if running else "future" if row.valid_from > on else "ended"
    return {"row": row, "last_day": last_day_of(row.valid_to), "state": state, "running": running}


def _new(request: HttpRequest, person: Person, kind: str, label: str) -> list[dict]:
    if not may_change(request, person):
        return []
    return [{"label": label, "url": keep.page_url(request, "record_new", person.pk, kind)}]


def posts(request: HttpRequest, person: Person, on: date) -> dict:
    """Every post in the reader's territory, the latest first, each with whether it counts."""
    held = posts_of(request.user, person)
    now = [post for post in held if in_force(post.valid_from, post.valid_to, on)]
    heads = heads_among({post.division_id for post in now}, on)
    lines = [_post(request, post, heads if post in now else {}, on) for post in held]
    return {
        "key": "posts",
        "title": pgettext("section", "任职"),
        "template": "workforce/_posts.html",
        "posts": lines,
        "count": len(held),
    }


def _post(request: HttpRequest, post: Appointment, heads: dict, on: date) -> dict:
    line = dated(post, on)
    mine = may_change_now(request) and request.user.can(Perm.CHANGE_ROSTER, post.division_id)
    edits = mine and not line.get("taken_back")
    ends = edits and (post.valid_to is None or post.valid_to > on)
    note = counting_note(post, heads) if line.get("running") else ""
    return {**line, "post": post, "note": note, "edits": edits, "ends": ends}


def contracts(request: HttpRequest, person: Person, on: date) -> dict:
    """Labour contracts and service agreements, with how often each has been renewed."""
    held = list(person.contracts.order_by("-valid_from", "-id"))
    counted, change = renewals(held), may_change(request, person)
    lines = [{**dated(one, on), "renewals": counted.get(one.pk, 0), "edits": change} for one in held]
    newest = next((line for line in lines if not line.get("taken_back")), None)
    if newest and newest["row"].valid_to is not None:
        newest["renews"] = change and person.left_on is None
    return {
        "key": "contracts",
        "title": pgettext("section", "合同"),
        "template": "workforce/_contracts.html",
        "lines": lines,
        "count": len(held),
        "actions": _new(request, person, "contract", _("登记合同")),
    }


def statuses(request: HttpRequest, person: Person, on: date) -> dict | None:
    """Leave, secondment, institution staffing; kinds of leave tell of health, so not for every reader."""
    if not sees_private(request, person):
        return None
    lines = [
        {**dated(one, on), "edits": may_change(request, person)}
        for one in person.statuses.order_by("-valid_from", "-id")
    ]
    actions = _new(request, person, "status", _("登记状态"))
    if not lines and not actions:
        return None
    title = _("请假、借调与编制状态")
    template = "workforce/_worker_statuses.html"
    return {"key": "statuses", "title": title, "template": template, "lines": lines, "actions": actions}


def grids(request: HttpRequest, person: Person, on: date) -> dict | None:
    """Posts in the teams of grids, as far as the reader's territory goes."""
    held = GridPost.objects.for_user(request.user, Perm.VIEW_ROSTER).filter(person=person)
    lines = []
    for post in held.select_related("grid", "division").order_by("-valid_from", "-id"):
        edits = may_change_now(request) and request.user.can(Perm.CHANGE_ROSTER, post.division_id)
        lines.append({**dated(post, on), "edits": edits})
    if not lines:
        return None
    template = "workforce/_worker_grids.html"
    return {"key": "grids", "title": pgettext("section", "网格职务"), "template": template, "lines": lines}


def training(request: HttpRequest, person: Person, on: date) -> dict | None:
    """Classes of every organiser that the person was in, and the hours attended this year and in all."""
    rows = list(
        person.enrolments.filter(training_class__starts_on__lte=on)
        .select_related("training_class")
        .order_by("-training_class__starts_on", "-id")
    )
    if not rows:
        return None
    came = [row for row in rows if row.attended]
    hours = sum((row.hours if row.hours is not None else row.training_class.hours) for row in came)
    year = [row for row in came if row.training_class.starts_on.year == on.year]
    return {
        "key": "training",
        "title": _("培训"),
        "template": "workforce/_worker_training.html",
        "rows": rows,
        "count": len(rows),
        "came": len(came),
        "hours": hours,
        "this_year": len(year),
        "year": on.year,
    }


def honours(request: HttpRequest, person: Person, on: date) -> dict | None:
    """Nominations and honours."""
    rows = person.nominations.select_related("award").order_by("-award__year", "-id")
    if not rows:
        return None
    template = "workforce/_worker_honours.html"
    return {"key": "honours", "title": _("荣誉与推荐"), "template": template, "rows": rows, "count": len(rows)}


def exits(request: HttpRequest, person: Person, on: date) -> dict | None:
    """Earlier services and how they ended, in the reader's territory; reasons are not for every reader."""
    if not sees_private(request, person):
        return None
    rows = Exit.objects.for_user(request.user, Perm.VIEW_ROSTER).filter(person=person, left_on__lte=on)
    lines = [
        {
            "row": row,
            "edits": may_change_now(request)
            and not row.taken_back
            and request.user.can(Perm.CHANGE_ROSTER, row.division_id),
            "latest": row.left_on == person.left_on,
        }
        for row in rows.select_related("division").order_by("-left_on", "-id")
    ]
    if not lines:
        return None
    return {"key": "exits", "title": _("离职"), "template": "workforce/_worker_exits.html", "lines": lines}


def _correction(request: HttpRequest, person: Person) -> list[dict]:
    """To the form of the latest post that the reader may correct: the person's own record stands above the post."""
    if not may_change_now(request):
        return []
    held = (post for post in posts_of(request.user, person) if not taken_back(post))
    post = next((post for post in held if request.user.can(Perm.CHANGE_ROSTER, post.division_id)), None)
    return [{"label": _("更正"), "url": keep.page_url(request, "appointment_edit", post.pk)}] if post else []


def facts(request: HttpRequest, person: Person, on: date) -> dict:
    """What is on record about the person; birth date and numbers are personal and stay masked until asked for."""
    reveals = sees_private(request, person)
    age = age_on(person.birth_date, on) if on >= person.birth_date else None
    rows = [
        (_("身份证号"), mask(person.id_number)),
        (_("联系电话"), mask_phone(person.phone) if person.phone else None),
        (_("性别"), person.get_sex_display()),
        (_("年龄"), None if age is None else _("%(age)s 周岁") % {"age": age}),
        (_("民族"), person.ethnicity),
        (_("政治面貌"), person.political_status),
        (_("学历"), person.education),
        (_("学位"), person.degree),
        (_("专业"), person.major),
        (_("入职日期"), person.hired_on and person.hired_on.isoformat()),
    ]
    if person.left_on:
        rows.append((_("离职日期"), person.left_on.isoformat()))
        rows += [(_("离职原因"), person.leaving_reason)] if reveals else []
    return {
        "key": "facts",
        "title": _("基本情况"),
        "template": "workforce/_worker_facts.html",
        "rows": [{"label": label, "value": value} for label, value in rows],
        "side": True,
        "actions": _correction(request, person),
        "may_reveal": reveals,
        "reveal_form": RevealForm(),
    }
