"""Writes src/image/draw/label-font.ts: the glyphs of Pillow's default font as coverage masks.

Pillow draws text without a font argument in a subset of Aileron Regular (Sora Sagano, CC0 1.0) at size 10, hinted by
FreeType, with Layout.BASIC: advances are whole pixels and no pair is kerned; the script checks both. Run with Pillow:

    python scripts/make_label_font.py
"""

import json
from pathlib import Path

from PIL import Image, ImageFont

OUT = Path(__file__).parent.parent / "src/image/draw/label-font.ts"
MISSING = chr(0x10FFFF)

font = ImageFont.load_default()


def glyph(character: str) -> list:
    """[advance, left, top, width, coverage]: pixels from the pen and from the top of the text; rows in hexadecimal."""
    core, (left, top) = font.getmask2(character, "L")
    mask = Image.new("L", core.size)
    mask.im.paste(core, (0, 0, *core.size))
    box = mask.getbbox() or (0, 0, 0, 0)
    advance = font.getlength(character)
    assert advance == int(advance)
    return [int(advance), left + box[0], top + box[1], box[2] - box[0], mask.crop(box).tobytes().hex()]


missing = glyph(MISSING)
glyphs = {chr(code): glyph(chr(code)) for code in range(0x110000)}
glyphs = {character: data for character, data in glyphs.items() if data != missing}
for first in glyphs:
    for second in glyphs:
        assert font.getlength(first + second) == glyphs[first][0] + glyphs[second][0]

line_height = font.getbbox("A")[3] + 4  # ImageDraw.text's default spacing
rows = "\n".join(f"  {json.dumps(character)}: {json.dumps(data)}," for character, data in glyphs.items())
OUT.write_text(
    f"""// Written by scripts/make_label_font.py: a subset of Aileron Regular (CC0 1.0) at size 10, as Pillow renders it.

/** One glyph: pixels from the pen to the next glyph's, from the pen to the left column, from the text's top to the first
 * row, columns of the mask, and the mask's coverage (0..255), row by row in hexadecimal. */
export type GlyphData = readonly [advance: number, left: number, top: number, width: number, coverage: string];

/** Pixels from one line of text to the next. */
export const LINE_HEIGHT = {line_height};

/** Drawn for every character that the font lacks. */
export const MISSING_GLYPH: GlyphData = {json.dumps(missing)};

// biome-ignore format: one glyph a line
export const GLYPHS: Readonly<Record<string, GlyphData>> = {{
{rows}
}};
"""
)
