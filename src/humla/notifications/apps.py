"""The Django app of `humla.notifications`."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "humla.notifications"
