"""Who may write: the office of the place, by its own permission; pages offer a write only to those who may do it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm


def refuse_stranger(by, code: str, perm: str = Perm.MANAGE_PROPOSALS) -> None:
    """Raises ValidationError where the user does not hold the permission at the place; None is the portal itself."""
    if by is not None and not by.can(perm, code):
        raise ValidationError(_("您没有在这里管理提案的权限。请与本级督查室联系。"), code="not_allowed")
