"""Jobs of the compute array: sums by the definition of a convolution."""
import struct

from arithmetic import wrapped

CHUNK_OUTERMOST, WEIGHTS_4_BIT = 8, 16


def pair(packed):
    return packed >> 8, packed & 255


def weights_of(data, count, reduction, bits):
    """[tap][channel of the chunk]; what follows the biases and multipliers of a chunk."""
    data, total = data[8 * count:], count * reduction
    if bits == 8:
        size = total
        values = struct.unpack(f"<{total}b", data[:size])
    else:
        size = (total + 1) // 2
        nibbles = [n for byte in data[:size] for n in (byte & 15, byte >> 4)]
        values = [n - 16 if n > 7 else n for n in nibbles[:total]]
    assert not any(data[size:]) and (8 * count + size + 63) // 64 * 64 == 8 * count + len(data)
    return [values[i:i + count] for i in range(0, total, count)]


class Map:
    """The input, of which some rows are there; beyond it there are zeros."""

    def __init__(self, case):
        job = case.job
        self.height, self.width = job["INPUT_HEIGHT"], job["INPUT_WIDTH"]
        self.channels, self.first = job["INPUT_CHANNELS"], job["first_input_row"]
        self.values = case["rows"]

    def pixel(self, y, x, first, count):
        if not (0 <= y < self.height and 0 <= x < self.width):
            return [0] * count
        at = ((y - self.first) * self.width + x) * self.channels + first
        assert at >= 0 and at + count <= len(self.values), "a row that is needed is missing"
        return self.values[at:at + count]


def window(source, job, y, x, group):
    """Values under the kernel, tap after tap."""
    (ky, kx), (sy, sx), (py, px), (dy, dx) = (
        pair(job[name]) for name in ("KERNEL", "STRIDE", "PADDING", "DILATION"))
    count = job["INPUT_CHANNELS"] // job["GROUPS"]
    return [v for i in range(ky) for j in range(kx)
            for v in source.pixel(y * sy - py + i * dy, x * sx - px + j * dx, group * count, count)]


def slice_sums(source, job, y, first, weights):
    """A row of the channels of a chunk, column after column."""
    per_group = job["OUTPUT_CHANNELS"] // job["GROUPS"]
    sums = []
    for x in range(job["OUTPUT_WIDTH"]):
        values = {}
        for n in range(len(weights[0])):
            group = (first + n) // per_group
            if group not in values:
                values[group] = window(source, job, y, x, group)
            sums.append(wrapped(sum(v * w[n] for v, w in zip(values[group], weights))))
    return sums


def check(case):
    job = case.job
    if job["KIND"] == 1:
        assert case["sums"] == case["rows"], "a pass job changes values"
        return
    ky, kx = pair(job["KERNEL"])
    reduction = ky * kx * job["INPUT_CHANNELS"] // job["GROUPS"]
    step, bits = job["CHUNK_CHANNELS"], 4 if job["FLAGS"] & WEIGHTS_4_BIT else 8
    chunks = case.all("weights")
    assert len(chunks) == job["WEIGHT_CHUNKS"]
    weights = [weights_of(bytes(chunk), min(step, job["OUTPUT_CHANNELS"] - c * step), reduction,
                          bits) for c, chunk in enumerate(chunks)]
    rows = range(job["OUTPUT_ROW"], job["OUTPUT_ROW"] + job["OUTPUT_ROWS"])
    order = [(y, c) for y in rows for c in range(len(chunks))]
    chunk_outermost = case.arrays["sums"].entry["layout"].startswith("chunk, row")
    assert chunk_outermost == bool(job["FLAGS"] & CHUNK_OUTERMOST), "layout"
    if chunk_outermost:
        order.sort(key=lambda place: place[1])
    source = Map(case)
    expected = [v for y, c in order for v in slice_sums(source, job, y, c * step, weights[c])]
    assert case["sums"] == expected, "sums"
