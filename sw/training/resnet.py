"""ResNet-18 (He et al., 2015) for the classes of `karhunen images`."""
import numpy
import torch
from torch import nn

MEAN = (0.485, 0.456, 0.406)  # as imagenet_input() of sw/compiler/image.h
DEVIATION = (0.229, 0.224, 0.225)


def convolution(channels_in, channels, kernel, stride):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels),
    )


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.first = convolution(channels_in, channels, 3, stride)
        self.second = convolution(channels, channels, 3, 1)
        self.shortcut = convolution(channels_in, channels, 1, stride) if stride > 1 else None

    def forward(self, x):
        y = self.second(torch.relu(self.first(x)))
        return torch.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class ResNet18(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = convolution(3, 64, 7, 2)
        self.pool = nn.MaxPool2d(3, 2, 1)
        widths = [64, 64, 64, 128, 128, 256, 256, 512, 512]
        self.blocks = nn.Sequential(
            *(Block(a, b, 1 if a == b else 2) for a, b in zip(widths, widths[1:]))
        )
        self.head = nn.Linear(512, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        for block in self.blocks:  # blocks begin as identities (Goyal et al., 2017)
            nn.init.zeros_(block.second[1].weight)

    def forward(self, x):
        x = self.pool(torch.relu(self.stem(x)))
        return self.head(self.blocks(x).mean((2, 3)))


def prepared(pictures):
    """uint8 (N, H, W, 3) as the network wants it."""
    x = torch.from_numpy(numpy.array(pictures)).permute(0, 3, 1, 2).float()  # channels_last in memory
    mean = 255 * torch.tensor(MEAN).view(1, 3, 1, 1)
    return (x - mean) / (255 * torch.tensor(DEVIATION).view(1, 3, 1, 1))
