"""Writes test/goldens/models/bit.json: what timm (1.0.31, from PyPI) reads from Big Transfer's own .npz files.

The names and shapes of such a file, in the order in which timm asks for them, and the logits of a network of one block a stage with
weights that are a hash of each name and index, as timm_goldens.py has them, though here of TensorFlow's names and layouts.

    /tmp/timm/bin/python tools/bit_goldens.py
"""
import base64
import hashlib
import json
import tempfile
from functools import partial
from pathlib import Path

import numpy
import timm
import torch
from timm.layers import StdConv2d
from timm.models.resnetv2 import ResNetV2, _load_weights
from timm_goldens import ONCE, scattered

TARGET = Path(__file__).parent.parent / "test/goldens/models/bit.json"
SIZE = 51


def theirs(name):
    """TensorFlow's name of a tensor: the inverse of what timm reads."""
    part, _, kind = name.rpartition(".")
    kind = {"weight": "gamma", "bias": "beta"}[kind] if "norm" in part else {"weight": "kernel"}.get(kind, kind)
    if part == "stem.conv":
        return f"resnet/root_block/standardized_conv2d/{kind}"
    if part == "norm":
        return f"resnet/group_norm/{kind}"
    if part == "head.fc":
        return f"resnet/head/conv2d/{kind}"
    _, stage, _, block, layer, *_ = part.split(".")
    unit = f"resnet/block{int(stage) + 1}/unit{int(block) + 1:02d}"
    if layer == "downsample":
        return f"{unit}/a/proj/standardized_conv2d/{kind}"
    layers = {"conv": "standardized_conv2d", "norm": "group_norm"}
    return f"{unit}/{'abc'[int(layer[-1]) - 1]}/{layers[layer[:-1]]}/{kind}"


def shapes(net):
    """Names and shapes of a network's file."""
    for name, held in net.state_dict().items():
        o, *rest = held.shape
        yield theirs(name), ([*rest[1:], rest[0], o] if rest else [o])


def value(name, shape):
    u = scattered(name, shape)
    if name.endswith("gamma"):
        u = 1 + u / 2
    elif len(shape) == 1:
        u = u / 4
    else:
        u = u * numpy.sqrt(3 / numpy.prod(shape[:-1]))
    return u.astype(numpy.float32)


if __name__ == "__main__":
    net = ResNetV2(layers=ONCE, stem_type="fixed", conv_layer=partial(StdConv2d, eps=1e-8), num_classes=10)
    # Whatever is not read is not a number afterwards.
    net.load_state_dict({name: torch.full_like(held, torch.nan) for name, held in net.state_dict().items()})
    small = dict(shapes(net))
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        path = Path(folder) / "small.npz"
        numpy.savez(path, **{name: value(name, shape) for name, shape in small.items()})
        _load_weights(net, str(path))
        x = torch.from_numpy(scattered("x", (2, 3, SIZE, SIZE)).astype(numpy.float32))
        # In float64, as the whole networks of resnetv2_goldens.py.
        logits = net.eval().double()(x.double()).float()
    assert torch.isfinite(logits).all()
    whole = sorted(f"{name} {shape}" for name, shape in shapes(timm.create_model("resnetv2_50x1_bit", device="meta")))
    goldens = {
        "timm": timm.__version__,
        "torch": torch.__version__,
        "size": SIZE,
        "shapes": small,
        "logits": base64.b64encode(logits.numpy().tobytes()).decode(),
        "resnetv2_50x1_bit": {"keys": len(whole), "sha256": hashlib.sha256("\n".join(whole).encode()).hexdigest()},
    }
    TARGET.write_text(json.dumps(goldens, indent=1) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
