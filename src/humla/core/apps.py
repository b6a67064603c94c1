"""The Django app of `humla.core`."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "humla.core"

    def ready(self) -> None:
        from humla.core.instants import read_quickly

        read_quickly()
