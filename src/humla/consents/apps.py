"""The Django app of `humla.consents`."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "humla.consents"
