"""The Python side of the benchmarks: torch + torchvision, one JSON request per line on stdin, one JSON response per line on stdout.

Requests: {"op": "inference", "model", "batch", "kind": "eager" | "optimized", "runs"} -> {"ms": [...]}
          {"op": "train", "model", "size", "batch", "classes", "runs"} -> {"ms": [...]}
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


@functools.lru_cache(maxsize=1)
def step_of(model, size, batch, classes):
    torch.manual_seed(0)
    if model == "cifar_resnet20":
        net = CifarResNet(20, num_classes=classes)
    else:
        net = getattr(torchvision.models, model)(num_classes=classes)
    net.train()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    images, labels = torch.rand(batch, 3, size, size), torch.arange(batch) % classes

    @torch.enable_grad()
    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()

    step()
    return step


def train(runs, **job):
    return {"ms": timed(step_of(**job), runs)}


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
