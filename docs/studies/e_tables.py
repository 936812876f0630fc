"""Where PCA's matrices cost more than they save."""
from chart import line_chart
from table import Table

KIB = 1024
BATCHES = [1, 2, 4, 8, 16]
MIXES = [("raw", None), ("ebpc", None), ("dct-mask:6", None), ("context:6", None),
         ("transform:8", None), ("transform:8", "ebpc"), ("transform:8", "dct-mask:6"),
         ("transform:8", "context:6")]


def maps(layer):
    traffic = layer["dram_bytes"]
    return traffic["maps_read"] + traffic["maps_written"] + traffic["tile_table"]


def run(program, batch, codec, exceptions=()):
    return program.json("run", "--codec", codec, "--batch", batch, *exceptions)


def net_of(raw, transform):
    """Of layers that load tables, bytes per image: name, what their maps take raw, what they save,
    what the tables take."""
    images = transform["images"]
    return [(t["name"], maps(r), maps(r) - maps(t) / images, t["dram_bytes"]["tables"] / images)
            for r, t in zip(raw["layers"], transform["layers"]) if t["dram_bytes"]["tables"]]


def figures(report):
    traffic, images = report["total"]["dram_bytes"], report["images"]
    maps_and_tables = sum(traffic[k] for k in ("maps_read", "maps_written", "tile_table"))
    return [f"{maps_and_tables / images / KIB:.0f}", f"{traffic['tables'] / images / KIB:.0f}",
            f"{(maps_and_tables + traffic['tables']) / images / KIB:.0f}",
            f"{report['total']['dram_energy_datasheet_uj'] / images:.0f}",
            f"{report['frames_per_second']:.1f}"]


def mixes(program, raw, by_batch):
    """What the network gives when maps of layers whose tables do not pay take another codec."""
    tensors = {layer["name"]: layer["tensor"] for layer in raw["layers"] if layer["counted"]}
    rows, right = [], {}
    for batch in (1, 4):
        lost = [tensors[name] for name, _, saved, tables in net_of(raw, by_batch[batch])
                if saved < tables and name in tensors]
        for codec, other in MIXES:
            exceptions = [f"--tensor-codec={tensor}={other}" for tensor in lost if other]
            by_pca = len(tensors) - len(exceptions) if codec == "transform:8" else 0
            key = (codec, *exceptions)
            if key not in right:
                right[key] = program.json("accuracy", "--count", 100, "--codec", codec,
                                          *exceptions)["top1"]
            whole = codec == "transform:8" and not other
            report = by_batch[batch] if whole else run(program, batch, codec, exceptions)
            rows.append([batch, f"{codec} + {other}" if other else codec, by_pca,
                         *figures(report), right[key]])
    return Table("mixes", ["batch", "codec", "maps by PCA", "maps KiB", "tables KiB", "both KiB",
                           "DRAM uJ", "frames/s", "right of 100"], rows)


def make(program):
    raw = run(program, 1, "raw")
    by_batch = {batch: run(program, batch, "transform:8") for batch in BATCHES}
    nets = {batch: net_of(raw, report) for batch, report in by_batch.items()}
    layers = [[name, f"{uncoded / KIB:.0f}", f"{saved / KIB:.1f}", f"{tables / KIB:.1f}",
               f"{tables / saved:.1f}"] for name, uncoded, saved, tables in nets[1]]
    gains = [[name] + [f"{(nets[b][i][2] - nets[b][i][3]) / KIB:+.1f}" for b in BATCHES]
             for i, (name, *_) in enumerate(nets[1])]
    totals = [[b, f"{sum(n[2] for n in nets[b]) / KIB:.0f}",
               f"{sum(n[3] for n in nets[b]) / KIB:.0f}",
               f"{sum(n[2] - n[3] for n in nets[b]) / KIB:+.0f}",
               sum(n[2] >= n[3] for n in nets[b])] for b in BATCHES]
    series = [("saved on maps", [(i, n[2] / KIB) for i, n in enumerate(nets[1], 1)])]
    series += [(f"tables, batch {b}", [(i, n[3] / KIB) for i, n in enumerate(nets[b], 1)])
               for b in (1, 4, 16)]
    chart = line_chart("PCA: what the maps of a layer save, and what its tables take",
                       "layer, in the order of the table", "KiB an image", series,
                       x_ticks=list(range(1, len(layers) + 1)))
    return {"layers": Table("layers", ["layer", "raw maps KiB", "saved KiB", "tables KiB",
                                       "tables / saved"], layers),
            "net": Table("net", ["layer", *map(str, BATCHES)], gains),
            "batches": Table("batches", ["batch", "saved KiB", "tables KiB", "net KiB",
                                         "layers that gain"], totals),
            "mixes": mixes(program, raw, by_batch)}, {"layers": chart}
