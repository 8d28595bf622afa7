"""Damages the images of test/goldens/images/ in many ways, and writes what Pillow makes of each to damaged.json there.

A row is [kind, file, edits, verdict]. An edit [from, to, base64] replaces bytes; edits are made in order. The verdict is null
where Pillow refuses the file, or the width, the height and the first 16 digits of the hash of the pixels of convert("RGB").
With a number and a path it draws other damage, so many times as much, and writes it there.
"""
import base64
import hashlib
import io
import json
import pathlib
import random
import struct
import sys
import warnings
import zlib

from PIL import Image

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "images"
SIGNATURE = 8

PNGS = """rgb.png grey.png palette.png palette-transparent.png one-bit.png rgba.png grey-alpha.png grey-2-bit.png
grey-4-bit.png grey-16-bit.png grey-alpha-16-bit.png rgb-16-bit.png palette-1-bit.png palette-2-bit.png palette-4-bit.png
grey-transparent.png rgb-transparent.png interlaced.png interlaced-4-bit.png interlaced-16-bit.png interlaced-3x2.png
wide-100x3.png one-pixel.png icc.png""".split()
GIFS = "palette.gif grey.gif interlaced.gif transparent.gif animated.gif offset.gif offset-transparent.gif".split()
JPEGS = """rgb-444.jpg rgb-420.jpg progressive.jpg restart.jpg grey.jpg cmyk.jpg odd-17x9.jpg one-pixel.jpg
tall-3x100.jpg orientation-6.jpg""".split()
WEBPS = "lossy.webp lossless.webp lossy-alpha.webp lossless-alpha.webp odd-17x9.webp animated.webp".split()

SEED, PATH = (int(sys.argv[1]), pathlib.Path(sys.argv[2])) if len(sys.argv) > 1 else (0, HERE.parent / "damaged-images.json")
TIMES = max(1, SEED)

draw = random.Random(SEED)
rows = []


def load(name):
    return (HERE / name).read_bytes()


def edited(data, edits):
    for start, end, text in edits:
        data = data[:start] + base64.b64decode(text) + data[end:]
    return data


def verdict(data):
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "GIF", "WEBP"]) as image:
            rgb = image.convert("RGB")
    except Exception:
        return None
    return [rgb.width, rgb.height, hashlib.sha256(rgb.tobytes()).hexdigest()[:16]]


def add(kind, name, *edits):
    data = load(name)
    coded = [[start, end, base64.b64encode(new).decode()] for start, end, new in edits]
    rows.append([kind, name, coded, verdict(edited(data, coded))])


def cuts(name, count):
    count *= TIMES
    size = len(load(name))
    for length in sorted({*draw.sample(range(12, size), min(count, size - 12)), size - 1, size - 2, size - 3}):
        add("cut", name, (length, size, b""))


def flips(name, count, first):
    count *= TIMES
    data = load(name)
    for at in draw.sample(range(first, len(data)), min(count, len(data) - first)):
        add("flip", name, (at, at + 1, bytes([data[at] ^ draw.randrange(1, 256)])))


def losses(name, count, first):
    """A few bytes are missing, or repeated, in the middle."""
    data = load(name)
    for _ in range(count * TIMES):
        at = draw.randrange(first, len(data))
        add("missing", name, (at, min(len(data), at + draw.randrange(1, 20)), b""))
        add("repeated", name, (at, at, data[at - min(at, 9) : at]))
        add("garbage", name, (at, at, bytes(draw.randrange(256) for _ in range(6))))


def chunks(data):
    at = SIGNATURE
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], at, size
        at += size + 12


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def image_data(data):
    """The image's chunks as a region, and the compressed bytes in them."""
    found = [(at, at + size + 12) for kind, at, size in chunks(data) if kind == b"IDAT"]
    return found[0][0], found[-1][1], b"".join(data[start + 8 : end - 4] for start, end in found)


