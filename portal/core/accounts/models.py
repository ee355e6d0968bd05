import hashlib
import secrets

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value, functions
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import PERMISSIONS, READING, Role, Scope
from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username=username)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person who logs in. Rights come from grants alone; an account without grants sees nothing.

    `division` says only whose account it is: who may manage it, whose auditors see its log-ins. No division means the
    whole country. A session that began before `sessions_ended_at` is over. `mail_digest` is the user's own choice.
    """

    username = models.CharField(
        _("用户名"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()], db_collation="C"
    )
    name = models.CharField(_("姓名"), max_length=60)
    department = models.CharField(_("单位"), max_length=100, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True, default="", db_default="")
    mail_digest = models.BooleanField(_("每日邮件"), default=True, db_default=True)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("所属区划"), null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), default=timezone.now)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    initial_password_expires_at = models.DateTimeField(null=True, blank=True)
    sessions_ended_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def _grants(self) -> list[tuple[str, str]]:
        if not self.is_active:
            return []
        return list(self.grants.values_list("role", models.functions.Coalesce("division_id", models.Value(""))))

    @property
    def home(self) -> str:
        """Code under which the audit trail files this user's acts: the own division, else the outermost territory."""
        return self.division_id or min((code for _role, code in self._grants), key=lambda c: (len(c), c), default="")

    @property
    def roles(self) -> list[str]:
        """Keys of the roles this user holds anywhere, in the order of `Role`."""
        held = {role for role, _code in self._grants}
        return [role for role in Role.values if role in held]

    def territories(self, perm: str) -> list[str]:
        """Division codes ('' = the whole country) in which this user holds `perm`, outermost only, in code order."""
        codes = sorted({code for role, code in self._grants if perm in PERMISSIONS[role]})
        return [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]

    def can(self, perm: str, code: str | None = None) -> bool:
        """Whether the user holds `perm` for the division `code`, or anywhere when no code is given."""
        held = self.territories(perm)
        return bool(held) if code is None else any(code.startswith(scope) for scope in held)

    @property
    def writes(self) -> bool:
        """Whether this user may change anything anywhere."""
        return any(PERMISSIONS[role] - READING for role, _code in self._grants)


@tracked()
class Grant(models.Model):
    """A role of a user in a territory; no division means the whole country."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("用户"), related_name="grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("范围"), null=True, blank=True, db_index=False
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.CharField(max_length=60)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "division"], name="grant_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.division_id or ''}"


@tracked(exclude=["secret", "recovery", "last_step", "failures"])
class SecondFactor(models.Model):
    """What a user shows at sign-in besides the password; without a row here the password is all that is asked.

    `secret` is what the authenticator app was given. `last_step` is the newest step whose code was accepted: no code up
    to it is accepted again. `recovery` are the recovery codes not yet used, each its first group, a colon and the hash of
    the rest. `failures` are the wrong codes in a row, from whatever address: after 20 the security administrator has to
    unlock the account.
    """

    FAILURES_ALLOWED = 20

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField()
    last_step = models.BigIntegerField()
    recovery = ArrayField(models.CharField(max_length=140))
    failures = models.PositiveSmallIntegerField(default=0)
    set_up_at = models.DateTimeField(_("设置时间"), auto_now_add=True)

    def __str__(self) -> str:
        return self.user.username


class TokenQuerySet(models.QuerySet):
    def usable(self, at):
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)

    def with_rights(self):
        """With the user and their grants: all that a REST call asks about its caller, in one query."""
        grants = Grant.objects.filter(user=models.OuterRef("user_id"))
        held = functions.Concat("role", Value(":"), functions.Coalesce("division_id", Value("")))
        return self.select_related("user").annotate(held=ArraySubquery(grants.values_list(held)))


@tracked(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """A REST token; only its SHA-256 is stored (the secret has 256 random bits), the prefix tells tokens apart.

    `PATTERN` is what scanners of source code and logs look for.
    """

    PREFIX = "cwp_"
    PATTERN = PREFIX + "[A-Za-z0-9_-]{43}"

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("前缀"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("范围"))
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(scopes__len__gt=0), name="token_has_scope")]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    @property
    def owner(self) -> User:
        """The user, who need not be asked for their grants any more; of tokens read `with_rights`."""
        self.user._grants = [tuple(grant.split(":")) for grant in self.held]
        return self.user

    @classmethod
    def new_secret(cls) -> str:
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
