"""The Django app of `humla.plans`."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "humla.plans"
