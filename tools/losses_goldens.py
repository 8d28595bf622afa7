"""Writes test/goldens/losses.json: losses and their gradients by the output, computed by torch in float64.

    /usr/bin/python3 tools/losses_goldens.py
"""
import json
from pathlib import Path

import torch
import torch.nn as nn

OUT = Path(__file__).parent.parent / "test" / "goldens" / "losses.json"

N, K = 5, 4
OUTPUT = torch.tensor([((i * 37) % 101 - 50) / 16 for i in range(N * K)], dtype=torch.float64).reshape(N, K)
ZEROS = torch.zeros(N, K, dtype=torch.float64)
LARGE = OUTPUT * 256
CLASSES = torch.tensor([3, 0, 2, 2, 1])
IGNORED = torch.tensor([3, -100, 2, 2, -100])
SECOND = torch.tensor([3, 2, 2, 0, 1])
SOFT = torch.softmax(OUTPUT.flip(0), 1)
MANY = (OUTPUT.flip(1) > 0).double()
WEIGHT = [0.5, 2.0, 1.25, 0.75]
W = torch.tensor(WEIGHT, dtype=torch.float64)


def case(loss, output, target, ours):
    output = output.clone().requires_grad_()
    value = loss(output, target)
    value.backward()
    return {
        "options": ours,
        "output": output.tolist(),
        "target": target.tolist(),
        "loss": value.item(),
        "gradient": output.grad.tolist(),
    }


CE, BCE = nn.CrossEntropyLoss, nn.BCEWithLogitsLoss
CASES = {
    "crossEntropy": {
        "classes": case(CE(), OUTPUT, CLASSES, {}),
        "large outputs": case(CE(), LARGE, CLASSES, {}),
        "smoothed": case(CE(label_smoothing=0.1), OUTPUT, CLASSES, {"labelSmoothing": 0.1}),
        "weighted": case(CE(W), OUTPUT, CLASSES, {"weight": WEIGHT}),
        "ignored": case(CE(), OUTPUT, IGNORED, {}),
        "another ignored": case(CE(ignore_index=2), OUTPUT, SECOND, {"ignoreIndex": 2}),
        "all at once": case(
            CE(W, ignore_index=2, label_smoothing=0.25),
            OUTPUT,
            SECOND,
            {"weight": WEIGHT, "ignoreIndex": 2, "labelSmoothing": 0.25},
        ),
        "probabilities": case(CE(), OUTPUT, SOFT, {"probabilities": True}),
        "probabilities, all at once": case(
            CE(W, label_smoothing=0.25),
            OUTPUT,
            SOFT,
            {"probabilities": True, "weight": WEIGHT, "labelSmoothing": 0.25},
        ),
    },
    "binaryCrossEntropyWithLogits": {
        "plain": case(BCE(), OUTPUT, MANY, {}),
        "at zero": case(BCE(), ZEROS, MANY, {}),
        "large outputs": case(BCE(), LARGE, MANY, {}),
        "soft": case(BCE(), OUTPUT, SOFT, {}),
        "weighted": case(BCE(W, pos_weight=W.flip(0)), OUTPUT, MANY, {"weight": WEIGHT, "posWeight": WEIGHT[::-1]}),
    },
    "meanSquaredError": {"plain": case(nn.MSELoss(), OUTPUT, SOFT, {})},
}

OUT.write_text(json.dumps({"versions": {"torch": torch.__version__}, "cases": CASES}, separators=(",", ":")) + "\n")
