"""Writes tensors of dtypes that are widened when they are read, to test/goldens/weights/wide-dtypes.{pth,safetensors,npz,json}.

Run it with Python 3 that has NumPy, torch 1.13 and ml_dtypes. That torch has none of these dtypes: the pickle is what torch 2.6 to
2.15 write for them, `torch._utils._rebuild_tensor_v3` over an UntypedStorage whose size counts bytes. float8 is compared with
ml_dtypes.
"""
import collections
import io
import json
import pathlib
import pickle
import types
import zipfile

import ml_dtypes
import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "weights"


class Name:
    """A Python name that the pickle refers to, which this torch does not have."""

    def __init__(self, module, name):
        self.__module__, self.name = module, name

    def __reduce__(self):
        return self.name


class Storage:
    def __init__(self, key, array):
        self.key, self.bytes = key, array.tobytes()


class Stored:
    def __init__(self, storage, offset, size, stride, dtype):
        self.args = (storage, offset, size, stride, False, collections.OrderedDict(), Name("torch", dtype))

    def __reduce__(self):
        return rebuild, self.args


def rebuild():
    raise NotImplementedError


class Pickler(pickle._Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return "storage", torch.storage.UntypedStorage, value.key, "cpu", len(value.bytes)
        return None

    def save_global(self, obj, name=None):
        if obj is rebuild:
            self.write(b"ctorch._utils\n_rebuild_tensor_v3\n")
        elif obj is torch.storage.UntypedStorage:
            self.write(b"ctorch.storage\nUntypedStorage\n")
        elif isinstance(obj, Name):
            self.write(f"c{obj.__module__}\n{obj.name}\n".encode())
        else:
            super().save_global(obj, name)

    dispatch = {**pickle._Pickler.dispatch, types.FunctionType: save_global}


def stored(key, array, dtype, offset=0, size=None, stride=None):
    size = array.shape if size is None else size
    return Stored(Storage(key, array), offset, size, stride or tuple(s // array.itemsize for s in array.strides), dtype)


every = np.arange(256, dtype=np.uint8)
ARRAYS = {
    "uint16": np.array([[0, 1, 32768], [65535, 7, 258]], np.uint16),
    "uint32": np.array([0, 1, 2**31, 2**32 - 1], np.uint32),
    "uint64": np.array([0, 1, 2**53 + 1, 2**63 - 1], np.uint64),
    "float8_e4m3fn": every.reshape(2, 128),
    "float8_e5m2": every.reshape(2, 128),
}
WIDER = {
    "uint16": lambda a: a.astype(np.int32),
    "uint32": lambda a: a.astype(np.int64),
    "uint64": lambda a: a.astype(np.int64),
    "float8_e4m3fn": lambda a: a.view(ml_dtypes.float8_e4m3fn).astype(np.float32),
    "float8_e5m2": lambda a: a.view(ml_dtypes.float8_e5m2).astype(np.float32),
}


def described(array):
    # A NaN's payload is nobody's promise.
    values = [None if np.isnan(value) else str(value if array.dtype.kind == 'i' else float(value)) for value in array.ravel()]
    return dict(dtype=str(array.dtype), shape=list(array.shape), values=values)


expected = {name: described(WIDER[name](array)) for name, array in ARRAYS.items()}
state = collections.OrderedDict((name, stored(str(i), array, name)) for i, (name, array) in enumerate(ARRAYS.items()))
grid = ARRAYS["uint16"]
state["transposed"] = stored("9", grid, "uint16", 0, (3, 2), (1, 3))
state["part"] = stored("10", grid, "uint16", 2, (2, 2), (2, 1))
pth = {**expected, "transposed": described(grid.T.astype(np.int32)), "part": described(grid.ravel()[2:6].reshape(2, 2).astype(np.int32))}

buffer = io.BytesIO()
Pickler(buffer, 2).dump(state)
with zipfile.ZipFile(HERE / "wide-dtypes.pth", "w") as archive:

    def put(name, content):
        archive.writestr(zipfile.ZipInfo(f"archive/{name}"), content)

    put("data.pkl", buffer.getvalue())
    put("byteorder", "little")
    for each in state.values():
        put(f"data/{each.args[0].key}", each.args[0].bytes)
    put("version", "3\n")

SAFETENSORS = dict(uint16="U16", uint32="U32", uint64="U64", float8_e4m3fn="F8_E4M3", float8_e5m2="F8_E5M2")
header, data = {}, b""
for name, array in ARRAYS.items():
    content = array.tobytes()
    header[name] = dict(dtype=SAFETENSORS[name], shape=list(array.shape), data_offsets=[len(data), len(data) + len(content)])
    data += content
text = json.dumps(header).encode()
(HERE / "wide-dtypes.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)

integers = {name: array for name, array in ARRAYS.items() if name.startswith("uint")}
np.savez(HERE / "wide-dtypes.npz", **integers)

with open(HERE / "wide-dtypes.json", "w") as file:
    json.dump({"pth": pth, "safetensors": expected, "npz": {name: expected[name] for name in integers}}, file)
    file.write("\n")
