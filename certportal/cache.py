"""Redis as a cache that may be away: nothing is remembered then, and no page breaks for it.

The price is that rate limits let people through for that while; `/readyz` says that the broker is away.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, TimeoutError

log = logging.getLogger(__name__)


def unless_away(otherwise: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def forgive(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def forgiving(*args: Any, **kwargs: Any) -> Any:
            try:
                return ask(*args, **kwargs)
            except (ConnectionError, TimeoutError) as trouble:
                log.warning("the cache is away (%s)", type(trouble).__name__)
                return otherwise

        return forgiving

    return forgive


class ForgivingRedisCache(RedisCache):
    """What pages and rate limits use of a cache; the rest of it still raises."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return unless_away(default)(super().get)(key, default, version)

    @unless_away(True)
    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return super().add(key, value, timeout, version)

    @unless_away(None)
    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        super().set(key, value, timeout, version)

    @unless_away(1)
    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return super().incr(key, delta, version)

    @unless_away(False)
    def delete(self, key: str, version: int | None = None) -> bool:
        return super().delete(key, version)
