"""The guard against lost updates: whoever writes names the version they have seen."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from workforce.models import Person


class Stale(ValidationError):
    """Somebody else changed the person since the form was opened."""

    def __init__(self, sentence: str = ""):
        super().__init__(sentence or _("这名人员的信息刚被其他人修改过。请查看最新内容后再保存。"), code="stale")


def claim(person: Person, version: int) -> None:
    """Takes the next version of the person, or raises `Stale` when the reader's version is not the present one."""
    if not Person.objects.filter(pk=person.pk, version=version).update(version=F("version") + 1):
        raise Stale
    person.version = version + 1


def claim_row(row: models.Model, version: int) -> None:
    """The same for any other row that carries a version of its own, such as a training class or an award."""
    if not type(row)._default_manager.filter(pk=row.pk, version=version).update(version=F("version") + 1):
        raise Stale(_("这条记录刚被其他人修改过。请查看最新内容后再保存。"))
    row.version = version + 1
