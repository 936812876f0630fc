#!/usr/bin/env python3
"""Trains the built-in network on pictures drawn by `karhunen images --npy`; see README.md."""
import argparse
import math
import os
import time

import numpy
import torch
from torch import nn

from resnet import ResNet18, prepared


def load(folder):
    return (
        numpy.load(os.path.join(folder, "pictures.npy"), mmap_mode="r"),
        numpy.load(os.path.join(folder, "labels.npy")).astype(numpy.int64),
    )


def batches_of(stages, seed):
    """(stage, indices of pictures) of all steps, in random order without repetition."""
    plan = []
    for number, (folder, epochs, size) in enumerate(stages):
        count = len(load(folder)[1])
        wanted = int(epochs * count) // size * size
        random = numpy.random.RandomState(seed + number)
        order = numpy.concatenate(
            [random.permutation(count) for _ in range(math.ceil(epochs))]
        )
        plan += [(number, order[i : i + size]) for i in range(0, wanted, size)]
    return plan


def progress_of(plan, data):
    """Share of all work (pixels) done before each step."""
    pixels = numpy.array([len(chosen) * data[stage][0].shape[1] ** 2 for stage, chosen in plan])
    return (numpy.cumsum(pixels) - pixels) / pixels.sum()


@torch.no_grad()
def top1(model, data, count):
    pictures, labels = data
    model.eval()
    good = 0
    for i in range(0, count, 50):
        answers = model(prepared(pictures[i : min(i + 50, count)])).argmax(1).numpy()
        good += (answers == labels[i : min(i + 50, count)]).sum()
    model.train()
    return good / count


@torch.no_grad()
def measure_batch_norm(model, data, count):
    """Means and variances over `count` pictures instead of the running ones of training."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain mean of all batches
    model.train()
    for i in range(0, count, 40):
        model(prepared(data[0][i : i + 40]))
    model.eval()


def save(path, state):
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)


class Training:
    """Model, optimiser and the place in the plan; what a checkpoint keeps."""

    def __init__(self, o, data, plan):
        self.o, self.data, self.plan, self.first = o, data, plan, 0
        self.progress = progress_of(plan, data)
        self.model = ResNet18(int(data[0][1].max()) + 1).to(memory_format=torch.channels_last)
        decayed = [p for p in self.model.parameters() if p.dim() > 1]
        plain = [p for p in self.model.parameters() if p.dim() == 1]
        self.optimiser = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4},
                                          {"params": plain}],
                                         lr=o.rate, momentum=0.9, nesterov=True)
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.1)
        self.checkpoint = os.path.join(o.output, "checkpoint.pt")
        if os.path.exists(self.checkpoint):
            state = torch.load(self.checkpoint)
            self.model.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.first = state["step"]
            print(f"resuming at step {self.first}", flush=True)

    def save(self, step):
        save(self.checkpoint, {"model": self.model.state_dict(),
                               "optimiser": self.optimiser.state_dict(), "step": step})

    def step(self, step):
        """Returns size, loss and share of right answers of the batch."""
        stage, chosen = self.plan[step]
        warm = min(1.0, (step + 1) / 30)
        for group in self.optimiser.param_groups:
            group["lr"] = self.o.rate * warm * 0.5 * (1 + math.cos(math.pi * self.progress[step]))
        chosen = numpy.sort(chosen)
        x, y = prepared(self.data[stage][0][chosen]), torch.from_numpy(self.data[stage][1][chosen])
        if numpy.random.RandomState(step).rand() < 0.5:
            x = x.flip(3)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.o.bfloat16):
            answers = self.model(x)
        answers = answers.float()
        loss = self.loss(answers, y)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return x.shape[3], loss.item(), (answers.argmax(1) == y).float().mean().item()

    def run(self, validation):
        began, seen, recent = time.time(), 0, []
        for step in range(self.first, len(self.plan)):
            size, loss, good = self.step(step)
            seen += len(self.plan[step][1])
            recent.append((loss, good))
            if (step + 1) % 10 == 0:
                loss, good = numpy.mean(recent, 0)
                print(f"step {step + 1}/{len(self.plan)} size {size} loss {loss:.3f} "
                      f"top-1 {100 * good:.1f} % {seen / (time.time() - began):.1f} pictures/s "
                      f"{time.time() - began:.0f} s", flush=True)
                recent = []
            if (step + 1) % 25 == 0:
                self.save(step + 1)
            if (step + 1) % self.o.validate_every == 0:
                print(f"step {step + 1}: top-1 of 300 unseen pictures "
                      f"{100 * top1(self.model, validation, 300):.1f} %", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", action="append", required=True,
                        metavar="DIR:EPOCHS:BATCH", help="in this order")
    parser.add_argument("--validate", required=True, metavar="DIR")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="checkpoints; resumes")
    parser.add_argument("--rate", type=float, default=0.1, help="largest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bfloat16", action="store_true",
                        help="convolutions in bfloat16: faster from about 200 pixels on, where "
                        "the processor has AVX512_BF16")
    parser.add_argument("--validate-every", type=int, default=100, metavar="STEPS")
    o = parser.parse_args()
    print(o, flush=True)

    torch.manual_seed(o.seed)
    torch.set_num_threads(o.threads)
    os.makedirs(o.output, exist_ok=True)
    stages = [(d, float(e), int(b)) for d, e, b in (s.split(":") for s in o.stage)]
    data, validation = [load(s[0]) for s in stages], load(o.validate)
    training = Training(o, data, batches_of(stages, o.seed))
    training.run(validation)
    model = training.model
    measure_batch_norm(model, data[-1], min(800, len(data[-1][1])))
    save(os.path.join(o.output, "trained.pt"), {"model": model.state_dict()})
    count = len(validation[1])
    print(f"top-1 of {count} unseen pictures {100 * top1(model, validation, count):.2f} %")


if __name__ == "__main__":
    main()
