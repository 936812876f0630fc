"""Table III of Chmiel et al. and their Fig. 7, by our models."""
from chart import line_chart
from table import Table

# Their 17 maps, values of one picture; the network here stores as many.
VALUES = 2_308_096
# Of their script: 0.33 W and 0.27 W for 16 bits in four clocks of 1066 MHz.
PJ_PER_BIT = (0.33 + 0.27) / 16 * 4 / 1066e6 * 1e12
# Read off their plot: bits per value with PCA, top-1 in %; at 8 bits 69.76 %.
PUBLISHED = [(4.25, 69.75), (4.0, 69.5), (3.52, 69.25), (3.1, 68.7), (2.75, 67.7)]
PUBLISHED_AT_8_BITS = 69.76
# Entropies of the 17 tensors, weighted by their size.
PUBLISHED_BITS = {"8 bit": 8.0, "without PCA": 5.790, "with PCA": 3.991}


def maps_uj(bits_per_value):
    """All maps written and read once, by their formula."""
    return VALUES * bits_per_value * PJ_PER_BIT / 1e6


def logic(program):
    rows = [[r["channels"], r["variant"], f"{float(r['printed_lut_k']):g}",
             f"{float(r['lut']) / 1000:.2f}", f"{float(r['lut_k_residual']):+.2f}",
             r["printed_dsp"], f"{float(r['dsp']):.0f}", f"{float(r['dsp_residual_percent']):+.2f}",
             "yes" if r["fits"] == "1" else "no"]
            for r in program.csv("estimate", "--table-iii")]
    return Table("logic", ["channels", "variant", "LUT K, printed", "ours", "residual K",
                           "DSP, printed", "ours DSP", "residual %", "fits"], rows)


def memory(program):
    rows = []
    for r in program.json("paper")["table_3"]:
        p = r["printed"]
        rows.append([r["channels"], r["variant"], f"{r['bits_per_value']:.2f}",
                     f"{p['energy']:g}" + (" mW" if p["energy_misprint"] else ""),
                     f"{p['energy_uj']:.1f}", f"{r['energy_uj']:.1f}",
                     f"{r['energy_differs_percent']:+.1f}",
                     f"{p['bandwidth_gbps']:.2f}", f"{r['bandwidth_gbps']:.2f}"])
    return Table("memory", ["channels", "variant", "bits/value", "printed", "means uJ", "ours uJ",
                            "differs %", "Gbit/s, printed", "ours Gbit/s"], rows)


def make(program):
    sweep = program.sweep("a-paper")
    rows, quantised, by_codec = [], [], {"vlc": [], "transform": [], "context": []}

    def add(label, point, bits):
        rows.append([label, f"{bits:.2f}", f"{maps_uj(bits):.0f}",
                     f"{100 * (bits / 8 - 1):+.1f}", f"{point.top1_percent:.1f}",
                     f"{point.drop:+.1f}",
                     f"{point.snr_db:.1f}" if point.snr_db < 100 else "lossless"])
        return maps_uj(bits), point.top1_percent

    quantised.append(add("8 bit", sweep.one(codec="raw", batch=""), 8))
    for bits in (8, 7, 6, 5, 4):
        point = sweep.one(codec=f"vlc:{bits}", batch="")
        # The same values as with the code, in words of so many bits.
        quantised.append(add(f"quantised:{bits}", point, bits))
    for codec, curve in by_codec.items():
        for bits in (8, 6, 5, 4) if codec == "context" else (8, 7, 6, 5, 4):
            point = sweep.one(codec=f"{codec}:{bits}", batch="")
            curve.append(add(f"{codec}:{bits}", point, point.bits_per_value))
    whole = [[codec] + [f"{sweep.one(codec=codec, batch=b).dram_paper_uj:.0f}" for b in ("", 16)]
             + [f"{sweep.one(codec=codec, batch=b).maps_kib:.0f}" for b in ("", 16)]
             for codec in ("raw", "vlc:8", "transform:8", "context:6")]
    published = [[f"{bits:.2f}", f"{maps_uj(bits):.0f}", f"{top1:.2f}",
                  f"{PUBLISHED_AT_8_BITS - top1:+.2f}"] for bits, top1 in PUBLISHED]
    entropies = [[name, f"{bits:.3f}", f"{maps_uj(bits):.0f}", f"{100 * (bits / 8 - 1):+.1f}"]
                 for name, bits in PUBLISHED_BITS.items()]
    chart = line_chart(
        "Accuracy against DRAM energy of the maps, one picture", "uJ, all maps written and read once",
        "top-1, % (network of this project)",
        [("quantised alone", sorted(quantised)), ("+ VLC", sorted(by_codec["vlc"])),
         ("+ PCA + VLC", sorted(by_codec["transform"])),
         ("context", sorted(by_codec["context"]))],
        y_range=(70, 95))
    return {"logic": logic(program), "memory": memory(program),
            "rates": Table("rates", ["codec", "bits/value", "maps uJ", "against 8 bit %", "top-1 %",
                                     "drop", "SNR dB"], rows),
            "whole": Table("whole", ["codec", "uJ, batch 1", "uJ, batch 16", "KiB of maps, batch 1",
                                     "KiB of maps, batch 16"], whole),
            "published": Table("published", ["bits/value", "maps uJ", "top-1 %", "drop"], published),
            "entropies": Table("entropies", ["their maps", "bits/value", "maps uJ",
                                             "against 8 bit %"], entropies)}, {"rates": chart}
