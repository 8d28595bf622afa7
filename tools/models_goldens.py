"""Writes test/goldens/models/: what torchvision's models print, hold and compute.

Structure: the text of print(net), state-dict keys with shapes, parameter counts. Numbers: logits and stage features of
seeded networks whose normalisation statistics are set by a formula (fresh ones would normalise nothing), on inputs
from the same generator. Features are kept as samples and projections: whole ones would be megabytes.

    /usr/bin/python3 tools/models_goldens.py
"""
import base64
import hashlib
import itertools
import json
from pathlib import Path

import numpy
import torch
import torchvision
from torchvision import models

TARGET = Path(__file__).parent.parent / "test/goldens/models"
RESNETS = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
]
VGGS = ["vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"]
SPELLED_OUT = ["resnet18", "resnet50", "vgg11_bn"]
STAGES = ["layer1", "layer2", "layer3", "layer4"]
SAMPLES = 256
VERSIONS = {"torch": torch.__version__, "torchvision": torchvision.__version__}


def build(name, **options):
    torch.manual_seed(0)
    return getattr(models, name)(weights=None, **options).eval()


def set_statistics(net):
    """Any channel gets other statistics; every value is exact in binary."""
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                i = torch.arange(module.num_features)
                module.weight.copy_(0.5 + ((i * 29) % 64) / 64)
                module.bias.copy_(((i * 13) % 64) / 128 - 0.25)
                module.running_mean.copy_(((i * 37) % 64) / 64 - 0.5)
                module.running_var.copy_(0.5 + ((i * 11) % 64) / 32)


def encode(values):
    return base64.b64encode(values.numpy().astype("<f4").tobytes()).decode()


def describe(features):
    flat = features.flatten()
    count = flat.numel()
    index = torch.arange(SAMPLES) * count // SAMPLES
    i = numpy.arange(count, dtype=numpy.int64)
    exact = flat.double().numpy()
    return {
        "shape": list(features.shape),
        "largest": flat.abs().max().item(),
        "samples": encode(flat[index]),
        "projections": [float(((i * step % 257) / 128 - 1) @ exact) for step in (3, 5, 7, 11)],
    }


def compute(net, shape):
    torch.manual_seed(1)
    x = torch.rand(*shape)
    stages = {}
    hooks = [
        getattr(net, name).register_forward_hook(lambda m, i, out, name=name: stages.__setitem__(name, out))
        for name in STAGES if hasattr(net, name)
    ]
    with torch.no_grad():
        logits = net(x)
    for hook in hooks:
        hook.remove()
    return {
        "input": list(shape),
        "logits": {"shape": list(logits.shape), "values": encode(logits)},
        "stages": {name: describe(value) for name, value in stages.items()},
    }


def structure(name):
    net = build(name)
    text = str(net)
    small = build(name, num_classes=10)
    return {
        "text": text if name in SPELLED_OUT else None,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "parameters": sum(p.numel() for p in net.parameters()),
        "parameters_10": sum(p.numel() for p in small.parameters()),
        "state": [[key, list(value.shape), str(value.dtype)[6:]] for key, value in net.state_dict().items()]
        if name in SPELLED_OUT else None,
        "state_sha256": hashlib.sha256(
            "\n".join(f"{k} {list(v.shape)} {str(v.dtype)[6:]}" for k, v in net.state_dict().items()).encode()
        ).hexdigest(),
    }


def write(name, value):
    (TARGET / name).write_text(json.dumps({**VERSIONS, **value}, indent=1) + "\n")


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    write("structure.json", {"models": {name: structure(name) for name in RESNETS + VGGS}})
    outputs = {}
    for name in RESNETS:
        net = build(name, num_classes=50)
        plain = compute(net, (3, 3, 64, 64))
        set_statistics(net)
        outputs[name] = {"seeded": plain, "normalised": compute(net, (3, 3, 97, 65))}
        print(name, outputs[name]["seeded"]["stages"]["layer4"]["largest"])
    for name in ["vgg11", "vgg16_bn"]:
        net = build(name, num_classes=50)
        plain = compute(net, (2, 3, 64, 64))
        set_statistics(net)
        outputs[name] = {"seeded": plain, "normalised": compute(net, (2, 3, 224, 224))}
    write("outputs.json", {"models": outputs})
    dilated = {}
    for choice in itertools.product([False, True], repeat=3):
        net = build("resnet50", num_classes=50, replace_stride_with_dilation=list(choice))
        set_statistics(net)
        dilated["".join("01"[c] for c in choice)] = compute(net, (1, 3, 65, 65))
    write("dilated.json", {"model": "resnet50", "combinations": dilated})


main()
