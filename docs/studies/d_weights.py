"""Weights against feature maps."""
from chart import stacked_bars
from table import Table

KIB = 1024
BATCHES = [1, 4, 16]
# Name, settings that tell it from the others, codecs, GB/s on the pins.
MACHINES = [("default", {"array_output_lanes": "", "buffers_weight_kib": ""}, 3, 3.2),
            ("wide", {"array_output_lanes": 12, "buffers_weight_kib": ""}, 3, 2.133),
            ("wide, large buffer",
             {"array_output_lanes": 12, "buffers_weight_kib": 2560, "weight_bits": ""}, 3, 2.133),
            ("wide, large buffer, 4-bit weights",
             {"array_output_lanes": 12, "buffers_weight_kib": 2560, "weight_bits": 4}, 2, 2.133)]
CODECS = ["raw", "context:6", "transform:8"]
FREE = """\
array: {{output_lanes: {lanes}}}
ddr: {{device: {device}}}
buffers: {{weight_kib: {weight_kib}}}
"""


def figures(p):
    other = p.dram_kib - p.maps_kib - p.weights_kib
    return [f"{p.maps_kib:.0f}", f"{p.weights_kib:.0f}", f"{other:.0f}", f"{p.dram_kib:.0f}",
            f"{p.dram_uj:.0f}", f"{p.codec_uj:.0f}", f"{p.fps:.1f}", f"{p.dram_percent:.0f}",
            f"{p.input_percent:.0f}"]


def without_maps(report, gb_per_s, buffer_kib):
    """Frames per second at most, if maps cost neither bytes nor time: weights come at the pins'
    rate, as far ahead as the buffer has room, and a layer ends when it is computed and has them."""
    bytes_per_clock = gb_per_s * 1e9 / (report["clock_mhz"] * 1e6)
    clocks = ahead = 0.0
    for layer in report["layers"]:
        weights = layer["dram_bytes"]["weights"]
        its_clocks = max(layer["cycles"]["compute"], (weights - ahead) / bytes_per_clock)
        ahead = min(buffer_kib * KIB, ahead + its_clocks * bytes_per_clock - weights)
        clocks += its_clocks
    return report["images"] * report["clock_mhz"] * 1e6 / clocks


def bound(program, batch, name, settings, gb_per_s):
    """What there would be to gain: a run with raw maps, less all that they take."""
    buffer_kib = settings["buffers_weight_kib"] or 256
    path = f"{program.work}/d-{name.replace(', ', '-').replace(' ', '-')}.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(FREE.format(lanes=settings["array_output_lanes"] or 4,
                               device="ddr3-1066-4gb-x16" if "wide" in name else "ddr3-1600-4gb-x16",
                               weight_kib=buffer_kib))
    report = program.json("run", "--codec", "raw", "--batch", batch, "--platform", path,
                          "--weight-bits", settings.get("weight_bits") or 8)
    images, total = report["images"], report["total"]
    traffic = total["dram_bytes"]
    maps = sum(traffic[k] for k in ("maps_read", "maps_written", "tile_table"))
    maps_uj = sum(row["datasheet_uj"] for row in report["dram_by_kind"]
                  if row["kind"] in ("maps", "tile_table"))
    energy = total["dram_energy_datasheet_uj"]
    return [f"{100 * maps / traffic['total']:.1f}",
            f"{maps_uj / images:.0f}", f"{100 * maps_uj / energy:.1f}",
            f"{report['frames_per_second']:.1f}", f"{without_maps(report, gb_per_s, buffer_kib):.1f}"]


def make(program):
    sweep = program.sweep("d-weights")
    results, bounds, bars = [], [], []
    for batch in BATCHES:
        for name, settings, codecs, gb_per_s in MACHINES:
            for codec in CODECS[:codecs]:
                p = sweep.one(batch=batch, codec=codec, **settings)
                results.append([batch, name, codec, *figures(p)])
                if name == "wide, large buffer" or batch == 16 and name == "wide":
                    bars.append((f"{codec}, batch {batch}" + (", small buffer" if name == "wide"
                                                              else ""),
                                 [p.weights_kib, p.maps_kib, p.dram_kib - p.maps_kib - p.weights_kib]))
            bounds.append([batch, name, *bound(program, batch, name, settings, gb_per_s)])
    chart = stacked_bars("Wide machine: DRAM bytes of a picture", "KiB a picture",
                         ["weights", "maps and tables", "picture, firmware"], bars)
    return {"results": Table("results", ["batch", "machine", "codec", "maps and tables KiB",
                                         "weights KiB", "other KiB", "all KiB", "DRAM uJ",
                                         "coding uJ", "frames/s", "DRAM %", "input %"], results),
            "bounds": Table("bounds", ["batch", "machine", "maps % of bytes", "maps uJ",
                                       "maps % of energy", "raw frames/s", "maps free, frames/s"],
                            bounds)}, {"bytes": chart}
