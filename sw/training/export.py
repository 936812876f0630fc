#!/usr/bin/env python3
"""Writes a trained network as ONNX with 8-bit weights; see README.md.

Batch normalisation is folded. Every weight is an integer of -127 to 127 behind a DequantizeLinear:
a scale for each output channel of a convolution, one for the last layer, as the machine has them.
"""
import argparse
import copy

import numpy
import torch

import onnx_writer as onnx
from resnet import ResNet18
from train import load, top1


def folded(pair):
    """Weights and bias of convolution and batch normalisation."""
    convolution, norm = pair
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weights = convolution.weight * gain.view(-1, 1, 1, 1)
    return weights.detach().contiguous().numpy(), (norm.bias - norm.running_mean * gain).detach().numpy()


def quantised(weights, per_channel):
    """int8 and scales; the largest magnitude of a channel, or of all, becomes 127."""
    flat = numpy.abs(weights.reshape(len(weights), -1).astype(numpy.float64))
    largest = flat.max(1) if per_channel else numpy.array([flat.max()])
    scale = (numpy.where(largest > 0, largest, 127) / 127).astype(numpy.float32)
    steps = weights / scale.reshape((-1,) + (1,) * (weights.ndim - 1)).astype(numpy.float64)
    return numpy.clip(numpy.floor(steps + 0.5), -127, 127).astype(numpy.int8), scale


class Exporter:
    def __init__(self):
        self.nodes, self.tensors = [], []

    def weights(self, name, weights, bias, per_channel):
        steps, scale = quantised(weights, per_channel)
        scale = scale if per_channel else scale.reshape(())
        self.tensors += [onnx.tensor(name + ".steps", steps), onnx.tensor(name + ".scale", scale),
                         onnx.tensor(name + ".bias", bias)]
        self.nodes.append(onnx.node("DequantizeLinear", name + ".dequantise",
                                    [name + ".steps", name + ".scale"], name + ".weight",
                                    **({"axis": 0} if per_channel else {})))
        return [name + ".weight", name + ".bias"]

    def node(self, kind, name, inputs, **attributes):
        self.nodes.append(onnx.node(kind, name, inputs, name, **attributes))
        return name

    def convolution(self, name, pair, x):
        c = pair[0]
        operands = [x] + self.weights(name, *folded(pair), True)
        return self.node("Conv", name, operands, kernel_shape=list(c.kernel_size),
                         strides=list(c.stride), pads=2 * list(c.padding), group=1,
                         dilations=[1, 1])

    def block(self, name, block, x):
        y = self.node("Relu", name + ".relu1", [self.convolution(name + ".conv1", block.first, x)])
        y = self.convolution(name + ".conv2", block.second, y)
        if block.shortcut is not None:
            x = self.convolution(name + ".downsample", block.shortcut, x)
        return self.node("Relu", name + ".relu2", [self.node("Add", name + ".add", [y, x])])

    def network(self, model):
        x = self.node("Relu", "relu", [self.convolution("conv1", model.stem, "input")])
        x = self.node("MaxPool", "maxpool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
        for i, block in enumerate(model.blocks):
            x = self.block(f"layer{i // 2 + 1}.{i % 2}", block, x)
        x = self.node("Flatten", "flatten", [self.node("GlobalAveragePool", "avgpool", [x])], axis=1)
        head = self.weights("fc", model.head.weight.detach().numpy(),
                            model.head.bias.detach().numpy(), False)
        self.node("Gemm", "fc", [x] + head, transB=1)


def with_exported_weights(model):
    """The same network with the weights that were written."""
    model = copy.deepcopy(model)

    def replace(pair):
        weights, bias = folded(pair)
        steps, scale = quantised(weights, True)
        pair[0].weight.data = torch.from_numpy(steps * scale.reshape(-1, 1, 1, 1))
        pair[1].weight.data.fill_(1)
        pair[1].bias.data = torch.from_numpy(bias)
        pair[1].running_mean.zero_()
        pair[1].running_var.fill_(1 - pair[1].eps)

    replace(model.stem)
    for block in model.blocks:
        for pair in (block.first, block.second, block.shortcut):
            if pair is not None:
                replace(pair)
    steps, scale = quantised(model.head.weight.detach().numpy(), False)
    model.head.weight.data = torch.from_numpy(steps * scale)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", help="trained.pt (or checkpoint.pt) of train.py")
    parser.add_argument("--classes", required=True, help="classes.txt of karhunen images")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--validate", metavar="DIR", help="pictures to measure top-1 on")
    parser.add_argument("-o", "--output", required=True)
    o = parser.parse_args()

    names = open(o.classes).read().split()
    model = ResNet18(len(names))
    model.load_state_dict(torch.load(o.trained)["model"])
    model.eval()
    exporter = Exporter()
    exporter.network(model)
    with open(o.output, "wb") as file:
        file.write(onnx.model(exporter.nodes, exporter.tensors,
                              onnx.value_info("input", [1, 3, o.size, o.size]),
                              onnx.value_info("fc", [1, len(names)]), 13,
                              {"classes": "\n".join(names)}))
    if not o.validate:
        return
    data = load(o.validate)
    for what, tried in (("float", model), ("8-bit weights", with_exported_weights(model))):
        tried = tried.to(memory_format=torch.channels_last)
        print(f"{what}: top-1 of {len(data[1])} pictures in {o.validate} "
              f"{100 * top1(tried, data, len(data[1])):.2f} %", flush=True)


if __name__ == "__main__":
    main()
