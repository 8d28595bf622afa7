"""Networks that torchvision does not have, built from its parts: the CIFAR networks and plain twins."""
import torch
from torch import nn
from torch.nn import functional
from torchvision import models
from torchvision.models import resnet


class PlainBasicBlock(resnet.BasicBlock):
    def forward(self, x):
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))


class PlainBottleneck(resnet.Bottleneck):
    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn3(self.conv3(self.relu(self.bn2(self.conv2(out))))))


class PlainResNet(models.ResNet):
    """torchvision's ResNet without shortcuts."""

    def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
        options = {"groups": self.groups, "base_width": self.base_width}
        layers = []
        for i in range(blocks):
            layers.append(block(self.inplanes, planes, stride if i == 0 else 1, **options))
            self.inplanes = planes * block.expansion
        return nn.Sequential(*layers)


# print(net) shows the class names of the networks with shortcuts.
PlainBasicBlock.__name__, PlainBottleneck.__name__, PlainResNet.__name__ = "BasicBlock", "Bottleneck", "ResNet"


class PaddedIdentity(nn.Module):
    """Option A of arXiv:1512.03385."""

    def __init__(self, inplanes, planes, stride):
        super().__init__()
        self.inplanes, self.planes, self.stride = inplanes, planes, stride

    def forward(self, x):
        return functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.planes // 4, self.planes // 4))

    def extra_repr(self):
        return f"{self.inplanes}, {self.planes}, stride={self.stride}"


class CifarResNet(nn.Module):
    """Section 4.2 of arXiv:1512.03385, initialised as in github.com/akamaster/pytorch_resnet_cifar10."""

    def __init__(self, depth, num_classes=10, in_channels=3, shortcut="A", residual=True):
        super().__init__()
        self.shortcut, self.residual = shortcut, residual
        n = (depth - 2) // 6
        self.conv1 = resnet.conv3x3(in_channels, 16)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = self.make_layer(16, 16, n)
        self.layer2 = self.make_layer(16, 32, n)
        self.layer3 = self.make_layer(32, 64, n)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(64, num_classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def make_layer(self, inplanes, planes, n):
        block = resnet.BasicBlock if self.residual else PlainBasicBlock
        stride, downsample = 1, None
        if inplanes != planes:
            stride = 2
            if self.residual and self.shortcut == "A":
                downsample = PaddedIdentity(inplanes, planes, stride)
            elif self.residual:
                downsample = nn.Sequential(resnet.conv1x1(inplanes, planes, stride), nn.BatchNorm2d(planes))
        return nn.Sequential(block(inplanes, planes, stride, downsample), *(block(planes, planes) for _ in range(n - 1)))

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(torch.flatten(self.avgpool(x), 1))
