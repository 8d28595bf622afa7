"""Writes test/goldens/models/resnetv2.json: timm's ResNet-v2 and Big Transfer, as timm (1.0.31, from PyPI) builds them.

As timm_goldens.py does for its ResNet, whose environment this takes.

    /tmp/timm/bin/python tools/resnetv2_goldens.py
"""
import json
from functools import partial
from pathlib import Path

import timm
import torch
from timm.layers import BatchNormAct2d, StdConv2d, create_conv2d
from timm.models.resnetv2 import ResNetV2
from timm_goldens import ONCE, number, structure

TARGET = Path(__file__).parent.parent / "test/goldens/models/resnetv2.json"
BATCH = dict(conv_layer=create_conv2d, norm_layer=BatchNormAct2d)
BASIC = dict(channels=(64, 128, 256, 512), basic=True, bottle_ratio=1.0, **BATCH)
SMALL = {
    "basic": BASIC,
    "basic deep": dict(stem_type="deep", avg_down=True, **BASIC),
    "tiered": dict(stem_type="tiered", avg_down=True, **BATCH),
    "bit": dict(stem_type="fixed", conv_layer=partial(StdConv2d, eps=1e-8)),
}
# These normalise in ways of their own.
OTHERS = ("_evos", "_frn")


if __name__ == "__main__":
    names = [name for name in timm.list_models(module="resnetv2") if not name.endswith(OTHERS)]
    goldens = {
        "timm": timm.__version__,
        "torch": torch.__version__,
        "structure": {name: structure(name) for name in names},
        "small": {name: number(partial(ResNetV2, layers=ONCE, **options), 51) for name, options in SMALL.items()},
        # In float64: so many standardised kernels take float32 1.1e-5 from it, in torch itself.
        "whole": {
            name: number(partial(timm.create_model, name), dtype=torch.float64)
            for name in ("resnetv2_18", "resnetv2_50x1_bit")
        },
    }
    TARGET.write_text(json.dumps(goldens, indent=1) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(names)} networks")
