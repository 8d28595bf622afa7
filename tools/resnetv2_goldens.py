"""Writes test/goldens/models/resnetv2.json: timm's ResNet-v2 and Big Transfer, as timm (1.0.31, from PyPI) builds them.

As timm_goldens.py does for its ResNet, whose environment this takes.

    /tmp/timm/bin/python tools/resnetv2_goldens.py
"""
import json
from functools import partial
from pathlib import Path
from unittest.mock import patch

import timm
import torch
from timm.layers import BatchNormAct2d, EvoNorm2dS0, FilterResponseNormTlu2d, StdConv2d, create_conv2d
from timm.models.resnetv2 import ResNetV2
from layers_goldens import normalised
from timm_goldens import ONCE, number, structure

TARGET = Path(__file__).parent.parent / "test/goldens/models/resnetv2.json"
BATCH = dict(conv_layer=create_conv2d, norm_layer=BatchNormAct2d)
BASIC = dict(channels=(64, 128, 256, 512), basic=True, bottle_ratio=1.0, **BATCH)
SMALL = {
    "basic": BASIC,
    "basic deep": dict(stem_type="deep", avg_down=True, **BASIC),
    "tiered": dict(stem_type="tiered", avg_down=True, **BATCH),
    "bit": dict(stem_type="fixed", conv_layer=partial(StdConv2d, eps=1e-8)),
    "evo": dict(stem_type="deep", avg_down=True, conv_layer=create_conv2d, norm_layer=EvoNorm2dS0),
    "response": dict(stem_type="deep", avg_down=True, conv_layer=create_conv2d, norm_layer=FilterResponseNormTlu2d),
}


if __name__ == "__main__":
    names = timm.list_models(module="resnetv2")
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
    # timm takes their statistics in float32, whatever it is given.
    with patch.object(torch.Tensor, "float", torch.Tensor.double):
        norms = {
            "EvoNorm2dS0": normalised(EvoNorm2dS0(8, groups=4)),
            "FilterResponseNormTlu2d": normalised(FilterResponseNormTlu2d(8)),
        }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(golden)}" for name, golden in norms.items())
    TARGET.write_text(json.dumps(goldens, indent=1)[:-2] + f',\n "norms": {{\n{lines}\n }}\n}}\n')
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(names)} networks")
