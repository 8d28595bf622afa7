"""Writes test/goldens/weights/input-channels.json: first convolutions adapted by timm's `adapt_input_conv`.

Only the function is loaded from an installed or unpacked timm, because the package requires a newer torch than
Debian's.

    /usr/bin/python3 tools/input_channels_goldens.py FOLDER/timm
"""
import ast
import base64
import json
import math
import re
import sys
from pathlib import Path

import torch

TARGET = Path(__file__).parent.parent / "test/goldens/weights/input-channels.json"
SHAPE = [4, 3, 3, 3]


def load_rule(folder):
    """Loads `adapt_input_conv`."""
    tree = ast.parse((folder / "models/_manipulate.py").read_text())
    wanted = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "adapt_input_conv"]
    scope = {"math": math, "Tensor": torch.Tensor}
    exec(compile(ast.Module(body=wanted, type_ignores=[]), "timm", "exec"), scope)
    return scope["adapt_input_conv"]


def encode(values):
    return base64.b64encode(values.numpy().astype("<f4").tobytes()).decode()


def main():
    folder = Path(sys.argv[1])
    adapt = load_rule(folder)
    version = re.search(r"'(.*)'", (folder / "version.py").read_text()).group(1)
    torch.manual_seed(0)
    weight = torch.randn(*SHAPE)
    grey = torch.randn(4, 1, 3, 3)
    golden = {
        "torch": torch.__version__,
        "timm": version,
        "shape": SHAPE,
        "weight": encode(weight),
        "adapted": {channels: encode(adapt(channels, weight)) for channels in [1, 2, 3, 4, 6, 7, 12]},
        "half": {
            "weight": base64.b64encode(weight.half().numpy().tobytes()).decode(),
            "adapted": encode(adapt(1, weight.half().float())),
        },
        "grey": {"weight": encode(grey), "adapted": {3: encode(adapt(3, grey, base_chans=1))}},
    }
    TARGET.write_text(json.dumps(golden, indent=1) + "\n")


main()
