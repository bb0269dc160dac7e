"""One page that breaks, for the page people then see."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

handler500 = "certportal.health.server_error"


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("ours")


urlpatterns = [path("broken/", broken)]
