"""How wide an array may be before DRAM starves it."""
from math import log2

from chart import line_chart
from table import Table

LANES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32]
SHOWN = [1, 2, 4, 8, 12, 16, 24, 32]
CODECS = ["raw", "transform:8", "context:6"]
MEMORIES = [("DDR3-1066 x16", "ddr3-1066-4gb-x16"), ("DDR3-1600 x16", "ddr3-1600-4gb-x16"),
            ("DDR4-2400 x32", "ddr4-2400-8gb-x32")]
SHARES = [10, 25, 50]


def point(sweep, batch, codec, device, lanes, reduction=576):
    return sweep.one(batch=batch, codec=codec, ddr_device=device, array_output_lanes=lanes,
                     array_reduction_lanes=reduction)


def first_width(sweep, batch, codec, device, share):
    """Whose wait for DRAM takes more than this share of the time."""
    for lanes in LANES:
        if point(sweep, batch, codec, device, lanes).dram_percent > share:
            return str(lanes)
    return "none"


def curves(sweep, batch, metric, form):
    return [[name, codec] + [form.format(getattr(point(sweep, batch, codec, device, n), metric))
                             for n in SHOWN] for name, device in MEMORIES for codec in CODECS]


def make(program):
    sweep = program.sweep("c-array")
    lanes = [str(n) for n in SHOWN]
    starving = [[batch, name, codec] + [first_width(sweep, batch, codec, device, s) for s in SHARES]
                for batch in (1, 16) for name, device in MEMORIES for codec in CODECS]
    device = [[n, n * 576] + [f"{point(sweep, 1, c, MEMORIES[0][1], n).device_percent:.0f}"
                              for c in CODECS] for n in SHOWN]
    shapes = [[f"{r} x {n}", name, codec,
               *(f"{getattr(point(sweep, 16, codec, d, n, r), m):.1f}"
                 for m in ("fps", "compute_percent", "dram_percent"))]
              for r, n in ((288, 16), (576, 8), (1152, 4))
              for name, d in (MEMORIES[0], MEMORIES[-1]) for codec in ("raw", "context:6")]
    reasons = [[name, codec, *(f"{getattr(point(sweep, 16, codec, d, 16), m):.0f}" for m in
                               ("compute_percent", "input_percent", "encoder_percent",
                                "dram_percent"))] for name, d in MEMORIES for codec in CODECS]
    chart = line_chart(
        "Batch 16: frames per second by width of the array", "output lanes, of 576 multipliers each",
        "frames/s",
        [(f"{codec}, {name}", [(n, point(sweep, 16, codec, d, n).fps) for n in LANES])
         for name, d in (MEMORIES[0], MEMORIES[-1]) for codec in CODECS],
        x_ticks=[1, 2, 4, 8, 16, 32], x_place=log2)
    return {"starving": Table("starving", ["batch", "memory", "codec", "a tenth", "a quarter",
                                           "half"], starving),
            "speed": Table("speed", ["memory", "codec", *lanes], curves(sweep, 16, "fps", "{:.0f}")),
            "single": Table("single", ["memory", "codec", *lanes], curves(sweep, 1, "fps", "{:.0f}")),
            "waits": Table("waits", ["memory", "codec", *lanes],
                           curves(sweep, 16, "dram_percent", "{:.0f}")),
            "reasons": Table("reasons", ["memory", "codec", "computes %", "input %", "encoder %",
                                         "DRAM %"], reasons),
            "device": Table("device", ["output lanes", "multipliers", *CODECS], device),
            "shapes": Table("shapes", ["array", "memory", "codec", "frames/s", "computes %",
                                       "DRAM %"], shapes)}, {"speed": chart}
