"""Writes test/goldens/models/timm-kin.json: timm's Res2Net and ResNeSt, as timm (1.0.31, from PyPI) builds them.

As timm_goldens.py does for its ResNet, whose environment this takes.

    /tmp/timm/bin/python tools/timm_kin_goldens.py
"""
import json
from functools import partial
from pathlib import Path

import timm
import torch
from timm.models.res2net import Bottle2neck
from timm.models.resnest import ResNestBottleneck
from timm.models.resnet import ResNet
from timm_goldens import D, ONCE, number, structure

TARGET = Path(__file__).parent.parent / "test/goldens/models/timm-kin.json"
TWICE = [2, 1, 1, 1]


def split(radix, first):
    return dict(radix=radix, avd=True, avd_first=first)


# Second blocks of a stage add one group's result to the next.
SMALL = {
    "res2net": dict(block=Bottle2neck, layers=TWICE, base_width=26, block_args=dict(scale=4)),
    "res2net, two groups": dict(block=Bottle2neck, layers=TWICE, base_width=48, block_args=dict(scale=2), **D),
    "res2next": dict(block=Bottle2neck, layers=TWICE, base_width=4, cardinality=8, block_args=dict(scale=4)),
    "resnest": dict(block=ResNestBottleneck, layers=ONCE, block_args=split(2, False), **D),
    "resnest, groups": dict(block=ResNestBottleneck, layers=ONCE, base_width=40, cardinality=2, block_args=split(4, True), **D),
    "resnest, one split": dict(block=ResNestBottleneck, layers=ONCE, base_width=24, cardinality=4, block_args=split(1, True), **D),
}


if __name__ == "__main__":
    names = [name for module in ("res2net", "resnest") for name in timm.list_models(module=module)]
    goldens = {
        "timm": timm.__version__,
        "torch": torch.__version__,
        "structure": {name: structure(name) for name in names},
        "small": {name: number(partial(ResNet, **options), 51) for name, options in SMALL.items()},
        "whole": {
            name: number(partial(timm.create_model, name), dtype=torch.float64) for name in ("res2net50d", "resnest26d")
        },
    }
    TARGET.write_text(json.dumps(goldens, indent=1) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(names)} networks")
