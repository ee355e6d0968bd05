"""Acts on one record over REST: a POST below its address, with the same action and the same conditions as the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.urls import reverse
from rest_framework.response import Response

from portal.core.web import conditional
from portal.core.web.problems import ProblemError, at_pointer
from portal.core.web.serializers import BodySerializer

# What an action says of somebody who may read here and not do this.
_NOT_THEIRS = {"stranger", "not_allowed"}


def problem_of(error: ValidationError, names: Mapping[str, str] | None = None) -> ProblemError:
    """What does not fit the body stands by its member (400); what the record does not allow is a conflict (409).

    `names` are those of the action's facts that the body calls otherwise.
    """
    if not hasattr(error, "error_dict"):
        status = 403 if _NOT_THEIRS & {one.code for one in error.error_list} else 409
        return ProblemError(status, " ".join(error.messages))
    told = [
        at_pointer([(names or {}).get(name, name)], sentence)
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    ]
    return ProblemError(400, " ".join(error.messages), slug="invalid-content", errors=told)


def faulty(name: str, sentence: str) -> ProblemError:
    """A member of the body that names something that is not there."""
    return ProblemError(400, sentence, slug="invalid-content", errors=[at_pointer([name], sentence)])


def tried(act: Callable, **arguments):
    """What the action returns; its refusal as a problem. A record read and then not found is not for the caller to change."""
    try:
        return act(**arguments)
    except ObjectDoesNotExist as error:
        raise ProblemError(403) from error
    except ValidationError as error:
        raise problem_of(error) from error


class ActMixin:
    """Acts of a viewset. Rows carry a version; the answer is the record as it stands afterwards."""

    def given(self) -> dict[str, Any]:
        """The body, as the operation declares it."""
        body: BodySerializer = self.operation.body(data=self.request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def seen(self) -> tuple[Any, dict[str, Any]]:
        """The record that the address names, in the state that the caller has read (If-Match), and the body."""
        held = self.get_object()
        given = self.given()
        conditional.require_match(self.request, conditional.state_of(held), obligatory=self.operation.must_match)
        return held, given

    def take(self, act: Callable, name: str) -> Response:
        """Takes an act on the record, which the action calls `name`."""
        held, given = self.seen()
        tried(act, **{name: held}, version=held.version, by=self.request.user, **given)
        return self.told()

    def told(self) -> Response:
        """The record as it stands now."""
        return Response(self.represent([self.get_object()])[0])

    def made(self, row, route: str) -> Response:
        """A record that has come into being, and where it is read."""
        answer = Response(self.represent([self.get_queryset().get(pk=row.pk)])[0], status=201)
        answer["Location"] = self.request.build_absolute_uri(reverse(route, args=[row.pk]))
        return answer
