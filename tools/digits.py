"""Writes assets/digits.idx.gz: the 1,797 handwritten digits of 8 × 8 in scikit-learn.

Source: the test set of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine Learning
Repository, 1998, https://doi.org/10.24432/C50P49, licensed under CC BY 4.0; as sklearn/datasets/data/digits.csv.gz in
scikit_learn-1.9.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl
(pip download scikit-learn==1.9.1 --no-deps; the SHA-256 of the CSV's text is below).

Format: IDX like MNIST's files, of unsigned bytes and of shape (1797, 65), compressed with gzip. A row is a row of the
CSV: 64 values from 0 to 16 in row-major order, and the label.

    python3 tools/digits.py scikit_learn-1.9.1-….whl
"""
import gzip
import hashlib
import pathlib
import struct
import sys
import zipfile

SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
SAMPLES, VALUES = 1797, 65

text = gzip.decompress(zipfile.ZipFile(sys.argv[1]).read("sklearn/datasets/data/digits.csv.gz"))
assert hashlib.sha256(text).hexdigest() == SHA256, hashlib.sha256(text).hexdigest()
rows = [[int(float(value)) for value in line.split(b",")] for line in text.splitlines()]
assert len(rows) == SAMPLES and all(len(row) == VALUES for row in rows)
assert all(0 <= value <= 16 for row in rows for value in row[:-1]) and all(0 <= row[-1] <= 9 for row in rows)

idx = struct.pack(">HBBII", 0, 8, 2, SAMPLES, VALUES) + b"".join(bytes(row) for row in rows)
# Without a name and a timestamp, so that the output is reproducible.
target = pathlib.Path(__file__).parent.parent / "assets" / "digits.idx.gz"
target.write_bytes(gzip.compress(idx, 9, mtime=0))
assert gzip.decompress(target.read_bytes()) == idx
print(target, target.stat().st_size, "bytes")
