"""Django settings. Secure by default; each variable is read from the environment and has a safe value when absent.

RESSORT_HOME            data folder (secret key, embedded database, built tables, static files)
DATABASE_URL            a PostgreSQL of one's own; absent: the embedded one
DATABASE_APP_URL        the same server, as a role that owns no table, for the pages (docs/methods/currency.md)
RESSORT_HOSTS           host names served, comma-separated (default: this machine only)
RESSORT_HTTPS           1 when people reach the site by https: secure cookies, HSTS
RESSORT_BEHIND_PROXY    1 when a proxy of one's own stands in front and sets X-Forwarded-For and -Proto
RESSORT_RATE_LIMIT      multiplies every rate limit (default 1; 0 removes them, for measurements)
RESSORT_UPLOAD_MB       largest file accepted (default 10)
RESSORT_OLD_SECRETS     secret keys used before, comma-separated: what they signed is still taken for a while
RESSORT_TILES           address of a tile basemap, `https://…/{z}/{x}/{y}.png`; absent: our boundaries only
RESSORT_MAIL_*          HOST, PORT, USER, PASSWORD, FROM; without HOST, letters are written to <data folder>/mail
"""

import os
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from ressort.reference import data_folder
from ressort.web.assets import vintage
from ressort.web.database import database_settings
from ressort.web.secret import secret_key


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


WEB = Path(__file__).parent
HOME = data_folder()
VERSION = version("ressort")

DEBUG = False
SECRET_KEY = secret_key(HOME)
SECRET_KEY_FALLBACKS = _list("RESSORT_OLD_SECRETS")
ALLOWED_HOSTS = _list("RESSORT_HOSTS", "localhost,127.0.0.1,[::1]")
HTTPS = _flag("RESSORT_HTTPS")
BEHIND_PROXY = _flag("RESSORT_BEHIND_PROXY")
RATE_LIMIT = float(os.environ.get("RESSORT_RATE_LIMIT", "1"))
UPLOAD_LIMIT_BYTES = int(float(os.environ.get("RESSORT_UPLOAD_MB", "10")) * 1_000_000)
#: largest body of a request that carries no file
FORM_LIMIT_BYTES = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = FORM_LIMIT_BYTES
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_BYTES
TILES = os.environ.get("RESSORT_TILES", "")

INSTALLED_APPS = [
    "ressort.web",
    "ressort.web.people",
    "ressort.web.territories",
    "ressort.web.diagnosis",
    "ressort.web.scenarios",
    "ressort.web.resilience",
    "ressort.web.exchanges",
    "ressort.web.energy",
    "ressort.web.currency",
    "ressort.web.association",
    "ressort.web.calls",
    "ressort.web.panel",
    "ressort.web.budget",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ressort.web.middleware.take_turns",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "ressort.web.middleware.speak",
    "ressort.web.middleware.Compress",
    "django.middleware.http.ConditionalGetMiddleware",
    "ressort.web.middleware.refuse_large_bodies",
    "ressort.web.middleware.limit_rates",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ressort.web.middleware.ExplainErrors",
]

ROOT_URLCONF = "ressort.web.urls"
WSGI_APPLICATION = "ressort.web.wsgi.application"
DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # what all workers must know together: codes already used and tries counted by allauth; few reads, none by anonymous pages
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_shared",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # fragments of pages, each worker its own
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ressort.web.pages.frame",
            ],
            "builtins": [
                "ressort.web.templatetags.wording",
                "ressort.web.diagnosis.templatetags.figures",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "ressort.web.jinja.environment", "context_processors": []},
    },
]
# Languages: French has the plain address, English the same one under /en/
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [WEB.parent / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "ressort.web.formats"
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Static files: ours and those of installed packages, hashed and compressed once at start
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static" / vintage()
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ressort.web.assets.PackagedFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ressort.web.assets.Storage"},
}
WHITENOISE_MAX_AGE = 3600

# People
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "people:profile"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "ressort.web.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
#: allauth leaves the name of a passkey in English, and tells of codes where a passkey did not sign
MFA_FORMS = {
    "login_webauthn": "ressort.web.people.passkey_forms.SignIn",
    "authenticate_webauthn": "ressort.web.people.passkey_forms.SecondFactor",
    "reauthenticate_webauthn": "ressort.web.people.passkey_forms.SignAgain",
    "add_webauthn": "ressort.web.people.passkey_forms.AddPasskey",
    "edit_webauthn": "ressort.web.people.passkey_forms.RenamePasskey",
}
MFA_TOTP_ISSUER = "Ressort"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ressort.web.faults.csrf_failure"

# Headers. Over plain http (this machine only), secure cookies would make login fail silently.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_tiles = [f"{urlsplit(TILES).scheme}://{urlsplit(TILES).netloc}"] if TILES else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *_tiles],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Letters
EMAIL_HOST = os.environ.get("RESSORT_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("RESSORT_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("RESSORT_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RESSORT_MAIL_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RESSORT_MAIL_FROM", "ressort@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nobody": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # scanners knock under every name: a line for each would fill the disk
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nobody"], "propagate": False}},
}
