"""Bring the groups in the database in line with the table in `certportal/roles.py`."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from certportal.roles import ROLES


class Command(BaseCommand):
    help = __doc__ or ""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        for name, role in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set([known[code] for code in role.permissions])
        User.objects.filter(groups__name__in=settings.ROLES_IN_THE_ADMIN, is_staff=False).update(is_staff=True)
        self.stdout.write(f"{len(ROLES)} roles in line.")
