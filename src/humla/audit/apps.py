"""The Django app of `humla.audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "humla.audit"
