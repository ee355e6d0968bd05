"""Live figures of an answer: inserted from the catalogue, brought up to date, taken out."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.indicators.days import TooManyRows
from portal.core.indicators.declare import Indicator
from portal.core.indicators.figures import Figure
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from proposals import stages
from proposals.actions import course
from proposals.actions.drafting import Written, held_reply, is_regular, may_write, put_sections, writable
from proposals.actions.reply_sections import may_insert, place
from proposals.enums import Stage
from proposals.models import LiveFigure, Reply, ReplySection
from proposals.queries.drafts import TABLE, sections_of
from proposals.queries.figures import TOKEN, counted, counted_at, is_current, places_of, told
from workforce.actions.versions import claim_row

MOST_DECIMALS = 4
MOST_ROWS = 40  # of a table of places


@action
def insert_figure(
    *, reply: Reply, version: int, indicators: Mapping[str, Indicator], indicator: str, division: Division, on: date,
    decimals: int | None = None, section: int | None = None, at: int | None = None, with_day: bool = False, by,
) -> LiveFigure:  # fmt: skip
    """Inserts a figure into a section at the place `at` of its text, at the end without; `with_day` puts its day before it.

    Raises `Stale`; ValidationError for figures or places that the user may not see, days to come, and figures without a
    value: a letter says nothing where nothing is known.
    """
    held = writable(reply, version, by)
    one = indicators.get(indicator)
    if one is None or not may_insert(by, one, division.pk):
        raise ValidationError({"indicator": _("没有这个指标，或您没有查看它的权限。")})
    if on > today():
        raise ValidationError({"on": _("时点不能晚于今天。")})
    places = places_of(one, decimals)
    if not 0 <= places <= MOST_DECIMALS:
        raise ValidationError({"decimals": _("小数位数应为 0 到 4。")})
    found = _counted(one, [division.pk], on).get(division.pk)
    if found is None or found.value is None:
        why = found.state.label if found else _("这一天的数据无法取得")
        raise ValidationError(
            {"indicator": _("不能插入：%(why)s。请换一个时点或范围。") % {"why": why}}, code="no_value"
        )
    figure = LiveFigure.objects.create(
        reply=held, indicator=indicator, division=division, on=on, decimals=places, inserted=told(found, places),
        inserted_by=by,
    )  # fmt: skip
    token = f"截至[[{figure.pk}:day]]，{one.label}[[{figure.pk}]]" if with_day else f"[[{figure.pk}]]"
    _put_token(held, section, at, token)
    return figure


@action
def insert_table(
    *, reply: Reply, version: int, indicators: Mapping[str, Indicator], indicator: str, division: Division, on: date,
    decimals: int | None = None, section: int | None = None, by,
) -> list[LiveFigure]:  # fmt: skip
    """A figure of every place right below a division, as a column of the table in hand, else as a new table behind it.

    A place without a value has a bar in its cell. Raises as `insert_figure`, and where there is nothing to list.
    """
    held = writable(reply, version, by)
    one, below = indicators.get(indicator), list(shown_children(division, on).order_by("code"))
    if one is None or not may_insert(by, one, division.pk):
        raise ValidationError({"indicator": _("没有这个指标，或您没有查看它的权限。")})
    if on > today():
        raise ValidationError({"on": _("时点不能晚于今天。")})
    if not 0 < len(below) <= MOST_ROWS:
        raise ValidationError(_("下级有 %(n)s 个，只能列 1 至 %(most)s 个。") % {"n": len(below), "most": MOST_ROWS})
    places = places_of(one, decimals)
    found = _counted(one, [child.pk for child in below], on)
    told_of = {
        child.pk: told(figure, places)
        for child in below
        if (figure := found.get(child.pk)) is not None and figure.value is not None
    }
    if not told_of:
        raise ValidationError(_("这一天没有一个下级有这项数据。请换一个时点或范围。"), code="no_value")
    made = [
        LiveFigure.objects.create(
            reply=held, indicator=indicator, division=child, on=on, decimals=places, inserted=told_of[child.pk],
            inserted_by=by,
        )
        for child in below
        if child.pk in told_of
    ]  # fmt: skip
    tokens = {figure.division_id: f"[[{figure.pk}]]" for figure in made}
    column = {_("地区"): str(one.label)} | {child.label: tokens.get(child.pk, "—") for child in below}
    _put_column(held, section, column)
    return made


def _put_column(held: Reply, section: int | None, column: Mapping[str, str]) -> None:
    """Adds a column to the table in hand if its rows are these places; else a new table stands behind it."""
    there = sections_of(held)
    chosen = next((one for one in there if one.pk == section), None)
    rows = chosen.text.splitlines() if chosen is not None and chosen.level == TABLE else []
    if [row.split("|")[0].strip() for row in rows] == list(column):
        text = "\n".join(f"{row} | {cell}" for row, cell in zip(rows, column.values(), strict=True))
        put_sections(held, [Written(one.pk, one.level, text if one.pk == section else one.text) for one in there])
    else:
        text = "\n".join(f"{name} | {cell}" for name, cell in column.items())
        place(held, section, [ReplySection(level=TABLE, text=text)])


def _counted(one: Indicator, codes: list[str], on: date) -> dict[str, Figure]:
    """The figure of some places by code; ValidationError with the reason where the day cannot be had."""
    try:
        found = counted_at([one], codes, on)
    except TooManyRows as error:
        raise ValidationError({"on": str(error)}, code="no_value") from error
    return {code: figures[one.key] for code, figures in found.items() if one.key in figures}


def _put_token(held: Reply, section: int | None, at: int | None, token: str) -> None:
    there = sections_of(held)
    chosen = section if section is not None or not there else there[-1].pk
    written = [
        Written(one.pk, one.level, _with(one.text, at, token) if one.pk == chosen else one.text) for one in there
    ]
    if chosen not in {one.pk for one in there}:
        written.append(Written(None, 0, token))
    put_sections(held, written)


def _with(text: str, at: int | None, token: str) -> str:
    """The text with the token where the cursor was, never inside another token."""
    place = len(text) if at is None or not 0 <= at <= len(text) else at
    inside = next((found.end() for found in TOKEN.finditer(text) if found.start() < place < found.end()), place)
    return text[:inside] + token + text[inside:]


@action
def refresh_figure(*, reply: Reply, version: int, figure: int, indicators: Mapping[str, Indicator], by) -> LiveFigure:
    """Brings a figure up to date: one of its own day as of today, one of an earlier day as counted now.

    Until signature, by the unit; before signature also by who signs. Raises `Stale` or ValidationError.
    """
    held = _refreshable(reply, version, by)
    row = LiveFigure.objects.select_for_update(of=("self",)).filter(reply=held, pk=figure).first()
    if row is None:
        raise ValidationError(_("这份答复里没有这个指标。"))
    day = today() if is_current(row) else row.on
    one = indicators.get(row.indicator)
    found = counted([one], row.division_id, day).get(row.indicator) if one else None
    if found is None or found.value is None:
        raise ValidationError(
            _("现在取不到这个指标的数据，不能更新。可以从正文中删去，或说明理由后保留。"), code="no_value"
        )
    row.inserted, row.on, row.inserted_by, row.inserted_at = told(found, row.decimals), day, by, _moment(row, day)
    row.save(update_fields=["inserted", "on", "inserted_by", "inserted_at"])
    return row


def _moment(row: LiveFigure, day: date):
    """A figure of an earlier day stays one: only then does the moment of insertion move on."""
    return timezone.now() if is_current(row) or day < today() else row.inserted_at


def _refreshable(reply: Reply, version: int, by) -> Reply:
    handling = reply.handling
    signing = handling.stage == Stage.SIGNATURE and is_regular(reply) and course.may_act(by, handling, stages.LEADER)
    held = held_reply(reply, by, stages.LEADER if signing else stages.UNIT)
    if not (may_write(held) or held.handling.stage in stages.WRITING):
        raise ValidationError(_("答复不在起草或审核中，指标不能再更新。"), code="stage")
    claim_row(held, version)
    return held


@action
def remove_figure(*, reply: Reply, version: int, figure: int, by) -> None:
    """Takes a figure out of the answer and of its text. Raises `Stale` or ValidationError."""
    held = writable(reply, version, by)
    LiveFigure.objects.filter(reply=held, pk=figure).delete()
    cut = lambda text: TOKEN.sub(lambda token: "" if int(token[1]) == figure else token[0], text)  # noqa: E731
    put_sections(held, [Written(one.pk, one.level, cut(one.text)) for one in sections_of(held)])
