"""Reads of accounts for those who administer them."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from portal.core.accounts.models import Grant, SecondFactor, User
from portal.core.accounts.roles import Perm


def manageable(by: User) -> QuerySet[User]:
    """Accounts in the territory that `by` administers, as system or as security administrator."""
    return User.objects.for_user(by, Perm.MANAGE_ACCOUNTS) | User.objects.for_user(by, Perm.MANAGE_GRANTS)


def with_state(users: QuerySet[User], by: User) -> QuerySet[User]:
    """The accounts with `has_factor`, `locked` (by failed log-ins, from some address, or by wrong codes from anywhere) and
    the grants that lie in `by`'s territory."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    failed = AccessAttempt.objects.filter(username=OuterRef("username"), attempt_time__gte=since)
    failed = failed.values("ip_address").annotate(failures=Sum("failures_since_start"))
    grants = grants_seen_by(by).select_related("division").order_by("id")
    factor = SecondFactor.objects.filter(user=OuterRef("pk"))
    return users.annotate(
        has_factor=Exists(factor),
        locked=Q(Exists(failed.filter(failures__gte=settings.AXES_FAILURE_LIMIT)))
        | Q(Exists(factor.filter(failures__gte=SecondFactor.FAILURES_ALLOWED))),
    ).prefetch_related(Prefetch("grants", queryset=grants, to_attr="grants_shown"))


def grants_seen_by(by: User) -> QuerySet[Grant]:
    return Grant.objects.for_user(by, Perm.MANAGE_ACCOUNTS) | Grant.objects.for_user(by, Perm.MANAGE_GRANTS)


def search_accounts(
    users: QuerySet[User], q: str = "", state: str = "", role: str = "", factor: str = ""
) -> QuerySet[User]:
    """Accounts whose user name, name or department contains `q`, in the state (active, inactive) and role asked, with a
    second factor (yes) or without (no)."""
    if q:
        users = users.filter(Q(username__icontains=q) | Q(name__contains=q) | Q(department__contains=q))
    if state:
        users = users.filter(is_active=state == "active")
    if role:
        users = users.filter(Exists(Grant.objects.filter(user=OuterRef("pk"), role=role)))
    if factor:
        users = users.filter(second_factor__isnull=factor == "no")
    return users.order_by("username")
