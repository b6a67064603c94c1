"""The Django app of `humla.ops`."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "humla.ops"
