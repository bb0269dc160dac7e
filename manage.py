#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "certportal.settings")
    if sys.argv[1:2] == ["portal"]:
        from certportal.demonstration.environment import keep_secrets  # the settings read what it writes

        keep_secrets()
    from django.core.exceptions import ImproperlyConfigured  # after the settings are named
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        sys.exit(f"The portal cannot start: {missing}. `.env.example` explains each name.")
