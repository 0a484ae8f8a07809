"""Contact sheets: frames of a motion, drawn by the page in headless Chromium.

    python scripts/shots.py MOTION.npz --times 0.5,1.0,1.5 -o sheet.png
    python scripts/shots.py PAGE.html --take 2 --every 0.25 --until 3 --columns 6 --closeness 2.5 -o eyes.png
    python scripts/shots.py PAGE.html --page --viewport 1280x800 --theme dark --times 2.4 -o page.png

A motion may be any format that talkingeyes reads; needs Chromium and the `dev` extra (playwright, pillow).
"""

from __future__ import annotations

import argparse
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

from chromium import browser


@dataclass(frozen=True)
class Look:
    """How each frame is drawn."""

    take: int = 1
    azimuth_deg: float = 0.0
    elevation_deg: float = 0.0
    closeness: float = 1.0
    theme: str = "light"
    whole_page: bool = False
    scale: float = 1.0

    def address(self, page: Path) -> str:
        """The page's address with everything but the time."""
        settings = {
            "take": self.take,
            "azimuth": self.azimuth_deg,
            "elevation": self.elevation_deg,
            "closeness": self.closeness,
            "theme": self.theme,
            "ui": int(self.whole_page),
            "quality": "full",
        }
        return f"{page.resolve().as_uri()}#{urlencode(settings)}"


def shoot(page_path: Path, times_s: list[float], look: Look, width: int, height: int) -> list[Image.Image]:
    """One picture of the page per time.

    Raises:
        RuntimeError: the page reported an error.
    """
    errors: list[str] = []
    with browser() as chromium:
        viewport: ViewportSize = {"width": width, "height": height}
        page = chromium.new_page(viewport=viewport, device_scale_factor=look.scale, reduced_motion="reduce")
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(look.address(page_path))
        page.evaluate("() => window.talkingeyes.ready")
        page.evaluate("() => { window.talkingeyes.play(); window.talkingeyes.pause(); }")  # takes the big button away
        pictures = []
        for time_s in times_s:
            page.evaluate("t => window.talkingeyes.seek(t)", time_s)
            pictures.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    if errors:
        raise RuntimeError(f"the page reported: {errors}")
    return pictures


def sheet(pictures: list[Image.Image], labels: list[str], columns: int) -> Image.Image:
    """The pictures side by side in rows, each with its label."""
    width, height = pictures[0].size
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    canvas = Image.new("RGB", (columns * width, rows * height), "white")
    draw = ImageDraw.Draw(canvas)
    for index, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        at = (index % columns * width, index // columns * height)
        canvas.paste(picture, at)
        draw.text((at[0] + 8, at[1] + 6), label, fill="#606060")
    return canvas


def as_page(source: Path, folder: Path) -> Path:
    """The page itself, or a page written for a motion file."""
    if source.suffix == ".html":
        return source
    from talkingeyes.formats import load, save

    page = folder / "motion.html"
    save(load(source), page)
    return page


def _times(options: argparse.Namespace) -> list[float]:
    if options.times:
        return [float(part) for part in options.times.split(",")]
    count = int((options.until - options.start) / options.every + 1e-9) + 1
    return [options.start + i * options.every for i in range(count)]


def main() -> None:
    """Parse, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="a page (.html) or a motion (.npz .csv .json)")
    parser.add_argument("-o", "--output", type=Path, default=Path("sheet.png"))
    parser.add_argument("--times", help="seconds, separated by commas")
    parser.add_argument("--start", type=float, default=0.0, metavar="S")
    parser.add_argument("--every", type=float, default=0.5, metavar="S")
    parser.add_argument("--until", type=float, default=3.5, metavar="S")
    parser.add_argument("--take", type=int, default=1)
    parser.add_argument("--azimuth", type=float, default=0.0, metavar="DEG", help="camera to the side")
    parser.add_argument("--elevation", type=float, default=0.0, metavar="DEG", help="camera up")
    parser.add_argument("--closeness", type=float, default=1.0, help="2 is twice as close")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--page", action="store_true", help="the whole page instead of the avatar alone")
    parser.add_argument("--viewport", default="360x400", metavar="WxH", help="size of one picture")
    parser.add_argument("--scale", type=float, default=1.0, help="picture pixels per pixel of the page")
    parser.add_argument("--columns", type=int, default=4)
    options = parser.parse_args()
    width, height = (int(part) for part in options.viewport.split("x"))
    times = _times(options)
    look = Look(
        options.take, options.azimuth, options.elevation, options.closeness, options.theme, options.page, options.scale
    )
    with tempfile.TemporaryDirectory() as folder:
        pictures = shoot(as_page(options.source, Path(folder)), times, look, width, height)
    if len(pictures) == 1:
        pictures[0].save(options.output)
    else:
        sheet(pictures, [f"{t:.2f} s" for t in times], options.columns).save(options.output)
    print(options.output)


if __name__ == "__main__":
    main()
