"""Writes test/goldens/models/timm.json: timm's residual networks, as timm (1.0.31, from PyPI) builds them.

Structure, of every architecture of its ResNet class: how many parameters and keys, and a hash of the keys with shapes.
Numbers, of small networks with one of timm's additions each and of whole ones: logits for ten classes, in evaluation
mode. Weights and inputs are no draws but a hash of each name and index, which the tests repeat.

    /usr/bin/python3 -m venv --system-site-packages /tmp/timm && /tmp/timm/bin/pip install --no-deps timm huggingface_hub safetensors
    /tmp/timm/bin/python tools/timm_goldens.py
"""
import base64
import hashlib
import json
from functools import partial
from pathlib import Path

import numpy
import timm
import torch
from timm.layers import BlurPool2d, SEModule
from timm.models.resnet import BasicBlock, Bottleneck, ResNet

TARGET = Path(__file__).parent.parent / "test/goldens/models/timm.json"
torch.set_num_threads(2)

ONCE = [1, 1, 1, 1]
D = dict(stem_width=32, stem_type="deep", avg_down=True)
SMALL = {
    "tiered stem": dict(block=BasicBlock, stem_width=32, stem_type="deep_tiered", avg_down=True),
    "wide stem": dict(block=BasicBlock, stem_width=64, stem_type="deep"),
    "se": dict(block=BasicBlock, block_args=dict(attn_layer="se")),
    "eca": dict(block=Bottleneck, block_args=dict(attn_layer="eca"), **D),
    "average basic": dict(block=BasicBlock, aa_layer=torch.nn.AvgPool2d, **D),
    "average": dict(block=Bottleneck, aa_layer=torch.nn.AvgPool2d, block_args=dict(attn_layer="se")),
    "blur basic": dict(block=BasicBlock, aa_layer=BlurPool2d),
    "blur": dict(block=Bottleneck, aa_layer=BlurPool2d, **D),
    "rs": dict(block=Bottleneck, replace_stem_pool=True, block_args=dict(attn_layer=partial(SEModule, rd_ratio=0.25)), **D),
    "senet": dict(
        block=Bottleneck, stem_type="deep", cardinality=64, base_width=4, down_kernel_size=3, block_reduce_first=2,
        block_args=dict(attn_layer="se"),
    ),
    "group norm": dict(block=Bottleneck, norm_layer="groupnorm"),
}
# Odd sides show how each way of halving rounds; an average needs even ones.
SIZES = {"blur basic": 51, "blur": 51, "tiered stem": 51, "rs": 51}
# All networks of up to 36 million parameters were compared once; these are of each kind.
WHOLE = (
    "resnet10t resnet26t resnet50s resnet50_gn seresnet18 seresnext26t_32x4d ecaresnet26t ecaresnetlight ecaresnet50d_pruned "
    "seresnetaa50d resnetblur18 resnetrs50"
).split()
TINY = ["test_resnet"]


def fnv(name):
    state = 2166136261
    for byte in name.encode():
        state = (state ^ byte) * 16777619 & 0xFFFFFFFF
    return state


def scattered(name, shape):
    """Numbers from −1 to 1."""
    count = int(numpy.prod(shape))
    x = (numpy.arange(count, dtype=numpy.uint64) * 2654435761 + fnv(name)) & 0xFFFFFFFF
    for _ in range(2):
        x = ((x >> 16) ^ x) * 0x45D9F3B & 0xFFFFFFFF
    return (((x >> 16) ^ x) / 2**31 - 1).reshape(shape)


def value(name, shape):
    u = scattered(name, shape)
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        u = 1 + u / 2
    elif len(shape) == 1:
        u = u / 4
    else:
        u = u * numpy.sqrt(3 / numpy.prod(shape[1:]))
    return torch.from_numpy(u.astype(numpy.float32))


def logits(net, size, dtype=torch.float32):
    state = {
        name: held if name.endswith("num_batches_tracked") else value(name, tuple(held.shape))
        for name, held in net.state_dict().items()
    }
    net.load_state_dict(state)
    x = torch.from_numpy(scattered("x", (2, 3, size, size)).astype(numpy.float32))
    with torch.no_grad():
        return net.eval().to(dtype)(x.to(dtype)).float()


def number(make, size=64, dtype=torch.float32):
    found = logits(make(num_classes=10), size, dtype)
    assert torch.isfinite(found).all()
    return {"size": size, "logits": base64.b64encode(found.numpy().tobytes()).decode()}


def structure(name):
    net = timm.create_model(name, device="meta")
    # The counters of batches have no shape.
    lines = sorted(f"{key} [{', '.join(map(str, held.shape))}]" for key, held in net.state_dict().items())
    return {
        "parameters": sum(each.numel() for each in net.parameters()),
        "keys": len(lines),
        "state_sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }


if __name__ == "__main__":
    names = timm.list_models(module="resnet")
    goldens = {
        "timm": timm.__version__,
        "torch": torch.__version__,
        "structure": {name: structure(name) for name in names},
        "small": {
            name: number(partial(ResNet, layers=ONCE, **options), SIZES.get(name, 64)) for name, options in SMALL.items()
        },
        "tiny": {name: number(partial(timm.create_model, name)) for name in TINY},
        "whole": {name: number(partial(timm.create_model, name)) for name in WHOLE},
    }
    TARGET.write_text(json.dumps(goldens, indent=1) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(names)} networks")
