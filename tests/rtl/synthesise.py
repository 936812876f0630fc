#!/usr/bin/env python3
"""Synthesises the blocks of this folder with yosys at chosen parameters.

  synthesise.py block NAME [PARAMETER=VALUE ...]  one block, counts to standard output
  synthesise.py all -o synthesis.csv              the points below, four fitted and six held out
  synthesise.py check synthesis.csv               the points of the file are those below, and two
                                                  small ones still have the counts that it says

UltraScale+: synth_xilinx, LUTs of all kinds; a LUT of distributed memory counts as one too.
Gates: NAND2 equivalents by gates.lib, memories left out, multipliers included.
"""
import argparse
import concurrent.futures
import csv
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
FIELDS = ["block", "use", "parameters", "lut", "lutram", "ff", "dsp", "bram36", "kge", "tool"]
SEED = 6

# LUTs and blocks that a primitive takes (UG574, UG573).
LUTRAM = {"RAM32X1D": 2, "RAM64X1D": 2, "RAM128X1D": 4, "RAM256X1D": 8, "RAM32M": 4, "RAM64M": 4,
          "RAM32M16": 8, "RAM64M8": 8, "SRL16E": 1, "SRLC32E": 1}
BLOCK_RAM = {"RAMB18E2": 0.5, "RAMB36E2": 1}
FLIP_FLOPS = ("FDRE", "FDSE", "FDCE", "FDPE")

FPGA = "synth_xilinx -family xcup -flatten -noiopad -noclkbuf -nowidelut -top {top}; stat"
# As synth, but memories stay what they are, and abc runs a short script: its usual one is slow on
# multipliers.
GATES = """hierarchy -check -top {top}; proc; flatten; opt_expr; opt_clean;
opt -nodffe -nosdff; fsm; opt; wreduce; peepopt; opt_clean; alumacc; share; opt;
memory -nomap; opt_clean; opt -fast -full; opt -undriven -fine; techmap; opt -fast;
dfflegalize -cell $_DFF_P_ 01; opt -fast; dfflibmap -liberty {lib};
abc -liberty {lib} -script +strash;dch;map; opt_clean; stat -liberty {lib}"""


class Failure(Exception):
    pass


def yosys(block, parameters, script):
    """Statistics at the end of a run, as text."""
    chparam = "".join(f" -chparam {name} {value}" for name, value in parameters.items())
    # Relative names: yosys makes names of cells from them, and these decide ties.
    sources = " ".join(path.name for path in sorted(FOLDER.glob("*.sv")))
    commands = f"read_verilog -sv {sources}; hierarchy -check -top {block}{chparam}; "
    commands += f"rename -top {block}; " + script.format(top=block, lib="gates.lib")
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "run.ys"
        path.write_text("\n".join(c.strip() for c in re.split(r";(?= |\n|$)", commands)) + "\n")
        run = subprocess.run(["yosys", str(path)], cwd=FOLDER, capture_output=True, text=True)
    if run.returncode != 0:
        errors = [line for line in (run.stdout + run.stderr).splitlines() if "ERROR" in line]
        raise Failure("\n".join([f"{block} {text_of(parameters)}: yosys failed", *errors]))
    return run.stdout[run.stdout.rindex("Printing statistics"):]


def cells_of(statistics):
    found = re.findall(r"^ +(\$?\w+) +(\d+)$", statistics, re.MULTILINE)
    return {name: int(count) for name, count in found}


def synthesise(block, parameters):
    """Counts of a block, by the names of FIELDS."""
    cells = cells_of(yosys(block, parameters, FPGA))
    lutram = sum(count * LUTRAM.get(name, 0) for name, count in cells.items())
    gates = yosys(block, parameters, GATES)
    return {
        "lut": lutram + sum(cells.get(f"LUT{inputs}", 0) for inputs in range(1, 7)),
        "lutram": lutram,
        "ff": sum(cells.get(name, 0) for name in FLIP_FLOPS),
        "dsp": cells.get("DSP48E2", 0),
        "bram36": sum(count * BLOCK_RAM.get(name, 0) for name, count in cells.items()),
        "kge": round(float(re.search(r"Chip area for .*: ([\d.]+)", gates)[1]) / 1000, 3),
    }


def tool():
    version = subprocess.run(["yosys", "-V"], capture_output=True, text=True, check=True).stdout
    return " ".join(version.split()[:2]).lower()


def text_of(parameters):
    return " ".join(f"{name}={value}" for name, value in parameters.items())


def parameters_of(words):
    parameters = {}
    for word in words:
        match = re.fullmatch(r"([A-Z_]+)=(\d+)", word)
        if not match:
            raise Failure(f"'{word}': expected PARAMETER=VALUE")
        parameters[match[1]] = int(match[2])
    return parameters


