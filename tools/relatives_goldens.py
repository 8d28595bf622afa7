"""Writes test/goldens/models/relatives*.json: text, state dicts and outputs of ResNet variants (relative_networks.py).

Structure, of every model in the registry: hashes of the text of print(net) and of the state dict's keys with
shapes, and parameter counts. Numbers, of every model in the registry and of small networks, all seeded, in evaluation
mode, with normalisation statistics set by a formula: logits, and a few elements of every parameter's gradient.

Gradients are those of the sum of all logits, weighted by 1, 2, 3, …, in float64; `noise` is the error of float32. If a
ReLU's input is zero up to rounding, the two differ by a whole unit's contribution. So the input's seed is the first
for which that does not happen, even if the input changes by a millionth. Deep networks get small inputs: the fewer
units, the sooner there is such a seed.

    /usr/bin/python3 tools/relatives_goldens.py [structure] [small] [large] [deep-attention] [deep-preact] [deep-d]
"""
import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy
import torch
import torchvision

from relative_networks import (
    BASIC, BOTTLENECK, AttentiveResNet, CBAMBasicBlock, CBAMBottleneck, CifarPreActResNet, ECABasicBlock,
    ECABottleneck, PreActBasicBlock, PreActBottleneck, PreActResNet, SEBasicBlock, SEBottleneck, SKIPS,
    SkipCifarResNet, TweakedResNet,
)

TARGET = Path(__file__).parent.parent / "test/goldens/models"
# Far below the tolerance of gradients, 1e-4.
NOISE = 2e-5
LAYERS = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}
torch.set_num_threads(2)


def family(name, network, basic, bottleneck, depths, **options):
    return {
        name.format(depth): lambda depth=depth, **more: network(
            basic if depth < 50 else bottleneck, LAYERS[depth], **options, **more
        )
        for depth in depths
    }


MODELS = {
    **family("se_resnet{}", AttentiveResNet, SEBasicBlock, SEBottleneck, LAYERS),
    **family("cbam_resnet{}", AttentiveResNet, CBAMBasicBlock, CBAMBottleneck, [18, 34, 50, 101]),
    **family("eca_resnet{}", AttentiveResNet, ECABasicBlock, ECABottleneck, [18, 50]),
    **family("preact_resnet{}", PreActResNet, PreActBasicBlock, PreActBottleneck, LAYERS),
    **family("resnet{}c", TweakedResNet, BASIC, BOTTLENECK, [50], average=False),
    **family("resnet{}d", TweakedResNet, BASIC, BOTTLENECK, LAYERS),
    **{
        f"cifar_preact_resnet{depth}": lambda depth=depth, **more: CifarPreActResNet(depth, depth == 164, **more)
        for depth in (20, 56, 110, 164)
    },
}
SMALL = [1, 1, 1, 1]
# Whole networks at 64 × 64, and bottlenecks of each kind in networks of four blocks. Initialising the large ones takes a
# while.
LARGE = [
    "eca_resnet18", "resnet18d", "se_resnet50", "cbam_resnet50", "eca_resnet50", "preact_resnet50", "resnet50c",
    "resnet50d",
]
# The networks of each file, with the shape of the input.
MIDDLING, DEEP, CIFAR = (2, 3, 64, 64), (1, 3, 32, 32), (1, 3, 16, 16)
DEEPER = {
    "deep-attention": {
        "se_resnet34": MIDDLING, "se_resnet101": DEEP, "se_resnet152": DEEP, "cbam_resnet34": MIDDLING,
        "cbam_resnet101": DEEP,
    },
    "deep-preact": {
        "preact_resnet34": MIDDLING, "preact_resnet101": DEEP, "preact_resnet152": DEEP,
        "cifar_preact_resnet56": CIFAR, "cifar_preact_resnet110": CIFAR, "cifar_preact_resnet164": CIFAR,
    },
    "deep-d": {"resnet34d": MIDDLING, "resnet101d": DEEP, "resnet152d": DEEP},
}
# The factor of the normalisation weights. Fifty gates that depend on their inputs amplify rounding errors: without the
# factor float32's gradients were off by 7e-5 or more for each of seven inputs.
GAINS = {"se_resnet152": 0.75}


def sized(shapes):
    return {name: (lambda name=name: MODELS[name](num_classes=10), shape) for name, shape in shapes.items()}


