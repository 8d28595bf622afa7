"""Writes test/goldens/weights/quantized.pth and quantized.json: a network as torchvision's quantized ones are saved.

CIFAR's ResNet-8 with torchvision's names, fused and quantized by torch: weights of whole tensors (qint8, one scale), in layer2 of
channels. Logits are those of the float network with the numbers that the quantized weights stand for.

    /tmp/timm/bin/python tools/quantized_goldens.py
"""
import base64
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from timm_goldens import scattered
from torch import nn
from torch.ao.quantization import (
    QConfig,
    convert,
    default_observer,
    default_per_channel_weight_observer,
    default_weight_observer,
    fuse_modules,
    prepare,
)

FOLDER = Path(__file__).parent.parent / "test/goldens/weights"
torch.backends.quantized.engine = "qnnpack"
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, before, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU()
        self.stride, self.more = stride, planes - before
        self.add_relu = torch.nn.quantized.FloatFunctional()

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        x = x[:, :, :: self.stride, :: self.stride]
        return self.add_relu.add_relu(out, F.pad(x, (0, 0, 0, 0, self.more // 2, self.more // 2)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.layer1 = nn.Sequential(Block(16, 16, 1))
        self.layer2 = nn.Sequential(Block(16, 32, 2))
        self.layer3 = nn.Sequential(Block(32, 64, 2))
        self.fc = nn.Linear(64, 10)
        self.quant = torch.ao.quantization.QuantStub()

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(self.quant(x))))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def fused(net):
    fuse_modules(net, ["conv1", "bn1", "relu"], inplace=True)
    for layer in (net.layer1, net.layer2, net.layer3):
        fuse_modules(layer[0], [["conv1", "bn1", "relu"], ["conv2", "bn2"]], inplace=True)
    return net


def as_float(state):
    """A plain network with the numbers of a quantized one; its normalisations are gone."""
    net = Net().eval()
    for module in [net, net.layer1[0], net.layer2[0], net.layer3[0]]:
        for name in ("bn1", "bn2"):
            if hasattr(module, name):
                setattr(module, name, nn.Identity())
    for path, module in net.named_modules():
        if isinstance(module, nn.Conv2d):
            module.weight = nn.Parameter(state[f"{path}.weight"].dequantize())
            module.bias = nn.Parameter(state[f"{path}.bias"])
    weight, bias = state["fc._packed_params._packed_params"]
    net.fc.weight, net.fc.bias = nn.Parameter(weight.dequantize()), nn.Parameter(bias)
    return net


if __name__ == "__main__":
    net = Net().eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
    net = fused(net)
    plain = {key: held.clone() for key, held in net.state_dict().items()}
    net.qconfig = QConfig(default_observer, default_weight_observer)
    net.layer2.qconfig = QConfig(default_observer, default_per_channel_weight_observer)
    prepare(net, inplace=True)
    x = torch.from_numpy(scattered("x", (2, 3, 32, 32))).float()
    net(x)
    state = convert(net).state_dict()
    torch.save(state, FOLDER / "quantized.pth")
    numbers = {
        "size": 32,
        "logits": base64.b64encode(as_float(state)(x).detach().numpy().tobytes()).decode(),
        "fused": list(plain),
    }
    (FOLDER / "quantized.json").write_text(json.dumps(numbers) + "\n")
    print((FOLDER / "quantized.pth").stat().st_size, (FOLDER / "quantized.json").stat().st_size)
