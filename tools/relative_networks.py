"""ResNet variants in torch, after their papers, built from torchvision's parts; fields and keys as in src/models/."""
import math

import torch
from torch import nn
from torch.nn import functional
from torchvision import models
from torchvision.models import resnet
from torchvision.ops import SqueezeExcitation

from reference_networks import CifarResNet, PaddedIdentity


class EfficientChannelAttention(nn.Module):
    """arXiv:1910.03151."""

    def __init__(self, channels):
        super().__init__()
        size = int(abs((math.log2(channels) + 1) / 2))
        size = max(size if size % 2 else size + 1, 3)
        self.conv = nn.Conv1d(1, 1, size, padding=(size - 1) // 2, bias=False)

    def forward(self, x):
        averages = x.mean((2, 3)).view(x.shape[0], 1, -1)
        return x * torch.sigmoid(self.conv(averages)).view(x.shape[0], -1, 1, 1)


class ChannelGate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(channels, channels // 16), nn.ReLU(), nn.Linear(channels // 16, channels)
        )

    def forward(self, x):
        average = self.mlp(functional.avg_pool2d(x, x.shape[2:]))
        maximum = self.mlp(functional.max_pool2d(x, x.shape[2:]))
        return x * torch.sigmoid(average + maximum)[:, :, None, None]


class ChannelPool(nn.Module):
    def forward(self, x):
        return torch.stack((x.max(1).values, x.mean(1)), 1)


class BasicConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(1, momentum=0.01)

    def forward(self, x):
        return self.bn(self.conv(x))


class SpatialGate(nn.Module):
    def __init__(self):
        super().__init__()
        self.compress = ChannelPool()
        self.spatial = BasicConv()

    def forward(self, x):
        return x * torch.sigmoid(self.spatial(self.compress(x)))


class CBAM(nn.Module):
    """arXiv:1807.06521."""

    def __init__(self, channels):
        super().__init__()
        self.ChannelGate = ChannelGate(channels)
        self.SpatialGate = SpatialGate()

    def forward(self, x):
        return self.SpatialGate(self.ChannelGate(x))


def attentive(base, name, field, make):
    """A torchvision block whose F ends in attention."""

    def __init__(self, inplanes, planes, *args, **kwargs):
        base.__init__(self, inplanes, planes, *args, **kwargs)
        setattr(self, field, make(planes * base.expansion))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        if base is resnet.BasicBlock:
            out = self.bn2(self.conv2(out))
        else:
            out = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(out)))))
        return self.relu(getattr(self, field)(out) + identity)

    return type(name, (base,), {"__init__": __init__, "forward": forward})


