"""The Django app of `humla.scheduling`."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "humla.scheduling"
