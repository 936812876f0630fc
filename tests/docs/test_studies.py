"""The studies' pages, and that what is wrong with a page is found."""
import os
import sys
import tempfile
import unittest

STUDIES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/studies")
sys.path.insert(0, STUDIES)

from page import Page  # noqa: E402
from program import Rows  # noqa: E402
from table import StudyError, Table  # noqa: E402

TABLE = """<!-- table: speed -->
| batch | codec | frames/s | note |
| --- | --- | --- | --- |
| 1 | raw | 100.0 | none |
| 1 | ebpc | 125.4 | none |
<!-- end -->
"""


class PageTest(unittest.TestCase):
    def page(self, prose, table=TABLE):
        with tempfile.NamedTemporaryFile("w", suffix=".md", delete=False) as file:
            file.write(prose + "\n" + table)
        self.addCleanup(os.remove, file.name)
        return Page(file.name)

    def refused(self, prose, reason):
        problems = self.page(prose).check()
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(reason, problems[0])

    def test_right_figures_pass(self):
        page = self.page('**125 frames/s**<!-- = speed["1, ebpc", "frames/s"] -->, **+25.4 %**'
                         '<!-- = percent(speed["1, ebpc", "frames/s"],\n speed["1, raw", "frames/s"]) '
                         '--> **more**\n<!-- true: speed["1, raw", "frames/s"] < 125 -->')
        self.assertEqual(page.check(), [])

    def test_wrong_figures_are_found_and_filled(self):
        prose = '**+2%s**<!-- = percent(speed["1, ebpc", "frames/s"], 100) -->'
        self.refused(prose % "6.0 %", "its tables give **+25.4 %**")
        page = self.page(prose % "0 %")
        page.fill()
        self.assertIn("**+25 %**<!--", page.text)
        self.assertEqual(page.check(), [])

    def test_statements_that_are_not_true_are_found(self):
        self.refused('<!-- true: speed["1, ebpc", "frames/s"] < 125 -->', "no longer true")

    def test_figures_that_nobody_computed_are_found(self):
        self.refused("It is **25 %** faster.", "does not say what it is")
        self.refused("It has 125 frames/s.", "not bold and computed")
        self.assertEqual(self.page("It is `ddr: 16 KiB` at batch 16.").check(), [])

    def test_places_that_are_not_there_are_found(self):
        self.refused('**1**<!-- = speed["1, ebpc", "fps"] -->', "no column 'fps', only batch")
        self.refused('**1**<!-- = speed["4, ebpc", "frames/s"] -->', "no row '4, ebpc'")
        self.refused('**1**<!-- = speed["1, ebpc", "note"] -->', "is no number")
        self.refused('**1**<!-- = slow["1"] -->', "cannot compute")

    def test_tables_are_those_of_the_study(self):
        page = self.page("")
        page.set_tables({"speed": Table("speed", ["a", "b"], [["x", 1]])})
        self.assertIn("<!-- table: speed -->\n| a | b |\n| --- | --- |\n| x | 1 |\n<!-- end -->",
                      page.text)
        with self.assertRaisesRegex(StudyError, "the study makes"):
            page.set_tables({"other": Table("other", ["a"], [])})


class RowsTest(unittest.TestCase):
    rows = Rows("sweep", "status,array.output_lanes,fps,reason\ngood,4,1.5,\ngood,8,2,\n"
                "failed,16,,too wide\n")

    def test_points_are_found(self):
        self.assertEqual(self.rows.one(array_output_lanes=8).fps, 2)

    def test_what_is_missing_is_named(self):
        for settings, reason in (({"array_output_lanes": 2}, "0 points"),
                                 ({"status": "good"}, "2 points"),
                                 ({"array_output_lanes": 16}, "failed: too wide"),
                                 ({"codec": "raw"}, "no column 'codec'")):
            with self.assertRaisesRegex(StudyError, reason):
                self.rows.one(**settings)
        with self.assertRaisesRegex(StudyError, "no column 'energy'"):
            self.rows.one(array_output_lanes=8).energy
        with self.assertRaisesRegex(StudyError, "no results"):
            Rows("sweep", "status\n")


class StudiesTest(unittest.TestCase):
    def test_every_page_is_right(self):
        pages = [name for name in os.listdir(STUDIES) if name[1:2] == "-" and name.endswith(".md")]
        self.assertTrue(pages)
        for name in pages:
            with self.subTest(name):
                self.assertEqual(Page(os.path.join(STUDIES, name)).check(), [])


if __name__ == "__main__":
    unittest.main()
