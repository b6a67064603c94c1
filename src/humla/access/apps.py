"""The Django app of `humla.access`."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "humla.access"
