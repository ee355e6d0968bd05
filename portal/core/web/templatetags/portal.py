"""Tags and filters of every template (loaded as built-ins): numbers, days, icons, status words, links."""

import functools

from django import template
from django.forms.utils import flatatt
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.lib import clock
from portal.core.web import chosen, formats, keep

register = template.Library()

SOON_DAYS = 30
STATUSES = {
    "compliant": (_("达标"), "good", "check-circle"),
    "short": (_("不足"), "warn", "exclamation-triangle-fill"),
    "no_data": (_("无数据"), "muted", "question-circle"),
    "not_in_force": (_("未生效"), "muted", "dash-circle"),
    "overdue": (_("已逾期"), "overdue", "exclamation-diamond-fill"),
    "due_soon": (_("即将到期"), "warn", "hourglass-split"),
    "open": (_("待处理"), "warn", "flag-fill"),
    "acknowledged": (_("已签收"), "info", "check-circle"),
    "resolved": (_("已消除"), "good", "check-circle-fill"),
    "planned": (_("已列计划"), "info", "calendar-event"),
    "excused": (_("暂不处理"), "muted", "moon"),
    "issued": (_("待回复"), "warn", "envelope-paper"),
    "replied": (_("待审核"), "info", "chat-square-text"),
    "returned": (_("已退回"), "warn", "arrow-return-left"),
    "closed": (_("已办结"), "good", "check-circle-fill"),
    "looked": (_("只查看"), "muted", "eye"),
    "lost": (_("中断"), "warn", "x-circle"),
    "sending": (_("发送中"), "info", "send"),
    "sent": (_("已发送"), "good", "check-circle"),
    "unclear": (_("结果不明"), "warn", "question-circle"),
    "provisional": (_("暂定"), "warn", "hourglass-split"),
    "in_force": (_("生效中"), "good", "check-circle"),
    "ended": (_("已结束"), "muted", "slash-circle"),
    "future": (_("待生效"), "info", "clock"),
    "waiting": (_("等待中"), "muted", "hourglass-split"),
    "running": (_("进行中"), "info", "arrow-repeat"),
    "ready": (_("待应用"), "info", "check-circle"),
    "done": (_("已完成"), "good", "check-circle-fill"),
    "undone": (pgettext_lazy("import", "已撤销"), "muted", "arrow-counterclockwise"),
    "failed": (_("未完成"), "warn", "x-circle"),
    "error": (_("有错误"), "warn", "exclamation-circle-fill"),
    "warning": (_("请核对"), "warn", "exclamation-triangle"),
    "new": (pgettext_lazy("import row", "新增"), "info", "plus-circle"),
    "changed": (pgettext_lazy("import row", "变更"), "info", "pencil-square"),
    "unchanged": (pgettext_lazy("import row", "无变化"), "muted", "dash"),
    "leaving": (pgettext_lazy("import row", "离开"), "warn", "person-dash"),
    "moved": (_("在其他街道任职"), "info", "arrow-repeat"),
    "outside": (pgettext_lazy("import row", "不在辖区"), "warn", "slash-circle"),
    "active": (_("启用"), "good", "check-circle"),
    "inactive": (_("停用"), "muted", "slash-circle"),
}
INPUT_CLASSES = {
    "checkbox": "check",
    "checkboxselectmultiple": "checks",
    "radioselect": "checks",
    "select": "form-select",
    "selectmultiple": "form-select",
}


def _or_no_data(text):
    return text if text is not None else format_html('<span class="nodata">{}</span>', formats.NO_DATA)


@register.filter
def num(value, places=None):
    return _or_no_data(formats.number(value, places))


@register.filter
def signed(value, places=None):
    return _or_no_data(formats.signed(value, places))


@register.filter
def ratio(value):
    """A ratio per 10,000 with two decimals, cut off: 17.996 shows as 17.99."""
    return _or_no_data(formats.number(value, 2))


@register.filter
def percent1(value):
    return _or_no_data(formats.percent(value))


@register.filter
def day(value):
    return _or_no_data(formats.day(value))


@register.filter
def day_long(value):
    return _or_no_data(formats.day_long(value))


@register.filter
def moment(value):
    return _or_no_data(formats.moment(value))


@register.filter
def duration(value):
    return formats.duration(value) or ""


