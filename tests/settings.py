"""The portal's settings for the tests: throw-away servers, and the two slow things made quick."""

from tests.servers import prepare_environment

prepare_environment()

from certportal.settings import *  # noqa: E402, F403  (they read the environment that was just prepared)

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
