"""Checks that NumPy reads the .npz files this package writes, and records the hash of such a file in written-npz.json.

    npx tsx tools/write-everything.ts everything.npz && python3 tools/check_written_npz.py everything.npz
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

DTYPES = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
SHAPES = [[], [3], [2, 1, 3], [0, 2]]

arrays = np.load(sys.argv[1], allow_pickle=False)
names = [f"layer{j}.{dtype}" for dtype in DTYPES if dtype != "bfloat16" for j in range(len(SHAPES))]
assert arrays.files == names, arrays.files
for k, dtype in enumerate(DTYPES):
    if dtype == "bfloat16":
        continue
    for j, shape in enumerate(SHAPES):
        kind = np.dtype(dtype)
        count = int(np.prod(shape, dtype=int)) * kind.itemsize
        raw = bytes((i & 1) if dtype == "bool" else (i * 37 + k * 11 + j * 5) & 0x3F for i in range(count))
        found = arrays[f"layer{j}.{dtype}"]
        assert found.dtype == kind and list(found.shape) == shape and found.tobytes() == raw, (dtype, shape)
written = dict(numpy=np.__version__, tensors=len(names), sha256=hashlib.sha256(Path(sys.argv[1]).read_bytes()).hexdigest())
target = Path(__file__).resolve().parent.parent / "test" / "goldens" / "weights" / "written-npz.json"
target.write_text(json.dumps(written) + "\n")
print(f"{len(names)} arrays as NumPy reads them")
