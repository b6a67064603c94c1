"""Pictures for the user guide, taken while people walk.

HUMLA_PICTURES=1 ./humla test -k "thread or samsip or secrecy"

Without the flag nothing is written, so that a test run never changes a file that stands in the repository.
"""

import os
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page

from humla.ops import install

FOLDER = install.ROOT / "docs" / "handbok" / "bilder"
TALLEST = 1500
LARGEST = 200_000
ABOVE = 24


def take(page: Page, name: str, *, at: str = "") -> None:
    """The page as it stands, from its top or from a place on it, small enough to lie in the repository."""
    if os.environ.get("HUMLA_PICTURES") != "1":
        return
    # What has the focus would stand in the picture with its ring.
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0) }")
    width = page.viewport_size["width"] if page.viewport_size else 1280
    box = page.locator(at).first.bounding_box() if at else None
    top = max(0, int(box["y"]) - ABOVE) if box else 0
    height = min(TALLEST, page.evaluate("() => document.documentElement.scrollHeight") - top)
    whole = page.screenshot(
        full_page=True, animations="disabled", clip={"x": 0, "y": top, "width": width, "height": height}
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(_small(whole))


def _small(png: bytes) -> bytes:
    """As few colours as it takes."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        kept = BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= LARGEST:
            break
    return kept.getvalue()
