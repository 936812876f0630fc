"""What `karhunen registers` makes of the register map: the files in the tree are up to date, and
sound for those who read them."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import svd_rules

ROOT = Path(__file__).parents[3]
PROGRAM = os.environ["KARHUNEN_PROGRAM"]
FILES = {"markdown": "docs/registers.md", "svd": "sw/registers/karhunen.svd",
         "sv": "sw/registers/karhunen_registers_pkg.sv",
         "header": "sw/registers/karhunen_registers.h"}


def registers(*words):
    return subprocess.run([PROGRAM, "registers", *words], capture_output=True, text=True)


def printed(form):
    done = registers("--format", form)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Files(unittest.TestCase):
    def test_the_tree_has_what_the_program_prints(self):
        for form, file in FILES.items():
            with self.subTest(file):
                self.assertEqual((ROOT / file).read_text(), printed(form), "make registers")

    def test_a_file_can_be_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "map.json")
            self.assertEqual(registers("--format", "json", "-o", path).stdout, "")
            self.assertEqual(path.read_text(), printed("json"))
            lost = registers("-o", Path(folder, "no", "folder"))
            self.assertEqual((lost.returncode, lost.stdout), (2, ""))

    def test_an_unknown_format_is_refused(self):
        wrong = registers("--format", "html")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("markdown", wrong.stderr)


class Svd(unittest.TestCase):
    # What is replaced, by what, and a word of what must be found.
    MISTAKES = [
        ("<name>UART</name>", "<name>1UART</name>", "identifier"),
        ("<name>UART</name>", "<name>DMA</name>", "two"),
        ("<name>MTIME</name>", "<name>MSIP</name>", "two registers"),
        ("<name>BUSY</name>", "<name>FULL</name>", "two fields"),
        ("<name>PASS</name>", "<name>CONVOLUTION</name>", "two values"),
        ("<addressOffset>0x44</addressOffset>", "<addressOffset>0x42</addressOffset>", "aligned"),
        ("<addressOffset>0x4004</addressOffset>", "<addressOffset>0x4000</addressOffset>",
         "registers overlap"),
        ("<addressOffset>0xBFF8</addressOffset>", "<addressOffset>0x10000</addressOffset>",
         "outside"),
        ("<baseAddress>0x10011000</baseAddress>", "<baseAddress>0x10010000</baseAddress>",
         "address blocks overlap"),
        ("<baseAddress>0x10011000</baseAddress>", "<baseAddress>0x10011001</baseAddress>",
         "base address"),
        ("<size>8</size>", "<size>12</size>", "12 bits"),
        ("<resetValue>0x60</resetValue>", "<resetValue>0x160</resetValue>", "more than 8 bits"),
        ("<access>read-only</access>", "<access>readonly</access>", "no access"),
        ("<modifiedWriteValues>oneToClear", "<modifiedWriteValues>writeOneToClear",
         "no modifiedWriteValues"),
        ("<value>2</value>", "<value>4294967296</value>", "does not fit"),
        ("<bitOffset>1</bitOffset>", "<bitOffset>0</bitOffset>", "fields overlap"),
        ("<bitOffset>24</bitOffset>", "<bitOffset>28</bitOffset>", "no place"),
        ("<dim>8</dim>", "<dim>9</dim>", "dimIndex"),
        ("<dimIncrement>0x20</dimIncrement>", "<dimIncrement>0x10</dimIncrement>", "longer"),
        ("<value>8</value>", "<value>7</value>", "two interrupts"),
        ("<addressUnitBits>8</addressUnitBits>", "", "missing"),
        ("<width>32</width>", "<width>wide</width>", "no number"),
        ("<usage>registers</usage>", "<usage>register</usage>", "no usage"),
        ("<fields>", "<bits>", "mismatched"),
        ("<size>32</size>\n", "<size>32</size><size>32</size>\n", "twice"),
        ("<name>MSIP</name>\n", "<access>read-only</access><name>MSIP</name>\n", "order"),
        ("<readAction>modify</readAction>", "<readAction>modify</readAction><colour/>",
         "belongs"),
    ]

    def test_the_rules_hold(self):
        self.assertEqual(svd_rules.problems(printed("svd")), [])

    def test_planted_mistakes_are_found(self):
        good = printed("svd")
        for right, wrong, word in self.MISTAKES:
            with self.subTest(wrong):
                found = False
                for match in re.finditer(re.escape(right), good):
                    bad = good[:match.start()] + wrong + good[match.end():]
                    if any(word in problem for problem in svd_rules.problems(bad)):
                        found = True
                        break
                self.assertTrue(found, f"{right} -> {wrong}: no problem with '{word}'")


class Constants(unittest.TestCase):
    def test_c_and_systemverilog_have_the_map(self):
        """Addresses as a compiler sees them, against the map."""
        places = {}
        for block in json.loads(printed("json"))["blocks"]:
            for register in block["registers"]:
                places[f"{block['name']}_{register['name']}"] = block["base"] + register["offset"]
            for group in block["groups"]:
                for n in range(group["first"], group["first"] + group["count"]):
                    for register in group["registers"]:
                        name = f"{block['name']}_{group['name']}{n}_{register['name']}"
                        places[name] = (block["base"] + group["offset"] + group["stride"] * n +
                                        register["offset"])
        header = dict(re.findall(r"#define KARHUNEN_(\w+)_ADDRESS (\w+)", printed("header")))
        package = dict(re.findall(r" (\w+)_ADDRESS = 32'h(\w+);", printed("sv")))
        self.assertGreater(len(places), 150)
        self.assertEqual({name: int(value, 16) for name, value in header.items()}, places)
        self.assertEqual({name: int(value, 16) for name, value in package.items()}, places)

    def test_every_field_has_its_names(self):
        """MASK and SHIFT of each field, RESET of each register, in both."""
        fields, resets = {}, {}
        for block in json.loads(printed("json"))["blocks"]:
            parts = [(block["name"], [""], block)]
            for g in block["groups"]:
                numbers = range(g["first"], g["first"] + g["count"])
                parts.append((f"{block['name']}_{g['name']}", numbers, g))
            for prefix, numbers, part in parts:
                for register in part["registers"]:
                    for f in register["fields"]:
                        mask = ((1 << f["bits"]) - 1) << f["first_bit"]
                        fields[f"{prefix}_{register['name']}_{f['name']}"] = f["first_bit"], mask
                    for n in numbers:
                        resets[f"{prefix}{n}_{register['name']}"] = register["reset"]
        self.assertGreater(len(fields), 150)
        for form, pattern in [("header", r"#define KARHUNEN_(\w+)_%s 0x(\w+)"),
                              ("sv", r" (\w+)_%s = 32'h(\w+);")]:
            def all_of(what):
                return {name: int(value, 16)
                        for name, value in re.findall(pattern % what, printed(form))
                        if "__" not in name}  # values of fields: DCT_MASK
            shifts, masks = all_of("SHIFT"), all_of("MASK")
            self.assertEqual({name: (shifts[name], masks[name]) for name in masks}, fields)
            self.assertEqual(set(shifts), set(fields))
            self.assertEqual(all_of("RESET"), resets)

    def test_the_header_compiles(self):
        for standard in ("c11", "c++20"):
            language = standard.rstrip("1234567890")
            done = subprocess.run(["g++" if language == "c++" else "gcc", "-fsyntax-only", "-Wall",
                                   "-Wextra", "-Werror", f"-std={standard}", "-x", language,
                                   ROOT / FILES["header"], "-include", ROOT / FILES["header"]],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    @unittest.skipUnless(shutil.which("verilator"), "verilator is missing")
    def test_the_package_is_clean(self):
        done = subprocess.run(["verilator", "--lint-only", "-Wall", ROOT / FILES["sv"]],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
