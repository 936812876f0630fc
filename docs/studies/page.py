"""A study's page. Tables stand between markers and are written by the program; in the prose, a
figure is bold and followed by what it is, which is computed from the tables as printed:

    <!-- table: speed -->              **+12 %**<!-- = percent(speed["1", "ebpc"], speed["1", "raw"]) -->
    | batch | raw | ebpc |
    ...                                <!-- true: speed["1", "ebpc"] > speed["1", "raw"] -->
    <!-- end -->

So a figure cannot differ from its table, and a statement (`true:`) that ceases to hold is an error.
"""
import os
import re

from table import NUMBER, StudyError, Table

TABLE = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->\n)", re.S)
BOLD = re.compile(r"\*\*(.+?)\*\*(?:<!-- = (.*?) -->)?", re.S)
CLAIM = re.compile(r"<!-- true: (.*?) -->", re.S)
UNIT = re.compile(r"\d\s(?:%|uJ|mJ|KiB|MiB|GB/s|frames/s|dB|points)(?!\w)")


def percent(value, of):
    """By how much value is more than `of`; negative: less."""
    return 100 * (value / of - 1)


def share(part, whole):
    return 100 * part / whole


FUNCTIONS = {"percent": percent, "share": share, "min": min, "max": max, "abs": abs, "sum": sum,
             "all": all, "any": any, "len": len, "zip": zip,
             "float": float}


def write(path, text):
    temporary = f"{path}.part"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


class Page:
    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as file:
            self.text = file.read()

    def tables(self):
        return {name: Table.parse(name, body) for _, name, body, _ in TABLE.findall(self.text)}

    def set_tables(self, tables):
        """Those of the study, all of which the page must have, and no other."""
        wanted = {match[1] for match in TABLE.findall(self.text)}
        if wanted != set(tables):
            raise StudyError(f"{self.path}: has the tables {sorted(wanted)}, the study makes "
                             f"{sorted(tables)}")
        self.text = TABLE.sub(lambda m: m[1] + tables[m[2]].markdown() + m[4], self.text)

    def _value(self, expression):
        expression = " ".join(expression.split())
        try:
            # One scope, so that comprehensions see the tables.
            return eval(expression, {"__builtins__": {}, **FUNCTIONS, **self.tables()})
        except StudyError as error:
            raise StudyError(f"{self.path}: {expression}: {error}") from error
        except Exception as error:
            raise StudyError(f"{self.path}: cannot compute {expression}: "
                             f"{error}") from error

    def _figure(self, match):
        """As it should be printed: like it is, with the number that the tables give."""
        text, expression = match[1], match[2]
        if not expression and not re.search(r"\d", text):
            return match[0]
        if not expression:
            raise StudyError(f"{self.path}: **{text}** does not say what it is; write "
                             "**NUMBER**<!-- = EXPRESSION -->")
        if not NUMBER.search(text):
            raise StudyError(f"{self.path}: **{text}** is no number")
        old = NUMBER.search(text).group()
        digits = len(old.partition(".")[2])
        value = self._value(expression)
        new = f"{value:{'+' if old[0] in '+-' else ''}.{digits}f}"
        return f"**{text.replace(old, new, 1)}**<!-- = {expression} -->"

    def fill(self):
        self.text = BOLD.sub(self._figure, self.text)

    def check(self):
        """All that is wrong with it, as a list of messages."""
        problems = []

        def note(function, *arguments):
            try:
                return function(*arguments)
            except StudyError as error:
                problems.append(str(error))

        for match in BOLD.finditer(self.text):
            right = note(self._figure, match)
            if right and right != match[0]:
                problems.append(f"{self.path}: quotes {match[0].partition('<!--')[0]}, its tables "
                                f"give {right.partition('<!--')[0]}")
        for match in CLAIM.finditer(self.text):
            if note(self._value, match[1]) is False:
                problems.append(f"{self.path}: no longer true: {' '.join(match[1].split())}")
        prose = TABLE.sub("", BOLD.sub("", self.text))
        prose = re.sub(r"<!--.*?-->|```.*?```|`[^`]*`", "", prose, flags=re.S)
        for match in UNIT.finditer(prose):
            around = " ".join(prose[max(0, match.start() - 30):match.end()].split())
            problems.append(f"{self.path}: a figure that is not bold and computed: ...{around}")
        return problems
