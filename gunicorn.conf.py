"""The web server: synchronous Django in threads. Read by gunicorn from the folder it is started in."""

import os
from typing import Any

from certportal.demonstration.environment import is_loopback

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
timeout = 60
graceful_timeout = 25
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True  # nobody else steers it
accesslog = None  # addresses hold tokens; what happened stands in the history


def on_starting(server: Any) -> None:
    """A demonstration has one password for everybody: it answers on this machine only."""
    from django.conf import settings  # the settings are read when the server starts, not when this file is

    strangers = [address for address in server.address if not is_loopback(str(address[0]))]
    if settings.DEMONSTRATION and strangers:
        raise SystemExit(f"DEMONSTRATION=1 answers on 127.0.0.1 only, not on {bind}. Set HOST=127.0.0.1.")
