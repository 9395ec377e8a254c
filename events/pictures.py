"""Pictures of stories: checked, made small enough for a page, freed of hidden data."""

from __future__ import annotations

import io
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000  # as declared, before anything is unpacked
LONGEST_SIDE = 1600  # pixels: a page is at most 1200 wide
MEDIA_TYPE = "image/webp"


def prepare(content: bytes) -> bytes:
    """Return a picture as WebP, upright, at most LONGEST_SIDE long, without metadata.

    Places where a photograph was taken and names in it do not leave the newsroom. Raises
    ValidationError for anything that is not a picture of FORMATS, or too large a one.
    """
    if len(content) > LARGEST_FILE:
        raise ValidationError(
            _("A picture may have at most %(most)s MB.") % {"most": LARGEST_FILE >> 20}
        )
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=FORMATS) as found:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit below
            if found.width * found.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels."))
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            plain = upright.convert("RGBA" if has_alpha else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This is not a picture that can be read: give a JPEG, PNG or WebP file.")
        ) from error
    plain.info.clear()
    file = io.BytesIO()
    plain.save(file, "WEBP", quality=82, method=4)
    return file.getvalue()
