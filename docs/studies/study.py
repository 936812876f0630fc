#!/usr/bin/env python3
"""Makes the studies beside this file, or checks what their pages say.

    study.py make --karhunen build/release/karhunen --work build/studies [a b c d e]
    study.py check
"""
import argparse
import importlib
import os
import sys

from page import Page, write
from program import Program
from table import StudyError

HERE = os.path.dirname(os.path.abspath(__file__))
STUDIES = {"a": "a-paper", "b": "b-dram", "c": "c-array", "d": "d-weights", "e": "e-tables"}
STUDIES = {letter: name for letter, name in STUDIES.items()
           if os.path.exists(os.path.join(HERE, f"{name}.md"))}


def page_of(letter):
    return Page(os.path.join(HERE, f"{STUDIES[letter]}.md"))


def make(letter, program):
    name = STUDIES[letter]
    print(f"study {letter}: {name}", file=sys.stderr)
    tables, charts = importlib.import_module(name.replace("-", "_")).make(program)
    page = page_of(letter)
    page.set_tables(tables)
    page.fill()
    write(page.path, page.text)
    for chart, text in charts.items():
        write(os.path.join(HERE, f"{name}-{chart}.svg"), text)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["make", "check"])
    parser.add_argument("studies", nargs="*", help="letters; none: all")
    parser.add_argument("--karhunen", default="build/release/karhunen")
    parser.add_argument("--work", default="build/studies", help="folder of sweeps")
    options = parser.parse_args()
    letters = options.studies or list(STUDIES)
    problems = []
    try:
        if unknown := [letter for letter in letters if letter not in STUDIES]:
            raise StudyError(f"there is no study {', '.join(unknown)}, only {', '.join(STUDIES)}")
        if options.action == "make":
            program = Program(options.karhunen, options.work, HERE)
            for letter in letters:
                make(letter, program)
        for letter in letters:
            problems += page_of(letter).check()
    except (StudyError, OSError) as error:
        problems.append(str(error))
    for problem in problems:
        print(f"studies: {problem}", file=sys.stderr)
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
