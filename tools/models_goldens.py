"""Writes test/goldens/models/: text, state dicts and outputs of torchvision's models.

Structure: the text of print(net), state-dict keys with shapes, parameter counts. Numbers: logits and stage features of
seeded networks whose normalisation statistics are set by a formula (the initial ones are the identity), on inputs from
the same generator. Features are stored as samples and projections: complete ones would take megabytes.

Networks that torchvision does not have (CIFAR networks, plain twins, one channel) are in reference_networks.py.

    /usr/bin/python3 tools/models_goldens.py [structure] [outputs] [dilated] [variants] [features] [names]
"""
import base64
import hashlib
import itertools
import json
import sys
from pathlib import Path

import numpy
import torch
import torchvision
from torch import nn
from torchvision import models
from torchvision.models.feature_extraction import create_feature_extractor, get_graph_node_names

from reference_networks import CifarResNet, PlainBasicBlock, PlainBottleneck, PlainResNet

TARGET = Path(__file__).parent.parent / "test/goldens/models"
RESNETS = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
]
VGGS = ["vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"]
CIFAR_RESNETS = [f"cifar_resnet{depth}" for depth in (8, 14, 20, 32, 44, 56, 110)]
SPELLED_OUT = ["resnet18", "resnet50", "vgg11_bn", "cifar_resnet20"]
STAGES = ["layer1", "layer2", "layer3", "layer4"]
FEATURES = {
    "resnet18": ["maxpool", "layer1.0.relu", "layer1.0.relu_1", "layer2", "layer3.1.bn2", "avgpool"],
    "resnet50": ["layer1.0.relu", "layer1.0.relu_1", "layer1.0.relu_2", "layer2.0.downsample.1", "layer4"],
    "vgg11": ["features.3", "features"],
}
SAMPLES = 256
FEW_SAMPLES = 64
VERSIONS = {"torch": torch.__version__, "torchvision": torchvision.__version__}


def build(name, **options):
    torch.manual_seed(0)
    if name in CIFAR_RESNETS:
        return CifarResNet(int(name[len("cifar_resnet"):]), **options).eval()
    return getattr(models, name)(weights=None, **options).eval()


def build_plain(block, layers, **options):
    torch.manual_seed(0)
    return PlainResNet(block, layers, **options).eval()


def set_statistics(net):
    """Distinct statistics per channel, all exact in float32."""
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


def describe(features, samples):
    flat = features.flatten()
    count = flat.numel()
    index = torch.arange(samples) * count // samples
    i = numpy.arange(count, dtype=numpy.int64)
    exact = flat.double().numpy()
    return {
        "shape": list(features.shape),
        "largest": flat.abs().max().item(),
        "samples": encode(flat[index]),
        "projections": [float(((i * step % 257) / 128 - 1) @ exact) for step in (3, 5, 7, 11)],
    }


def compute(net, shape, samples=SAMPLES):
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
        "stages": {name: describe(value, samples) for name, value in stages.items()},
    }


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def count(net):
    return sum(p.numel() for p in net.parameters())


def list_state(net):
    return "\n".join(f"{k} {list(v.shape)} {str(v.dtype)[6:]}" for k, v in net.state_dict().items())


def structure(name):
    net = build(name)
    text = str(net)
    spelled_out = name in SPELLED_OUT
    return {
        "text": text if spelled_out else None,
        "text_sha256": sha256(text),
        "parameters": count(net),
        "parameters_10": count(build(name, num_classes=10)),
        "state": [[key, list(value.shape), str(value.dtype)[6:]] for key, value in net.state_dict().items()]
        if spelled_out else None,
        "state_sha256": sha256(list_state(net)),
    }


def variant(net, shape):
    """Hashes and samples of a network that torchvision does not have."""
    values = hashlib.sha256()
    for parameter in net.parameters():
        values.update(parameter.detach().contiguous().numpy().tobytes())
    golden = {
        "text_sha256": sha256(str(net)),
        "parameters": count(net),
        "state_sha256": sha256(list_state(net)),
        "weights_sha256": values.hexdigest(),
    }
    set_statistics(net)
    return {**golden, "normalised": compute(net, shape, FEW_SAMPLES)}


