#!/usr/bin/env python3
"""test_vectors.py KARHUNEN WRITE_INPUTS: vectors of every block of a small network, read by a
reader of its own (README.md) and computed again here."""
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import unittest
import zlib

import array_check
import codec_check
import dma_check
import post_check
from vector_reader import Vectors

SEED = int(os.environ.get("KARHUNEN_VECTOR_SEED", random.randrange(1, 10**9)))
# On bands.yaml maps have bands of a few rows, as those of a large network have.
NETWORK = "--network net.onnx --calibration photos --image photos/0.png --platform bands.yaml"


def karhunen(words, exit_code=0):
    done = subprocess.run([KARHUNEN] + words.split(), capture_output=True, text=True, check=False)
    assert done.returncode == exit_code, f"{words}: {done.returncode}, {done.stderr}"
    return done


@contextlib.contextmanager
def vectors(words):
    """Those of a command, every file of them checked."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        karhunen(f"vectors {words} -o {folder}/v")
        found = Vectors(f"{folder}/v")
        found.check_files()
        for case in found.cases:
            case.check_include()
        yield found


def contents(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return found


class OfARun(unittest.TestCase):
    def check_codec(self, codec, layer, decoded):
        block = "decoder" if decoded else "encoder"
        with vectors(f"--block {block} --layer {layer} --codec {codec} {NETWORK}") as found:
            for case in found.cases:
                with self.subTest(case.name, codec=codec):
                    self.assertTrue(codec_check.check(case, decoded))

    def test_encoder(self):
        for codec, layer in [("raw", 0), ("vlc", 1), ("transform", 2), ("zvc", 3), ("zrle", 4),
                             ("ebpc", 2)]:
            self.check_codec(codec, layer, False)

    def test_decoder(self):
        for codec, layer in [("raw", 1), ("vlc", 2), ("transform", 2), ("zvc", 3), ("zrle", 3),
                             ("ebpc", 4)]:
            self.check_codec(codec, layer, True)

    def test_array(self):
        for layer, options in [(1, "--jobs 2"), (2, "--weight-bits 4 --jobs 1"), (4, ""), (5, ""), (6, "")]:
            with vectors(f"--block array --layer {layer} {options} {NETWORK}") as found:
                for case in found.cases:
                    with self.subTest(case.name, layer=layer):
                        array_check.check(case)

    def test_post_processing(self):
        for layer in [0, 2, 4, 5, 6]:
            with vectors(f"--block post --layer {layer} {NETWORK}") as found:
                pools = post_check.Pools()
                for case in found.cases:
                    with self.subTest(case.name, layer=layer):
                        post_check.check(case, pools)

    def test_dma(self):
        for layer, codec in [(0, "transform"), (4, "ebpc"), (6, "raw")]:
            with vectors(f"--block dma --layer {layer} --codec {codec} {NETWORK}") as found:
                for case in found.cases:
                    with self.subTest(case.name, layer=layer):
                        dma_check.check(case)


class WithoutANetwork(unittest.TestCase):
    def check_cases(self, found, block):
        pools = post_check.Pools()
        for case in found.cases:
            with self.subTest(case.name, block=block, source=found.manifest["source"]):
                if block in ("encoder", "decoder"):
                    known = codec_check.check(case, block == "decoder")
                    self.assertTrue(known or case.job["codec"] in ("dct-mask", "context"))
                elif block == "post":
                    post_check.check(case, pools)
                else:
                    {"array": array_check, "dma": dma_check}[block].check(case)

    def test_corners(self):
        for block in ["encoder", "decoder --codec ebpc", "decoder --codec transform", "array",
                      "post", "dma"]:
            with vectors(f"--corner --block {block}") as found:
                self.assertGreater(len(found.cases), 8)
                self.assertEqual(found.manifest["command"].split()[:5],
                                 ["karhunen", "vectors", "--block", block.split()[0], "--corner"])
                self.assertNotIn("true", found.manifest["command"])  # a flag has no value
                self.check_cases(found, block.split()[0])

    def test_random(self):
        for block in ["encoder", "decoder", "array", "post", "dma"]:
            with vectors(f"--random {SEED} --count 12 --block {block}") as found:
                self.assertEqual((len(found.cases), found.manifest["seed"]), (12, SEED))
                self.assertEqual(found.manifest["command"], "karhunen vectors --block "
                                 f"{block} --random {SEED} --count 12")
                self.assertRegex(found.manifest["version"], r"^\d+\.\d+\.\d+$")
                self.check_cases(found, block)

    def test_corners_reach_the_limits(self):
        with vectors("--corner --block encoder --codec vlc") as found:
            lengths = {word >> 15 & 15 for case in found.cases for word in case["huffman_codes"]}
            self.assertLessEqual({1, 2, 14, 15}, lengths)
            self.assertEqual(max(len(case["huffman_codes"]) for case in found.cases), 2047)
        with vectors("--corner --block array") as found:
            sums = [v for case in found.cases for v in case["sums"]]
            self.assertEqual(max(sums), 2048 * 128 * 9 * 32)
        with vectors("--corner --block post") as found:
            values = {(case.job["FORMAT"], v) for case in found.cases for v in case["rows"]}
            for number, limits in enumerate(post_check.RANGES[:3]):
                self.assertLessEqual({(number, v) for v in limits}, values)

    def test_another_machine(self):
        with open("other.yaml", "w", encoding="ascii") as file:
            file.write("codec:\n    streams: 8\ndma:\n    block_bytes: 16\n")
        for block in ["encoder", "dma"]:
            with vectors(f"--random {SEED} --count 6 --block {block} --platform other.yaml") as found:
                self.assertEqual(found.manifest["configuration"]["codec"]["streams"], 8)
                self.assertNotIn("ebpc", [case.job.get("codec") for case in found.cases])
                self.check_cases(found, block)

    def test_seed(self):
        for block in ["encoder", "array", "post", "dma"]:
            with vectors(f"--random 7 --count 3 --block {block}") as first, \
                    vectors(f"--random 7 --count 5 --block {block}") as more, \
                    vectors(f"--random 8 --count 3 --block {block}") as other:
                self.assertEqual(crcs(first), crcs(more)[:3])
                self.assertNotEqual(crcs(first), crcs(other))


def crcs(found):
    return [[array.entry["crc32"] for array in case.arrays.values()] for case in found.cases]


class Changed(unittest.TestCase):
    """What the reader and the checks are worth: each change of a file is found."""

    def change(self, array, data):
        """Gives the array other values, in files of its own."""
        array.entry.update(binary=f"{array.name}.bin", hex=f"{array.name}.hex")
        with open(os.path.join(array.folder, array.entry["binary"]), "wb") as file:
            file.write(data)
        array.entry["crc32"] = zlib.crc32(data)
        word = array.entry["word_bits"] // 8
        with open(os.path.join(array.folder, array.entry["hex"]), "w", encoding="ascii") as file:
            for segment in array.segments():
                part, data = data[:segment["bytes"]], data[segment["bytes"]:]
                file.write(f"@{segment['address'] // word:x}\n")
                file.write("".join(part[i:i + word][::-1].hex().zfill(2 * word) + "\n"
                                   for i in range(0, len(part), word)))

    def flipped(self, path):
        with open(path, "r+b") as file:
            byte = file.read()[-2]
            file.seek(-2, os.SEEK_END)
            file.write(bytes([byte ^ 1]))

    def test_files(self):
        for kind in ["binary", "hex"]:
            with vectors(f"--block encoder --layer 1 --codec ebpc --jobs 1 {NETWORK}") as found:
                array = found.cases[0].arrays["rows"]
                self.flipped(os.path.join(array.folder, array.entry[kind]))
                self.assertRaises(AssertionError, found.check_files)

    def test_includes(self):
        with vectors("--block encoder --random 1 --count 1 --codec vlc") as found:
            case = found.cases[0]
            with open(case.include, encoding="ascii") as file:
                text = file.read()
            for name in ["ROWS_WORDS", "STREAM0_HEX", "HUFFMAN_CODES_BITS", "JOB_WIDTH"]:
                with open(case.include, "w", encoding="ascii") as file:
                    file.write(text.replace(name, name + "X"))
                self.assertRaises(AssertionError, case.check_include)

    def test_values(self):
        for options, check, arrays in [
                ("encoder --codec ebpc", lambda case: codec_check.check(case, False),
                 ["rows", "stream0", "stream1", "words0", "tile_entry"]),
                ("encoder --codec transform", lambda case: codec_check.check(case, False),
                 ["rows", "stream2", "symbols1", "huffman_codes"]),
                ("array", array_check.check, ["rows", "weights0", "sums"]),
                ("post", lambda case: post_check.check(case, post_check.Pools()),
                 ["sums", "parameters0", "rows"]),
                ("dma", dma_check.check, ["memory_before", "memory_after", "port0_0"])]:
            with vectors(f"--block {options} --layer 1 --jobs 1 {NETWORK}") as found:
                check(found.cases[0])
                for name in arrays:
                    with self.subTest(options=options, array=name):
                        self.check_change(found, name, check)

    def check_change(self, found, name, check):
        array = found.cases[0].arrays[name]
        before, size = array.bytes(), int(array.entry["type"].strip("us")) // 8
        # A bit that matters: of the top byte of a sum, but not beyond 12 bits.
        at = len(before) // 2 // size * size + (3 if size == 4 else 0)
        self.change(array, before[:at] + bytes([before[at] ^ 16]) + before[at + 1:])
        found.check_files()
        self.assertRaises((AssertionError, IndexError, KeyError, StopIteration), check,
                          found.cases[0])
        self.change(array, before)


class Folders(unittest.TestCase):
    def test_is_replaced_only_on_demand(self):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            words = f"vectors --block encoder --layer 1 {NETWORK} -o {folder}/v"
            karhunen(words)
            first = contents(folder)
            self.assertIn("there already", karhunen(words, 2).stderr)
            self.assertEqual(contents(folder), first)
            karhunen(words + " --force --jobs 1")
            self.assertEqual(len(Vectors(f"{folder}/v").cases), 1)
            karhunen(words + " --force")
            self.assertEqual(contents(folder), first)  # and nothing is left behind

    def test_of_others_is_not_replaced(self):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            with open(f"{folder}/mine", "w", encoding="ascii") as file:
                file.write("text")
            words = f"vectors --block encoder --layer 1 {NETWORK} -o {folder} --force"
            self.assertIn("not replaced", karhunen(words, 2).stderr)
            self.assertEqual(contents(folder), {"mine": b"text"})

    def test_wrong_options(self):
        for words, part in [
                (f"--block encode --layer 1 {NETWORK}", "expected encoder, decoder"),
                (f"--block encoder --layer none {NETWORK}", "one of Conv_1"),
                (f"--block array {NETWORK}", "choose one"),
                ("--block array --corner --random 3", "choose one"),
                ("--block array --corner --count 3", "--count does not go with --corner\n"),
                ("--block array --corner --codec vlc",
                 "--codec does not go with --corner of --block array\n"),
                ("--block array --random 4294967296", "not in range"),
                ("--block encoder --corner --codec best", "unknown codec"),
                (f"--block dma --random 1 {NETWORK}", "does not go with --random"),
                (f"--block dma --layer 1 --count 2 {NETWORK}", "--count belongs to --random")]:
            error = karhunen(f"vectors {words} -o new", 2).stderr
            self.assertIn(part, error)
            self.assertFalse(os.path.exists("new"))


if __name__ == "__main__":
    KARHUNEN, WRITE_INPUTS = (os.path.abspath(word) for word in sys.argv[1:3])
    print("seed", SEED)
    with tempfile.TemporaryDirectory() as work, contextlib.chdir(work):
        subprocess.run([WRITE_INPUTS, "."], check=True)
        with open("bands.yaml", "w", encoding="ascii") as machine:
            machine.write("buffers:\n    output_kib: 1\n")
        unittest.main(argv=[sys.argv[0]] + sys.argv[3:])
