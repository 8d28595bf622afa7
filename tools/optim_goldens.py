"""Writes test/goldens/optim: the steps of torch's optimisers and schedulers, in float64.

    /usr/bin/python3 tools/optim_goldens.py

The toy problem is computed by the same formulas as in src/optim/testing/toy-problem.ts; only results are stored. LARS,
LAMB and the moving average are not in torch and are implemented here, after timm's definitions.
"""
import json
from pathlib import Path

import torch
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop, lr_scheduler
from torch.nn.utils import clip_grad_norm_

OUT = Path(__file__).parent.parent / "test" / "goldens" / "optim"
OUT.mkdir(parents=True, exist_ok=True)

SHAPES = ((6,), (3, 4))
STEPS = (1, 2, 3, 10, 100)


def dyadic(shape, salt):
    """Multiples of 1/16 in -3.125 … 3.125."""
    size = torch.Size(shape).numel()
    steps = [(i * 37 + salt * 17) % 101 - 50 for i in range(size)]
    return torch.tensor(steps, dtype=torch.float64).reshape(shape) / 16


def gradient(weight, step, salt):
    """The gradient of a quadratic with a curvature per element and a moving minimum: a·w + b, a in 0.25 … 3.375."""
    return (dyadic(weight.shape, salt + 1).abs() + 0.25) * weight + dyadic(weight.shape, salt + 2 + step) / 4


class Lars(Optimizer):
    def __init__(self, params, lr=1.0, momentum=0, nesterov=False, weight_decay=0, trust_coeff=0.001, eps=1e-8,
                 always_adapt=False):
        super().__init__(params, dict(lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay,
                                      trust_coeff=trust_coeff, eps=eps, always_adapt=always_adapt))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            decay, momentum = group["weight_decay"], group["momentum"]
            for p in group["params"]:
                grad = p.grad
                if decay != 0 or group["always_adapt"]:
                    w_norm, g_norm = p.norm(2.0), grad.norm(2.0)
                    ratio = group["trust_coeff"] * w_norm / (g_norm + w_norm * decay + group["eps"])
                    ratio = torch.where((w_norm > 0) & (g_norm > 0), ratio, torch.ones_like(ratio))
                    grad = (grad + decay * p) * ratio
                if momentum != 0:
                    state = self.state[p]
                    if "momentum_buffer" not in state:
                        buf = state["momentum_buffer"] = grad.clone()
                    else:
                        buf = state["momentum_buffer"].mul_(momentum).add_(grad)
                    grad = grad + momentum * buf if group["nesterov"] else buf
                p.sub_(group["lr"] * grad)


class Lamb(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, always_adapt=False):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      always_adapt=always_adapt))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            group["step"] = t = group.get("step", 0) + 1
            for p in group["params"]:
                state = self.state[p]
                m = state.setdefault("exp_avg", torch.zeros_like(p))
                v = state.setdefault("exp_avg_sq", torch.zeros_like(p))
                m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
                v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                update = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + group["eps"])
                update = update + group["weight_decay"] * p
                if group["weight_decay"] != 0 or group["always_adapt"]:
                    w_norm, u_norm = p.norm(2.0), update.norm(2.0)
                    ratio = torch.where((w_norm > 0) & (u_norm > 0), w_norm / u_norm, torch.ones_like(w_norm))
                    update = update * ratio
                p.sub_(group["lr"] * update)


# By optimiser, then by case: options of the optimiser, and variations of the problem.
OPTIMIZERS = {
    "sgd": {
        "plain": (SGD, dict(lr=0.05)),
        "weight decay": (SGD, dict(lr=0.05, weight_decay=0.01)),
        "momentum": (SGD, dict(lr=0.05, momentum=0.9)),
        "momentum and weight decay": (SGD, dict(lr=0.05, momentum=0.9, weight_decay=1e-4)),
        "dampening": (SGD, dict(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01)),
        "nesterov": (SGD, dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01)),
    },
    "adam": {
        "defaults": (Adam, dict()),
        "fast": (Adam, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3)),
        "weight decay": (Adam, dict(lr=0.01, weight_decay=0.1)),
        "amsgrad": (Adam, dict(lr=0.05, betas=(0.9, 0.9), amsgrad=True)),
        "short memory": (Adam, dict(lr=0.01, betas=(0.0, 0.25))),
    },
    "adamw": {
        "defaults": (AdamW, dict()),
        "no weight decay": (AdamW, dict(lr=0.01, weight_decay=0)),
        "strong weight decay": (AdamW, dict(lr=0.05, weight_decay=0.5)),
        "amsgrad": (AdamW, dict(lr=0.05, betas=(0.9, 0.9), amsgrad=True)),
    },
    "rmsprop": {
        "defaults": (RMSprop, dict()),
        "weight decay": (RMSprop, dict(lr=0.01, weight_decay=0.1, eps=1e-3)),
        "momentum": (RMSprop, dict(lr=0.01, momentum=0.9, alpha=0.9)),
        "centered": (RMSprop, dict(lr=0.01, centered=True)),
        "everything": (RMSprop, dict(lr=0.01, alpha=0.95, momentum=0.5, centered=True, weight_decay=0.01)),
    },
    "lars": {
        "plain": (Lars, dict(lr=0.05)),
        "momentum and weight decay": (Lars, dict(lr=5, momentum=0.9, weight_decay=0.01)),
        "nesterov": (Lars, dict(lr=5, momentum=0.9, nesterov=True, weight_decay=0.01, trust_coeff=0.002)),
        "always adapt": (Lars, dict(lr=5, momentum=0.5, always_adapt=True)),
        "zero weights": (Lars, dict(lr=0.05, weight_decay=0.01), "zero weights"),
        "zero gradient": (Lars, dict(lr=0.05, weight_decay=0.01), "zero gradient"),
        "nothing": (Lars, dict(lr=0.05, always_adapt=True), "zero weights", "zero gradient"),
    },
    "lamb": {
        "defaults": (Lamb, dict()),
        "fast": (Lamb, dict(lr=0.02, betas=(0.8, 0.95), weight_decay=0.1)),
        "no weight decay": (Lamb, dict(lr=0.02, weight_decay=0)),
        "always adapt": (Lamb, dict(lr=0.02, weight_decay=0, always_adapt=True)),
        "zero weights": (Lamb, dict(lr=0.02), "zero weights"),
        "nothing": (Lamb, dict(lr=0.02), "zero weights", "zero gradient"),
    },
    "clipping": {
        "clipped": (SGD, dict(lr=0.05, momentum=0.9), ("max norm", 1.5)),
        "not clipped": (SGD, dict(lr=0.05, momentum=0.9), ("max norm", 1e3)),
    },
    "ema": {"0.9": (SGD, dict(lr=0.05), ("average", 0.9)), "0.25": (SGD, dict(lr=0.05), ("average", 0.25))},
}


