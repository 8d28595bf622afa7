"""Writes test/goldens/random: torch's seeded random numbers and the seeded weights of torchvision's models.

Run with a Python that has torch 1.13 and torchvision 0.14 on x86-64 with AVX2:  python3 tools/random_goldens.py
"""
import hashlib
import json
import pathlib

import torch
import torchvision

OUT = pathlib.Path(__file__).parent.parent / "test" / "goldens" / "random"
OUT.mkdir(parents=True, exist_ok=True)
VERSIONS = {"torch": torch.__version__, "torchvision": torchvision.__version__}


def sha(tensor):
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()[:16]


def draws():
    """The hash of every draw in a sequence, and the values of small ones."""
    sequences = []
    for seed in (0, 1, 42, 2**32 + 5, -1, 2**63):
        torch.manual_seed(seed)
        sequence = []
        for kind, size, a, b in [
            ("rand", 5, 0, 1), ("randn", 1, 0, 1), ("randn", 5, 0, 1), ("randn", 15, 0, 1), ("randn", 16, 0, 1),
            ("randn", 3, 0, 1), ("randn", 17, 0, 1), ("randn", 31, 0, 1), ("rand", 32, 0, 1), ("randn", 100, 0, 1),
            ("uniform", 1000, -0.3, 0.7), ("normal", 1000, 0.5, 2), ("normal", 7, -1, 0.01), ("normal", 1003, 0, 0.02),
            ("uniform", 50, -2.5, 2.5), ("randn", 1, 0, 1), ("randn", 200000, 0, 1), ("rand", 100000, 0, 1),
        ]:
            if kind == "rand":
                x = torch.rand(size)
            elif kind == "randn":
                x = torch.randn(size)
            elif kind == "uniform":
                x = torch.empty(size).uniform_(a, b)
            else:
                x = torch.empty(size).normal_(a, b)
            sequence.append({"kind": kind, "size": size, "a": a, "b": b, "sha": sha(x), "head": x[:3].tolist()})
        sequences.append({"seed": str(seed), "draws": sequence})
    return sequences


def weights(model):
    torch.manual_seed(0)
    net = getattr(torchvision.models, model)()
    return {name: sha(parameter.detach()) for name, parameter in net.named_parameters()}


(OUT / "draws.json").write_text(json.dumps({"versions": VERSIONS, "sequences": draws()}, indent=0))
for model in ("resnet18", "resnet50", "vgg11", "vgg11_bn"):
    golden = {"versions": VERSIONS, "parameters": weights(model)}
    (OUT / f"{model}-seed0.json").write_text(json.dumps(golden, indent=0))
