"""Read QR codes in pictures that others sent, in a child process with limits on pixels, memory and time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.errors import BadInputError, OutsideError
from doorroute.sandbox import Failure, Limits, SandboxError, run_in_sandbox
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

_LIMITS: Final = Limits(memory=1_500_000_000, seconds=30.0)
_PIXELS: Final = 110_000_000  # the largest photos of phones
_FRAMES: Final = 12
_QUIET: Final = 40  # margin in pixels for a code that was cropped too tightly
_FOUND: Final = "codes.json"


def codes_in(picture: Path) -> list[str]:
    """Return the texts of the QR codes in a picture.

    Raises
    ------
    BadInputError
        `RESULTS_TOO_LARGE` or `RESULTS_UNREADABLE`, with what to send instead.
    OutsideError
        `NO_QR_READER`: the reader is not installed.
    """
    try:
        with run_in_sandbox(find_codes, str(picture.absolute()), limits=_LIMITS) as folder:
            return [str(text) for text in json.loads((folder / _FOUND).read_bytes())]
    except SandboxError as error:
        if error.reason in {Failure.TIME, Failure.MEMORY}:
            raise _too_large(picture) from error
        raise _damaged(picture) from error


def find_codes(folder: Path, name: str, /) -> None:
    """Read the picture `name`, and write the texts of its codes into `folder`; runs in the sandbox."""
    picture = Path(name)
    try:
        import zxingcpp
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise OutsideError(
            "NO_QR_READER",
            msg("Pictures of QR codes cannot be read: the package zxing-cpp is not installed."),
            msg("Install doorroute[pictures], or ask the team to save its results as a file."),
        ) from error
    Image.MAX_IMAGE_PIXELS = None  # checked below: refused instead of warned about
    texts: list[str] = []
    try:
        with Image.open(picture) as image:
            for number in range(min(getattr(image, "n_frames", 1), _FRAMES)):
                image.seek(number)
                if image.width * image.height > _PIXELS:
                    raise _too_large(picture)
                for grey in _greys(image):
                    found = [code.text for code in zxingcpp.read_barcodes(grey)]
                    texts += found
                    if found:
                        break
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise _damaged(picture) from error
    (folder / _FOUND).write_text(json.dumps(texts), encoding="utf-8")


def _greys(image: Image) -> Iterator[Image]:
    """Yield the picture in grey: on white, then on black if it is transparent, then with a margin."""
    from PIL import Image as Images
    from PIL import ImageOps

    plain = image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        seen = image.convert("RGBA")
        for paint in ("white", "black"):
            paper = Images.new("RGBA", seen.size, paint)
            paper.alpha_composite(seen)
            plain = paper.convert("L")
            yield plain
    else:
        yield plain
    for colour in (255, 0):
        yield ImageOps.expand(plain, border=_QUIET, fill=colour)


def _too_large(picture: Path) -> BadInputError:
    return BadInputError(
        "RESULTS_TOO_LARGE",
        msg("The picture {file} is too large to read.", file=picture.name),
        msg("Take a screenshot of it, or a photo with a lower resolution, and send that."),
    )


def _damaged(picture: Path) -> BadInputError:
    return BadInputError(
        "RESULTS_UNREADABLE",
        msg("The picture {file} is damaged.", file=picture.name),
        msg("Ask for it to be sent again as a file, not as a chat picture; or send a screenshot."),
    )
