"""The Django app of `humla.links`."""

from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "humla.links"
