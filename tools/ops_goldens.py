"""Writes test/goldens/ops: torch's results in float64 for every op of the graph and every composed function.

    /usr/bin/python3 tools/ops_goldens.py

Inputs are computed by the same formula as in src/ir/testing/golden-cases.ts; only their shapes are stored.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).parent.parent / "test" / "goldens" / "ops"
OUT.mkdir(parents=True, exist_ok=True)


class Input:
    """Distinct dyadic numbers in -3.125 … 3.125; positive if `positive`; integers for integer dtypes."""

    def __init__(self, *shape, salt=0, positive=False, dtype="float32"):
        self.form = {"shape": list(shape), "salt": salt, "positive": positive, "dtype": dtype}
        size = torch.Size(shape).numel()
        steps = torch.tensor([(i * 37 + salt * 17) % 101 for i in range(size)], dtype=torch.float64)
        values = steps + 1 if positive else steps - 50
        self.tensor = (values if dtype == "int64" else values / 16).reshape(shape)


def conv(**options):
    return lambda x, w, b=None: F.conv2d(x, w, b, **options)


def conv_weight(kernel, **options):
    def compute(x, y):
        shape = (y.shape[1], x.shape[1] // options.get("groups", 1), *kernel)
        return torch.nn.grad.conv2d_weight(x, shape, y, **options)

    return compute


def unpool(kernel, **options):
    def compute(x, y):
        x = x.clone().requires_grad_()
        F.max_pool2d(x, kernel, **options).backward(y)
        return x.grad

    return compute


def pool_at(kernel, **options):
    def compute(x, z):
        _, places = F.max_pool2d(x, kernel, return_indices=True, **options)
        return z.flatten(2).gather(2, places.flatten(2)).reshape(places.shape)

    return compute


def norm(eps):
    return lambda x, scale, shift, mean, var: F.batch_norm(x, mean, var, scale, shift, training=False, eps=eps)


X = Input(2, 3, 4)
ABOVE = Input(2, 3, 4, salt=3, positive=True)
PAIR = (Input(2, 3, 4), Input(2, 3, 4, salt=5, positive=True))
STRETCHED = (Input(2, 1, 4), Input(3, 1, salt=5, positive=True))
SCALAR = (Input(2, 3), Input(salt=8, positive=True))
IMAGE = Input(2, 3, 6, 7)
SMALL = Input(1, 2, 5, 6)


def binary(compute):
    return {
        "same shape": (compute, *PAIR),
        "stretched both ways": (compute, *STRETCHED),
        "scalar": (compute, *SCALAR),
    }


def statistics(channels):
    return tuple(Input(channels, salt=salt, positive=salt == 4) for salt in (1, 2, 3, 4))


# By op, then by case: torch's function, and the inputs.
OPS = {
    "neg": {"plain": (torch.neg, X)},
    "abs": {"plain": (torch.abs, X)},
    "exp": {"plain": (torch.exp, X)},
    "log": {"plain": (torch.log, ABOVE)},
    "sqrt": {"plain": (torch.sqrt, ABOVE)},
    "tanh": {"plain": (torch.tanh, X)},
    "erf": {"plain": (torch.erf, X), "wide": (lambda x: torch.erf(x * 2), Input(101))},
    "sigmoid": {"plain": (torch.sigmoid, X), "saturated": (lambda x: torch.sigmoid(x * 256), X)},
    "relu": {"plain": (torch.relu, X)},
    "heaviside": {"plain": (lambda x: torch.heaviside(x, torch.zeros_like(x)), Input(101))},
    "add": binary(torch.add),
    "sub": binary(torch.sub),
    "mul": binary(torch.mul),
    "div": {
        **binary(torch.div),
        "integers": (
            lambda a, b: torch.div(a, b, rounding_mode="trunc"),
            Input(4, 3, dtype="int64"),
            Input(3, salt=9, positive=True, dtype="int64"),
        ),
    },
    "maximum": binary(torch.maximum),
    "minimum": binary(torch.minimum),
    "sum": {
        "middle axis": (lambda x: x.sum(1), X),
        "outer axes, kept": (lambda x: x.sum((0, 2), keepdim=True), X),
        "all": (torch.sum, X),
    },
    "mean": {
        "last axis": (lambda x: x.mean(-1), X),
        "over images, kept": (lambda x: x.mean((2, 3), keepdim=True), IMAGE),
        "over images": (lambda x: x.mean((2, 3)), IMAGE),
        "all": (torch.mean, X),
    },
    "max": {
        "first axis": (lambda x: x.amax(0), X),
        "two axes, kept": (lambda x: x.amax((1, 2), keepdim=True), X),
        "all": (torch.max, X),
    },
    "variance": {
        "over a batch of images": (lambda x: x.var((0, 2, 3), unbiased=False), IMAGE),
        "last axis, kept": (lambda x: x.var(-1, unbiased=False, keepdim=True), X),
        "far from zero": (lambda x: (x + 65536).var(unbiased=False), X),
    },
    "softmax": {
        "last axis": (lambda x: x.softmax(-1), X),
        "middle axis": (lambda x: x.softmax(1), X),
        "large values": (lambda x: (x * 512).softmax(-1), X),
    },
    "matmul": {
        "matrices": (torch.matmul, Input(3, 4), Input(4, 2, salt=5)),
        "stacks": (torch.matmul, Input(2, 3, 4), Input(2, 4, 2, salt=5)),
        "broadcast both ways": (torch.matmul, Input(2, 1, 3, 4), Input(3, 4, 2, salt=5)),
        "matrix by stack": (torch.matmul, Input(2, 3), Input(2, 2, 3, 2, salt=5)),
    },
    "linear": {
        "bias": (F.linear, Input(3, 4), Input(5, 4, salt=5), Input(5, salt=9)),
        "no bias": (F.linear, Input(3, 4), Input(5, 4, salt=5)),
        "more axes": (F.linear, Input(2, 3, 4), Input(5, 4, salt=5), Input(5, salt=9)),
        "one axis": (F.linear, Input(4), Input(5, 4, salt=5), Input(5, salt=9)),
    },
    "conv2d": {
        "plain": (conv(), SMALL, Input(3, 2, 3, 3, salt=5)),
        "bias": (conv(), SMALL, Input(3, 2, 3, 3, salt=5), Input(3, salt=9)),
        "stride and padding": (conv(stride=2, padding=1), IMAGE, Input(2, 3, 3, 3, salt=5)),
        "one by one": (conv(stride=2), IMAGE, Input(4, 3, 1, 1, salt=5), Input(4, salt=9)),
        "groups": (conv(groups=2, padding=1), Input(1, 4, 4, 5), Input(6, 2, 3, 3, salt=5), Input(6, salt=9)),
        "depthwise": (conv(groups=3), IMAGE, Input(6, 1, 2, 2, salt=5)),
        "dilation": (conv(dilation=(2, 1), padding=(2, 0)), IMAGE, Input(2, 3, 3, 3, salt=5)),
        "everything uneven": (
            conv(stride=(1, 2), padding=(2, 1), dilation=(1, 2), groups=2),
            Input(2, 4, 5, 8),
            Input(4, 2, 2, 3, salt=5),
            Input(4, salt=9),
        ),
    },
    "convTranspose2d": {
        "plain": (F.conv_transpose2d, SMALL, Input(2, 3, 3, 3, salt=5)),
        "padding": (lambda y, w: F.conv_transpose2d(y, w, padding=1), SMALL, Input(2, 3, 3, 3, salt=5)),
        "stride": (
            lambda y, w: F.conv_transpose2d(y, w, stride=2, padding=1, output_padding=1),
            SMALL,
            Input(2, 3, 3, 3, salt=5),
        ),
        "everything uneven": (
            lambda y, w: F.conv_transpose2d(
                y, w, stride=(1, 2), padding=(2, 1), output_padding=(0, 1), dilation=(2, 1), groups=2
            ),
            Input(2, 4, 5, 6),
            Input(4, 3, 2, 3, salt=5),
        ),
    },
    "conv2dWeight": {
        "plain": (conv_weight((3, 3)), SMALL, Input(1, 3, 3, 4, salt=5)),
        "stride and padding": (conv_weight((3, 3), stride=2, padding=1), IMAGE, Input(2, 2, 3, 4, salt=5)),
        "groups": (conv_weight((3, 3), padding=1, groups=2), Input(2, 4, 4, 5), Input(2, 6, 4, 5, salt=5)),
        "everything uneven": (
            conv_weight((2, 3), stride=(1, 2), padding=(2, 1), dilation=(1, 2), groups=2),
            Input(2, 4, 5, 8),
            Input(2, 4, 8, 3, salt=5),
        ),
    },
    "batchNorm": {
        "images": (norm(1e-5), IMAGE, *statistics(3)),
        "vectors": (norm(1e-3), Input(4, 3), *statistics(3)),
    },
    "maxPool2d": {
        "plain": (lambda x: F.max_pool2d(x, 2), IMAGE),
        "resnet's stem": (lambda x: F.max_pool2d(x, 3, 2, 1), IMAGE),
        "below zero": (lambda x: F.max_pool2d(-x.abs() - 1, 3, 2, 1), IMAGE),
        "ceil mode": (lambda x: F.max_pool2d(x, 2, 2, ceil_mode=True), SMALL),
        "ceil mode, window dropped": (lambda x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True), SMALL),
        "everything uneven": (
            lambda x: F.max_pool2d(x, (2, 3), (2, 1), (1, 1), (2, 2), ceil_mode=True),
            Input(2, 2, 7, 8),
        ),
    },
    "maxUnpool2d": {
        "plain": (unpool(2), IMAGE, Input(2, 3, 3, 3, salt=5)),
        "windows overlap": (unpool(3, stride=2, padding=1), IMAGE, Input(2, 3, 3, 4, salt=5)),
        "equal values": (
            lambda x, y: unpool(3, stride=2, padding=1)(torch.heaviside(x, torch.zeros_like(x)), y),
            IMAGE,
            Input(2, 3, 3, 4, salt=5),
        ),
    },
    "maxPool2dAt": {
        "windows overlap": (pool_at(3, stride=2, padding=1), IMAGE, Input(2, 3, 6, 7, salt=5)),
        "equal values": (
            lambda x, z: pool_at(2)(torch.heaviside(x, torch.zeros_like(x)), z),
            IMAGE,
            Input(2, 3, 6, 7, salt=5),
        ),
    },
    "avgPool2d": {
        "plain": (lambda x: F.avg_pool2d(x, 2), IMAGE),
        "padding counts": (lambda x: F.avg_pool2d(x, 3, 2, 1), IMAGE),
        "padding does not count": (lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), IMAGE),
        "ceil mode": (lambda x: F.avg_pool2d(x, 2, 2, ceil_mode=True), SMALL),
        "ceil mode, padding counts": (lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), SMALL),
        "ceil mode, padding does not count": (
            lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False),
            SMALL,
        ),
        "ceil mode, window dropped, padding counts": (
            lambda x: F.avg_pool2d(x, 2, 3, 1, ceil_mode=True),
            SMALL,
        ),
        "ceil mode, window dropped, padding does not count": (
            lambda x: F.avg_pool2d(x, 2, 3, 1, ceil_mode=True, count_include_pad=False),
            SMALL,
        ),
        "everything uneven": (
            lambda x: F.avg_pool2d(x, (2, 5), (3, 2), (1, 2), ceil_mode=True),
            Input(2, 2, 8, 7),
        ),
    },
    "reshape": {
        "inferred": (lambda x: x.reshape(4, -1), X),
        "to a scalar": (lambda x: x.reshape(()), Input(1, 1)),
    },
    "permute": {
        "cycle": (lambda x: x.permute(1, 2, 0), X),
        "image": (lambda x: x.permute(0, -1, 1, 2), SMALL),
    },
    "expand": {
        "stretched": (lambda x: x.expand(2, 3, 4), Input(2, 1, 4)),
        "new axes": (lambda x: x.expand(2, 3, 4), Input(3, 1)),
    },
    "concat": {
        "first axis": (lambda *xs: torch.cat(xs), Input(2, 3), Input(1, 3, salt=5)),
        "three, last axis": (
            lambda *xs: torch.cat(xs, -1),
            Input(2, 1),
            Input(2, 3, salt=5),
            Input(2, 2, salt=9),
        ),
    },
    "pad": {
        "zeros": (lambda x: F.pad(x, (1, 2)), X),
        "a value, two axes": (lambda x: F.pad(x, (0, 1, 2, 0), value=-1.5), X),
    },
    "slice": {
        "step": (lambda x: x[:, :, 1::2], X),
        "negative ends": (lambda x: x[:, -2:-1], X),
        "beyond the end": (lambda x: x[:, 1:99], X),
        "empty": (lambda x: x[:, 2:1], X),
    },
    "cast": {
        "to int64": (lambda x: x.long(), X),
        "to int32": (lambda x: (x * 64).int(), X),
        "to uint8": (lambda x: x.byte(), ABOVE),
        "to int8": (lambda x: (x * 16).long().to(torch.int8), X),
        "to int16": (lambda x: (x * 16).to(torch.int16), X),
        "to bool": (lambda x: x.bool(), Input(101)),
        "integers to float": (lambda x: x.double(), Input(3, 4, dtype="int64")),
    },
}

# By function, then by case: functions composed of several ops.
FUNCTIONS = {
    "clamp": {"plain": (lambda x: x.clamp(-0.5, 1.25), X)},
    "relu6": {"plain": (lambda x: F.relu6(x * 4), X)},
    "silu": {"plain": (F.silu, X)},
    "gelu": {"plain": (F.gelu, X)},
    "logSoftmax": {
        "last axis": (lambda x: x.log_softmax(-1), X),
        "first axis": (lambda x: x.log_softmax(0), X),
        "large values": (lambda x: (x * 512).log_softmax(-1), X),
    },
    "adaptiveAvgPool2d": {
        "one": (lambda x: F.adaptive_avg_pool2d(x, 1), IMAGE),
        "even": (lambda x: F.adaptive_avg_pool2d(x, (3, 7)), IMAGE),
        "same": (lambda x: F.adaptive_avg_pool2d(x, (6, 7)), IMAGE),
        "uneven": (lambda x: F.adaptive_avg_pool2d(x, (4, 2)), IMAGE),
        "uneven, thirds": (lambda x: F.adaptive_avg_pool2d(x, (4, 3)), IMAGE),
        "more than there are": (lambda x: F.adaptive_avg_pool2d(x, (7, 9)), SMALL),
    },
    "flatten": {"from the second axis": (lambda x: x.flatten(1), IMAGE), "all": (torch.flatten, X)},
    "transpose": {"outer axes": (lambda x: x.transpose(0, -1), X)},
    "squeeze": {"middle axis": (lambda x: x.squeeze(1), Input(2, 1, 4))},
    "unsqueeze": {"last axis": (lambda x: x.unsqueeze(-1), X)},
    "chunk": {
        "last part, smaller": (lambda x: x.chunk(2, 1)[1], X),
        "fewer parts than asked for": (lambda x: x.chunk(3, 2)[1], X),
    },
}


def compute(table):
    return {
        name: {
            case: {"inputs": [x.form for x in inputs], "expected": flat(function(*(x.tensor for x in inputs)))}
            for case, (function, *inputs) in cases.items()
        }
        for name, cases in table.items()
    }


def flat(result):
    return {"shape": list(result.shape), "data": result.double().flatten().tolist()}


def write(name, cases):
    """Formats one case per line."""
    lines = [
        json.dumps(function)
        + ": {\n"
        + ",\n".join(f"{json.dumps(case)}: {json.dumps(golden, separators=(',', ':'))}" for case, golden in named.items())
        + "\n}"
        for function, named in compute(cases).items()
    ]
    head = json.dumps({"torch": torch.__version__})
    (OUT / name).write_text('{\n"versions": ' + head + ',\n"cases": {\n' + ",\n".join(lines) + "\n}\n}\n")


write("ops.json", OPS)
write("functions.json", FUNCTIONS)
