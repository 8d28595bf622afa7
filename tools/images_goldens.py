"""Writes small image files of every supported kind, and Pillow's and torchvision's results for them, to
test/goldens/images/.

The files are JPEG, PNG, WebP and GIF written by Pillow, and kinds of PNG that it cannot write, by the writer below.
expected.json holds hashes: the pixels of convert("RGB"), resized images, and the output of the classification presets.
"""
import hashlib
import io
import json
import pathlib
import struct
import warnings
import zlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageOps, features
from torchvision.transforms._presets import ImageClassification
from torchvision.transforms.functional import center_crop, resize

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "images"
PRESETS = [
    dict(crop=crop, resize=size) for crop, size in ((224, 256), (224, 232), (33, 50), (64, 40))
]
OTHER_STATISTICS = dict(mean=[0.5, 0.25, 0.125], std=[0.5, 0.3, 0.7])
SIZE = (61, 45)

random = np.random.RandomState(0)


def noise(width, height, sigma):
    return random.normal(0, sigma, (height, width, 1))


def photo(width, height):
    """A landscape: a sky and a field that blend, a sun, trees and a house, and noise at several scales."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = x / width, y / height
    sky = np.stack([90 + 90 * y, 140 + 70 * y, 235 - 40 * y], 2)
    field = np.stack([60 + 60 * x, 120 - 40 * y + 30 * np.sin(9 * x), 50 + 20 * y], 2)
    ridge = 0.55 + 0.06 * np.sin(5 * x) + 0.03 * np.sin(17 * x + 1)
    blend = 1 / (1 + np.exp(-(y - ridge)[..., None] * 90))
    image = Image.fromarray(np.clip(sky * (1 - blend) + field * blend, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    at = lambda *points: [(px * width, py * height) for px, py in points]
    draw.ellipse(at((0.74, 0.08), (0.86, 0.24)), fill=(255, 240, 190))
    draw.rectangle(at((0.3, 0.5), (0.52, 0.78)), fill=(170, 90, 70))
    draw.polygon(at((0.27, 0.52), (0.41, 0.33), (0.55, 0.52)), fill=(80, 40, 45))
    draw.rectangle(at((0.35, 0.58), (0.41, 0.68)), fill=(225, 225, 170))
    for left in (0.06, 0.13, 0.62, 0.9):
        draw.rectangle(at((left + 0.02, 0.6), (left + 0.035, 0.8)), fill=(70, 50, 30))
        draw.ellipse(at((left - 0.03, 0.38), (left + 0.09, 0.66)), fill=(30, 80 + int(60 * left), 35))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7))).astype(np.float64)
    for scale, sigma in ((1, 6), (4, 4), (16, 5)):
        coarse = noise(-(-width // scale), -(-height // scale), sigma)
        pixels += np.repeat(np.repeat(coarse, scale, 0), scale, 1)[:height, :width]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def save(name, image, **options):
    image.save(HERE / name, **options)


def write(name, data):
    (HERE / name).write_bytes(data)


def adam7(samples):
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    for x, y, dx, dy in passes:
        if samples[y::dy, x::dx].size:
            yield samples[y::dy, x::dx]


def png(name, samples, depth, color_type, chunks=(), interlace=False):
    """Writes samples of any depth, rows filtered by Up and Sub in turn. Shape: (height, width, channels)."""
    height, width, channels = samples.shape

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def rows(part):
        step = max(1, channels * depth // 8)
        previous = None
        for index, row in enumerate(part):
            if depth == 16:
                raw = row.astype(">u2").tobytes()
            elif depth == 8:
                raw = row.astype(np.uint8).tobytes()
            else:
                bits = (row.reshape(-1, 1) >> np.arange(depth - 1, -1, -1)) & 1
                raw = np.packbits(bits.astype(np.uint8).reshape(-1)).tobytes()
            now = np.frombuffer(raw, np.uint8)
            if index % 2 and previous is not None:
                yield b"\2" + (now - previous).tobytes()
            else:
                shifted = np.concatenate([np.zeros(step, np.uint8), now])[: len(now)]
                yield b"\1" + (now - shifted).tobytes()
            previous = now

    parts = adam7(samples) if interlace else [samples]
    data = zlib.compress(b"".join(row for part in parts for row in rows(part)), 9)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlace))
    half = len(data) // 2
    body = [chunk(kind, content) for kind, content in chunks]
    write(
        name,
        b"\x89PNG\r\n\x1a\n"
        + b"".join([chunk(b"IHDR", header), *body, chunk(b"IDAT", data[:half]), chunk(b"IDAT", data[half:])])
        + chunk(b"IEND", b""),
    )


def jpeg_bytes(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def swapped_profile():
    """sRGB with red and blue exchanged, so that applying the profile is visible; without a timestamp."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data[:24] + bytes(12) + data[36:]
    return data.replace(b"rXYZ", b"----", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"----", b"bXYZ", 1)


