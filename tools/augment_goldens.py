"""Writes the results of torchvision's training transforms on small images to test/goldens/augment/expected.json.

The pictures are formulas, written out again in src/images/testing/goldens.ts. Every case has one hash per
seed, from 0 on: of the output's shape and bytes and of the next random number, so that the number of draws
counts as well.
"""
import hashlib
import json
import math
import pathlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

FILE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "augment" / "expected.json"
STATISTICS = dict(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
CIFAR = dict(mean=[0.4914, 0.4822, 0.4465], std=[0.247, 0.2435, 0.2616])
GREY = dict(mean=[0.1307], std=[0.3081])
CLASSES = 5


def picture(kind, width, height, channels):
    """`busy` has all levels and hues, `soft` few levels, `dark` most pixels of one level, `flat` one only."""
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    levels = dict(
        busy=7 * x + 5 * y + 50 * c + (3 * x * x + 5 * y * y + (c + 1) * x * y) // 8,
        soft=90 + (x + 2 * y + 10 * c) % 60,
        dark=np.where((x * y + c) % 5 == 0, 3 * x + y, 10),
        flat=100 + 20 * c,
    )[kind]
    data = (levels % 256).astype(np.uint8)
    return Image.fromarray(data[..., 0] if channels == 1 else data)


def digest(*parts):
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(part)
    return hasher.hexdigest()[:10]


def bytes_of(output):
    if isinstance(output, Image.Image):
        return [np.array([*output.size, len(output.getbands())], "<i4").tobytes(), output.tobytes()]
    shape = np.array(output.shape, "<i4").tobytes()
    return [shape, output.contiguous().numpy().astype("<f4").tobytes()]


def hashes(make, seeds):
    result = []
    for seed in range(seeds):
        torch.manual_seed(seed)
        outputs = make()
        parts = [part for output in outputs for part in bytes_of(output)]
        result.append(digest(*parts, torch.rand(1).numpy().tobytes()))
    return result


RGB = [("busy", 48, 40, 3), ("soft", 31, 47, 3), ("dark", 29, 17, 3)]
L = [("busy", 48, 40, 1), ("soft", 31, 47, 1), ("dark", 29, 17, 1)]
EXTREME = [("busy", 1, 1, 3), ("busy", 1, 1, 1), ("busy", 60, 1, 3), ("busy", 1, 60, 1), ("busy", 2, 2, 3), ("flat", 5, 4, 3)]
EXTREME += [("busy", 2, 3, 1), ("busy", 131, 97, 3)]
BOTH = RGB + L + EXTREME


def picture_cases():
    """(our function and its arguments, torchvision's transform, pictures, seeds)"""
    yield ["randomResizedCrop", 24], T.RandomResizedCrop(24), BOTH, 12
    yield ["randomResizedCrop", [20, 33]], T.RandomResizedCrop((20, 33)), RGB + L, 6
    options = dict(scale=[0.3, 0.9], ratio=[0.2, 6])
    yield ["randomResizedCrop", 16, options], T.RandomResizedCrop(16, **options), BOTH, 12
    # A ratio that never fits: falls back to the centre.
    for ratio in ([3, 4], [0.2, 0.25]):
        options = dict(scale=[1, 1], ratio=ratio)
        yield ["randomResizedCrop", 16, options], T.RandomResizedCrop(16, **options), RGB + L, 2
    for size in (1, 17, 31, 70):
        yield ["resizeShorter", size], T.Resize(size), BOTH, 1
    for size in ([20, 33], [1, 3], [61, 2], [40, 48]):
        yield ["resize", size], T.Resize(size), BOTH, 1
    for size in (1, 20, 45, [10, 70]):
        yield ["centerCrop", size], T.CenterCrop(size), BOTH, 1
    for channels in (1, 3):
        yield ["grayscale", channels], T.Grayscale(channels), BOTH, 1
    yield ["rgb"], T.Lambda(lambda image: image.convert("RGB")), BOTH, 1
    yield ["randomCrop", 17], T.RandomCrop(17), RGB + L, 8
    yield ["randomCrop", [40, 48], {"padding": 4}], T.RandomCrop((40, 48), padding=4), RGB[:1] + L[:1], 8
    yield ["randomCrop", 16, {"padding": [2, 5], "fill": 77}], T.RandomCrop(16, padding=[2, 5], fill=77), RGB + L, 8
    arguments = dict(padding=[1, 2, 3, 4], fill=[9, 99, 199])
    python = dict(padding=[1, 2, 3, 4], fill=(9, 99, 199))
    yield ["randomCrop", 16, arguments], T.RandomCrop(16, **python), RGB, 8
    arguments = dict(padding=2, padIfNeeded=True, fill=5)
    yield ["randomCrop", [50, 20], arguments], T.RandomCrop((50, 20), padding=2, pad_if_needed=True, fill=5), BOTH, 8
    for p in (0, 0.3, 0.5, 1):
        yield ["randomHorizontalFlip", p], T.RandomHorizontalFlip(p), BOTH, 8
        yield ["randomVerticalFlip", p], T.RandomVerticalFlip(p), BOTH, 8
    for options in (
        dict(brightness=0.4),
        dict(contrast=0.9),
        dict(saturation=2.5),
        dict(hue=0.5),
        dict(brightness=[0.2, 0.9], hue=[-0.1, 0.3]),
        dict(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1),
        dict(brightness=3, contrast=[2, 5], saturation=[0, 0.5], hue=0.25),
    ):
        yield ["colorJitter", options], T.ColorJitter(**options), BOTH, 10
    yield ["randAugment"], T.RandAugment(), BOTH, 40
    options = dict(interpolation="bilinear")
    yield ["randAugment", options], T.RandAugment(interpolation=InterpolationMode.BILINEAR), BOTH, 40
    for bins in (31, 10):
        for magnitude in range(bins):
            options = dict(numOps=3, magnitude=magnitude, numMagnitudeBins=bins)
            python = dict(num_ops=3, magnitude=magnitude, num_magnitude_bins=bins)
            yield ["randAugment", options], T.RandAugment(**python), RGB[:1] + L[1:2], 24
    for magnitude in range(31):
        options = dict(numOps=2, magnitude=magnitude, interpolation="bilinear")
        python = dict(num_ops=2, magnitude=magnitude, interpolation=InterpolationMode.BILINEAR)
        yield ["randAugment", options], T.RandAugment(**python), RGB[1:2] + L[:1], 24
    # Exceeds the range of Pillow's fixed-point coordinates.
    yield ["randAugment", {"magnitude": 1}], T.RandAugment(magnitude=1), [("busy", 33000, 2, 1)], 30


def tensor_cases():
    """(our functions and their arguments, torchvision's transforms, pictures, seeds)"""
    normalized = [T.ToTensor(), T.Normalize(**STATISTICS)]
    yield [["toTensor"]], [T.ToTensor()], BOTH, 1
    yield [["toTensor", STATISTICS]], normalized, RGB, 1
    blue_first = [T.ToTensor(), T.Lambda(lambda planes: planes[[2, 1, 0]]), T.Normalize(**STATISTICS)]
    yield [["toTensor", dict(channelOrder="bgr", **STATISTICS)]], blue_first, RGB, 1
    yield [["toTensor", GREY]], [T.ToTensor(), T.Normalize(**GREY)], BOTH, 1
    for options in (
        dict(p=1),
        dict(p=0.4, scale=[0.1, 0.6], ratio=[0.5, 2], value=[0.5]),
        dict(p=1, value="random"),
        dict(p=1, scale=[0, 0.01], value="random"),
        dict(p=1, scale=[0.9, 1], value=-1.5),
    ):
        yield [["toTensor"], ["randomErasing", options]], [T.ToTensor(), T.RandomErasing(**options)], BOTH, 12
    options = dict(p=1, value=[0.1, 0.2, 0.3])
    yield [["toTensor"], ["randomErasing", options]], [T.ToTensor(), T.RandomErasing(**options)], RGB, 8

    # ClassificationPresetTrain of torchvision's references, which are not part of the installed package.
    def imagenet(size, augment=False, erase=0.0):
        pipeline = [T.RandomResizedCrop(size, interpolation=InterpolationMode.BILINEAR), T.RandomHorizontalFlip(0.5)]
        if augment:
            pipeline.append(T.RandAugment(interpolation=InterpolationMode.BILINEAR, magnitude=9))
        pipeline += [T.PILToTensor(), T.ConvertImageDtype(torch.float), T.Normalize(**STATISTICS)]
        return pipeline + ([T.RandomErasing(p=erase)] if erase > 0 else [])

    photos = RGB + [("busy", 131, 97, 3)]
    yield [["trainingPreset", dict(cropSize=32)]], imagenet(32), photos, 20
    options = dict(cropSize=24, autoAugment="randaugment", randomErase=0.5)
    yield [["trainingPreset", options]], imagenet(24, True, 0.5), photos, 40
    cifar = [T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(**CIFAR)]
    yield [["cifarPreset"]], cifar, [("busy", 32, 32, 3), ("soft", 32, 32, 3)], 20
    digits = [T.RandomCrop(28, padding=2), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(**GREY)]
    yield [["cifarPreset", dict(size=28, padding=2, **GREY)]], digits, [("busy", 28, 28, 1)], 20


def batch():
    floats = torch.arange(4 * 3 * 6 * 8, dtype=torch.float32).reshape(4, 3, 6, 8)
    return (floats * 0.37) % 5 - 2, torch.tensor([3, 0, 4, 3])


def mix_up(images, targets, alpha):
    """RandomMixup of torchvision's references."""
    share = float(torch._sample_dirichlet(torch.tensor([alpha, alpha]))[0])
    mix = lambda rows: rows.mul(share).add_(rows.roll(1, 0).mul_(1.0 - share))
    return mix(images), mix(targets)


def cut_mix(images, targets, alpha):
    """RandomCutmix of torchvision's references."""
    share = float(torch._sample_dirichlet(torch.tensor([alpha, alpha]))[0])
    height, width = images.shape[-2:]
    r_x, r_y = torch.randint(width, (1,)), torch.randint(height, (1,))
    r = 0.5 * math.sqrt(1.0 - share)
    r_w_half, r_h_half = int(r * width), int(r * height)
    x1 = int(torch.clamp(r_x - r_w_half, min=0))
    y1 = int(torch.clamp(r_y - r_h_half, min=0))
    x2 = int(torch.clamp(r_x + r_w_half, max=width))
    y2 = int(torch.clamp(r_y + r_h_half, max=height))
    mixed = images.clone()
    mixed[:, :, y1:y2, x1:x2] = images.roll(1, 0)[:, :, y1:y2, x1:x2]
    share = float(1.0 - (x2 - x1) * (y2 - y1) / (width * height))
    return mixed, targets.mul(share).add_(targets.roll(1, 0).mul_(1.0 - share))


def mix_cases():
    """(our function and its options, torchvision's, seeds)"""
    for name, mix in (("mixup", mix_up), ("cutmix", cut_mix)):
        for alpha in (0.05, 0.2, 1.0, 4.0):
            for p in (1, 0.5):
                def make():
                    images, labels = batch()
                    targets = torch.nn.functional.one_hot(labels, CLASSES).to(torch.float32)
                    return (images, targets) if torch.rand(1).item() >= p else mix(images, targets, alpha)

                yield [name, dict(alpha=alpha, p=p)], hashes(make, 30)


def draws():
    """Draws of one stream, and functions with different implementations on different processors."""
    torch.manual_seed(0)
    ratios = [3 / 4, 4 / 3, 0.3, 3.3, 0.2, 6.0, 1.0, 0.18019999563694]
    powers = [i / 7 - 4 for i in range(57)]
    as_list = lambda values, f: f(torch.tensor(values, dtype=torch.float32)).tolist()
    return dict(
        uniform=[[low, high, torch.empty(1).uniform_(low, high).item()] for low, high in [(0.08, 1), (0.02, 0.33), (-0.1, 0.3)] * 4],
        below=[[count, torch.randint(count, (1,)).item()] for count in (1, 2, 14, 277, 100000)],
        permutations=[torch.randperm(count).tolist() for count in (0, 1, 2, 4, 4, 10)],
        doubles=torch.rand(4, dtype=torch.float64).tolist(),
        normals=[torch.randn(1, dtype=torch.float64).item() for _ in range(5)],
        logarithms=[ratios, as_list(ratios, torch.log)],
        exponentials=[powers, as_list(powers, torch.exp)],
        linspaces=[
            [first, last, count, torch.linspace(first, last, count).tolist()]
            for first, last in ((0, 0.3), (0, 0.9), (0, 30), (255, 0), (0, 150 / 331 * 48), (0, 150 / 331 * 47))
            for count in (2, 10, 16, 31, 33)
        ],
    )


def main():
    FILE.parent.mkdir(parents=True, exist_ok=True)
    pictures = [
        dict(call=call, picture=source, hashes=hashes(lambda: [transform(picture(*source))], seeds))
        for call, transform, sources, seeds in picture_cases()
        for source in sources
    ]
    tensors = [
        dict(calls=calls, picture=source, hashes=hashes(lambda: [T.Compose(pipeline)(picture(*source))], seeds))
        for calls, pipeline, sources, seeds in tensor_cases()
        for source in sources
    ]
    expected = dict(
        versions=dict(pillow=PIL.__version__, torch=torch.__version__, torchvision=torchvision.__version__),
        draws=draws(),
        pictures=pictures,
        tensors=tensors,
        mixed=[dict(call=call, hashes=result) for call, result in mix_cases()],
    )
    lines = ",\n".join(
        f"{json.dumps(key)}: "
        + ("[\n" + ",\n".join(json.dumps(case) for case in value) + "\n]" if isinstance(value, list) else json.dumps(value))
        for key, value in expected.items()
    )
    FILE.write_text("{\n" + lines + "\n}\n")
    count = sum(len(case["hashes"]) for part in ("pictures", "tensors", "mixed") for case in expected[part])
    print(f"{count} outputs, {FILE.stat().st_size} bytes")


main()
