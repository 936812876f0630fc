"""Which codec for which DRAM."""
from chart import line_chart
from table import Table

GROUPED = "row-bank-column-group"
# Name, device, mapping, GB/s on the pins.
MEMORIES = [("DDR3-1066 x16", "ddr3-1066-4gb-x16", "", 2.13),
            ("DDR3-1600 x16", "ddr3-1600-4gb-x16", "", 3.2),
            ("DDR3-1066 x32", "ddr3-1066-4gb-x32", "", 4.27),
            ("DDR4-2400 x16", "ddr4-2400-8gb-x16", GROUPED, 4.8),
            ("DDR3-1600 x32", "ddr3-1600-4gb-x32", "", 6.4),
            ("DDR4-2400 x32", "ddr4-2400-8gb-x32", GROUPED, 9.6)]
CODECS = ["raw", "ebpc", "vlc:8", "transform:8", "dct-mask:6", "context:6"]
MACHINES = {"default": 4, "wide": 12}


def point(sweep, machine, batch, memory, codec):
    return sweep.one(batch=batch, codec=codec, array_output_lanes=MACHINES[machine],
                     ddr_device=memory[1])


def by_memory(sweep, name, machine, cell):
    rows = [[batch, memory[0]] + [cell(point(sweep, machine, batch, memory, codec))
                                  for codec in CODECS]
            for batch in (1, 16) for memory in MEMORIES]
    return Table(name, ["batch", "memory", *CODECS], rows)


def where_time_goes(sweep):
    """On the wide machine, at the slowest and the fastest memory."""
    rows = []
    for memory in (MEMORIES[0], MEMORIES[-1]):
        for codec in CODECS:
            p = point(sweep, "wide", 16, memory, codec)
            rows.append([memory[0], codec, f"{p.compute_percent:.0f}", f"{p.input_percent:.0f}",
                         f"{p.encoder_percent:.0f}", f"{p.dram_percent:.0f}"])
    return Table("time", ["memory", "codec", "computes %", "input %", "encoder %", "DRAM %"], rows)


def energy_parts(sweep):
    rows = []
    for codec in CODECS:
        slow, fast = (point(sweep, "default", 16, m, codec) for m in (MEMORIES[0], MEMORIES[-1]))
        rows.append([codec, f"{slow.dram_uj:.0f}", f"{fast.dram_uj:.0f}", f"{slow.codec_uj:.0f}",
                     f"{slow.dram_uj + slow.codec_uj:.0f}", f"{fast.dram_uj + fast.codec_uj:.0f}"])
    return Table("parts", ["codec", "DRAM uJ, slowest", "DRAM uJ, fastest", "coding uJ",
                           "sum, slowest", "sum, fastest"], rows)


def costs(sweep):
    rows = []
    for codec in CODECS:
        default, wide = (point(sweep, m, 1, MEMORIES[0], codec) for m in MACHINES)
        rows.append([codec, f"{default.maps_kib:.0f}",
                     f"{point(sweep, 'default', 16, MEMORIES[0], codec).maps_kib:.0f}",
                     f"{default.snr_db:.1f}" if default.snr_db < 100 else "lossless",
                     f"{default.drop:+.0f}",
                     f"{default.logic / 1000:.1f}", f"{default.device_percent:.1f}",
                     f"{wide.logic / 1000:.1f}", f"{wide.device_percent:.1f}"])
    return Table("costs", ["codec", "KiB of maps, batch 1", "batch 16", "SNR dB", "drop",
                           "K ALM, default", "device %, default", "K ALM, wide", "device %, wide"],
                 rows)


def make(program):
    sweep = program.sweep("b-dram")
    tables = {"costs": costs(sweep), "time": where_time_goes(sweep), "parts": energy_parts(sweep)}
    for machine in MACHINES:
        tables[f"{machine}_fps"] = by_memory(sweep, f"{machine}_fps", machine,
                                             lambda p: f"{p.fps:.1f}")
    tables["energy"] = by_memory(sweep, "energy", "default",
                                 lambda p: f"{p.dram_uj + p.codec_uj:.0f}")
    chart = line_chart(
        "Wide machine, batch 16: frames per second by memory", "GB/s on the pins of the memory",
        "frames/s",
        [(codec, [(m[3], point(sweep, "wide", 16, m, codec).fps) for m in MEMORIES])
         for codec in CODECS])
    return tables, {"speed": chart}