def jpegs(small):
    save("photo-500x375.jpg", photo(500, 375), quality=90)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        save(f"rgb-{name}.jpg", small, quality=85, subsampling=subsampling)
    # Turned by 90 degrees without its tables of sampling factors: 2x1 becomes 1x2.
    tall = bytearray(jpeg_bytes(small, quality=85, subsampling=1))
    tall[tall.index(b"\xff\xc0") + 11] = 0x12
    write("rgb-440.jpg", bytes(tall))
    save("progressive.jpg", small, quality=80, progressive=True)
    save("restart.jpg", small, quality=80, restart_marker_rows=1)
    save("grey.jpg", small.convert("L"), quality=85)
    save("one-pixel.jpg", small.crop((9, 9, 10, 10)), quality=85)
    save("odd-17x9.jpg", small.crop((7, 5, 24, 14)), quality=85)
    save("tall-3x100.jpg", small.resize((3, 100)), quality=85)
    save("icc.jpg", small, quality=85, icc_profile=swapped_profile())
    inks = np.asarray(photo(*SIZE)).astype(np.int64)
    black = (inks.sum(2, keepdims=True) * 7 // 30) % 256
    cmyk = Image.fromarray(np.concatenate([255 - inks, black], 2).astype(np.uint8), "CMYK")
    data = jpeg_bytes(cmyk, quality=90)
    write("cmyk.jpg", data)
    marker = data.index(b"\xff\xee")
    length = struct.unpack(">H", data[marker + 2 : marker + 4])[0]
    write("cmyk-without-adobe.jpg", data[:marker] + data[marker + 2 + length :])
    # The same four channels declared to be YCCK.
    write("ycck.jpg", data[: marker + 15] + b"\2" + data[marker + 16 :])
    # Three channels declared to be RGB already.
    plain = jpeg_bytes(small, quality=85, subsampling=0)
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
    jfif = 2 + 2 + struct.unpack(">H", plain[4:6])[0]
    write("adobe-rgb.jpg", plain[:2] + adobe + plain[jfif:])
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"orientation-{orientation}.jpg", small.crop((14, 18, 33, 31)), quality=85, exif=exif)


def pngs(small):
    rgb = np.asarray(small).astype(np.int64)
    grey = np.asarray(small.convert("L")).astype(np.int64)[..., None]
    alpha = (random.randint(0, 4, (SIZE[1], SIZE[0], 1)) * 85).astype(np.int64)
    deep = lambda samples: np.clip(samples * 257 + random.randint(-120, 120, samples.shape), 0, 65535)
    indices = np.asarray(small.quantize(16)).astype(np.int64)[..., None]
    palette = bytes(small.quantize(16).getpalette()[:48])
    save("rgb.png", small, optimize=True)
    save("grey.png", small.convert("L"))
    save("palette.png", small.quantize(200))
    save("palette-transparent.png", small.quantize(200), transparency=bytes(range(0, 200)))
    save("one-bit.png", small.convert("1"))
    save("one-pixel.png", small.crop((9, 9, 10, 10)))
    save("wide-100x3.png", small.resize((100, 3)))
    exif = Image.Exif()
    exif[0x0112] = 6
    save("orientation-6.png", small.crop((14, 18, 33, 31)), exif=exif)
    save("icc.png", small.crop((0, 0, 20, 20)), icc_profile=swapped_profile())
    png("rgba.png", np.concatenate([rgb, alpha], 2), 8, 6)
    png("grey-alpha.png", np.concatenate([grey, alpha], 2), 8, 4)
    png("grey-2-bit.png", grey >> 6, 2, 0)
    png("grey-4-bit.png", grey >> 4, 4, 0)
    png("grey-16-bit.png", np.where(grey > 100, deep(grey), grey * 3), 16, 0)
    png("grey-alpha-16-bit.png", np.concatenate([deep(grey), deep(alpha)], 2), 16, 4)
    png("rgb-16-bit.png", deep(rgb), 16, 2)
    png("rgba-16-bit.png", np.concatenate([deep(rgb), deep(alpha)], 2), 16, 6)
    png("palette-1-bit.png", indices & 1, 1, 3, [(b"PLTE", palette[:6])])
    png("palette-2-bit.png", indices & 3, 2, 3, [(b"PLTE", palette[:12])])
    png("palette-4-bit.png", indices, 4, 3, [(b"PLTE", palette), (b"tRNS", bytes([0, 128, 255]))])
    png("grey-transparent.png", grey, 8, 0, [(b"tRNS", struct.pack(">H", int(grey[0, 0, 0])))])
    png("grey-2-bit-transparent.png", grey >> 6, 2, 0, [(b"tRNS", struct.pack(">H", 2))])
    png("grey-16-bit-transparent.png", deep(grey), 16, 0, [(b"tRNS", struct.pack(">H", 300))])
    png("rgb-transparent.png", rgb, 8, 2, [(b"tRNS", struct.pack(">HHH", *map(int, rgb[0, 0])))])
    png("gamma.png", rgb, 8, 2, [(b"gAMA", struct.pack(">I", 100000)), (b"sBIT", bytes([5, 6, 5]))])
    png("interlaced.png", rgb, 8, 2, interlace=True)
    png("interlaced-4-bit.png", indices, 4, 3, [(b"PLTE", palette)], interlace=True)
    png("interlaced-16-bit.png", deep(grey), 16, 0, interlace=True)
    png("interlaced-3x2.png", rgb[:2, :3], 8, 2, interlace=True)


