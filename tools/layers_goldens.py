"""Writes test/goldens/layers.json: torch's text of layers with various options.

    /usr/bin/python3 tools/layers_goldens.py
"""
import json
from pathlib import Path

import torch
from torch import nn
from torchvision.ops import SqueezeExcitation, StochasticDepth

from relative_networks import CBAM, EfficientChannelAttention

LAYERS = {
    "conv": nn.Conv2d(3, 16, 3),
    "conv all": nn.Conv2d(8, 16, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=4, bias=False),
    "conv padding": nn.Conv2d(4, 4, 1, padding=1),
    "bn": nn.BatchNorm2d(8),
    "bn all": nn.BatchNorm2d(8, eps=0.001, momentum=None, affine=False, track_running_stats=False),
    "bn small": nn.BatchNorm2d(8, eps=1e-12, momentum=0.01),
    "conv1d": nn.Conv1d(3, 16, 3),
    "conv1d all": nn.Conv1d(8, 16, 5, stride=2, padding=1, dilation=3, groups=4, bias=False),
    "linear": nn.Linear(4, 2),
    "linear no bias": nn.Linear(4, 2, bias=False),
    "relu": nn.ReLU(),
    "relu inplace": nn.ReLU(inplace=True),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "silu": nn.SiLU(),
    "gelu": nn.GELU(),
    "softmax": nn.Softmax(dim=1),
    "max pool": nn.MaxPool2d(2),
    "max pool all": nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), dilation=2, ceil_mode=True),
    "avg pool": nn.AvgPool2d(2),
    "avg pool all": nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
    "adaptive": nn.AdaptiveAvgPool2d(7),
    "adaptive pair": nn.AdaptiveAvgPool2d((1, 2)),
    "dropout": nn.Dropout(0.3, inplace=True),
    "flatten": nn.Flatten(),
    "identity": nn.Identity(),
    "sequential": nn.Sequential(nn.Conv2d(1, 2, 3), nn.Sequential(nn.ReLU(), nn.Identity())),
    "empty": nn.Sequential(),
    "squeeze excitation": SqueezeExcitation(64, 4),
    "squeeze excitation all": SqueezeExcitation(16, 8, nn.SiLU, nn.Tanh),
    "stochastic depth": StochasticDepth(0.2, "row"),
    "stochastic depth batch": StochasticDepth(1.0, "batch"),
    "eca": EfficientChannelAttention(256),
    "cbam": CBAM(64),
}

target = Path(__file__).parent.parent / "test/goldens/layers.json"
target.write_text(
    json.dumps({"torch": torch.__version__, "texts": {k: str(v) for k, v in LAYERS.items()}}, indent=1) + "\n"
)
