"""Tables of a page: made of results, or read from the page again."""
import re

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


class StudyError(Exception):
    """Something that the reader has to put right; the message says what and where."""


class Table:
    """Leading cells of a row are its key: table["1, raw", "frames/s"]."""

    def __init__(self, name, header, rows):
        self.name, self.header, self.rows = name, header, [[str(c) for c in r] for r in rows]
        for row in self.rows:
            if len(row) != len(header):
                raise StudyError(f"table {name}: {len(row)} cells under {len(header)} columns")

    @classmethod
    def parse(cls, name, text):
        lines = [[cell.strip() for cell in line.strip().strip("|").split("|")]
                 for line in text.strip().splitlines()]
        if len(lines) < 3:
            raise StudyError(f"table {name} is empty: make the study first")
        return cls(name, lines[0], lines[2:])

    def markdown(self):
        lines = [self.header, ["---"] * len(self.header)] + self.rows
        return "".join("| " + " | ".join(line) + " |\n" for line in lines)

    def cell(self, row, column):
        if column not in self.header:
            raise StudyError(f"table {self.name} has no column '{column}', only "
                             + ", ".join(self.header))
        for cells in self.rows:
            if any(", ".join(cells[:n]) == row for n in range(1, len(cells))):
                return cells[self.header.index(column)]
        raise StudyError(f"table {self.name} has no row '{row}'")

    def __getitem__(self, place):
        text = self.cell(*place)
        number = NUMBER.search(text)
        if not number:
            raise StudyError(f"table {self.name}, {place}: '{text}' is no number")
        return float(number.group())

    def column(self, name):
        """Its numbers, of the rows that have one."""
        cells = [row[self.header.index(name)] for row in self.rows] if name in self.header else []
        if not cells:
            raise StudyError(f"table {self.name} has no column '{name}'")
        return [float(NUMBER.search(c).group()) for c in cells if NUMBER.search(c)]