def _days(value):
    """Days from today to a date; an int is taken as the days themselves."""
    return value if isinstance(value, int) else (value - clock.today()).days


@register.filter
def days_left(value):
    return "" if value is None else formats.days_left(_days(value))


@register.filter
def due_tone(value):
    """Status key of a deadline: overdue, due_soon (30 days) or empty."""
    if value is None:
        return ""
    days = _days(value)
    return "overdue" if days < 0 else "due_soon" if days <= SOON_DAYS else ""


@register.filter
def choice(row, name):
    """The word for the value of a row's field, for lists: `get_x_display` translates all choices anew for each row."""
    value = getattr(row, name)
    return _choices(type(row), name).get(value, value)


@functools.cache
def _choices(model, name):
    return dict(model._meta.get_field(name).flatchoices)


@register.filter
def styled(field):
    """A bound field's widget with the house's class for its type, so forms need no widget attributes."""
    widget = field.field.widget
    css = INPUT_CLASSES.get(field.widget_type, "form-control")
    given = widget.attrs.get("class", "")
    attrs = {"class": f"{css} {given}".strip()}
    if field.field.required and not field.use_fieldset and "required" not in widget.attrs:
        attrs["aria-required"] = "true"
    return field.as_widget(attrs=attrs)


@register.simple_tag
def options(groups):
    """What a select offers, by groups, as Django has it: its own templates take one of each for every option."""
    written = []
    for name, choices, _index in groups:
        words = ((one["value"], flatatt(one["attrs"]) if one["attrs"] else "", one["label"]) for one in choices)
        lines = format_html_join("", '\n  <option value="{}"{}>{}</option>', words)
        written.append(format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, lines) if name else lines)
    return mark_safe("".join(written))


@register.simple_tag
def icon(name, label="", css=""):
    """A picture of the icon sprite; without a label it is hidden from screen readers."""
    return _icon(name, str(label), css)


@functools.lru_cache(maxsize=1000)
def _icon(name, label, css):
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        f"icon {css}".strip(),
        named,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def gap():
    """What stands between two sentences: nothing in Chinese, a space elsewhere."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.simple_tag(takes_context=True)
def page_url(context, name, *args, **params):
    """Address of a page that keeps the chosen day, and the chosen place where the page has no argument of its own."""
    return keep.page_url(context.request, name, *args, **params)


@register.simple_tag(takes_context=True)
def figure_url(context, key, part, code):
    """The rows behind a number of a figure: `part` is numerator, denominator or a counter that its formula uses."""
    return keep.page_url(context.request, "indicator_rows", key, part=part, place=code)


@register.simple_tag(takes_context=True)
def kept_fields(context):
    """The chosen place and day as hidden inputs of a GET form."""
    pairs = keep.kept(context.request).items()
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def filter_parts(context, form, action=""):
    """The filter of a list as it is laid out, with what the reader chose in it."""
    return chosen.Parts(context.request, form, action or context.request.path)


@register.simple_tag(takes_context=True)
def csrf_field(context):
    """The hidden CSRF input; unlike `csrf_token` it also works in components included with `only`."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(context.request))


@register.simple_tag
def status_badge(key, word=""):
    """Status as word, shape and colour; `word` replaces the usual word. An unknown key shows as a quiet word."""
    label, tone, shape = STATUSES.get(key, (key, "muted", "circle"))
    # The end of the line keeps the badge apart from what follows.
    return format_html('<span class="status {}">{}{}</span>\n', tone, icon(shape), word or label)


@register.inclusion_tag("components/bar.html")
def bar(part, whole, label="", tone=""):
    """A thin bar of `part` in `whole`; with the tone `short` the missing rest is hatched, so that it prints."""
    known = part is not None and whole
    percent = max(0, min(100, int(part * 100 / whole))) if known else None
    return {"percent": percent, "label": label, "tone": tone}


@register.inclusion_tag("components/chairs.html")
def chairs(heads, required):
    """People in post and vacant seats, one picture each up to 60, and the same in words."""
    vacant = max((required or 0) - heads, 0)
    shown = min(heads, 60)
    return {"heads": heads, "gaps": vacant, "filled": range(shown), "vacant": range(min(vacant, 60 - shown))}
