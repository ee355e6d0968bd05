"""`imports/`: a roster file as a stored object, from upload over preview to applied and taken back."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.sheets import actions
from portal.core.sheets.errors import SheetError
from portal.core.sheets.exporting import TooMany
from portal.core.sheets.models import ImportBatch
from portal.core.territory.queries import find_division
from portal.core.web import conditional
from portal.core.web.idempotency import idempotent
from portal.core.web.problems import ProblemError, at_pointer
from portal.core.web.serializers import BodySerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.pages import import_files, import_work
from portal.rest.import_bodies import ApplySerializer, OptionsSerializer, UndoSerializer, UploadSerializer
from portal.rest.import_facts import with_facts
from portal.rest.import_operations import ID, IMPORTS, UUID_PATH
from portal.rest.import_rows import ImportSerializer
from workforce.importers import ROSTER

_STATUS = {"not_allowed": 403, "storage": 503}


class ImportViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "imports"
    serializer_class = ImportSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATH
    path_parameters = (ID,)
    operations = IMPORTS
    key = ("uploaded_at", "id")
    personal = True

    def get_queryset(self):
        found = self.rows_of(ImportBatch).filter(kind=ROSTER.kind).select_related("division", "uploaded_by")
        if self.action != "list":
            return found
        if division := self.division():
            found = found.under(division.code)
        return found.filter(state=self.values["state"]) if self.values["state"] else found

    def represent(self, rows: list) -> list[dict]:
        return super().represent(with_facts(rows, self.request))

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self._body(UploadSerializer)
        division = find_division(given["division"], within=import_work.offices(request.user))
        if division is None:
            raise Http404
        options = given.get("options")
        file = given["file"]
        batch = _tried(
            lambda: import_work.take_in(
                division=division,
                filename=file.name,
                content=file,
                options=_leaving(options) if options else None,
                by=request.user,
            )
        )
        return self._accepted(batch)

    @action(detail=True, methods=["post"])
    @idempotent
    def apply(self, request, *args, **kwargs) -> Response:
        batch, digest = self.get_object(), self._body(ApplySerializer).get("digest", "")
        conditional.require_match(request, conditional.state_of(batch), obligatory=not digest)
        return self._accepted(_tried(lambda: import_work.apply(batch, digest or batch.digest, request.user)))

    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, *args, **kwargs) -> Response:
        batch = self._guarded(BodySerializer)[0]
        return Response(self._told(_tried(lambda: actions.cancel(batch=batch, by=request.user))))

    @action(detail=True, methods=["post"])
    @idempotent
    def options(self, request, *args, **kwargs) -> Response:
        batch, given = self._guarded(OptionsSerializer)
        options = _leaving(given)
        return self._accepted(_tried(lambda: import_work.judge_again(batch, options, request.user)))

    @action(detail=True, methods=["post"])
    @idempotent
    def undo(self, request, *args, **kwargs) -> Response:
        batch, given = self._guarded(UndoSerializer)
        return self._accepted(_tried(lambda: import_work.undo(batch, given["rest"], request.user)))

    @action(detail=True)
    def report(self, request, *args, **kwargs) -> HttpResponse:
        return self._file(self.get_object(), lambda batch: import_files.report_of(batch, request.user))

    @action(detail=True)
    def annotated(self, request, *args, **kwargs) -> HttpResponse:
        batch = self.get_object()
        if not import_files.may_annotate(batch):
            raise Http404
        return self._file(batch, lambda batch: import_files.annotated_of(batch, request.user))

    def _file(self, batch: ImportBatch, make: Callable) -> HttpResponse:
        """The file, unless the caller has it from the same state of the import; it is then not even made."""
        tag = conditional.digest(conditional.state_of(batch), self.action, self.request.LANGUAGE_CODE)
        known = conditional.answered(self.request, HttpResponse(), tag, weak=True)
        if known.status_code == 304:
            return known
        try:
            return conditional.answered(self.request, make(batch), tag, weak=True)
        except FileNotFoundError as error:
            raise Http404 from error
        except SheetError as error:
            raise ProblemError(404, error.message) from error
        except ValidationError as error:
            raise ProblemError(503, " ".join(error.messages)) from error
        except TooMany as error:
            raise ProblemError(429, headers={"Retry-After": str(error.wait)}) from error

    def _body(self, serializer: type[BodySerializer]) -> dict:
        body = serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def _guarded(self, serializer: type[BodySerializer]) -> tuple[ImportBatch, dict]:
        """The import in the state that the caller has read, where the caller says so, and the body."""
        batch = self.get_object()
        given = self._body(serializer)
        conditional.require_match(self.request, conditional.state_of(batch), obligatory=False)
        return batch, given

    def _told(self, batch: ImportBatch) -> dict:
        batch.refresh_from_db()
        return self.represent([batch])[0]

    def _accepted(self, batch: ImportBatch) -> Response:
        address = self.request.build_absolute_uri(reverse("api-imports-detail", args=[batch.pk]))
        return Response(self._told(batch), status=202, headers={"Location": address})


def _leaving(given: dict) -> dict:
    """Options as stored; what does not go together is a fault of the body."""
    try:
        return import_work.leaving_options(given.get("leaving_on"), given.get("leaving_reason", ""))
    except ValidationError as error:
        errors = [at_pointer([name], text) for name, texts in error.message_dict.items() for text in texts]
        raise ProblemError(422, " ".join(error.messages), slug="invalid-options", errors=errors) from error


def _tried(act: Callable[[], ImportBatch]) -> ImportBatch:
    """What the act answers; what it refuses is a conflict with how things stand."""
    try:
        return act()
    except ValidationError as error:
        status = _STATUS.get(getattr(error, "code", ""), 409)
        named = (getattr(error, "params", None) or {}).get("named", ())
        errors = [at_pointer(["rest"], told) for told in named]
        raise ProblemError(status, " ".join(error.messages), errors=errors) from error
