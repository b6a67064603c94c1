"""Two people changed the same thing: the one who was later sees both texts and loses nothing."""

from django.db.models import Model


class Stale(Exception):
    """What was to be changed has been changed by somebody else meanwhile; `theirs` is how it is now."""

    def __init__(self, theirs: Model) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs
