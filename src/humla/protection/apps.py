"""The Django app of `humla.protection`."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "humla.protection"
