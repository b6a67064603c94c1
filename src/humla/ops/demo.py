"""`./humla demo`: loads the fictitious förbund, or the files in a folder.

Lives here: which folder, and what the command says. Not here: the loading (`loading.py`), the fictitious
people of the sign-in (`data/demo/people.json`), when `./humla run` asks for it (`supervisor.py`).
"""

import os
import sys
from pathlib import Path

from humla.ops.sentences import say

DATA = Path(__file__).resolve().parents[3] / "data"
DEMO, BESIDE = DATA / "demo", DATA / "exempel-annat-forbund"
"""The fictitious förbund, and another one beside it that sees nothing of it."""


def main(words: list[str]) -> int:
    """Load; 0 when it is loaded or was there already."""
    folder = Path(words[0]) if words else DEMO
    if not folder.exists():
        say(f"{folder} finns inte. / {folder} does not exist.")
        return 1
    _become_the_limited_role()
    from humla.ops.loading import load
    from humla.ops.reading import Refused

    try:
        say(load(folder).sentence)
    except Refused as refused:
        for fault in refused.faults:
            say(f"    {fault}")
        say("Filen är inte inläst, och inget av den är sparat. Rätta raderna ovan och läs in igen.")
        say("The file was not loaded and nothing of it was saved. Mend the lines above and load again.")
        return 1
    return 0


def _become_the_limited_role() -> None:
    """The owner's rights are for the organisation's rows alone: the cases pass the walls like anybody's."""
    import django

    os.environ.pop("HUMLA_AS_OWNER", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
