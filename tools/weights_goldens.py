"""Writes checkpoint files in every container format of torch, and their contents, to test/goldens/weights/.

Run it with torch 1.13 (everything but torch2-*), and again with torch 2 and the safetensors package (torch2-*). Every
file is read back with torch.load before its values are recorded.
"""
import collections
import hashlib
import io
import json
import pathlib
import pickle
import struct
import sys
import tarfile
import warnings
import zipfile

import torch
from torch import nn

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent.parent / "test" / "goldens" / "weights"
MAGIC = 0x1950A86A20F9469CFC6C
SYSTEM = dict(protocol_version=1001, little_endian=True, type_sizes=dict(short=2, int=4, long=4))

expected = {}


def describe(state):
    def values(t):
        flat = t.detach().contiguous().reshape(-1)
        return flat.view(torch.uint8).numpy().tobytes().hex() if flat.numel() else ""

    return {
        key: dict(dtype=str(t.dtype)[6:], shape=list(t.shape), hex=values(t)) for key, t in state.items()
    }


def record(name, select=lambda loaded: loaded):
    """Records what torch reads from a file."""
    extra = {} if torch.__version__.startswith("1.") else dict(weights_only=True)
    expected[name] = describe(select(torch.load(HERE / name, **extra)))


def save(name, value, select=lambda loaded: loaded, **options):
    torch.save(value, HERE / name, **options)
    record(name, select)


def dtypes(modern=True):
    floats = [0.0, -0.0, 1.5, -2.25, 3e-5, 6e4, float("inf"), float("nan")]
    state = collections.OrderedDict()
    for dtype in [torch.float32, torch.float64, torch.float16] + ([torch.bfloat16] if modern else []):
        state[str(dtype)[6:]] = torch.tensor(floats, dtype=dtype).reshape(2, 4)
    for dtype in [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8]:
        low = 0 if dtype == torch.uint8 else torch.iinfo(dtype).min
        state[str(dtype)[6:]] = torch.tensor([low, 1, torch.iinfo(dtype).max], dtype=dtype)
    if modern:
        state["bool"] = torch.tensor([[True, False, True]])
    state["scalar"] = torch.tensor(7, dtype=torch.int64)
    state["empty"] = torch.zeros(0, 3)
    return state


def strided():
    base = torch.arange(24, dtype=torch.float32)
    grid = base.reshape(4, 6)
    return collections.OrderedDict(
        base=base,
        transposed=grid.t(),
        sliced=grid[1:3, 2:5],
        stepped=base[1::3],
        row=grid[2],
        expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        spread=torch.tensor(5, dtype=torch.int64).expand(2, 2),
        channels_last=torch.arange(48, dtype=torch.float16)
        .reshape(2, 3, 2, 4)
        .contiguous(memory_format=torch.channels_last),
        doubles=torch.arange(6, dtype=torch.float64).reshape(2, 3).t(),
        bytes=torch.arange(6, dtype=torch.uint8).reshape(2, 3).t(),
        ones=torch.as_strided(base, (1, 2, 1), (7, 1, 9), 3),
        empty=grid[:, 6:],
        scalar=base[5],
    )


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 5)
    )


class TorchPickler(pickle._Pickler):
    """Writes a legacy stream like old versions of torch and Python 2."""

    def __init__(self, file, reduce=None, views=False, python2=False):
        super().__init__(file, protocol=2)
        self.reduce, self.views, self.python2, self.storages = reduce, views, python2, {}
        if python2:
            self.dispatch = dict(pickle._Pickler.dispatch)
            self.dispatch[str] = TorchPickler.save_python2_string

    def save_python2_string(self, text):
        data = text.encode()
        self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        self.memoize(text)

    def reducer_override(self, value):
        if self.reduce and isinstance(value, torch.Tensor):
            return self.reduce(value)
        if self.python2 and isinstance(value, collections.OrderedDict):
            return collections.OrderedDict, ([list(item) for item in value.items()],)
        return NotImplemented

    def persistent_id(self, value):
        if not isinstance(value, torch.storage.TypedStorage):
            return None
        key = str(1000 + len(self.storages))
        self.storages[key] = value
        kind = getattr(torch, value.pickle_storage_type())
        # A view of the middle of a larger storage: all but the first and the last element.
        view = (key + "v", 1, value.size() - 2) if self.views else None
        return ("storage", kind, key, "cpu", value.size(), view)


