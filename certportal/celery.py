"""The Celery application; what it runs on a schedule stands in `settings.py`."""

import os

from celery import Celery

from certportal import files_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "certportal.settings")

files_broker.use()
app = Celery("certportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
