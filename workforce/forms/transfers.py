"""Forms of moves: asking for somebody of another street, moving one's own people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.lib.text import clean
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from workforce.forms.fields import MOST_CHOICES, DayField, IdNumberField, NameField, Suggesting, TextField
from workforce.forms.worker import POST, PostFields, PostForm
from workforce.importers.places import name_key
from workforce.models import GridPost, Person
from workforce.queries.transfers import POST_KEYS, person_by_number

_NAMED = 5
_ENDINGS = (
    "社区居委会",
    "社区",
    "居委会",
    "社区居民委员会",
    "居民委员会",
    "",
)  # as registers write what people shorten
PRIVATE = {"data-private": "", "autocomplete": "off"}
REASON = _L("对方和以后查阅的人都看得到。")


class PlaceField(forms.CharField):
    """Any urban community of the country, by code, by name, or by name with the places above it: 西区 三号街道 冬雪社区.

    The communities of the user's own are offered, written so that no other can be meant.
    """

    def __init__(self, *, by, **kwargs) -> None:
        hint = _L("填 12 位社区代码，或社区名称；重名时在前面写上区和街道，用空格隔开。")
        super().__init__(widget=Suggesting(attrs={"autocomplete": "off"}), help_text=hint, max_length=120, **kwargs)
        self.widget.offered = _own(by)

    def clean(self, value) -> Division | None:
        text = clean(super().clean(value))
        if not text:
            return None
        communities = Division.objects.filter(level=Level.COMMUNITY, urban=True).in_force(today())
        found = [find_division(text, communities)] if text.isdigit() else _by_name(text.split(), communities)
        if not found or found[0] is None:
            raise ValidationError(_("没有这个社区。请核对代码或名称。"), code="community_unknown")
        if len(found) > 1:
            names = _("；").join(f"{_way(one)} {one.code}" for one in found[:_NAMED])
            sentence = _("不止一个社区叫这个名称，请填代码，或写明区和街道。例如：%(names)s")
            raise ValidationError(sentence % {"names": names}, code="community_ambiguous")
        return found[0]


def _by_name(words: list[str], communities) -> list[Division]:
    """Communities of the last name that lie in places of all the other names."""
    if not words:
        return []
    found = list(communities.filter(label=words[-1]).order_by("code")[:500])
    if not found:
        labels = [name_key(words[-1]) + ending for ending in _ENDINGS]
        found = list(communities.filter(label__in=labels).order_by("code")[:500])
    above = Division.objects.in_bulk({code for one in found for code in one.ancestor_codes})
    return [one for one in found if set(words[:-1]) <= {above[code].label for code in one.ancestor_codes}]


def _own(by) -> list[str]:
    """The communities whose roster the user keeps, each with its way from the district down; none where they are many."""
    mine = Division.objects.for_user(by, Perm.CHANGE_ROSTER).filter(level=Level.COMMUNITY, urban=True)
    found = list(mine.in_force(today()).order_by("code")[: MOST_CHOICES + 1])
    above = Division.objects.in_bulk({code for one in found for code in one.ancestor_codes[:2]})
    return [_written(one, above) for one in found] if len(found) <= MOST_CHOICES else []


def _way(one: Division) -> str:
    return _written(one, Division.objects.in_bulk(one.ancestor_codes))


def _written(one: Division, above: dict[str, Division]) -> str:
    names = [above[code].label for code in reversed(one.ancestor_codes[:2]) if not above[code].formal]
    return " ".join([*names, one.label])


class TransferForm(PostFields):
    """A street asks for somebody whose ID number it knows. Nothing on the page tells of the file."""

    valid_to = None
    name = NameField(label=_L("姓名"), max_length=60, widget=forms.TextInput(attrs=PRIVATE))
    id_number = IdNumberField(label=_L("身份证号"), help_text=_L("只用来找到此人；对方同意以前，看不到此人的档案。"))
    valid_from = DayField(
        label=_L("生效日期"), help_text=_L("在新社区任职的第一天；原任职到前一天为止。"), initial=today
    )
    reason = TextField(label=_L("调动理由"), required=False, max_length=200, help_text=REASON)

    def __init__(self, data=None, *, by, **kwargs) -> None:
        super().__init__(data, by=by, **kwargs)
        self.by = by
        self.fields["community"].label = _("调入社区")
        self.order_fields(["name", "id_number", *POST, "reason"])

    def clean(self):
        values = super().clean()
        number = self.cleaned_data.get("id_number")
        self.found = person_by_number(number.number) if number else None
        if number and self.found is None:
            self.add_error("id_number", _("名册中没有此人。请核对身份证号；新入职的，请用“新增人员”。"))
        elif number and not _works_elsewhere(self.found, self.by):
            known = _("此人已在您的名册中（%(name)s），请在其页面上办理调动。") % {"name": self.found.name}
            self.add_error("id_number", known)
        return values

    def post(self) -> dict:
        return {key: self.cleaned_data[key] for key in POST_KEYS}

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data
        place = {"division": given["community"], "effective_on": given["valid_from"]}
        return {"person": self.found, "name": given["name"], "reason": given["reason"], "post": self.post(), **place}

    def sections(self) -> list[dict]:
        parts = ((_("人员"), ("name", "id_number")), (_("新任职"), POST), (_("理由"), ("reason",)))
        found = [{"title": title, "fields": [self[k] for k in keys if k in self.fields]} for title, keys in parts]
        return [part for part in found if part["fields"]]


def _works_elsewhere(person: Person, by) -> bool:
    """Whether there is a place of the person's beyond the user's own, so that somebody else has to agree."""
    codes = {
        code for rows in (person.appointments, person.grid_posts) for code in rows.values_list("division_id", flat=True)
    }
    return not codes or not all(by.can(Perm.CHANGE_ROSTER, code) for code in codes)


class MoveForm(PostForm):
    """One's own person goes elsewhere: within the own territory at once, beyond it as a proposal."""

    valid_to = None
    ends = forms.MultipleChoiceField(
        label=_L("到前一天为止的任职"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_L("调往其他街道的，在本街道的任职全部结束，不论是否勾选。合同不变。"),
    )
    valid_from = DayField(
        label=_L("生效日期"), help_text=_L("在新社区任职的第一天；原任职到前一天为止。"), initial=today
    )
    reason = TextField(label=_L("调动理由"), required=False, max_length=200, help_text=REASON)

    def __init__(self, data=None, *, by, person, held, labels, **kwargs) -> None:
        self.by, self.held = by, {str(_key(row)): row for row in held}
        first = next((row for row in held if not isinstance(row, GridPost)), None)
        initial = {key: getattr(first, key) for key in POST_KEYS} if first else {}
        super().__init__(data, by=by, person=person, initial={**initial, "ends": list(self.held)}, **kwargs)
        self.fields["community"] = PlaceField(by=by, label=_("调入社区"))
        self.fields["community"].error_messages["required"] = _("请填写“%(label)s”。") % {"label": _("调入社区")}
        self.fields["ends"].choices = [(key, labels[key]) for key in self.held]
        self.fields["ends"].error_messages["required"] = _("请至少勾选一项；只增加任职的，请用“新增任职”。")
        self.fields["ends"].error_messages["invalid_choice"] = _("任职刚有变动，请核对后重新勾选。")
        self.order_fields(["ends", *POST, "reason"])

    @property
    def at_once(self) -> bool:
        """Whether the new place is the user's too, so that nobody else has to agree."""
        return self.by.can(Perm.CHANGE_ROSTER, self.cleaned_data["community"].pk)

    def post(self) -> dict:
        return {key: self.cleaned_data[key] for key in POST_KEYS}

    def asked(self) -> dict:
        """Arguments of the action that the place asks for."""
        given = self.cleaned_data
        common = {"person": self.person, "division": given["community"], "effective_on": given["valid_from"]}
        common["post"] = self.post()
        if self.at_once:
            return {**common, "version": given["version"], "ends": [self.held[key] for key in given["ends"]]}
        return {**common, "reason": given["reason"]}

    def sections(self) -> list[dict]:
        parts = ((_("原任职"), ("ends",)), (_("新任职"), POST), (_("理由"), ("reason",)))
        return [{"title": t, "fields": [self[k] for k in keys if k in self.fields]} for t, keys in parts]


def _key(row) -> str:
    return f"{row._meta.model_name}-{row.pk}"


def keyed(rows) -> dict[str, str]:
    """Posts and grid posts by the keys of the form, in words."""
    return {_key(row): _words(row) for row in rows}


def _words(row) -> str:
    title = row.get_role_display() if isinstance(row, GridPost) else row.title
    words = {"place": row.division.label, "title": title, "start": row.valid_from.isoformat()}
    if row.valid_to is None:
        return _("%(place)s %(title)s，%(start)s 起") % words
    return _("%(place)s %(title)s，%(start)s 至 %(end)s") % {**words, "end": last_day(row.valid_to).isoformat()}
