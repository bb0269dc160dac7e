"""Signing in is allauth's; what a person may do comes from their roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class RolesBackend(AuthenticationBackend):
    """As Django's, but roles and what they allow are read in one statement: every page of somebody signed in asks."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not isinstance(user_obj, User) or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        return set(user_obj.rights) if user_obj.is_active else set()