def squeeze(channels):
    return SqueezeExcitation(channels, channels // 16)


BASIC, BOTTLENECK = resnet.BasicBlock, resnet.Bottleneck
SEBasicBlock = attentive(BASIC, "SEBasicBlock", "se", squeeze)
SEBottleneck = attentive(BOTTLENECK, "SEBottleneck", "se", squeeze)
CBAMBasicBlock = attentive(BASIC, "CBAMBasicBlock", "cbam", CBAM)
CBAMBottleneck = attentive(BOTTLENECK, "CBAMBottleneck", "cbam", CBAM)
ECABasicBlock = attentive(BASIC, "ECABasicBlock", "eca", EfficientChannelAttention)
ECABottleneck = attentive(BOTTLENECK, "ECABottleneck", "eca", EfficientChannelAttention)


class AttentiveResNet(models.ResNet):
    def __init__(self, block, layers, num_classes=1000):
        super().__init__(block, layers, num_classes=num_classes)
        for name, module in self.named_modules():
            if name.endswith("SpatialGate.spatial.bn"):
                nn.init.zeros_(module.weight)


class TweakedResNet(nn.Module):
    """ResNet-C and -D, arXiv:1812.01187."""

    def __init__(self, block, layers, num_classes=1000, average=True):
        super().__init__()
        relu = lambda: nn.ReLU(inplace=True)
        self.conv1 = nn.Sequential(
            resnet.conv3x3(3, 32, 2), nn.BatchNorm2d(32), relu(),
            resnet.conv3x3(32, 32), nn.BatchNorm2d(32), relu(), resnet.conv3x3(32, 64),
        )
        self.bn1, self.relu, self.maxpool = nn.BatchNorm2d(64), relu(), nn.MaxPool2d(3, 2, 1)
        inplanes = 64
        for stage, blocks in enumerate(layers):
            planes, made = 64 * 2**stage, []
            outplanes = planes * block.expansion
            for i in range(blocks):
                stride, downsample = 2 if stage > 0 and i == 0 else 1, None
                if stride != 1 or inplanes != outplanes:
                    pool = nn.AvgPool2d(2, stride, ceil_mode=True, count_include_pad=False) if stride > 1 else nn.Identity()
                    pools, own_stride = ([pool], 1) if average else ([], stride)
                    downsample = nn.Sequential(
                        *pools, resnet.conv1x1(inplanes, outplanes, own_stride), nn.BatchNorm2d(outplanes)
                    )
                made.append(block(inplanes, planes, stride, downsample))
                inplanes = outplanes
            setattr(self, f"layer{stage + 1}", nn.Sequential(*made))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inplanes, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


TweakedResNet.__name__ = "ResNet"
AttentiveResNet.__name__ = "ResNet"


class PreActBasicBlock(nn.Module):
    """arXiv:1603.05027, figure 4e; the first block of a network also applies the activation to its shortcut."""

    expansion = 1

    def __init__(self, inplanes, planes, stride=1, downsample=None, first=False):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inplanes)
        self.conv1 = resnet.conv3x3(inplanes, planes, stride)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = resnet.conv3x3(planes, planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample, self.first = downsample, first

    def convolve(self, x):
        return self.conv2(self.relu(self.bn2(self.conv1(x))))

    def forward(self, x):
        # Not in place: x is used again.
        activated = functional.relu(self.bn1(x))
        shortcut = self.downsample(activated) if self.downsample is not None else activated if self.first else x
        return self.convolve(activated) + shortcut


class PreActBottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes, stride=1, downsample=None, first=False):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inplanes)
        self.conv1 = resnet.conv1x1(inplanes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = resnet.conv3x3(planes, planes, stride)
        self.bn3 = nn.BatchNorm2d(planes)
        self.conv3 = resnet.conv1x1(planes, planes * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample, self.first = downsample, first

    def convolve(self, x):
        return self.conv3(self.relu(self.bn3(self.conv2(self.relu(self.bn2(self.conv1(x)))))))

    forward = PreActBasicBlock.forward


def preact_stage(block, inplanes, planes, blocks, stride, first, carry):
    outplanes = planes * block.expansion
    downsample = carry(inplanes, outplanes, stride) if stride != 1 or inplanes != outplanes else None
    rest = (block(outplanes, planes) for _ in range(blocks - 1))
    return nn.Sequential(block(inplanes, planes, stride, downsample, first), *rest)


class PreActResNet(nn.Module):
    def __init__(self, block, layers, num_classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inplanes = 64
        for i, blocks in enumerate(layers):
            planes = 64 * 2**i
            stage = preact_stage(block, inplanes, planes, blocks, 1 if i == 0 else 2, i == 0, resnet.conv1x1)
            setattr(self, f"layer{i + 1}", stage)
            inplanes = planes * block.expansion
        self.bn, self.relu = nn.BatchNorm2d(inplanes), nn.ReLU(inplace=True)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inplanes, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.layer4(self.layer3(self.layer2(self.layer1(self.maxpool(self.conv1(x))))))
        return self.fc(torch.flatten(self.avgpool(self.relu(self.bn(x))), 1))


class CifarPreActResNet(nn.Module):
    def __init__(self, depth, bottleneck=False, num_classes=10):
        super().__init__()
        block = PreActBottleneck if bottleneck else PreActBasicBlock
        blocks = (depth - 2) // (9 if bottleneck else 6)
        carry = resnet.conv1x1 if bottleneck else PaddedIdentity
        self.conv1 = resnet.conv3x3(3, 16)
        inplanes = 16
        for i in range(3):
            planes = 16 * 2**i
            setattr(
                self, f"layer{i + 1}", preact_stage(block, inplanes, planes, blocks, 1 if i == 0 else 2, i == 0, carry)
            )
            inplanes = planes * block.expansion
        self.bn, self.relu = nn.BatchNorm2d(inplanes), nn.ReLU(inplace=True)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inplanes, num_classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        return self.fc(torch.flatten(self.avgpool(self.relu(self.bn(x))), 1))


class SkipBlock(resnet.BasicBlock):
    def identity(self, x):
        return x if self.downsample is None else self.downsample(x)

    def residual(self, x):
        return self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))


class HalfBlock(SkipBlock):
    def forward(self, x):
        return self.relu(0.5 * self.residual(x) + 0.5 * self.identity(x))


class GateBlock(SkipBlock):
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super().__init__(inplanes, planes, stride, downsample)
        self.gate = nn.Conv2d(inplanes, planes, 1, stride)
        nn.init.constant_(self.gate.bias, -6)


class ExclusiveGateBlock(GateBlock):
    def forward(self, x):
        gate = torch.sigmoid(self.gate(x))
        return self.relu(gate * self.residual(x) + (1 - gate) * self.identity(x))


class ShortcutGateBlock(GateBlock):
    def forward(self, x):
        return self.relu(self.residual(x) + (1 - torch.sigmoid(self.gate(x))) * self.identity(x))


class ProjectedBlock(resnet.BasicBlock):
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        downsample = nn.Sequential(resnet.conv1x1(inplanes, planes, stride), nn.BatchNorm2d(planes))
        super().__init__(inplanes, planes, stride, downsample)


class DropoutBlock(resnet.BasicBlock):
    def __init__(self, inplanes, planes, stride=1, downsample=None):
        dropped = nn.Dropout(0.5) if downsample is None else nn.Sequential(downsample, nn.Dropout(0.5))
        super().__init__(inplanes, planes, stride, dropped)


class ProductBlock(SkipBlock):
    """F(x) · x, projected where the block changes the shape; in no paper."""

    def __init__(self, inplanes, planes, stride=1, downsample=None):
        if downsample is not None:
            downsample = nn.Sequential(resnet.conv1x1(inplanes, planes, stride), nn.BatchNorm2d(planes))
        super().__init__(inplanes, planes, stride, downsample)

    def forward(self, x):
        return self.relu(self.residual(x) * self.identity(x))


SKIPS = {
    "half": HalfBlock, "exclusive-gate": ExclusiveGateBlock, "shortcut-gate": ShortcutGateBlock,
    "conv1x1": ProjectedBlock, "dropout": DropoutBlock, "product": ProductBlock,
}


class SkipCifarResNet(CifarResNet):
    """arXiv:1603.05027, section 3."""

    def __init__(self, depth, skip):
        self.skip = SKIPS[skip]
        super().__init__(depth)

    def make_layer(self, inplanes, planes, n):
        stride, downsample = (1, None) if inplanes == planes else (2, PaddedIdentity(inplanes, planes, 2))
        return nn.Sequential(
            self.skip(inplanes, planes, stride, downsample), *(self.skip(planes, planes) for _ in range(n - 1))
        )


SkipCifarResNet.__name__ = "CifarResNet"
