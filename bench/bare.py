"""The control over HTTP: a bare Django application. Sign-in, CSRF, a page with a form, one row, a redirect.

Served beside the portal by the same gunicorn: `gunicorn bench.bare:application`.
"""

import os

import environ
from django.conf import settings

if not settings.configured:  # when it is served; the benchmark itself reads `Press` inside the portal's settings
    settings.configure(
        SECRET_KEY=os.environ["SECRET_KEY"],
        DATABASES={"default": environ.Env().db("DATABASE_URL")},
        INSTALLED_APPS=[
            "audit",
            "accounts",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "bench",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        AUTH_USER_MODEL="accounts.User",
        AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        ROOT_URLCONF="bench.bare",
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    import django

    django.setup()

from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils import timezone

PAGE = """<!doctype html><title>Sign up</title><form method="post">{% csrf_token %}<button>Sign up</button></form>"""


class Press(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return str(self.pk)


@login_required
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Press.objects.create(person=request.user, at=timezone.now())
        return redirect("/done/")
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("sign-up/", sign_up)]
application = get_wsgi_application()
