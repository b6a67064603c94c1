"""The Django app of `humla.core`."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "humla.core"
