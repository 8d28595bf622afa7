"""Writes test/goldens/layers.json: what torch prints for layers with their options, and what normalisations compute.

    /usr/bin/python3 tools/layers_goldens.py

With torch 2.12 or later (from PyPI, with torchvision) it writes test/goldens/layers-today.json: what that prints, of a network
too, and what normalisations without a bias compute, which are new there.
"""
import inspect
import json
from pathlib import Path

import torch
from torch import nn
from torchvision.models import resnet18
from torchvision.models.convnext import LayerNorm2d
from torchvision.ops import FrozenBatchNorm2d, SqueezeExcitation, StochasticDepth

from relative_networks import CBAM, EfficientChannelAttention

LAYERS = {
    "conv": nn.Conv2d(3, 16, 3),
    "conv all": nn.Conv2d(8, 16, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=4, bias=False),
    "conv padding": nn.Conv2d(4, 4, 1, padding=1),
    "bn": nn.BatchNorm2d(8),
    "bn all": nn.BatchNorm2d(8, eps=0.001, momentum=None, affine=False, track_running_stats=False),
    "bn small": nn.BatchNorm2d(8, eps=1e-12, momentum=0.01),
    "group norm": nn.GroupNorm(4, 8),
    "group norm all": nn.GroupNorm(1, 6, eps=0.001, affine=False),
    "layer norm": LayerNorm2d(8),
    "layer norm all": LayerNorm2d(6, eps=1e-6, elementwise_affine=False),
    "frozen bn": FrozenBatchNorm2d(8),
    "frozen bn all": FrozenBatchNorm2d(6, eps=0.001),
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



def numbers(count, factor):
    """Numbers that look random and are exact in binary."""
    return torch.tensor([((i * factor) % 101 - 50) / 32 for i in range(count)], dtype=torch.float64)


def normalised(layer):
    """A normalisation's state, its result in float64, and the gradients of the result weighed by numbers."""
    layer = layer.double()
    for place, (name, tensor) in enumerate(layer.state_dict().items()):
        values = numbers(tensor.numel(), 29 + 2 * place)
        tensor.copy_(values.abs() + 0.5 if name == "running_var" else values)
    x = numbers(2 * 8 * 3 * 2, 37).reshape(2, 8, 3, 2).requires_grad_()
    result = layer(x)
    (result * numbers(result.numel(), 43).reshape(result.shape)).sum().backward()
    return {
        "state": {name: tensor.tolist() for name, tensor in layer.state_dict().items()},
        "x": x.flatten().tolist(),
        "result": result.flatten().tolist(),
        "gradient": x.grad.flatten().tolist(),
        "parameters": {name: parameter.grad.tolist() for name, parameter in layer.named_parameters()},
    }


is_today = "bias" in inspect.signature(nn.BatchNorm2d).parameters

if is_today:
    LAYERS |= {
        "bn no bias": nn.BatchNorm2d(8, bias=False),
        "group norm no bias": nn.GroupNorm(4, 8, bias=False),
        "layer norm no bias": LayerNorm2d(8, bias=False),
    }
    NORMS = {
        "BatchNorm2d without bias": normalised(nn.BatchNorm2d(8, bias=False, track_running_stats=False)),
        "GroupNorm without bias": normalised(nn.GroupNorm(4, 8, bias=False)),
        "LayerNorm2d without bias": normalised(LayerNorm2d(8, bias=False)),
    }
else:
    NORMS = {
        "GroupNorm": normalised(nn.GroupNorm(4, 8)),
        "GroupNorm without affine": normalised(nn.GroupNorm(2, 8, eps=0.001, affine=False)),
        "LayerNorm2d": normalised(LayerNorm2d(8)),
        "LayerNorm2d without affine": normalised(LayerNorm2d(8, eps=1e-6, elementwise_affine=False)),
        "FrozenBatchNorm2d": normalised(FrozenBatchNorm2d(8)),
    }


if __name__ == "__main__":
    name = "layers-today.json" if is_today else "layers.json"
    target = Path(__file__).parent.parent / "test/goldens" / name
    network = {"resnet18": str(resnet18())} if is_today else {}
    texts = {"torch": torch.__version__, **network, "texts": {k: str(v) for k, v in LAYERS.items()}}
    norms = ",\n".join(f"  {json.dumps(name)}: {json.dumps(golden)}" for name, golden in NORMS.items())
    target.write_text(json.dumps(texts, indent=1)[:-2] + f',\n "norms": {{\n{norms}\n }}\n}}\n')
