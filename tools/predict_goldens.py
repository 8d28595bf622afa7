"""Writes test/goldens/predict.json: predictions of torch + torchvision for photographs, with seeded weights.

    /usr/bin/python3 tools/predict_goldens.py
"""
import base64
import json
from pathlib import Path

import numpy
import PIL
import torch
import torchvision
from PIL import Image
from torchvision.transforms._presets import ImageClassification

ROOT = Path(__file__).parent.parent
IMAGES = ["assets/cat.jpg"] + [
    f"test/goldens/images/{name}"
    for name in [
        "photo-500x375.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg", "orientation-6.jpg", "rgba.png",
        "palette-transparent.png", "grey-16-bit.png", "lossy.webp", "one-pixel.png", "one-pixel.jpg",
    ]
]


def large():
    """6000 × 4000 pixels, by the same formula as in the test."""
    y, x = numpy.mgrid[0:4000, 0:6000]
    return Image.fromarray(
        numpy.stack([x * 255 // 5999, (x // 16 ^ y // 16) & 255, y * 255 // 3999], axis=-1).astype(numpy.uint8)
    )


def main():
    torch.manual_seed(0)
    net = torchvision.models.resnet18().eval()
    prepare = ImageClassification(crop_size=224)

    def logits(image):
        with torch.no_grad():
            values = net(prepare(image.convert("RGB"))[None])[0].numpy()
        return base64.b64encode(values.astype("<f4").tobytes()).decode()

    answers = {path: logits(Image.open(ROOT / path)) for path in IMAGES}
    answers["6000x4000"] = logits(large())
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__, "pillow": PIL.__version__}
    (ROOT / "test/goldens/predict.json").write_text(json.dumps({**versions, "logits": answers}, indent=1) + "\n")


main()
