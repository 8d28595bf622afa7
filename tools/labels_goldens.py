"""Writes test/goldens/labels.json: a linear layer trained with BCEWithLogitsLoss on one yes-or-no question and on several,
and what sigmoid > 0.5 answers, counted as scikit-learn's accuracy_score and multilabel_confusion_matrix count.

    /usr/bin/python3 tools/labels_goldens.py
"""
import json
from pathlib import Path

import torch
import torch.nn as nn

OUT = Path(__file__).parent.parent / "test" / "goldens" / "labels.json"
N, PIXELS, STEPS, LR = 12, 4, 5, 0.5


def numbers(count, stride):
    return torch.tensor([((i * stride) % 101 - 50) / 32 for i in range(count)], dtype=torch.float64)


def counted(output, target):
    found, actual = output.sigmoid() > 0.5, target > 0.5
    confusions = [
        [[int(((actual[:, k] == a) & (found[:, k] == f)).sum()) for f in (False, True)] for a in (False, True)]
        for k in range(output.shape[1])
    ]
    return {"accuracy": (found == actual).all(1).double().mean().item(), "confusions": confusions}


def case(outputs):
    images = numbers(N * PIXELS, 37).reshape(N, 1, 2, 2)
    target = (images.flatten(1) @ numbers(PIXELS * outputs, 29).reshape(PIXELS, outputs) > 0.2).double()
    net = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, outputs)).double()
    with torch.no_grad():
        net[1].weight.copy_(numbers(outputs * PIXELS, 53).reshape(outputs, PIXELS))
        net[1].bias.copy_(numbers(outputs, 61))
    start = {name: tensor.tolist() for name, tensor in net.state_dict().items()}
    loss, optimizer = nn.BCEWithLogitsLoss(), torch.optim.SGD(net.parameters(), LR)
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        output = net(images)
        value = loss(output, target)
        value.backward()
        optimizer.step()
        steps.append({"loss": value.item(), "accuracy": counted(output, target)["accuracy"]})
    output = net(images)
    after = {"loss": loss(output, target).item(), **counted(output, target)}
    return {"images": images.flatten().tolist(), "target": target.tolist(), "start": start, "steps": steps, "after": after}


CASES = {"one": case(1), "several": case(3)}
OUT.write_text(json.dumps({"versions": {"torch": torch.__version__}, "lr": LR, "cases": CASES}, separators=(",", ":")) + "\n")
