"""Not too often: how many times one address may try before it waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Throttle:
    """Counted for each address apart, and for each page under a name of its own."""

    name: str
    tries: int = 10
    wait_seconds: int = 600

    def is_over(self, request: HttpRequest) -> bool:
        return cache.get(self._key(request), 0) >= self.tries

    def count(self, request: HttpRequest) -> None:
        key = self._key(request)
        if not cache.add(key, 1, self.wait_seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two lines
                cache.set(key, 1, self.wait_seconds)

    def _key(self, request: HttpRequest) -> str:
        return f"{self.name}:{address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """Who asks; behind our own proxy the last address it wrote, for the ones before are the asker's to invent."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and forwarded:
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
