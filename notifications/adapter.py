"""allauth speaks through our own messages: a row due now, sent by the worker, wiped when sent."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.references import sign_in_name
from accounts.search import keep_in_step
from accounts.secrets import shut
from notifications import workflow


class AccountAdapter(DefaultAccountAdapter):
    """The same row is written for a known and for an unknown address, so neither answers slower."""

    @transaction.atomic
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        secrets = {name: value for name, value in context.items() if isinstance(value, str)}
        workflow.owe_sign_in_mail(
            email,
            key=f"sign_in:{uuid4()}",
            template=template_prefix,
            sealed=shut(json.dumps(secrets)),
            at=timezone.now(),
        )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        saved: User = super().save_user(request, user, form, commit)
        if commit:
            keep_in_step(saved)
        return saved

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Not from the address: the sign-in name is shown to staff, and a mailbox may change."""
        user.sign_in_name = user.sign_in_name or sign_in_name()
