"""The Python side of the benchmarks: torch + torchvision, one JSON request per line on stdin, one JSON response per line on stdout.

Requests: {"op": "inference", "model", "batch", "kind": "eager" | "optimized", "runs"} -> {"ms": [...]}
          {"op": "train", "model", "size", "batch", "classes", "freeze": [prefixes], "runs"} -> {"ms": [...]}
          {"op": "preprocess", "image", "runs"} -> {"ms": [...]}
          {"op": "read", "path", "runs"} -> {"ms": [...]}
          {"op": "export", "model", "path", "weights"} -> {}
"""
import functools
import json
import sys
import time
from pathlib import Path

import torch
import torchvision
from PIL import Image

sys.path.append(str(Path(__file__).parent.parent / "tools"))
from reference_networks import CifarResNet
from relative_networks import AttentiveResNet, PreActBottleneck, PreActResNet, SEBottleneck

torch.set_grad_enabled(False)


def timed(function, runs):
    times = []
    function()
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append((time.perf_counter() - start) * 1000)
    return times


def build(model):
    torch.manual_seed(0)
    return getattr(torchvision.models, model)().eval()


@functools.lru_cache(maxsize=2)
def network(model, kind, batch):
    net = build(model)
    if kind == "optimized":
        net = torch.jit.optimize_for_inference(torch.jit.trace(net, torch.rand(batch, 3, 224, 224)))
    x = torch.rand(batch, 3, 224, 224)
    for _ in range(3):
        net(x)
    return lambda: net(x)


def inference(model, batch, kind, runs):
    return {"ms": timed(network(model, kind, batch), runs)}


OTHERS = {
    "cifar_resnet20": functools.partial(CifarResNet, 20),
    "se_resnet50": functools.partial(AttentiveResNet, SEBottleneck, [3, 4, 6, 3]),
    "preact_resnet50": functools.partial(PreActResNet, PreActBottleneck, [3, 4, 6, 3]),
}


@functools.lru_cache(maxsize=1)
def step_of(model, size, batch, classes, freeze):
    torch.manual_seed(0)
    make = OTHERS.get(model) or getattr(torchvision.models, model)
    net = make(num_classes=classes).train()
    for name, part in net.named_children():
        part.requires_grad_(name not in freeze)
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.01, momentum=0.9, weight_decay=1e-4)
    images, labels = torch.rand(batch, 3, size, size), torch.arange(batch) % classes

    @torch.enable_grad()
    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()

    step()
    return step


def train(runs, freeze=(), **job):
    return {"ms": timed(step_of(**job, freeze=tuple(freeze)), runs)}


def preprocess(image, runs):
    preset = torchvision.models.ResNet18_Weights.IMAGENET1K_V1.transforms()
    return {"ms": timed(lambda: preset(Image.open(image).convert("RGB")), runs)}


def read(path, runs):
    return {"ms": timed(lambda: torch.load(path), runs)}


def export(model, path, weights):
    net = build(model)
    torch.save(net.state_dict(), weights)
    axes = {"x": {0: "N"}, "logits": {0: "N"}}
    x = torch.rand(1, 3, 224, 224)
    torch.onnx.export(net, x, path, input_names=["x"], output_names=["logits"], dynamic_axes=axes, opset_version=16)
    return {}


OPS = {"inference": inference, "train": train, "preprocess": preprocess, "read": read, "export": export}

threads = int(sys.argv[1])
torch.set_num_threads(threads)
print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(OPS[request.pop("op")](**request)), flush=True)
