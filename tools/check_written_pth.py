"""Checks that torch reads the files this package writes, and records the hash of such a file.

    /usr/bin/python3 tools/check_written_pth.py everything.pth   # of tools/write-everything.ts; writes written.json
    /usr/bin/python3 tools/check_written_pth.py resnet18.pth resnet18 0   # load_state_dict(strict=True), equal to the seed's
"""
import hashlib
import json
import sys
from pathlib import Path

import torch
import torchvision

DTYPES = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
SHAPES = [[], [3], [2, 1, 3], [0, 2]]


def expected(dtype, k, j, shape):
    count = 1
    for size in shape:
        count *= size
    kind = getattr(torch, dtype)
    width = torch.tensor([], dtype=kind).element_size()
    raw = [(i & 1) if dtype == "bool" else (i * 37 + k * 11 + j * 5) & 0x3F for i in range(count * width)]
    data = torch.frombuffer(bytearray(raw), dtype=kind) if raw else torch.tensor([], dtype=kind)
    return data.reshape(shape)


def load(path):
    """Reads with both of torch's readers, which must agree."""
    state, safely = torch.load(path), torch.load(path, weights_only=True)
    assert list(state) == list(safely) and all(torch.equal(state[name], safely[name]) for name in state)
    return state


def check_everything(path):
    state = load(path)
    names = [f"layer{j}.{dtype}" for dtype in DTYPES for j in range(len(SHAPES))]
    assert list(state) == names, list(state)
    for k, dtype in enumerate(DTYPES):
        for j, shape in enumerate(SHAPES):
            found, wanted = state[f"layer{j}.{dtype}"], expected(dtype, k, j, shape)
            assert found.dtype == wanted.dtype and list(found.shape) == shape and torch.equal(found, wanted), (dtype, shape)
    target = Path(__file__).parent.parent / "test/goldens/weights/written.json"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    target.write_text(json.dumps({"torch": torch.__version__, "tensors": len(names), "sha256": digest}, indent=1) + "\n")


def check_network(path, model, seed):
    torch.manual_seed(seed)
    expected_state = getattr(torchvision.models, model)().state_dict()
    net = getattr(torchvision.models, model)()
    state = load(path)
    assert list(state) == list(expected_state)
    print(net.load_state_dict(state, strict=True))
    for name, value in net.state_dict().items():
        assert torch.equal(value, expected_state[name]), name


if len(sys.argv) == 2:
    check_everything(Path(sys.argv[1]))
else:
    check_network(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
print("torch read it")
