"""Writes checkpoints with Python objects beside the weights, and NumPy arrays in their place, to test/goldens/pickles/.

Run it with torch 1.13. expected.json has what is in the entry with the weights. All but the legacy and dumped files are the same each time:
those name storages by their places in memory.
"""
import argparse
import collections
import copyreg
import datetime
import decimal
import enum
import functools
import json
import os
import pathlib
import pickle
import sys

import numpy as np
import torch

# The order of sets depends on it.
if os.environ.get("PYTHONHASHSEED") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

HERE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "pickles"
HERE.mkdir(exist_ok=True)
expected = {}


class Colour(enum.Enum):
    RED = 1


class Plain:
    def __init__(self):
        self.tensor = torch.arange(3.0)


class Slotted:
    __slots__ = ("a",)

    def __init__(self):
        self.a = 1


class Old:
    def __reduce_ex__(self, protocol):
        return copyreg._reconstructor, (Old, object, None), {"a": 1}


class Items(list):
    pass


class Entries(dict):
    pass


class Keywords:
    def __new__(cls, *, a):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (), {"a": 1}


def neighbours():
    entries = Entries(a=1)
    entries.note = "an attribute"
    return dict(
        args=argparse.Namespace(lr=0.1, nested=argparse.Namespace(model="resnet18")),
        metric=np.float64(71.25),
        accuracy=np.float32(0.5),
        count=np.int64(-3),
        flag=np.bool_(True),
        history=np.arange(5.0),
        texts=np.array(["a", "b"]),
        objects=np.array([None, {}], dtype=object),
        big_endian=np.arange(3, dtype=">f4"),
        fields=np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]),
        when=datetime.datetime(2024, 5, 6, 7, 8, 9),
        path=pathlib.PurePosixPath("runs/a"),
        colour=Colour.RED,
        decimal=decimal.Decimal("1.5"),
        ranges=[range(3), slice(1, 2)],
        partial=functools.partial(max, 1),
        classes=[dict, Plain, torch.float32, torch.device("cpu")],
        plain=Plain(),
        slotted=Slotted(),
        old=Old(),
        keywords=Keywords(a=1),
        items=Items([1, 2]),
        entries=entries,
        sets=[{1, 2}, frozenset("ab"), {Plain()}],
        default=collections.defaultdict(list, {"a": [1]}),
        counter=collections.Counter("aab"),
        deque=collections.deque([1, 2]),
        bytes=[b"raw", bytearray(b"array"), 1 + 2j],
        integer=2**5000,
        parameter=torch.nn.Parameter(torch.ones(2)),
        complex=torch.zeros(2, dtype=torch.complex64),
        quantized=torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8),
        sparse=torch.eye(2).to_sparse(),
        generator=torch.get_rng_state()[:4].clone(),
    )


def arrays():
    grid = np.arange(6, dtype=np.float32).reshape(2, 3)
    state = collections.OrderedDict(
        (str(np.dtype(code)), np.array([0, 1, 3], dtype=code).reshape(3, 1))
        for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "?"]
    )
    state.update(fortran=np.asfortranarray(grid), transposed=grid.T, sliced=grid[:, 1:], scalar=np.array(7.0), empty=grid[:0])
    return state


def describe(state):
    return {
        key: dict(
            dtype=str(value.dtype).replace("torch.", ""),
            shape=list(value.shape),
            hex=np.ascontiguousarray(np.asarray(value)).tobytes().hex(),
        )
        for key, value in state.items()
    }


torch.manual_seed(0)
state = collections.OrderedDict(weight=torch.randn(2, 3), bias=torch.zeros(2), steps=torch.tensor(9))
for protocol in [2, 3, 4, 5]:
    for legacy in [False, True]:
        beside = neighbours()
        if legacy:
            # Storages that cannot be read also hide those behind them.
            del beside["complex"], beside["quantized"], beside["sparse"]
        name = f"neighbours-{'legacy' if legacy else 'zip'}-{protocol}.pth"
        torch.save(
            dict(epoch=3, **beside, state_dict=state),
            HERE / name,
            pickle_protocol=protocol,
            _use_new_zipfile_serialization=not legacy,
        )
        expected[name] = describe(state)
for protocol in range(6):
    name = f"arrays-{protocol}.pkl"
    beside = {key: value for key, value in neighbours().items() if not isinstance(value, torch.Tensor) and key != "plain"}
    beside["sets"] = beside["sets"][:2]
    if protocol < 2:
        del beside["slotted"], beside["keywords"]
    with open(HERE / name, "wb") as file:
        pickle.dump(dict(model=arrays(), beside=beside, __author__="nobody"), file, protocol)
    expected[name] = describe(arrays())
for name, save in [("arrays.npz", np.savez), ("arrays-deflated.npz", np.savez_compressed)]:
    save(HERE / name, **arrays())
    expected[name] = describe(arrays())
torch.save(arrays(), HERE / "arrays.pth")
expected["arrays.pth"] = describe(arrays())
# Each storage is a file of torch.save in the pickle's bytes.
for protocol in [0, 2, 5]:
    name = f"dump-{protocol}.pkl"
    shared = collections.OrderedDict(
        state, row=state["weight"][1], column=state["weight"][:, 1], half=torch.ones(2).half(), parameter=torch.nn.Parameter(torch.ones(2))
    )
    with open(HERE / name, "wb") as file:
        pickle.dump(dict(state_dict=shared, rng=torch.get_rng_state()[:4].clone()), file, protocol)
    expected[name] = describe({key: value.detach() for key, value in shared.items()})
for name, content in {
    "tuple.pth": (state, {"state": {0: {"step": torch.tensor(3)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}),
    "list.pth": [3, "resnet18", {"model": state}],
}.items():
    torch.save(content, HERE / name)
    expected[name] = describe(state)

with open(HERE / "expected.json", "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
