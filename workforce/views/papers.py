"""Entering and correcting certificates, registrations and hours of continuing education."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.web.access import requires
from workforce.actions import certificates
from workforce.enums import CertificateLevel
from workforce.forms.certificates import CertificateForm, EducationForm, RegistrationForm
from workforce.forms.judged import VersionedForm
from workforce.models import Certificate, ContinuingEducation, Person, Registration
from workforce.views.answers import attempt, form_page
from workforce.views.posts import done, person_or_404


@dataclass(frozen=True)
class Paper:
    """What a person can hold, with its form and its acts; `add` is None where it belongs to something else."""

    model: type
    form: type[VersionedForm]
    label: str | Promise
    change: Callable
    add: Callable | None = None


PAPERS = {
    "certificate": Paper(
        Certificate,
        CertificateForm,
        gettext_lazy("证书"),
        change=certificates.change_certificate,
        add=certificates.add_certificate,
    ),
    "registration": Paper(
        Registration, RegistrationForm, gettext_lazy("证书登记"), change=certificates.change_registration
    ),
    "education": Paper(
        ContinuingEducation,
        EducationForm,
        gettext_lazy("继续教育"),
        change=certificates.change_education,
        add=certificates.add_education,
    ),
}


def _save(
    request: HttpRequest, person: Person, form: VersionedForm, title: str, act: Callable, of: dict
) -> HttpResponse:
    """Runs the act of a valid form, else shows the form."""
    if form.is_valid() and attempt(form, act, **of, **form.cleaned_data, by=request.user):
        return done(request, person.pk, _("已保存：%(title)s。") % {"title": title})
    draft = f"{request.path}-{person.version}"
    return form_page(request, "workforce/record_form.html", form, title=title, person=person, draft=draft)


@requires(Perm.CHANGE_ROSTER)
@never_cache
def paper_new(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Enters a certificate or hours of a person."""
    paper, person = PAPERS.get(kind), person_or_404(request, pk)
    if paper is None or paper.add is None:
        raise Http404
    form = paper.form(request.POST or None, person=person)
    return _save(request, person, form, _("登记%(what)s") % {"what": paper.label}, paper.add, {"person": person})


@requires(Perm.CHANGE_ROSTER)
@never_cache
def paper_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Corrects a certificate, a registration or hours."""
    paper = PAPERS.get(kind)
    if paper is None:
        raise Http404
    rows = paper.model.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("person")
    record = get_object_or_404(rows, pk=pk)
    form = paper.form(request.POST or None, person=record.person, initial=paper.form.initial_of(record))
    title = _("更正%(what)s") % {"what": paper.label}
    return _save(request, record.person, form, title, paper.change, {"record": record})


@requires(Perm.CHANGE_ROSTER)
@never_cache
def registration_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enters a first or renewed registration of a certificate."""
    rows = Certificate.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("person")
    held = get_object_or_404(rows.exclude(level=CertificateLevel.LOCAL), pk=pk)
    form = RegistrationForm(request.POST or None, person=held.person)
    title = _("%(level)s证书登记") % {"level": held.get_level_display()}
    return _save(request, held.person, form, title, certificates.add_registration, {"certificate": held})