def reset(name):
    """The new layer of `net.fc = nn.Linear(…)` or `net.classifier[6] = nn.Linear(…)`."""
    net = build(name)
    if hasattr(net, "fc"):
        net.fc = layer = nn.Linear(net.fc.in_features, 7)
    else:
        net.classifier[6] = layer = nn.Linear(net.classifier[6].in_features, 7)
    return {
        "text_sha256": sha256(str(net)),
        "weight": encode(layer.weight.detach().flatten()[:FEW_SAMPLES]),
        "bias": encode(layer.bias.detach()),
    }


def write(name, value):
    (TARGET / name).write_text(json.dumps({**VERSIONS, **value}, indent=1) + "\n")


def write_structure():
    write("structure.json", {"models": {name: structure(name) for name in RESNETS + VGGS + CIFAR_RESNETS}})


def write_outputs():
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


def write_dilated():
    dilated = {}
    for choice in itertools.product([False, True], repeat=3):
        net = build("resnet50", num_classes=50, replace_stride_with_dilation=list(choice))
        set_statistics(net)
        dilated["".join("01"[c] for c in choice)] = compute(net, (1, 3, 65, 65))
    write("dilated.json", {"model": "resnet50", "combinations": dilated})


def write_variants():
    small = (3, 3, 32, 32)
    variants = {name: variant(build(name), small) for name in CIFAR_RESNETS}
    for name in ["cifar_resnet20", "cifar_resnet32", "cifar_resnet44", "cifar_resnet56", "cifar_resnet110"]:
        variants[f"{name} B"] = variant(build(name, shortcut="B"), small)
    variants["cifar_resnet20 plain"] = variant(build("cifar_resnet20", residual=False), small)
    variants["cifar_resnet56 plain"] = variant(build("cifar_resnet56", residual=False), small)
    variants["cifar_resnet8 digits"] = variant(build("cifar_resnet8", in_channels=1), (3, 1, 8, 8))
    variants["cifar_resnet14 odd"] = variant(build("cifar_resnet14", num_classes=26, in_channels=1), (3, 1, 29, 23))
    large = (3, 3, 65, 49)
    basic, bottleneck = PlainBasicBlock, PlainBottleneck
    variants["resnet18 plain"] = variant(build_plain(basic, [2, 2, 2, 2], num_classes=50), large)
    variants["resnet34 plain"] = variant(build_plain(basic, [3, 4, 6, 3], num_classes=50), large)
    variants["resnet50 plain"] = variant(build_plain(bottleneck, [3, 4, 6, 3], num_classes=50), large)
    variants["resnext50_32x4d plain"] = variant(
        build_plain(bottleneck, [3, 4, 6, 3], num_classes=50, groups=32, width_per_group=4), large
    )
    resets = {name: reset(name) for name in ["resnet18", "cifar_resnet20", "vgg11"]}
    write("variants.json", {"variants": variants, "resets": resets})


def write_features():
    """The outputs of torchvision's feature extractor, under given names."""
    features = {}
    for name, nodes in FEATURES.items():
        net = build(name, num_classes=50)
        set_statistics(net)
        for module in net.modules():
            # An in-place ReLU would overwrite features extracted before it.
            if isinstance(module, nn.ReLU):
                module.inplace = False
        extract = create_feature_extractor(net, {node: f"feature {i}" for i, node in enumerate(nodes)}).eval()
        shape = (2, 3, 64, 64)
        torch.manual_seed(1)
        with torch.no_grad():
            found = extract(torch.rand(*shape))
        features[name] = {
            "input": list(shape),
            "features": {node: describe(found[f"feature {i}"], FEW_SAMPLES) for i, node in enumerate(nodes)},
        }
    write("features.json", {"models": features})


class SharedBlock(nn.Module):
    """A block that runs twice, around a layer under two names."""

    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU())
        self.first = nn.Conv2d(1, 1, 1)
        self.again = self.first

    def forward(self, x):
        return self.first(self.block(self.again(self.block(x))))


def write_names():
    """The names of what torchvision's extractor can give, those of modules, in order."""
    nets = {name: build(name, num_classes=50) for name in ["resnet18", "resnet50", "vgg11_bn"]}
    nets["shared block"] = SharedBlock()
    names = {}
    for key, net in nets.items():
        modules = {name for name, _ in net.named_modules()}
        _, nodes = get_graph_node_names(net.eval())
        names[key] = [node for node in nodes if node in modules or node.rsplit("_", 1)[0] in modules]
    write("names.json", {"models": names})


PARTS = {"structure": write_structure, "outputs": write_outputs, "dilated": write_dilated, "variants": write_variants,
         "features": write_features, "names": write_names}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()


main()
