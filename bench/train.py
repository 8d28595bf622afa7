"""A process that makes three training steps, to measure its peak memory."""
import sys

import torch
import torchvision

torch.set_num_threads(2)
net = torchvision.models.resnet18().train()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
for _ in range(3):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(net(torch.rand(16, 3, 224, 224)), torch.arange(16)).backward()
    optimizer.step()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("peak", int(peak) * 1024, file=sys.stderr)
