"""The FID Inception network (METHOD.md, "Evaluation", `inception-pytorch`) with weights computed from their names."""

import math
import zlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm with eps 1e-3, ReLU."""

    def __init__(self, c_in, c_out, kernel, stride=1, padding=0):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(c_out, eps=1e-3)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


def same(c_in, c_out, *kernel):
    kernel = kernel or (1, 1)
    return ConvNorm(c_in, c_out, kernel, padding=tuple(side // 2 for side in kernel))


def average(x):
    """3×3, stride 1, leaving the padding out of the mean."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


class Mixed(nn.Module):
    """Branches of named convolutions, each a chain, side by side. A chain may end in a tuple: those run on its end in
    parallel. The branch `branch_pool` has `pool` before it; `pooled` adds a branch that only pools."""

    def __init__(self, branches, pool=None, pooled=None):
        super().__init__()
        self.chains = []
        self.pool, self.pooled = pool, pooled
        for branch in branches:
            names = []
            for name, layer in branch:
                self.add_module(name, layer)
                names.append(name)
            self.chains.append(names)

    def forward(self, x):
        outputs = []
        for names in self.chains:
            h = self.pool(x) if names[0] == "branch_pool" else x
            trunk = [name for name in names if name[-1] not in "ab"]
            ends = [name for name in names if name[-1] in "ab"]  # a pair such as branch3x3_2a, branch3x3_2b
            for name in trunk:
                h = getattr(self, name)(h)
            outputs += [getattr(self, name)(h) for name in ends] or [h]
        if self.pooled:
            outputs.append(self.pooled(x))
        return torch.cat(outputs, 1)


def mixed_5(c, pool_channels):
    return Mixed([
        [("branch1x1", same(c, 64))],
        [("branch5x5_1", same(c, 48)), ("branch5x5_2", same(48, 64, 5, 5))],
        [("branch3x3dbl_1", same(c, 64)), ("branch3x3dbl_2", same(64, 96, 3, 3)), ("branch3x3dbl_3", same(96, 96, 3, 3))],
        [("branch_pool", same(c, pool_channels))]], pool=average)


def mixed_6a(c):
    return Mixed([
        [("branch3x3", ConvNorm(c, 384, 3, 2))],
        [("branch3x3dbl_1", same(c, 64)), ("branch3x3dbl_2", same(64, 96, 3, 3)), ("branch3x3dbl_3", ConvNorm(96, 96, 3, 2))],
    ], pooled=lambda x: F.max_pool2d(x, 3, 2))


def mixed_6(n):
    return Mixed([
        [("branch1x1", same(768, 192))],
        [("branch7x7_1", same(768, n)), ("branch7x7_2", same(n, n, 1, 7)), ("branch7x7_3", same(n, 192, 7, 1))],
        [("branch7x7dbl_1", same(768, n)), ("branch7x7dbl_2", same(n, n, 7, 1)), ("branch7x7dbl_3", same(n, n, 1, 7)),
         ("branch7x7dbl_4", same(n, n, 7, 1)), ("branch7x7dbl_5", same(n, 192, 1, 7))],
        [("branch_pool", same(768, 192))]], pool=average)


def mixed_7a():
    return Mixed([
        [("branch3x3_1", same(768, 192)), ("branch3x3_2", ConvNorm(192, 320, 3, 2))],
        [("branch7x7x3_1", same(768, 192)), ("branch7x7x3_2", same(192, 192, 1, 7)), ("branch7x7x3_3", same(192, 192, 7, 1)),
         ("branch7x7x3_4", ConvNorm(192, 192, 3, 2))],
    ], pooled=lambda x: F.max_pool2d(x, 3, 2))


def mixed_7(c, pool):
    return Mixed([
        [("branch1x1", same(c, 320))],
        [("branch3x3_1", same(c, 384)), ("branch3x3_2a", same(384, 384, 1, 3)), ("branch3x3_2b", same(384, 384, 3, 1))],
        [("branch3x3dbl_1", same(c, 448)), ("branch3x3dbl_2", same(448, 384, 3, 3)),
         ("branch3x3dbl_3a", same(384, 384, 1, 3)), ("branch3x3dbl_3b", same(384, 384, 3, 1))],
        [("branch_pool", same(c, 192))]], pool=pool)


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.Conv2d_1a_3x3 = ConvNorm(3, 32, 3, 2)
        self.Conv2d_2a_3x3 = ConvNorm(32, 32, 3)
        self.Conv2d_2b_3x3 = same(32, 64, 3, 3)
        self.Conv2d_3b_1x1 = ConvNorm(64, 80, 1)
        self.Conv2d_4a_3x3 = ConvNorm(80, 192, 3)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = mixed_5(192, 32), mixed_5(256, 64), mixed_5(288, 64)
        self.Mixed_6a = mixed_6a(288)
        self.Mixed_6b, self.Mixed_6c, self.Mixed_6d, self.Mixed_6e = mixed_6(128), mixed_6(160), mixed_6(160), mixed_6(192)
        self.Mixed_7a = mixed_7a()
        self.Mixed_7b = mixed_7(1280, average)
        self.Mixed_7c = mixed_7(2048, lambda x: F.max_pool2d(x, 3, 1, 1))
        self.fc = nn.Linear(2048, 1008)

    def forward(self, images):
        """Images in [0, 1] → pooled features [batch, 2048] and logits [batch, 1008]."""
        x = F.interpolate(images, size=(299, 299), mode="bilinear", align_corners=False) * 2 - 1
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(x, 3, 2)))
        x = F.max_pool2d(x, 3, 2)
        for name, block in self.named_children():
            if name.startswith("Mixed"):
                x = block(x)
        features = x.mean((2, 3))
        return features, self.fc(features)


def fill(network):
    """Sets every weight to a hash of its name and place: splitmix64, as a case's note says. Returns the names."""
    names = []
    for name, tensor in network.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(torch.from_numpy(filling(name, tuple(tensor.shape))))
            names.append(name)
    return names


def filling(name, shape):
    golden = numpy.uint64(0x9E3779B97F4A7C15)
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(zlib.crc32(name.encode())) * golden + numpy.arange(1, math.prod(shape) + 1, dtype=numpy.uint64) * golden
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    u = ((z >> numpy.uint64(40)).astype(numpy.float64) / 2**24 * 2 - 1).reshape(shape)
    if name.endswith("conv.weight") or name == "fc.weight":
        return u * math.sqrt(6 / math.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1 + 0.5 * u
    return 1 + 0.2 * u if name.endswith("bn.weight") else 0.1 * u
