"""Writes test/fixtures/images/* and golden/load.json.gz: small pictures of every kind, and what the reference loader sees.

    python test/parity/make_image_fixtures.py

For each file: Pillow's mode; the size and pixels (base64) after `Image.open` and qwen-vl-utils' `to_rgb`; and size and
SHA-256 (first 16 digits) of what `fetch_image` returns for the limits in LIMITS; or the error's name where the reference
refuses. Pillow 13, qwen-vl-utils 0.0.14.
"""

import base64
import gzip
import hashlib
import json
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageCms
from qwen_vl_utils.vision_process import fetch_image, to_rgb

HERE = Path(__file__).parent
OUT = HERE.parent / "fixtures/images"
LIMITS = {"min_pixels": 4 * 28 * 28, "max_pixels": 8 * 28 * 28}
WIDTH, HEIGHT = 37, 29

rng = np.random.default_rng(7)
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
scene = np.stack([x * 255 // WIDTH, y * 255 // HEIGHT, (x + y) * 255 // (WIDTH + HEIGHT)], -1).astype(np.uint8)
scene[5:15, 8:20] = [200, 30, 40]
scene[18:25, 22:33] = [20, 180, 220]
noise = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
alpha = ((x * 11 + y * 5) % 256).astype(np.uint8)
alpha[:4], alpha[-4:] = 0, 255
noise16 = rng.integers(0, 65536, (HEIGHT, WIDTH, 3))
alpha16 = rng.integers(0, 65536, (HEIGHT, WIDTH, 1))
grey16 = rng.integers(0, 65536, (HEIGHT, WIDTH))
grey16[:10] = np.arange(WIDTH) * 9

rgb, noisy = Image.fromarray(scene), Image.fromarray(noise)
rgba = Image.fromarray(np.dstack([noise, alpha]))
grey = rgb.convert("L")
grey_alpha = Image.merge("LA", [grey, Image.fromarray(alpha)])
palette = rgb.quantize(17)
bilevel = grey.convert("1")


def save(name: str, image: Image.Image, **options) -> None:
    image.save(OUT / name, **options)


def oriented(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif


# PNG. Depths and combinations that Pillow does not write are put together by hand.
def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name: str, colour_type: int, depth: int, rows: list[bytes], extra: bytes = b"") -> None:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour_type, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    (OUT / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def packed(levels: np.ndarray, bits: int) -> list[bytes]:
    """Rows of `bits` a pixel, the first pixel in the highest bits."""
    return [np.packbits(np.unpackbits(row[:, None], axis=1)[:, 8 - bits :].ravel()).tobytes() for row in levels]


def big_endian(values: np.ndarray) -> list[bytes]:
    return [row.astype(">u2").tobytes() for row in values]


levels = noise[:, :, 0]
swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
red, green = swapped.index(b"rXYZ", 128), swapped.index(b"gXYZ", 128)
swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"

save("rgb.png", noisy)
save("rgba.png", rgba)
save("grey.png", grey)
save("grey-alpha.png", grey_alpha)
save("palette.png", palette)
save("palette-4-bits.png", rgb.quantize(9), bits=4)
save("palette-one-transparent.png", palette, transparency=3)
save("palette-opacities.png", palette, transparency=bytes([0, 100, 255, 50]))
save("bilevel.png", bilevel)
save("rgb-one-transparent.png", rgb, transparency=(200, 30, 40))
save("grey-one-transparent.png", grey, transparency=int(grey.getpixel((0, 0))))
png("grey-2-bits.png", 0, 2, packed(levels & 3, 2))
png("grey-4-bits.png", 0, 4, packed(levels & 15, 4))
png("rgb-16.png", 2, 16, big_endian(noise16.reshape(HEIGHT, -1)))
png("rgba-16.png", 6, 16, big_endian(np.concatenate([noise16, alpha16], -1).reshape(HEIGHT, -1)))
png("grey-16.png", 0, 16, big_endian(grey16))
png("grey-alpha-16.png", 4, 16, big_endian(np.dstack([grey16, alpha16]).reshape(HEIGHT, -1)))
png("rgb-16-one-transparent.png", 2, 16, big_endian(noise16.reshape(HEIGHT, -1)), chunk(b"tRNS", struct.pack(">HHH", *map(int, noise16[0, 0]))))
png("gamma.png", 2, 8, [row.tobytes() for row in noise], chunk(b"gAMA", struct.pack(">I", 100000)))
save("colour-profile.png", noisy, icc_profile=bytes(swapped))
save("orientation-6.png", noisy, exif=oriented(6))
save("animated.png", noisy, save_all=True, append_images=[rgb], duration=100)
save("animated-default-image.png", noisy, save_all=True, append_images=[rgb], default_image=True)

# JPEG
for name, subsampling in (("4-4-4", 0), ("4-2-2", 1), ("4-2-0", 2)):
    save(f"{name}.jpg", rgb, quality=80, subsampling=subsampling)
save("noise.jpg", noisy, quality=90)
save("grey.jpg", grey, quality=90)
save("progressive.jpg", rgb, quality=85, progressive=True)
save("colour-profile.jpg", rgb, quality=85, icc_profile=bytes(swapped))
for value in (3, 6):
    save(f"orientation-{value}.jpg", rgb, quality=90, exif=oriented(value))
save("cmyk.jpg", rgb.convert("CMYK"), quality=95)
adobe = (OUT / "cmyk.jpg").read_bytes()
marker = adobe.index(b"\xff\xee")
length = struct.unpack(">H", adobe[marker + 2 : marker + 4])[0]
(OUT / "cmyk-without-adobe-marker.jpg").write_bytes(adobe[:marker] + adobe[marker + 2 + length :])

# WebP
save("lossless.webp", noisy, lossless=True)
save("lossy.webp", rgb, quality=80)
save("alpha.webp", rgba, quality=80)
save("alpha-lossless.webp", rgba, lossless=True, exact=True)
save("animated.webp", rgba, save_all=True, append_images=[rgb.convert("RGBA")], lossless=True, duration=100)
save("orientation-6.webp", noisy, lossless=True, exif=oriented(6))

# GIF
save("palette.gif", palette)
save("transparent.gif", palette, transparency=3)
save("grey.gif", grey)
save("interlaced.gif", noisy.quantize(256), interlace=1)
save("animated.gif", palette, save_all=True, append_images=[rgb.quantize(9)], duration=100)
for name in ("palette", "transparent"):
    data = bytearray((OUT / f"{name}.gif").read_bytes())
    struct.pack_into("<HH", data, 6, WIDTH + 9, HEIGHT + 6)
    frame = data.index(struct.pack("<BHHHH", 0x2C, 0, 0, WIDTH, HEIGHT))
    struct.pack_into("<HH", data, frame + 1, 4, 3)
    (OUT / f"{name}-frame-smaller-than-screen.gif").write_bytes(data)

# TIFF
def tiff(name: str, data: bytes, bits: int, photometric: int, samples: int, extra: list = [], order: str = "<", big: bool = False) -> None:
    """One uncompressed strip; tags are (number, 3 for 16 or 4 for 32 bits, value or values)."""
    tags = [
        (256, 4, WIDTH), (257, 4, HEIGHT), (258, 3, [bits] * samples), (259, 3, 1), (262, 3, photometric),
        (273, 4, 16), (277, 3, samples), (278, 4, HEIGHT), (279, 4, len(data)), *extra,
    ]  # fmt: skip
    start, word = 16 + len(data), "Q" if big else "I"
    inline = struct.calcsize(word)
    overflow = start + (8 if big else 2) + len(tags) * (4 + 2 * inline) + inline
    directory, values = b"", b""
    for number, kind, value in sorted(tags):
        items = value if isinstance(value, list) else [value]
        content = struct.pack(f"{order}{len(items)}{'H' if kind == 3 else 'I'}", *items)
        if len(content) > inline:
            values, content = values + content, struct.pack(order + word, overflow + len(values))
        directory += struct.pack(f"{order}HH{word}", number, kind, len(items)) + content.ljust(inline, b"\0")
    mark = b"II" if order == "<" else b"MM"
    header = struct.pack(f"{order}HHHQ", 43, 8, 0, start) if big else struct.pack(f"{order}HI", 42, start)
    count = struct.pack(order + ("Q" if big else "H"), len(tags))
    body = mark + header
    (OUT / name).write_bytes(body.ljust(16, b"\0") + data + count + directory + bytes(inline) + values)


save("rgb.tif", noisy)
save("lzw.tif", noisy, compression="tiff_lzw")
save("deflate.tif", noisy, compression="tiff_adobe_deflate")
save("jpeg.tif", rgb, compression="jpeg")
save("group4.tif", bilevel, compression="group4")
save("rgba.tif", rgba)
save("grey-alpha.tif", grey_alpha)
save("grey.tif", grey)
save("palette.tif", palette)
save("cmyk.tif", rgb.convert("CMYK"))
save("float.tif", Image.fromarray((grey16 / 60).astype(np.float32)))
save("grey-16.tif", Image.fromarray(grey16.astype(np.uint16)))
save("pages.tif", noisy, save_all=True, append_images=[rgb])
save("ycbcr.tif", rgb.convert("YCbCr"))
for value in (2, 5, 6):
    save(f"orientation-{value}.tif", noisy, exif=oriented(value))
tiff("rgb-16.tif", noise16.astype("<u2").tobytes(), 16, 2, 3)
tiff("rgba-16.tif", np.concatenate([noise16, alpha16], -1).astype("<u2").tobytes(), 16, 2, 4, [(338, 3, 2)])
tiff("big-endian.tif", noise.tobytes(), 8, 2, 3, order=">")
tiff("big-tiff.tif", noise.tobytes(), 8, 2, 3, big=True)
tiff("white-is-0.tif", scene[:, :, 0].tobytes(), 8, 0, 1)
tiff("premultiplied.tif", np.dstack([noise // 2, alpha]).tobytes(), 8, 2, 4, [(338, 3, 1)])
tiff("fourth-channel-unknown.tif", np.dstack([noise, alpha]).tobytes(), 8, 2, 4, [(338, 3, 0)])
tiff("fourth-channel-unknown-big.tif", np.dstack([noise, alpha]).tobytes(), 8, 2, 4, [(338, 3, 0)], big=True)

# AVIF
for value in range(1, 9):
    save(f"orientation-{value}.avif", rgb, quality=90, subsampling="4:4:4", exif=oriented(value))
save("4-2-0.avif", rgb, quality=80)
save("alpha.avif", rgba, quality=90, subsampling="4:4:4")
save("grey.avif", grey, quality=90, subsampling="4:0:0")
save("animated.avif", rgb, save_all=True, append_images=[noisy], quality=90, subsampling="4:4:4")


# BMP
def bmp(name: str, bits: int, pixels: bytes, table: bytes = b"", compression: int = 0, header: int = 40, masks: bytes = b"", height: int = HEIGHT) -> None:
    colours = len(table) // 4 if header >= 40 else 0
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIIIII", header, WIDTH, height, 1, bits, compression, len(pixels), 0, 0, colours, 0)
        info = (info + masks).ljust(header, b"\0")
    offset = 14 + len(info) + len(table)
    (OUT / name).write_bytes(b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + table + pixels)


def padded(rows: list[bytes]) -> bytes:
    return b"".join(row.ljust((len(row) + 3) & ~3, b"\0") for row in rows)


def runs(rows: np.ndarray, four: bool) -> bytes:
    """Every kind of code: runs, single numbers, numbers as they are, a jump, early line ends."""
    out = b""
    for count, row in enumerate(rows):
        if count == 3:
            out += bytes([0, 0, 0, 2, 5, 1]) + bytes([WIDTH - 5, row[5] * 17 if four else row[5]]) + bytes([0, 0])
            continue
        if count == 4:
            continue  # the jump went over it
        numbers = row[:-7] if count == 6 else row
        at = 0
        while at < len(numbers):
            same = 1
            while at + same < len(numbers) and numbers[at + same] == numbers[at]:
                same += 1
            literal = numbers[at : at + 7]
            if same < 3 and len(literal) >= 3:
                if four:
                    pairs = np.append(literal, [0] * (len(literal) % 2)).reshape(-1, 2)
                    data = bytes(int(high) << 4 | int(low) for high, low in pairs)
                else:
                    data = literal.tobytes()
                out += bytes([0, len(literal)]) + data + bytes(len(data) % 2)
                at += len(literal)
            else:
                out += bytes([same, int(numbers[at]) * (17 if four else 1)])
                at += same
        out += bytes([0, 0])
    return out + bytes([0, 1])


table16 = rng.integers(0, 256, (16, 4), dtype=np.uint8)
table200 = rng.integers(0, 256, (200, 4), dtype=np.uint8)
numbers16 = np.asarray(rgb.quantize(16))[::-1]
numbers = np.asarray(palette)[::-1]
words = (noise[:, :, 0].astype(int) << 8 | noise[:, :, 1]).astype("<u2")
bgra = np.dstack([noise, alpha])[..., [2, 1, 0, 3]]
MASKS_565 = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
MASKS_BGRA = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
MASKS_ABGR = struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0xFF)
save("rgb.bmp", noisy)
save("palette.bmp", palette)
save("grey.bmp", grey)
save("bilevel.bmp", bilevel)
bmp("palette-1-bit.bmp", 1, padded(packed(levels & 1, 1)), table16[:2].tobytes())
bmp("palette-4-bits.bmp", 4, padded(packed(levels & 15, 4)), table16.tobytes())
bmp("palette-short.bmp", 8, padded([row.tobytes() for row in levels]), table200.tobytes())
bmp("rgb-555.bmp", 16, padded([row.tobytes() for row in words]))
bmp("rgb-565.bmp", 16, padded([row.tobytes() for row in words]), masks=MASKS_565, compression=3, header=52)
bmp("rgb-565-masks-after-header.bmp", 16, padded([row.tobytes() for row in words]), MASKS_565, compression=3)
bmp("rgbx.bmp", 32, bgra.tobytes())
bmp("rgba.bmp", 32, bgra.tobytes(), masks=MASKS_BGRA, compression=3, header=124)
bmp("abgr.bmp", 32, bgra.tobytes(), masks=MASKS_ABGR, compression=3, header=108)
bmp("top-down.bmp", 24, padded([row.tobytes() for row in noise]), height=-HEIGHT)
bmp("os2.bmp", 8, padded([row.tobytes() for row in levels]), rng.integers(0, 256, (256, 3), dtype=np.uint8).tobytes(), header=12)
bmp("run-lengths-8.bmp", 8, runs(numbers, False), table200.tobytes(), compression=1)
bmp("run-lengths-4.bmp", 4, runs(numbers16, True), table16.tobytes(), compression=2)

# Damaged files: the beginning of a good one.
for name in ("rgb.png", "palette.gif", "noise.jpg", "progressive.jpg", "lossless.webp", "rgb.tif", "lzw.tif", "4-2-0.avif", "rgb.bmp", "run-lengths-8.bmp"):
    data = (OUT / name).read_bytes()
    (OUT / f"cut-{name}").write_bytes(data[: len(data) * 6 // 10])


def reference(path: Path) -> dict:
    try:
        with Image.open(path) as image:
            seen = to_rgb(image)
            mode = image.mode
        resized = fetch_image({"image": str(path), **LIMITS})
    except Exception as error:
        return {"error": type(error).__name__}
    return {
        "mode": mode,
        "width": seen.width,
        "height": seen.height,
        "pixels": base64.b64encode(seen.tobytes()).decode(),
        "resized": [*resized.size, hashlib.sha256(resized.tobytes()).hexdigest()[:16]],
    }


warnings.simplefilter("ignore")
golden = {path.name: reference(path) for path in sorted(OUT.iterdir())}
(HERE / "golden/load.json.gz").write_bytes(gzip.compress(json.dumps(golden).encode(), 9, mtime=0))
for name, entry in golden.items():
    if ("error" in entry) != name.startswith("cut-"):
        print("unexpected:", name, entry.get("error"))