COMPUTED = {
    **sized(dict.fromkeys(["se_resnet18", "cbam_resnet18", "preact_resnet18", *LARGE], MIDDLING)),
    "se small": (lambda: AttentiveResNet(SEBottleneck, SMALL, num_classes=10), (2, 3, 49, 65)),
    "cbam small": (lambda: AttentiveResNet(CBAMBottleneck, SMALL, num_classes=10), (2, 3, 49, 65)),
    "eca small": (lambda: AttentiveResNet(ECABottleneck, SMALL, num_classes=10), (2, 3, 49, 65)),
    "preact small": (lambda: PreActResNet(PreActBottleneck, SMALL, num_classes=10), (2, 3, 49, 65)),
    "d small": (lambda: TweakedResNet(BOTTLENECK, SMALL, num_classes=10), (2, 3, 49, 65)),
    "cifar_preact_resnet20": (MODELS["cifar_preact_resnet20"], (2, 3, 32, 32)),
    "cifar_preact_resnet29": (lambda: CifarPreActResNet(29, True), (2, 3, 32, 32)),
    **{f"cifar_resnet14 {skip}": (lambda skip=skip: SkipCifarResNet(14, skip), (2, 3, 32, 32)) for skip in SKIPS},
}


def set_statistics(net, gain=1):
    """As in models_goldens.py: distinct statistics per channel, all exact in float32."""
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                i = torch.arange(module.num_features)
                module.weight.copy_(gain * (0.5 + ((i * 29) % 64) / 64))
                module.bias.copy_(((i * 13) % 64) / 128 - 0.25)
                module.running_mean.copy_(((i * 37) % 64) / 64 - 0.5)
                module.running_var.copy_(0.5 + ((i * 11) % 64) / 32)


def encode(values):
    return base64.b64encode(numpy.asarray(values, dtype="<f4").tobytes()).decode()


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.encode())
    return digest.hexdigest()


def describe(net):
    state = "\n".join(f"{k} {list(v.shape)} {str(v.dtype)[6:]}" for k, v in net.state_dict().items())
    return {
        "text_sha256": sha256(str(net)),
        "parameters": sum(p.numel() for p in net.parameters()),
        "state_sha256": sha256(state),
    }


def sample(gradient):
    """The first, middle and last element, the largest magnitude, and a weighted sum."""
    flat = gradient.double().flatten()
    weights = (torch.arange(flat.numel(), dtype=torch.float64) * 37 % 101 - 50) / 50
    return [flat[0], flat[flat.numel() // 2], flat[-1], flat.abs().max(), (flat * weights).sum()]


def run(net, x):
    net.zero_grad()
    logits = net(x)
    (logits * (1 + torch.arange(logits.numel(), dtype=logits.dtype).view_as(logits))).sum().backward()
    return logits.detach(), [parameter.grad.detach().clone() for parameter in net.parameters()]


def distance(gradients, exact):
    return max(((a - b).abs().max() / b.abs().max()).item() for a, b in zip(gradients, exact))


def find_input(net, shape):
    """A seed for which rounding changes no ReLU, the float32 results, and the gradients in float64."""
    for seed in range(1, 100):
        torch.manual_seed(seed)
        x = torch.rand(*shape)
        logits, single = run(net.float(), x)
        _, exact = run(net.double(), x.double())
        noise = distance(single, exact)
        nudged = (run(net, x.double() + 1e-6 * torch.randn(*shape).double())[1] for _ in range(4))
        # Stops at the first difference.
        if noise < NOISE and all(distance(other, exact) < NOISE for other in nudged):
            return seed, noise, logits, exact
    raise RuntimeError("with every input, some unit is within rounding of zero")


def compute(make, shape, gain=1):
    torch.manual_seed(0)
    net = make().eval()
    weights = sha256(*(p.detach().contiguous().numpy().tobytes() for p in net.parameters()))
    golden = {**describe(net), "weights_sha256": weights, "input": list(shape)}
    if gain != 1:
        golden["gain"] = gain
    set_statistics(net, gain)
    seed, noise, logits, exact = find_input(net, shape)
    return {
        **golden, "seed": seed, "noise": noise, "logits": encode(logits.flatten()),
        "gradients": encode([value for gradient in exact for value in sample(gradient)]),
    }


def write(name, content):
    versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    (TARGET / name).write_text(json.dumps({**versions, **content}, indent=1) + "\n")


def write_structure():
    models = {}
    for name, make in MODELS.items():
        models[name] = {**describe(make()), "parameters_10": describe(make(num_classes=10))["parameters"]}
        print(name, models[name]["parameters"], flush=True)
    write("relatives.json", {"models": models})


def write_networks(part, computed):
    networks = {}
    for name, (make, shape) in computed.items():
        networks[name] = compute(make, shape, GAINS.get(name, 1))
        print(name, networks[name]["seed"], networks[name]["noise"], flush=True)
    write(f"relatives-{part}.json", {"networks": networks})


NETWORKS = {
    "small": {name: made for name, made in COMPUTED.items() if name not in LARGE},
    "large": {name: made for name, made in COMPUTED.items() if name in LARGE},
    **{part: sized(shapes) for part, shapes in DEEPER.items()},
}
for part in sys.argv[1:] or ["structure", *NETWORKS]:
    if part == "structure":
        write_structure()
    else:
        write_networks(part, NETWORKS[part])