def train(make, options, *changes):
    """The parameters, or their averages, after some of the steps, and the final slots of the first parameter."""
    plain = [change for change in changes if isinstance(change, str)]
    numbers = dict(change for change in changes if not isinstance(change, str))
    weights = [torch.nn.Parameter(dyadic(shape, 10 * i)) for i, shape in enumerate(SHAPES)]
    if "zero weights" in plain:
        weights = [torch.nn.Parameter(torch.zeros_like(w)) for w in weights]
    averages = [w.detach().clone() for w in weights]
    optimizer = make(weights, **options)
    expected = {}
    for step in range(1, max(STEPS) + 1):
        for i, w in enumerate(weights):
            slope = gradient(w.detach(), step, 10 * i)
            w.grad = torch.zeros_like(slope) if "zero gradient" in plain else slope
        if "max norm" in numbers:
            clip_grad_norm_(weights, numbers["max norm"])
        optimizer.step()
        decay = numbers.get("average", 0)
        averages = [decay * a + (1 - decay) * w.detach() for a, w in zip(averages, weights)]
        if step in STEPS:
            expected[step] = [a.flatten().tolist() for a in averages]
    slots = {
        name: slot.flatten().tolist()
        for name, slot in optimizer.state[weights[0]].items()
        if torch.is_tensor(slot) and slot.shape == weights[0].shape
    }
    return {"steps": expected, "slots": slots}


def lrs(make, steps=100, base=0.1):
    optimizer = SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    values = []
    for _ in range(steps - 1):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return [*values, optimizer.param_groups[0]["lr"]]


def one_cycle(total, **options):
    return lrs(
        lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.1, total_steps=total, cycle_momentum=False, **options), total
    )


def warmed(steps, make, **options):
    def sequence(o):
        first = lr_scheduler.LinearLR(o, total_iters=steps, **options)
        return lr_scheduler.SequentialLR(o, [first, make(o)], milestones=[steps])

    return lrs(sequence)


SCHEDULES = {
    "step": lrs(lambda o: lr_scheduler.StepLR(o, 30)),
    "step, factor": lrs(lambda o: lr_scheduler.StepLR(o, 7, 0.9)),
    "multistep": lrs(lambda o: lr_scheduler.MultiStepLR(o, [30, 60, 80])),
    "multistep, factor": lrs(lambda o: lr_scheduler.MultiStepLR(o, [1, 50], 0.5)),
    "exponential": lrs(lambda o: lr_scheduler.ExponentialLR(o, 0.95)),
    "cosine": lrs(lambda o: lr_scheduler.CosineAnnealingLR(o, 100)),
    "cosine, minimum, beyond the end": lrs(lambda o: lr_scheduler.CosineAnnealingLR(o, 40, 0.01)),
    "poly": lrs(lambda o: lr_scheduler.PolynomialLR(o, 100)),
    "poly, power, beyond the end": lrs(lambda o: lr_scheduler.PolynomialLR(o, 60, 2)),
    "onecycle": one_cycle(100),
    "onecycle, linear": one_cycle(100, anneal_strategy="linear"),
    "onecycle, options": one_cycle(73, pct_start=0.41, div_factor=10, final_div_factor=50),
    "onecycle, no rise": one_cycle(50, pct_start=0.0),
    "onecycle, no fall": one_cycle(50, pct_start=1.0),
    "onecycle, two steps": one_cycle(2),
    "warm-up, step": warmed(5, lambda o: lr_scheduler.StepLR(o, 30)),
    "warm-up, cosine": warmed(10, lambda o: lr_scheduler.CosineAnnealingLR(o, 90), start_factor=0.01),
    "warm-up, exponential": warmed(20, lambda o: lr_scheduler.ExponentialLR(o, 0.9), start_factor=1.0),
}


def write(name, golden):
    """Formats one case per line."""

    def line(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    body = ",\n".join(f"{json.dumps(case)}: {line(value)}" for case, value in golden.items())
    head = json.dumps({"torch": torch.__version__})
    (OUT / name).write_text('{\n"versions": ' + head + ',\n"cases": {\n' + body + "\n}\n}\n")


write(
    "optimizers.json",
    {f"{name}: {case}": train(*rest) for name, cases in OPTIMIZERS.items() for case, rest in cases.items()},
)
write("schedules.json", SCHEDULES)
