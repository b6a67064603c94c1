"""The Django app of `humla.representatives`."""

from django.apps import AppConfig


class RepresentativesConfig(AppConfig):
    name = "humla.representatives"
