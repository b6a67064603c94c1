"""The Django app of `humla.drafts`."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "humla.drafts"