def save_old(name, value, **options):
    body = io.BytesIO()
    pickler = TorchPickler(body, **options)
    pickler.dump(value)
    with open(HERE / name, "wb") as file:
        for header in (MAGIC, 1001, SYSTEM):
            file.write(pickle.dumps(header, 2))
        file.write(body.getvalue())
        file.write(pickle.dumps(sorted(pickler.storages), 2))
        for key in sorted(pickler.storages):
            storage = pickler.storages[key]
            file.write(struct.pack("<q", storage.size()) + bytes(storage.untyped()))
    record(name)


def old_tensor(t):
    """torch 0.1: a tensor class, and a state of four."""
    kind = getattr(torch, t.storage().pickle_storage_type().replace("Storage", "Tensor"))
    return kind, (), (t.storage(), t.storage_offset(), tuple(t.shape), t.stride())


def old_rebuilt(t):
    """torch 0.2 and 0.3."""
    return torch._utils._rebuild_tensor, (t.storage(), t.storage_offset(), tuple(t.shape), t.stride())


def old_parameter(t):
    """torch 0.2 and 0.3: a parameter constructed from its data, and a state of three."""
    if isinstance(t, nn.Parameter):
        return nn.Parameter, (t.data,), (t.requires_grad, False, collections.OrderedDict())
    return old_rebuilt(t)


def oldest_parameter(t):
    """torch 0.1: NEWOBJ, and a state of five."""
    if isinstance(t, nn.Parameter):
        import copyreg

        return copyreg.__newobj__, (nn.Parameter,), (t.data, None, collections.OrderedDict(), True, False)
    return old_tensor(t)


def viewed(t):
    """The tensor without the first and last element of its storage, which the view leaves out."""
    return torch._utils._rebuild_tensor, (t.storage(), 0, (t.numel() - 2,), (1,))


def save_tar(name, state):
    """torch before 0.1.12. torch 1.13 can no longer write this, but reads it."""
    storages, tensors, keys = {}, {}, {}
    for i, t in enumerate(state.values()):
        pointer = t.storage().data_ptr()
        storages.setdefault(pointer, (2**40 + len(storages), t.storage()))
        tensors[id(t)] = (str(2**41 + i), storages[pointer][0], t)

    def storages_member():
        yield pickle.dumps(len(storages), 2)
        for key, storage in storages.values():
            kind = getattr(torch, storage.pickle_storage_type())
            yield pickle.dumps((key, "cpu", kind), 2)
            yield struct.pack("<q", storage.size()) + bytes(storage.untyped())
        views = [(2**42, next(iter(storages.values()))[0], 2, 5)]
        yield pickle.dumps(views, 2)

    def tensors_member():
        yield pickle.dumps(len(tensors) + 1, 2)
        for key, storage, t in tensors.values():
            yield pickle.dumps((int(key), storage, type(t)), 2)
            yield struct.pack("<ii", t.dim(), 0)
            yield struct.pack(f"<{2 * t.dim() + 1}q", *t.shape, *t.stride(), t.storage_offset())
        yield pickle.dumps((2**43, 2**42, torch.FloatTensor), 2)
        yield struct.pack("<iiqqqqq", 2, 0, 2, 2, 1, 2, 1)

    class TarPickler(pickle._Pickler):
        def persistent_id(self, value):
            if value is View:
                return str(2**43)
            return tensors[id(value)][0] if isinstance(value, torch.Tensor) else None

    class View:
        pass

    body = io.BytesIO()
    TarPickler(body, protocol=2).dump(collections.OrderedDict([*state.items(), ("view", View)]))
    members = dict(
        sys_info=pickle.dumps(dict(SYSTEM, protocol_version=1000), 2),
        pickle=body.getvalue(),
        tensors=b"".join(tensors_member()),
        storages=b"".join(storages_member()),
    )
    with tarfile.open(HERE / name, "w:", format=tarfile.PAX_FORMAT) as tar:
        for member, data in members.items():
            info = tarfile.TarInfo(member)
            info.size, info.mtime = len(data), 1.5e9 + 0.5
            tar.addfile(info, io.BytesIO(data))
    record(name)


