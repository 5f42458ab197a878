"""Settings of the archive: safe for production as they stand; the environment says what differs.

Every variable is read by one of the typed helpers below. A value that cannot be one is refused by its name.
docs/operations.md lists the variables.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# ---- the environment ------------------------------------------------------------------------------------------


def env_text(name: str, default: str) -> str:
    """A text; empty counts as not set."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    """On or off (also 1/0, true/false, yes/no, in any case)."""
    value = env_text(name, "on" if default else "off").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: expected on or off (also 1/0, true/false, yes/no)")


def env_int(name: str, default: int, minimum: int) -> int:
    """A whole number of at least ``minimum``."""
    value = env_text(name, str(default))
    if not value.isdecimal() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number of at least {minimum}")
    return int(value)


def env_rate(name: str, default: str) -> str:
    """How often something may be done: a number a second, minute, hour or day ("20/minute"), or "off" (as "")."""
    value = env_text(name, default).lower()
    if value == "off":
        return ""
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour|day)", value):
        raise ImproperlyConfigured(f"{name}={value!r}: expected a number and a time (20/minute), or off")
    return value


def env_list(name: str, default: str) -> list[str]:
    """Names parted by commas."""
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_path(name: str, default: Path) -> Path:
    """A path; a relative one counts from the current folder."""
    return Path(env_text(name, str(default))).expanduser().resolve()


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``."""
    value = env_text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: expected one of {', '.join(choices)}")
    return value


def env_database(name: str, default: str) -> dict[str, object]:
    """A database by its address: ``sqlite:////path`` or ``postgres://user:password@host:5432/name``."""
    value = env_text(name, default)
    scheme = urlsplit(value).scheme
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name}: expected an address that begins with sqlite:// or postgres://")
    try:
        return dict(dj_database_url.parse(value))
    except (ValueError, dj_database_url.ParseError) as error:
        raise ImproperlyConfigured(f"{name}: not the address of a database ({error})") from error


def kept_secret(path: Path) -> str:
    """The secret in the file ``path``; made at random the first time, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


# ---- where things are -----------------------------------------------------------------------------------------

VAR_DIR = env_path("IMR_VAR_DIR", BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)
SEARCH_INDEX_DIR = VAR_DIR / "index"

# ---- what kind of site ----------------------------------------------------------------------------------------

DEBUG = env_bool("IMR_DEBUG", False)
# Whether the site is reached by https (directly or behind a proxy that sets X-Forwarded-Proto).
HTTPS = env_bool("IMR_HTTPS", False)
SECRET_KEY = env_text("IMR_SECRET_KEY", "") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env_list("IMR_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and not host.startswith(".")]

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "imr_archive.apps.CurationAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "corsheaders",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "determinations",  # the last one: its roles hold permissions of all the others
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "imr_archive.compression.PublicGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "determinations.api.problems.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "determinations.access.sessions.SessionsEnd",
    "determinations.access.second_factor.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "imr_archive.urls"
WSGI_APPLICATION = "imr_archive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# ---- the database ---------------------------------------------------------------------------------------------

DATABASE = env_database("DATABASE_URL", f"sqlite:///{quote(str(VAR_DIR / 'archive.sqlite3'))}")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        # Take the write lock when a transaction begins, so that two writers wait instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,  # seconds that a writer waits for another
        "init_command": (
            "PRAGMA journal_mode=WAL;"  # readers and one writer do not block each other
            "PRAGMA synchronous=NORMAL;"  # with WAL no crash of a program can damage or lose a commit
            "PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-65536;"  # 64 MiB a connection
            "PRAGMA temp_store=MEMORY;"
            "PRAGMA wal_autocheckpoint=8000;"  # pages; a long ingest writes the same pages less often
        ),
    }
else:
    DATABASE["CONN_MAX_AGE"] = env_int("IMR_DATABASE_MAX_AGE", 60, minimum=0)
    DATABASE["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- static files ---------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# ---- security -------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"

# ---- logging in -----------------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 3600 * env_int("IMR_SESSION_HOURS", 12, minimum=1)  # a curator's working day
SESSION_IDLE = 60 * env_int("IMR_SESSION_IDLE_MINUTES", 60, minimum=1)  # seconds without a page until a session ends
# Hours after which a question of the review queue that somebody has, and has not decided, is offered to others.
ASSIGNED_HOURS = env_int("IMR_ASSIGNED_HOURS", 24, minimum=1)
# Whether curators may (optional) or must (required) give a code of an authenticator app at login.
SECOND_FACTOR = env_choice("IMR_SECOND_FACTOR", "OPTIONAL", ("OPTIONAL", "REQUIRED"))
OTP_TOTP_ISSUER = "IMR Archive"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Failed logins; determinations/access/locking.py says what is counted and allows some counts more.
AXES_FAILURE_LIMIT = env_int("IMR_LOGIN_FAILURES", 5, minimum=1)
AXES_COOLOFF_TIME = timedelta(minutes=env_int("IMR_LOGIN_WAIT_MINUTES", 15, minimum=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["ip_address"], ["username"]]
AXES_HANDLER = "determinations.access.locking.Failures"
AXES_CLIENT_IP_CALLABLE = "determinations.access.locking.address"
AXES_USERNAME_CALLABLE = "determinations.access.locking.name"
AXES_LOCKOUT_CALLABLE = "determinations.access.locking.locked_out"
AXES_RESET_ON_SUCCESS = True
# Who is locked out and tries on does not wait longer for it: else a stranger could keep a curator out for good.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
AXES_ENABLE_ADMIN = False  # determinations/admin/people.py shows them, to be read
AXES_VERBOSE = False

# Pages of other sites may read what is made for programs, and nothing that belongs to a login.
CORS_URLS_REGEX = r"^/(api/|decisions\.)"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "if-modified-since", "if-none-match")
CORS_EXPOSE_HEADERS = ("Content-Disposition", "ETag", "Link", "Retry-After", "X-Total-Count")

# ---- language and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Los_Angeles"
USE_I18N = False
USE_TZ = True

# ---- limits ---------------------------------------------------------------------------------------------------

# How often one client may ask for what costs most, counted by each process of the web server for itself.
LIMITS = {
    "exports": env_rate("IMR_LIMIT_EXPORTS", "20/minute"),
    "api": env_rate("IMR_LIMIT_API", "300/minute"),
    "requests": env_rate("IMR_LIMIT_REQUESTS", "5/hour"),
    "deep_pages": env_rate("IMR_LIMIT_DEEP_PAGES", "60/minute"),
    "reports": env_rate("IMR_LIMIT_REPORTS", "10/hour"),
}
DEEP_PAGE = 50  # result pages beyond this one count as deep
EXPORTS_AT_ONCE = env_int("IMR_EXPORTS_AT_ONCE", 2, minimum=1)  # in one process of the web server
# Proxies in front of the site that each add an address to X-Forwarded-For; what stands before those is not believed.
TRUSTED_PROXIES = env_int("IMR_TRUSTED_PROXIES", 0, minimum=0)

# ---- work in the background -----------------------------------------------------------------------------------

# Whether a server starts a process for work that no visitor should wait for; else `manage.py run_jobs` has to be run.
BACKGROUND = env_bool("IMR_BACKGROUND", True)

# ---- logging --------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {
        "handlers": ["console"],
        "level": env_choice("IMR_LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
}
