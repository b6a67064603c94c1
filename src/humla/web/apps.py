"""The Django app of `humla.web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "humla.web"
