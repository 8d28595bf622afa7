"""Writes test/goldens/models/arithmetic.json: networks whose weights cannot tell what they compute.

Logits of torchvision's ResNet with its strides, its eps or its pixels changed, with the weights and inputs of timm_goldens.py.

    /tmp/timm/bin/python tools/arithmetic_goldens.py
"""
import base64
import json
from pathlib import Path

import torch
from timm_goldens import scattered, value
from torchvision.models.resnet import Bottleneck, ResNet

TARGET = Path(__file__).parent.parent / "test/goldens/models/arithmetic.json"
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
torch.set_num_threads(2)


def stride_in_1x1(net):
    """As torchvision's version 1, Caffe and detectron2's STRIDE_IN_1X1."""
    for block in net.modules():
        if isinstance(block, Bottleneck):
            block.conv1.stride, block.conv2.stride = block.conv2.stride, (1, 1)


def with_eps(net):
    for norm in net.modules():
        if isinstance(norm, torch.nn.BatchNorm2d):
            norm.eps = 1e-3


def number(layers, changes, pixels=lambda x: x, size=64, **options):
    net = ResNet(Bottleneck, layers, num_classes=10, **options).eval()
    for change in changes:
        change(net)
    net.load_state_dict(
        {
            name: held if name.endswith("num_batches_tracked") else value(name, tuple(held.shape))
            for name, held in net.state_dict().items()
        }
    )
    x = torch.from_numpy(scattered("x", (2, 3, size, size))).float()
    with torch.no_grad():
        found = net(pixels(x))
    assert torch.isfinite(found).all()
    return {"size": size, "logits": base64.b64encode(found.numpy().tobytes()).decode()}


def caffe(x):
    """From normalised RGB to what Caffe's networks take: BGR from 0 to 255, less the mean."""
    rgb = (x * STD[:, None, None] + MEAN[:, None, None]) * 255
    return (rgb - 255 * MEAN[:, None, None]).flip(1)


if __name__ == "__main__":
    once, twice = [1, 1, 1, 1], [2, 2, 2, 2]
    goldens = {
        "torch": torch.__version__,
        "stride": number(once, [stride_in_1x1]),
        "odd": number(once, [stride_in_1x1], size=51, groups=32, width_per_group=4),
        "eps": number(once, [with_eps]),
        "bgr": number(once, [], lambda x: x.flip(1)),
        "caffe": number(twice, [stride_in_1x1, with_eps], caffe),
    }
    TARGET.write_text(json.dumps(goldens, indent=1) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