def huffman(symbol_bits, code_bits, word_bits):
    return {"SYMBOL_BITS": symbol_bits, "CODE_BITS": code_bits, "WORD_BITS": word_bits}


def random_huffman(draw):
    word_bits = draw.choice([8, 16, 32, 64])
    return huffman(draw.randint(6, 11), draw.randint(6, min(15, word_bits)), word_bits)


def ebpc(word_bits, block_words, run_bits):
    place_bits = (block_words - 2).bit_length()
    longest = max(word_bits, block_words, 5 + place_bits, run_bits + 2)
    return {"WORD_BITS": word_bits, "BLOCK_WORDS": block_words, "RUN_BITS": run_bits,
            "STREAM_BITS": max(8, 1 << (longest - 1).bit_length())}


def random_ebpc(draw):
    return ebpc(draw.randint(4, 16), draw.randint(4, 16), draw.randint(3, 6))


def pca(multipliers, words, input_bits, symbol_bits):
    return {"MULTIPLIERS": multipliers, "CHANNELS": multipliers * words, "INPUT_BITS": input_bits,
            "SYMBOL_BITS": symbol_bits}


def random_pca(draw):
    return pca(draw.randint(3, 40), draw.choice([1, 2, 3, 4, 6, 8]), draw.randint(8, 12),
               draw.randint(8, 12))


# Sizes that an architect may ask for: those that are fitted (the first one is the models'), and how
# others are drawn.
BLOCKS = {
    "huffman_encoder": ([huffman(11, 15, 16), huffman(8, 12, 32), huffman(6, 8, 8),
                         huffman(9, 13, 64)], random_huffman),
    "ebpc_encoder": ([ebpc(8, 8, 4), ebpc(16, 16, 4), ebpc(5, 4, 3), ebpc(12, 8, 5)], random_ebpc),
    "pca_unit": ([pca(16, 4, 12, 12), pca(4, 4, 8, 8), pca(8, 1, 10, 10), pca(24, 2, 12, 12)],
                 random_pca),
}


def alike(a, b):
    """The size of the Huffman table, which is in block RAM, changes no logic."""
    return all(a[name] == b[name] for name in a if name != "SYMBOL_BITS" or "CODE_BITS" not in a)


def points():
    """(block, use, parameters): four fitted, then six held out that the seed draws."""
    draw = random.Random(SEED)
    for block, (fitted, random_point) in BLOCKS.items():
        held_out = []
        while len(held_out) < 6:
            point = random_point(draw)
            if not any(alike(point, other) for other in fitted + held_out):
                held_out.append(point)
        for point in fitted:
            yield block, "fitted", point
        for point in held_out:
            yield block, "held-out", point


def row_of(point):
    block, use, parameters = point
    row = {"block": block, "use": use, "parameters": text_of(parameters)}
    row.update(synthesise(block, parameters), tool=tool())
    print(f"{block:16} {row['parameters']:62} {row['lut']:5} LUT {row['dsp']:3} DSP "
          f"{row['kge']:7} kGE", file=sys.stderr, flush=True)
    return row


def all_points(path):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(row_of, points()))
    unfinished = path.with_name(path.name + ".new")
    with open(unfinished, "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.rename(path)


def check(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    listed = [(row["block"], row["use"], row["parameters"]) for row in rows]
    if listed != [(block, use, text_of(parameters)) for block, use, parameters in points()]:
        raise Failure(f"{path}: these are not the points of synthesise.py: make synthesis")
    for block in ("huffman_encoder", "ebpc_encoder"):
        row = next(r for r in rows if r["block"] == block and r["use"] == "held-out")
        counts = synthesise(block, parameters_of(row["parameters"].split()))
        for name, count in counts.items():
            # Another yosys may find a little more or less logic.
            slack = 0.05 * float(row[name]) if name in ("lut", "kge") else 0
            if abs(count - float(row[name])) > slack:
                raise Failure(f"{path}: {block} {row['parameters']}: {name} is {count}, "
                              f"the file says {row[name]}: make synthesis")
        print(f"{block} {row['parameters']}: {counts}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("block")
    one.add_argument("name", choices=BLOCKS)
    one.add_argument("parameters", nargs="*", metavar="PARAMETER=VALUE")
    commands.add_parser("all").add_argument("-o", dest="file", type=pathlib.Path, required=True)
    commands.add_parser("check").add_argument("file", type=pathlib.Path)
    words = parser.parse_args()
    try:
        if words.command == "block":
            for name, count in synthesise(words.name, parameters_of(words.parameters)).items():
                print(f"{name} {count}")
        elif words.command == "all":
            all_points(words.file)
        else:
            check(words.file)
    except (Failure, OSError) as error:
        print(f"synthesise: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
