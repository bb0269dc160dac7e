"""One page, one set of rules."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from programs.program import looked_up_once


class RulesOnceAPageMiddleware:
    """Only for pages that show. A press may wait for its turn, and asks again when it comes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with looked_up_once():
            return self.get_response(request)
