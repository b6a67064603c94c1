"""Settings: one file, read top to bottom; the environment speaks only at the edges.

What differs between machines comes in through the environment (`docs/drift.md`); nothing here turns
behaviour on or off except `HUMLA_DEMO`, which only the embedded database of `./humla run` sets.
"""

import json
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf.locale import LANG_INFO

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "humla"
VAR = Path(os.environ.get("HUMLA_VAR", ROOT / "var"))

DEMO = os.environ.get("HUMLA_DEMO") == "1"
PUBLIC_URL = os.environ.get("HUMLA_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https:") or os.environ.get("HUMLA_HTTPS") == "1"

# Keys never stand in the database. Without a file only commands that touch no person run (check, docs).
HUMLA_KEYS_FILE = os.environ.get("HUMLA_KEYS", "")
HUMLA_KEYS_READ_AT = os.stat(HUMLA_KEYS_FILE).st_mtime_ns if HUMLA_KEYS_FILE else 0
HUMLA_KEYS_DATA: dict[str, object] = json.loads(Path(HUMLA_KEYS_FILE).read_text()) if HUMLA_KEYS_FILE else {}
SECRET_KEY = str(HUMLA_KEYS_DATA.get("django", "no-keys-file-given-so-nothing-is-signed-with-this"))

DEBUG = False
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
    "csp",
    "humla.core",
    "humla.audit",
    "humla.accounts",
    "humla.organisation",
    "humla.people",
    "humla.drafts",
    "humla.notifications",
    "humla.links",
    "humla.agreements",
    "humla.cases",
    "humla.protection",
    "humla.access",
    "humla.initiations",
    "humla.representatives",
    "humla.consents",
    "humla.consultations",
    "humla.disclosures",
    "humla.meetings",
    "humla.scheduling",
    "humla.evidence",
    "humla.letters",
    "humla.plans",
    "humla.followups",
    "humla.ops",
    "humla.web",
]

MIDDLEWARE = [
    "humla.web.headers.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "humla.web.limits.limits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "humla.web.speech.speech",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "humla.web.jinja.environment"},
    },
    {  # Only allauth's own confirm and error pages.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]


def _database(url: str) -> dict[str, object]:
    """A PostgreSQL address, by socket (?host=/folder) or TCP, as Django wants it."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "humla",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(query.pop("port", None) or parts.port or ""),
        "CONN_MAX_AGE": None,
        # Planning costs more than running under row policies: prepare at the first use.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1, **query},
    }


# Only ./humla's own installation step acts as the owner; web, worker and tests are the limited role.
_as_owner = os.environ.get("HUMLA_AS_OWNER") == "1"
_url = os.environ.get("DATABASE_OWNER_URL" if _as_owner else "DATABASE_URL", "")
DATABASES = {"default": _database(_url or "postgresql://humla_app@/humla")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

AUTH_USER_MODEL = "accounts.Account"
# Fields are drawn by Django; its Jinja2 templates draw them at half the cost of its own.
FORM_RENDERER = "django.forms.renderers.Jinja2"

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGES = [
    ("sv", "Svenska"),
    ("sv-lattlast", "Lättläst svenska"),
    ("en", "English"),
    ("ar", "العربية"),
]
# Languages that Django does not know of: how they are called, and where their writing begins.
LANG_INFO.update(
    {
        code: {"bidi": code == "prs", "code": code, "name": name, "name_local": local}
        for code, name, local in [
            ("sv-lattlast", "Easy Swedish", "lättläst svenska"),
            ("so", "Somali", "Soomaali"),
            ("ti", "Tigrinya", "ትግርኛ"),
            ("prs", "Dari", "دری"),
        ]
    }
)
LANGUAGES_BIDI = ["ar", "he", "fa", "ur", "prs"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_MAX_AGE = 31_536_000

# Signing in. allauth runs the OpenID Connect flow and nothing else: no accounts or passwords of its own.
AUTHENTICATION_BACKENDS: list[str] = []
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_ADAPTER = "humla.accounts.adapter.SignInAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # [] counts as unset: a critical check that also stops migrate
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
OIDC_URL = os.environ.get("HUMLA_OIDC_URL", "")
OIDC_ISSUER = os.environ.get("HUMLA_OIDC_ISSUER", OIDC_URL)
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "e-legitimation",  # stands in the URL; means exactly one issuer
                "name": "e-legitimation",
                "client_id": os.environ.get("HUMLA_OIDC_CLIENT", "humla"),
                "secret": os.environ.get("HUMLA_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_URL, "issuer": OIDC_ISSUER},
            }
        ],
    }
}
# What the identity provider may call the levels that we accept, and our word for each.
SIGNIN_LEVELS = {
    "loa3": "loa3",
    "loa4": "loa4",
    "http://id.elegnamnden.se/loa/1.0/loa3": "loa3",
    "http://id.elegnamnden.se/loa/1.0/loa4": "loa4",
}
SIGNIN_NUMBER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
SIGNIN_COOKIE = "__Host-humla_session" if HTTPS else "humla_session"
SIGNIN_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else []
SIGNIN_SESSION_LENGTH = timedelta(hours=10)
SIGNIN_SESSION_IDLE = timedelta(minutes=30)  # enforced by enter() in the walls

# Django's own session holds only a sign-in under way (state, verifier, nonce): ten minutes, under /logga-in/.
SESSION_COOKIE_NAME = "__Secure-humla_flow" if HTTPS else "humla_flow"  # __Host- would be sent to every page
SESSION_COOKIE_AGE = 600
SESSION_COOKIE_PATH = "/logga-in/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_COOKIE_NAME = "__Host-humla_csrf" if HTTPS else "humla_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "humla.web.errors.expired_form"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "report-uri": ["/sidfel/"],
        "report-to": ["sidfel"],
    }
}

# Mail. Without a server a demonstration shows its letters on a page of its own (they count as sent), and a
# real installation lets them wait: nothing is thrown away. smtp:// means STARTTLS unless it says ?tls=no.
_smtp = urlsplit(os.environ.get("SMTP_URL", ""))
EMAIL_HOST = _smtp.hostname or ""
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp" and parse_qs(_smtp.query).get("tls") != ["no"]
EMAIL_PORT = _smtp.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST or not DEMO else 'dummy'}.EmailBackend"
MAIL_LEAVES = bool(EMAIL_HOST) or DEMO
# One-time codes are laid here for the gateway that sends texts. Without it no letter has an opening link.
SMS_FOLDER = os.environ.get("SMS_FOLDER", "")
SMS_LEAVES = bool(SMS_FOLDER) or DEMO
MAIL_FROM = os.environ.get("HUMLA_MAIL_FROM", f"Humla <humla@{urlsplit(PUBLIC_URL).hostname or 'localhost'}>")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# A scan is held in memory and never laid on a disk unsealed; one that is larger does not come in at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_500_000

# A technical log has no name, number or case text: paths hold random ids, and no request body is written.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # A link is the right to answer for a unit: Django's own lines about a path would carry it.
    # And what a fault says may be what somebody wrote.
    "filters": {
        "links": {"()": "humla.web.log_lines.WithoutLinks"},
        "values": {"()": "humla.web.log_lines.WithoutValues"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links", "values"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"humla": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