def rezip(source, name):
    with zipfile.ZipFile(HERE / source) as old, zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(zipfile.ZipInfo(entry), old.read(entry), zipfile.ZIP_DEFLATED)
    record(name)


def halves():
    every = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
    result = {}
    for dtype in (torch.float16, torch.bfloat16):
        wide = every.view(dtype).float()
        wide[wide.isnan()] = 0
        result[str(dtype)[6:]] = hashlib.sha256(wide.numpy().tobytes()).hexdigest()
    return result


def with_torch1():
    for container, options in dict(zip={}, legacy=dict(_use_new_zipfile_serialization=False)).items():
        save(f"{container}-dtypes.pth", dtypes(), **options)
        save(f"{container}-strided.pth", strided(), **options)
        save(f"{container}-parameters.pth", {"weight": nn.Parameter(torch.ones(2)), "bias": torch.zeros(2)}, **options)
        for protocol in (1, 3, 4, 5):
            save(f"{container}-protocol{protocol}.pth", dtypes(), pickle_protocol=protocol, **options)
    net = network()
    state = net.state_dict()
    save("zip-network.pth", state)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    checkpoint = dict(epoch=3, arch="tiny", state_dict=state, best_acc1=torch.tensor(7.5), optimizer=optimizer.state_dict())
    save("zip-checkpoint.pth", checkpoint, lambda loaded: loaded["state_dict"])
    both = dict(model={"weight": torch.ones(2)}, state_dict={"weight": torch.zeros(2)}, epoch=1)
    save("zip-ambiguous.pth", both, lambda loaded: loaded["model"])
    rezip("zip-dtypes.pth", "zip-deflated.pth")
    save_tar("tar-dtypes.pth", dtypes(modern=False))
    save_tar("tar-strided.pth", strided())

    small = collections.OrderedDict(weight=torch.arange(6.0).reshape(2, 3), bias=torch.arange(3.0))
    learned = collections.OrderedDict((key, nn.Parameter(t)) for key, t in small.items())
    save_old("legacy-0.1.pth", small, reduce=old_tensor)
    save_old("legacy-0.1-parameters.pth", learned, reduce=oldest_parameter)
    save_old("legacy-0.3.pth", learned, reduce=old_parameter)
    save_old("legacy-views.pth", dict(middle=torch.arange(8.0)), reduce=viewed, views=True)
    save_old("legacy-python2.pth", small, reduce=old_rebuilt, python2=True)
    torch.save(dict(weight=torch.ones(2), epoch=3, names=["a"]), HERE / "values-beside.pth")

    # Files that are refused.
    torch.save(net, HERE / "refused-module.pth")
    torch.save(dict(weight=torch.ones(2, dtype=torch.complex64)), HERE / "refused-complex.pth")
    torch.save([torch.ones(2)], HERE / "refused-list.pth")
    torch.jit.save(torch.jit.script(nn.Linear(2, 2)), HERE / "refused-torchscript.pt")


def with_torch2():
    from safetensors.torch import save_file

    save("torch2-dtypes.pth", dtypes())
    save("torch2-strided.pth", strided())
    save("torch2-legacy.pth", dtypes(), _use_new_zipfile_serialization=False)
    save_file(dtypes(), HERE / "torch2-dtypes.safetensors", metadata={"format": "pt"})
    expected["torch2-dtypes.safetensors"] = describe(dtypes())


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    first = torch.__version__.startswith("1.")
    (with_torch1 if first else with_torch2)()
    report = dict(torch=torch.__version__, python=sys.version.split()[0], halves=halves(), files=expected)
    (HERE / ("expected.json" if first else "expected-torch2.json")).write_text(json.dumps(report, indent=1) + "\n")
