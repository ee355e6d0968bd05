"""What an operation of the REST interface is, declared in one place: rights, parameters, body, words and example.

Permissions, parameters, the OpenAPI document and the tests all read this declaration.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from portal.core.accounts.roles import Perm, Scope
from portal.core.web.filters import Parameter


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One action of a viewset.

    `scope` is asked of the token and `perm` of its user, `perm` also by `.for_user`; without both any token will do.
    `sheet_perm` is asked instead of `perm` when a list is wanted as csv or xlsx. `example` is a row or a record,
    `body` the serializer of the request body. `guarded` says that If-Match is understood, `must_match`
    that a change without it is refused (428). `status` is that of success: 202 where the work goes on after the answer.
    `multipart` bodies come as multipart/form-data; `produces` is the media type of an answer that is a file,
    several with ", " between them where the caller chooses.
    `or_status` is a second one: 200 beside 201 where what is brought may be there already.
    `refusals` are further statuses it may answer: 404 where the body names something that may be missing.
    """

    summary: str | Promise
    description: str | Promise
    scope: Scope | None = None
    perm: Perm | None = None
    sheet_perm: Perm | None = None
    parameters: tuple[Parameter, ...] = ()
    body: type | None = None
    body_example: dict[str, Any] = field(default_factory=dict)
    example: Any = None
    guarded: bool = False
    must_match: bool = False
    status: int = 200
    or_status: int | None = None
    multipart: bool = False
    produces: str = ""
    refusals: tuple[int, ...] = ()
