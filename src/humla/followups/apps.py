"""The Django app of `humla.followups`."""

from django.apps import AppConfig


class FollowUpsConfig(AppConfig):
    name = "humla.followups"
