"""All settings of the portal, read from the environment; a wrong value fails with a sentence that tells how to mend it."""

import ipaddress
import os
from pathlib import Path

import environ
import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from portal import embedded
from portal.core.lib import keyring
from portal.embedded import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = embedded.data_dir()
DEMO = env.bool("PORTAL_DEMO", default=False)
EMBEDDED = not env("DATABASE_URL", default="")


def _choice(name: str, default: str, allowed: set[str]) -> str:
    value = env(name, default=default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(sorted(allowed))}.")
    return value


def _secret_key() -> str:
    if key := env("SECRET_KEY", default=""):
        return key
    if EMBEDDED:
        return embedded.secret(DATA_DIR, "secret_key")
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to at least 50 random characters, for instance the output of "
        "`python -c 'import secrets; print(secrets.token_urlsafe(64))'`."
    )


def _field_keys() -> keyring.Keyring:
    text = env("FIELD_KEYS", default="")
    if not text and EMBEDDED:
        text = "local:" + embedded.secret(DATA_DIR, "field_key")
    try:
        return keyring.parse(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"FIELD_KEYS: {error}") from error


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"WEBHOOK_NETWORKS: {error}; write networks such as 10.20.0.0/16.") from error


_CONNECTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}


def _server(name: str) -> dict:
    config = env.db_url(name)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            f"{name} must name a PostgreSQL database (postgresql://user:password@host:5432/name); "
            "constraints, COPY and row history of the portal do not exist in other databases."
        )
    return config | _CONNECTIONS


def _databases() -> dict:
    primary = embedded.database(DATA_DIR) | _CONNECTIONS if EMBEDDED else _server("DATABASE_URL")
    if not env("REPLICA_URL", default=""):
        return {"default": primary}
    replica = _server("REPLICA_URL")
    replica["OPTIONS"] = {"connect_timeout": 2, "options": "-c default_transaction_read_only=on"} | replica.get(
        "OPTIONS", {}
    )
    return {"default": primary, "replica": replica | {"TEST": {"MIRROR": "default"}}}


SECRET_KEY = _secret_key()
FIELD_KEYS = _field_keys()
FIELD_CIPHER = _choice("FIELD_CIPHER", "aes", {"aes", "sm4"})
SECURITY_PROFILE = _choice("SECURITY_PROFILE", "mlps3", {"mlps3", "asvs"})
# Who must set up a second factor: on a server whoever may change anything, on one's own machine nobody.
SECOND_FACTOR = _choice(
    "SECOND_FACTOR", "optional" if EMBEDDED or DEMO else "writers", {"optional", "writers", "everyone"}
)
LEAD_DEPARTMENT = env("LEAD_DEPARTMENT", default="民政局")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Set it to the host names of the portal, for instance portal.example.gov.cn."
    )

# Database and broker -------------------------------------------------------------------------------------------------
DATABASES = _databases()
POSTGRES_PROGRAMS = postgres.candidates()  # folders with pg_dump and its like; the path comes after them
DATABASE_ROUTERS = ["portal.core.lib.replica.PrimaryOnly"]
REPLICA_MAX_LAG = env.int("REPLICA_MAX_LAG", default=5)  # seconds; a replica further behind is not read
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url(DATA_DIR)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A message of a killed worker comes back after this many seconds; it must exceed the task time limit.
    "visibility_timeout": 1800,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    **embedded.broker_options(DATA_DIR, REDIS_URL),
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "roll-tallies": {"task": "portal.roll_tallies", "schedule": crontab(minute=5)},
    "run-inspections": {"task": "portal.run_inspections", "schedule": crontab(hour=1, minute=30)},
    "catch-up": {"task": "portal.catch_up", "schedule": crontab(minute=20)},
    "make-reports": {"task": "portal.make_reports", "schedule": crontab(minute=40, hour="5-23")},
    "send-digests": {"task": "portal.send_digests", "schedule": crontab(hour=7, minute=30)},
    "deliver-notices": {"task": "portal.deliver_notices", "schedule": 60.0},
    "resume-imports": {"task": "portal.resume_imports", "schedule": 60.0},
    "resume-letters": {"task": "portal.resume_letters", "schedule": 120.0},
    "tidy-up": {"task": "portal.tidy_up", "schedule": crontab(hour=2, minute=10)},
    "seal-audit": {"task": "portal.seal_audit", "schedule": 300.0},
    "beat-heartbeat": {"task": "portal.heartbeat", "schedule": 60.0},
}

