"""Writes test/goldens/training/: gradients, losses and weights of networks that torch trains.

    /usr/bin/python3 tools/training_goldens.py [gradients] [losses] [weights] [buffers]

Images are drawn from torch's generator, which the package reproduces; labels follow a formula. Tensors are stored as
samples: evenly spaced elements, the largest magnitude, the norm, and a weighted sum.

Training is chaotic: if a ReLU's input is zero up to rounding, torch in float32 and in float64 differ by a whole image's
contribution to a gradient. So everything here is computed in both, with settings for which the two agree well below
the tolerance; `noise` is their difference. A freshly initialised resnet50 has no such settings (0.2 of the largest
gradient, whatever the images): the biases of its normalisation layers are set to a constant, so that few units are
inactive and few close to zero.
"""
import json
import sys
from pathlib import Path

import torch
import torchvision

from reference_networks import CifarResNet

OUT = Path(__file__).parent.parent / "test/goldens/training"
torch.set_num_threads(1)
VERSIONS = {"torch": torch.__version__, "torchvision": torchvision.__version__}


def images(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def labels(step, items, classes):
    return torch.tensor([(37 * (step * items + i) + 11) % classes for i in range(items)])


def sample(tensor, count=24):
    flat = tensor.detach().double().flatten()
    stride = max(1, -(-flat.numel() // count))
    weights = (torch.arange(flat.numel(), dtype=torch.float64) * 37 % 101 - 50) / 50
    return {
        "elements": [float(f"{x:.9g}") for x in flat[::stride].tolist()],
        "largest": float(f"{flat.abs().max().item():.9g}"),
        "projection": float(f"{(flat * weights).sum().item():.9g}"),
        "length": float(f"{flat.norm().item():.9g}"),
    }


def build(name, dtype, shift=None):
    torch.manual_seed(0)
    net = CifarResNet(20) if name == "cifar_resnet20" else getattr(torchvision.models, name)(num_classes=1000)
    for module in net.modules():
        if shift is not None and isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.constant_(module.bias, shift)
    return net.train().to(dtype)


def loss_of(net, dtype, step, items, size, classes):
    x = images(step, items, 3, size, size).to(dtype)
    return torch.nn.functional.cross_entropy(net(x), labels(step, items, classes))


def first_gradients(name, size, items, seed, shift=None):
    def compute(dtype):
        net = build(name, dtype, shift)
        loss = loss_of(net, dtype, seed, items, size, 1000)
        loss.backward()
        return loss.item(), {key: parameter.grad for key, parameter in net.named_parameters()}

    loss, gradients = compute(torch.float32)
    _, exact = compute(torch.float64)
    # If all units are active, a bias before the next normalisation has a zero gradient apart from rounding.
    largest = max(g.abs().max().item() for g in exact.values())
    nothing = [key for key, g in exact.items() if g.abs().max() < 1e-9 * largest]
    noise = max(
        ((gradients[key] - g).abs().max() / g.abs().max()).item() for key, g in exact.items() if key not in nothing
    )
    return {
        "size": size, "items": items, "seed": seed, "shift": shift, "loss": loss, "noise": noise, "nothing": nothing,
        "gradients": {key: sample(gradient) for key, gradient in gradients.items()},
    }


def run(name, dtype, size, items, steps, batches, classes, lr):
    net = build(name, dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of(net, dtype, step % batches, items, size, classes)
        loss.backward()
        if lr > 0:
            optimizer.step()
        losses.append(loss.item())
    return losses, net.state_dict()


def losses(size, items, lr):
    settings = ("resnet18", size, items, 20, 2, 1000)
    found, _ = run(settings[0], torch.float32, *settings[1:], lr)
    exact, _ = run(settings[0], torch.float64, *settings[1:], lr)
    still, _ = run(settings[0], torch.float32, *settings[1:], 0)
    return {
        "size": size, "items": items, "lr": lr, "losses": found,
        # The last loss of the untrained network.
        "untrained": still[-1],
        "noise": max(abs(a - b) / b for a, b in zip(found, exact)),
    }


def weights(lr):
    settings = ("cifar_resnet20", 32, 32, 100, 4, 10)
    found, state = run(settings[0], torch.float32, *settings[1:], lr)
    _, exact = run(settings[0], torch.float64, *settings[1:], lr)
    noise = max(
        ((state[key].double() - value).norm() / value.norm()).item()
        for key, value in exact.items() if "num_batches" not in key
    )
    return {
        "lr": lr, "first": found[0], "last": found[-1], "noise": noise,
        "weights": {key: sample(value) for key, value in state.items() if "num_batches" not in key},
    }


class Repeated(torch.nn.Module):
    """One normalisation that is called three times, and whose statistics are read between and after its calls."""

    def __init__(self, momentum):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 2, 1, bias=False)
        self.bn = torch.nn.BatchNorm2d(2, momentum=momentum)

    def forward(self, x):
        # Not scaled by the statistics before the last call: it changes them in place, and autograd would object.
        x = torch.relu(self.bn(self.conv(x)) + self.bn.running_mean.view(1, 2, 1, 1))
        x = self.bn(torch.relu(self.bn(x * 2 + 10)))
        return (x * self.bn.running_var.view(1, 2, 1, 1)).mean((2, 3)) * self.bn.num_batches_tracked


def buffers(momentum, lr=0.1, steps=3, items=4):
    def train(dtype):
        torch.manual_seed(0)
        net = Repeated(momentum).to(dtype)
        optimizer = torch.optim.SGD(net.parameters(), lr=lr)
        after = []
        for step in range(steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                net(images(step, items, 3, 3, 3).to(dtype)), labels(step, items, 2)
            )
            loss.backward()
            optimizer.step()
            state = {key: value.flatten().tolist() for key, value in net.state_dict().items()}
            after.append({"loss": loss.item(), "state": state})
        return after

    found = train(torch.float32)
    noise = max(
        abs(a - b) / max(map(abs, exact["state"][key]))
        for single, exact in zip(found, train(torch.float64))
        for key in single["state"]
        for a, b in zip(single["state"][key], exact["state"][key])
    )
    return {"momentum": momentum, "lr": lr, "items": items, "noise": noise, "steps": found}


def write(name, content):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text(json.dumps({"versions": VERSIONS, **content}, separators=(",", ":")) + "\n")
    print(name, {key: value for key, value in content.items() if key == "noise"})


wanted = sys.argv[1:] or ["gradients", "losses", "weights", "buffers"]
if "gradients" in wanted:
    networks = {
        "resnet18": first_gradients("resnet18", 64, 8, 1),
        "resnet50": first_gradients("resnet50", 64, 4, 1, 2.0),
        "resnext50_32x4d": first_gradients("resnext50_32x4d", 64, 4, 1, 1.5),
    }
    write("gradients.json", {"networks": networks})
    print({name: network["noise"] for name, network in networks.items()})
if "losses" in wanted:
    runs = {f"resnet18 at {size}": losses(size, items, lr) for size, items, lr in ((64, 16, 3e-5), (224, 4, 3e-5))}
    write("losses.json", {"runs": runs})
    for run_ in runs.values():
        print(run_["noise"], run_["losses"][-1], run_["untrained"])
if "weights" in wanted:
    found = weights(1e-4)
    write("weights.json", found)
    print(found["noise"], found["first"], found["last"])
if "buffers" in wanted:
    runs = [buffers(momentum) for momentum in (0.1, None)]
    write("buffers.json", {"runs": runs})
    print([run_["noise"] for run_ in runs])
