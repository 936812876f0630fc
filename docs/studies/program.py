"""The program under study, and what it printed."""
import csv
import io
import json
import os
import subprocess

from table import StudyError


class Rows:
    """Of a sweep's CSV. Settings that a point does not have are empty."""

    def __init__(self, name, text):
        self.name = name
        self.rows = list(csv.DictReader(io.StringIO(text)))
        if not self.rows:
            raise StudyError(f"{name}: there are no results")

    def _column(self, row, column):
        if column not in row:
            raise StudyError(f"{self.name}: the results have no column '{column}', only "
                             + ", ".join(row))
        return row[column]

    def one(self, **settings):
        """The row with these settings; `array_output_lanes` is array.output_lanes."""
        found = [Row(self, row) for row in self.rows
                 if all(self._column(row, self._key(k)) == str(v) for k, v in settings.items())]
        if len(found) != 1:
            raise StudyError(f"{self.name}: {len(found)} points have {settings}")
        if found[0].fields["status"] == "failed":
            raise StudyError(f"{self.name}: {settings} failed: {found[0].fields['reason']}")
        return found[0]

    def _key(self, name):
        group, _, rest = name.partition("_")
        dotted = f"{group}.{rest}"
        return dotted if dotted in self.rows[0] else name


class Row:
    def __init__(self, rows, fields):
        self.rows, self.fields = rows, fields

    def __getattr__(self, metric):
        return float(self.rows._column(self.fields, metric))


class Program:
    def __init__(self, path, work, sources):
        self.path, self.work, self.sources = path, work, sources
        os.makedirs(work, exist_ok=True)

    def text(self, *arguments):
        command = [self.path, *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise StudyError(f"{' '.join(command)}: exit code {done.returncode}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.text(*arguments, "--json"))

    def csv(self, *arguments):
        return list(csv.DictReader(io.StringIO(self.text(*arguments, "--csv"))))

    def sweep(self, name):
        """Of NAME.yaml; goes on where it was stopped."""
        return Rows(name, self.text("explore", os.path.join(self.sources, f"{name}.yaml"),
                                    "-o", os.path.join(self.work, name), "--csv"))