# Notices -------------------------------------------------------------------------------------------------------------
# Without EMAIL_URL (smtp+tls://user:password@mail.example.gov.cn:587) no e-mail is sent, and the pages say so.
MAIL_ON = bool(env("EMAIL_URL", default=""))
vars().update(environ.Env.email_url_config(env("EMAIL_URL", default="") or "dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="") or f"portal@{ALLOWED_HOSTS[0].lstrip('.*') or 'localhost'}"
PUBLIC_URL = env("PUBLIC_URL", default="")  # address of the portal as people type it; for links in e-mails
# Webhooks go to public https addresses only; an intranet opens plain http or networks such as 10.20.0.0/16 by name.
WEBHOOK_HTTP = env.bool("WEBHOOK_HTTP", default=False)
WEBHOOK_NETWORKS = [str(_network(text)) for text in env.list("WEBHOOK_NETWORKS", default=[])]

# Applications --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "portal",
    "portal.core",
    "workforce",
    "ratings",
    "proposals",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.web.requests.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.core.web.throttling.Gate",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.core.accounts.sessions.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    *(["portal.core.web.replica.ReplicaMiddleware"] if "replica" in DATABASES else []),
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.frame.frame",
            ],
            "builtins": ["portal.core.web.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Language and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
CELERY_TIMEZONE = TIME_ZONE

# Accounts ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_MAX_AGE_DAYS = {"mlps3": 90, "asvs": None}[SECURITY_PROFILE]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.core.accounts.passwords.LocalNamesValidator"},
    *([{"NAME": "portal.core.accounts.passwords.CharacterClassesValidator"}] if SECURITY_PROFILE == "mlps3" else []),
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]  # kept out of its records, as passwords are
AXES_DISABLE_ACCESS_LOG = True  # log-ins are in our own audit trail
AXES_CLIENT_IP_CALLABLE = "portal.core.accounts.login.client_address"
AXES_LOCKOUT_CALLABLE = "portal.core.accounts.login.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
LOGIN_FAILURES_PER_MINUTE = 30  # of one address, whatever the names; above it no password is hashed

# Transport security --------------------------------------------------------------------------------------------------
# The embedded default answers plain http on this machine; a configured database means a server behind https.
HTTPS = not EMBEDDED
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are for developers; compressing theirs alone would take most of the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
UPLOADS_DIR = DATA_DIR / "uploads"
EVIDENCE_DIR = DATA_DIR / "evidence"
# Attachments of proposals and of the task ledger, sealed likewise.
ATTACHMENT_DIR = DATA_DIR / "attachments"
# Folder with the office's own fonts for letters as PDF (仿宋, 楷体, 黑体, 小标宋); empty: those found on the system.
LETTER_FONT_DIR = env("LETTER_FONT_DIR", default="")
if LETTER_FONT_DIR and not Path(LETTER_FONT_DIR).is_dir():
    raise ImproperlyConfigured(
        f"LETTER_FONT_DIR={LETTER_FONT_DIR!r} is no folder. Name the folder with the font files."
    )
# Counters kept for every division, all at the same day: the books of each app (`portal.core.indicators.books`), those that read
# the tally of another after it.
FIGURE_BOOKS = (
    "workforce.counters.BOOK",
    "workforce.counters.allotment.BOOK",
    "ratings.counters.BOOK",
    "proposals.counters.BOOK",
)
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
IMPORT_MAX_BYTES = 40 * 1024 * 1024
EXPORTS_PER_HOUR = env.int("EXPORTS_PER_HOUR", default=30)  # lists with personal data that one user may take out

# History -------------------------------------------------------------------------------------------------------------
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pghistory.Statement

# REST ----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.core.web.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.core.web.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["portal.core.web.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "portal.core.web.schema.PortalSchema",
    "EXCEPTION_HANDLER": "portal.core.web.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": 1,
}
REST_RATE_LIMIT = env.int("REST_RATE_LIMIT", default=6_000)  # calls of one token per minute
REST_RATE_LIMIT_USER = env.int("REST_RATE_LIMIT_USER", default=2 * REST_RATE_LIMIT)  # of all tokens of one user
REST_RATE_LIMIT_ADDRESS = env.int("REST_RATE_LIMIT_ADDRESS", default=3_000)  # of an address without a valid token
REST_CONCURRENT = env.int("REST_CONCURRENT", default=2)  # of one user under way in one web process
SPECTACULAR_SETTINGS = {
    "TITLE": _("社区工作者管理平台 API"),
    "DESCRIPTION": _("社区工作者配备、名册、预警和政策，供其他系统读取。一切限于令牌账号的管理辖区。"),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": "/", "description": _("本平台")}],
    "CONTACT": {"name": _("平台管理员")},
    "TAGS": [
        {"name": "root", "description": _("接口目录")},
        {"name": "divisions", "description": _("区划")},
        {"name": "staffing", "description": _("配备情况")},
        {"name": "indicators", "description": _("指标")},
        {"name": "roster", "description": _("名册")},
        {"name": "imports", "description": _("名册导入")},
        {"name": "findings", "description": _("预警")},
        {"name": "policies", "description": _("政策规则")},
        {"name": "ratings", "description": _("星级评定")},
        {"name": "proposals", "description": _("提案和建议")},
        {"name": "reports", "description": _("定期报告和任务台账")},
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["portal.core.web.schema.tidy"],
    "SORT_OPERATION_PARAMETERS": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "COMPONENT_SPLIT_REQUEST": True,
}

# Logs ----------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.core.lib.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
