"""Jobs of post-processing, one after the other, as pooling goes on from job to job."""
from arithmetic import clamped, rounded, wrapped

RELU, RESIDUAL, MAX_POOL, AVERAGE_POOL, CHUNKED_ROWS = 1, 2, 16, 32, 64
RANGES = [(0, 255), (-128, 127), (-2048, 2047), (-2**31, 2**31 - 1)]


def in_order(case):
    """Sums as [row][column][channel], and bias and multiplier of each channel."""
    job, slices = case.job, case.all("parameters")
    counts = [len(s) // 2 for s in slices] or [job["CHANNELS"]]
    assert sum(counts) == job["CHANNELS"]
    places = [(y, c) for y in range(job["ROWS"]) for c in range(len(counts))]
    chunked = case.arrays["sums"].entry["layout"].startswith("chunk, row")
    assert chunked == bool(job["FLAGS"] & CHUNKED_ROWS), "layout"
    if chunked:
        places.sort(key=lambda place: place[1])
    values, left = {}, iter(case["sums"])
    for y, c in places:
        for x in range(job["WIDTH"]):
            for n in range(counts[c]):
                values[y, x, sum(counts[:c]) + n] = next(left)
    assert next(left, None) is None, "more sums"
    bias = [v for s in slices for v in s[:len(s) // 2]]
    multiplier = [v for s in slices for v in s[len(s) // 2:]]
    return [values[key] for key in sorted(values)], bias, multiplier


def low_high(job):
    low, high = RANGES[job["FORMAT"]]
    return (0 if job["FLAGS"] & RELU else low), high


def requantised(case):
    """The rows before pooling."""
    job = case.job
    sums, bias, multiplier = in_order(case)
    if job["FLAGS"] & AVERAGE_POOL:
        return [clamped(v, -2**15, 2**15 - 1) for v in sums]
    low, high = low_high(job)
    channels = job["CHANNELS"]
    if not bias and job["FORMAT"] != 3 and job["MULTIPLIER"] == 0:
        return [clamped(v, low, high) for v in sums]
    bias, multiplier = bias or [0] * channels, multiplier or [job["MULTIPLIER"]] * channels
    if job["FORMAT"] == 3:
        return [clamped(wrapped(v + bias[i % channels]), low, high) for i, v in enumerate(sums)]
    residual = case["residual"] if job["FLAGS"] & RESIDUAL else [0] * len(sums)
    return [clamped(rounded(wrapped(v + bias[i % channels]) * multiplier[i % channels]
                            + r * job["RESIDUAL_MULTIPLIER"], job["SHIFT"]), low, high)
            for i, (v, r) in enumerate(zip(sums, residual))]


def outputs(size, kernel, stride, padding, partial):
    """Windows along an axis: those that fit with the padding; partial: begin before its end."""
    return len([at for at in range(-padding, size + padding, stride)
                if at + kernel <= size + padding or (partial and at < size
                                                     and at - stride + kernel < size + padding)])


class Pools:
    """Maps being pooled, by their first channel."""

    def __init__(self):
        self.maps = {}

    def rows(self, job, rows):
        """Adds rows; what they complete."""
        width, channels, height = job["WIDTH"], job["CHANNELS"], job["POOL_HEIGHT"]
        packed = job["POOL"]
        kernel, stride, padding = packed >> 16 & 255, packed >> 8 & 255, packed & 255
        shape = kernel, stride, padding, packed >> 24
        if job["POOL_ROW"] == 0:
            self.maps[job["FIRST_CHANNEL"]] = []
        known = self.maps[job["FIRST_CHANNEL"]]
        size = width * channels
        assert len(known) == job["POOL_ROW"] * size, "does not go on where the map stopped"

        def complete():
            done = len(known) // size
            total = outputs(height, *shape)
            return total if done == height else min(
                total, max(0, (done + padding - kernel) // stride + 1))

        before = complete()
        known += rows
        result = []
        for y in range(before, complete()):
            for x in range(outputs(width, *shape)):
                places = [(v * width + u) * channels
                          for v in range(y * stride - padding, y * stride - padding + kernel)
                          for u in range(x * stride - padding, x * stride - padding + kernel)
                          if 0 <= v < height and 0 <= u < width]
                result += [self.pooled(job, [known[p + c] for p in places])
                           for c in range(channels)]
        return result

    @staticmethod
    def pooled(job, values):
        if job["FLAGS"] & MAX_POOL:
            return max(values)
        total = sum(values)
        if job["FORMAT"] != 3:  # sums of 32 bits are not scaled
            total = rounded(total * job["MULTIPLIER"], job["SHIFT"])
        return clamped(total, *low_high(job))


def check(case, pools):
    rows = requantised(case)
    if case.job["FLAGS"] & (MAX_POOL | AVERAGE_POOL):
        rows = pools.rows(case.job, rows)
    assert rows == case["rows"], "rows"