def pngs():
    for name in PNGS:
        cuts(name, 2)
        flips(name, 3, SIGNATURE)
    for name in ("rgb.png", "palette.png", "interlaced-4-bit.png", "one-bit.png"):
        losses(name, 3, SIGNATURE)
    for name in ("palette-1-bit.png", "interlaced-3x2.png", "icc.png", "one-pixel.png"):
        data = load(name)
        start, end, packed = image_data(data)
        raw = zlib.decompress(packed)
        width, height = struct.unpack(">II", data[16:24])

        def with_data(kind, *contents):
            add(kind, name, (start, end, b"".join(chunk(b"IDAT", content) for content in contents)))

        def compressed(rows):
            return zlib.compress(rows, 9)

        for share in (0, 0.3, 0.7):
            with_data("rows end early", compressed(raw[: int(len(raw) * share)]))
        with_data("a row ends early", compressed(raw[:-1]))
        with_data("rows go on", compressed(raw + raw[: 1 + len(raw) // 2]))
        with_data("bytes after the data", packed + b"more bytes after the end")
        with_data("a chunk after the data", packed, b"more bytes after the end")
        with_data("an empty chunk", b"", packed[:5], b"", packed[5:])
        with_data("a chunk cut", packed[: len(packed) // 2])
        with_data("wrong Adler", packed[:-4] + b"\1\2\3\4")
        with_data("no Adler", packed[:-4])
        with_data("half an Adler", packed[:-2])
        with_data("no zlib header", packed[2:])
        with_data("an unknown filter", compressed(b"\x09" + raw[1:]))
        with_data("a filter of the second pass", compressed(raw[: len(raw) // 2] + b"\x63" + raw[len(raw) // 2 + 1 :]))
        with_data("no data")
        add("data before another chunk", name, (end, end, chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", packed)))
        half = len(packed) // 2
        with_data("split", packed[:half], packed[half:])
        add("split by a text", name, (start, end, chunk(b"IDAT", packed[:half]) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", packed[half:])))
        add("text before the data", name, (start, start, chunk(b"tEXt", b"a\0b")))
        add("text with a wrong CRC", name, (start, start, chunk(b"tEXt", b"a\0b")[:-1] + b"\0"))
        add("text with a wrong CRC after the data", name, (end, end, chunk(b"tEXt", b"a\0b")[:-1] + b"\0"))
        add("an unknown critical chunk", name, (start, start, chunk(b"ABCD", b"abc")))
        add("an unknown chunk", name, (start, start, chunk(b"abCd", b"abc")))
        add("no IEND", name, (end, len(data), b""))
        add("a cut IEND", name, (len(data) - 7, len(data), b""))
        add("bytes after IEND", name, (len(data), len(data), b"bytes after the end"))
        add("another after IEND", name, (len(data), len(data), load("one-pixel.png")))
        add("the data again", name, (end, end, data[start:end]))
        for kind, at, size in chunks(data):
            crc = at + 8 + size
            label = kind.decode()
            add(f"wrong CRC of {label}", name, (crc, crc + 1, bytes([data[crc] ^ 1])))
            for wrong in (0, size - 1, size + 1, size + 40, 0x7FFFFFFF, 0xFFFFFFFF):
                if 0 <= wrong != size:
                    add(f"wrong length of {label}", name, (at, at + 4, struct.pack(">I", wrong)))
        header = data[SIGNATURE + 8 : SIGNATURE + 21]
        for label, at, value in (
            ("taller", 7, min(255, height + 7)),
            ("shorter", 7, max(1, height // 2)),
            ("wider", 3, width + 9),
            ("narrower", 3, max(1, width // 2)),
            ("another depth", 8, 16),
            ("an unknown depth", 8, 3),
            ("another colour type", 9, 2),
            ("an unknown colour type", 9, 5),
            ("an unknown compression", 10, 1),
            ("an unknown filter method", 11, 1),
            ("another interlacing", 12, 1 - header[12]),
            ("an unknown interlacing", 12, 7),
        ):
            other = header[:at] + bytes([value]) + header[at + 1 :]
            add(f"header: {label}", name, (SIGNATURE, SIGNATURE + 25, chunk(b"IHDR", other)))


def gifs():
    for name in GIFS:
        cuts(name, 5)
        flips(name, 8, 6)
        losses(name, 2, 13)
        data = load(name)
        add("no trailer, garbage", name, (len(data) - 1, len(data), b"garbage"))
        add("bytes after the end", name, (len(data), len(data), b"garbage"))
        add("joined", name, (len(data), len(data), load("grey.gif")[:900]))
        table = 3 << (1 + (data[10] & 7)) if data[10] & 0x80 else 0
        frame = data.index(b"\x2c\0\0", 13 + table) if b"\x2c\0\0" in data[13 + table :] else data.index(b"\x2c", 13 + table)
        local = 3 << (1 + (data[frame + 9] & 7)) if data[frame + 9] & 0x80 else 0
        bits = frame + 10 + local
        for wrong in (0, 1, 7, 9, 12, 13):
            add("code size", name, (bits, bits + 1, bytes([wrong])))
        add("block length", name, (bits + 1, bits + 2, b"\0"))
        add("block length", name, (bits + 1, bits + 2, b"\x20"))
        for label, at in (("left", 1), ("top", 3), ("width", 5), ("height", 7)):
            (old,) = struct.unpack("<H", data[frame + at : frame + at + 2])
            for value in (0, max(0, old - 3), old + 3):
                if value != old:
                    add(f"frame {label}", name, (frame + at, frame + at + 2, struct.pack("<H", value)))
        for at in (6, 8):
            for value in (0, 20):
                add("screen size", name, (at, at + 2, struct.pack("<H", value)))
        add("interlacing", name, (frame + 9, frame + 10, bytes([data[frame + 9] ^ 64])))
        # The data end with the code for it, halfway.
        blocks = []
        at = bits + 1
        while data[at]:
            blocks.append(at)
            at += 1 + data[at]
        add("a block missing", name, (blocks[-1], at, b""))
        add("the first block only", name, (blocks[0] + 1 + data[blocks[0]], at, b""))
        add("no data", name, (blocks[0], at, b""))


def jpegs():
    for name in JPEGS:
        cuts(name, 5)
        flips(name, 12, 3)
        losses(name, 2, 3)
        data = load(name)
        add("bytes after the end", name, (len(data), len(data), b"garbage"))
        add("no end", name, (len(data) - 2, len(data), b""))
        add("another end", name, (len(data) - 2, len(data), b"\xff\xd8"))
        add("joined", name, (len(data), len(data), load("orientation-6.jpg")))
        scan = data.index(b"\xff\xda")
        for share in (0.3, 0.8):
            at = scan + int((len(data) - scan) * share)
            add("cut, joined", name, (at, len(data), load("orientation-6.jpg")))
            add("cut, joined to itself", name, (at, len(data), data[-(len(data) - scan) // 2 :]))
            add("cut, ended", name, (at, len(data), b"\xff\xd9"))
            add("garbage, no marker", name, (at, at + 20, bytes(draw.randrange(255) for _ in range(20))))
            add("zeros", name, (at, at + 20, bytes(20)))
        start = data.index(b"\xff\xc2" if b"\xff\xc2" in data else b"\xff\xc0")
        for label, at, value in (("taller", 6, 90), ("shorter", 6, 5), ("wider", 8, 99), ("narrower", 8, 9)):
            add(f"header: {label}", name, (start + at, start + at + 1, bytes([value])))


def webps():
    for name in WEBPS:
        cuts(name, 3)
        flips(name, 6, 12)
        losses(name, 1, 12)
        data = load(name)
        add("bytes after the end", name, (len(data), len(data), b"garbage"))
        add("bytes after the end", name, (len(data), len(data), b"x"))
        for wrong in (0, len(data) - 20, len(data) - 9, len(data) - 7, len(data), 1 << 30):
            add("wrong size", name, (4, 8, struct.pack("<I", max(0, wrong))))
        (size,) = struct.unpack("<I", data[16:20])
        for wrong in (0, size - 2, size + 2, size + 99):
            add("wrong chunk size", name, (16, 20, struct.pack("<I", max(0, wrong))))


def main():
    pngs()
    gifs()
    jpegs()
    webps()
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    PATH.write_text(f"[\n{lines}\n]\n")
    print(len(rows), "rows,", sum(row[3] is None for row in rows), "refused,", len(lines), "bytes")


main()
