"""The Django app of `humla.initiations`."""

from django.apps import AppConfig


class InitiationsConfig(AppConfig):
    name = "humla.initiations"
