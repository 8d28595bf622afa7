"""The whole job in Python, as a process: weights file and photograph in, five classes out. Prints its peak memory last."""
import resource
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
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=sys.stderr)
