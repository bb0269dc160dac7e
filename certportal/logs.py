"""What a log may show. An address with a token opens a page to whoever reads it."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"(/(?:offers|references|employment/verify|watches|invitations|helpers|calendars)/)[^/\s\"'?#]+")
MASKED = r"\1…"


class MaskTokens(logging.Filter):
    """Django names the path of every refused request; the traceback of a broken one may too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(MASKED, record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = SECRET.sub(MASKED, record.exc_text)
        return True