def webps_and_gifs(small):
    rgba = Image.open(HERE / "rgba.png")
    save("lossy.webp", small, quality=80)
    save("lossless.webp", small, lossless=True)
    save("lossy-alpha.webp", rgba, quality=80)
    save("lossless-alpha.webp", rgba, lossless=True, exact=True)
    save("odd-17x9.webp", small.crop((7, 5, 24, 14)), quality=80)
    frames = [small.crop((0, 0, 30, 20)), small.crop((20, 10, 50, 30))]
    save("animated.webp", frames[0], save_all=True, append_images=frames[1:], quality=80)
    save("palette.gif", small.quantize(64))
    save("grey.gif", small.convert("L"))
    save("interlaced.gif", small.quantize(32), interlace=True)
    save("transparent.gif", small.quantize(32), transparency=5)
    save("animated.gif", frames[0].quantize(32), save_all=True, append_images=[frames[1].quantize(32)])
    # A first frame that is smaller than the screen, with and without a transparent colour around it.
    for name, source in (("offset.gif", "palette.gif"), ("offset-transparent.gif", "transparent.gif")):
        data = bytearray((HERE / source).read_bytes())
        data[6:10] = struct.pack("<HH", 70, 50)
        table = 3 << (1 + (data[10] & 7)) if data[10] & 0x80 else 0
        start = data.index(b"\x2c\0\0\0\0", 13 + table)
        data[start + 1 : start + 5] = struct.pack("<HH", 5, 3)
        write(name, bytes(data))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def rgb_of(name, transpose=False):
    with Image.open(HERE / name) as image:
        return (ImageOps.exif_transpose(image) if transpose else image).convert("RGB")


def describe(image):
    return dict(width=image.width, height=image.height, sha256=sha256(image.tobytes()))


def preset_hash(image, crop, **options):
    output = ImageClassification(crop_size=crop, **options)(image)
    assert output.dtype == torch.float32 and output.shape == (3, crop, crop)
    return sha256(output.contiguous().numpy().tobytes())


def presets(image):
    return [dict(**p, sha256=preset_hash(image, p["crop"], resize_size=p["resize"])) for p in PRESETS]


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    small = photo(*SIZE)
    jpegs(small)
    pngs(small)
    webps_and_gifs(small)

    files = {}
    for path in sorted(HERE.iterdir()):
        image = rgb_of(path.name)
        files[path.name] = dict(**describe(image), presets=presets(image))
        upright = rgb_of(path.name, transpose=True)
        if upright.tobytes() != image.tobytes() or upright.size != image.size:
            files[path.name]["upright"] = describe(upright)

    source = rgb_of("photo-500x375.jpg")
    small = rgb_of("rgb.png")
    sizes = [(341, 256), (256, 341), (500, 100), (100, 375), (501, 376), (1000, 750)]
    sizes += [(1, 1), (1, 375), (500, 1), (2000, 2), (3, 900), (17, 23)]
    shorter = [("rgb.png", 232), ("wide-100x3.png", 40), ("tall-3x100.jpg", 7), ("one-pixel.png", 31)]
    shorter += [("photo-500x375.jpg", 375)]
    crops = [(224, 224), (61, 45), (60, 44), (10, 45), (61, 7), (100, 20), (20, 100), (64, 46), (70, 70), (1, 1)]
    expected = dict(
        versions=dict(
            pillow=PIL.__version__,
            torch=torch.__version__,
            torchvision=torchvision.__version__,
            libjpeg_turbo=features.version_feature("libjpeg_turbo"),
            webp=features.version_module("webp"),
            zlib=features.version_codec("zlib"),
        ),
        files=files,
        resized=[describe(source.resize(size, Image.BILINEAR)) for size in sizes],
        resizedBy=[
            dict(filter=name.lower(), **describe(source.resize(size, getattr(Image, name))))
            for name in ["BOX", "HAMMING", "BICUBIC", "LANCZOS"]
            for size in [(341, 256), (256, 341), (1000, 750), (3, 900), (17, 23), (1, 1)]
        ],
        resizedShorterSide=[
            dict(file=name, size=size, **describe(resize(rgb_of(name), size))) for name, size in shorter
        ],
        centerCropped=[describe(center_crop(small, [height, width])) for width, height in crops],
        otherStatistics=dict(
            **OTHER_STATISTICS, sha256=preset_hash(source, 224, resize_size=256, **OTHER_STATISTICS)
        ),
    )
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    total = sum(path.stat().st_size for path in HERE.iterdir())
    print(f"{len(files)} images, {total} bytes")


main()
