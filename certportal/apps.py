"""Composition root: the only package that knows every app; and the admin site in our dress."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CertportalConfig(AppConfig):
    name = "certportal"
    default = True


class AdminConfig(admin_apps.AdminConfig):
    default_site = "certportal.admin_site.PortalAdminSite"
    default = False
