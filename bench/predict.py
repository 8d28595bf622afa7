"""Prediction as a Python process: from weights and a photograph to the top five classes. Prints its peak memory last."""
import re
import sys

import torch
import torchvision
from PIL import Image

model, weights, image = sys.argv[1:]
net = getattr(torchvision.models, model)()
net.load_state_dict(torch.load(weights))
net.eval()
preset = torchvision.models.ResNet18_Weights.IMAGENET1K_V1.transforms()
with torch.no_grad():
    scores = net(preset(Image.open(image).convert("RGB")).unsqueeze(0)).softmax(1)[0]
names = torchvision.models.ResNet18_Weights.IMAGENET1K_V1.meta["categories"]
for score, index in zip(*scores.topk(5)):
    print(f"{names[index]:30} {score:.4f}")
# VmHWM, because getrusage includes the memory of the parent process before exec.
with open("/proc/self/status") as status:
    print("peak", int(re.search(r"VmHWM:\s*(\d+) kB", status.read())[1]) * 1024, file=sys.stderr)
