"""The example report: of the default suite, of this format, and without a word of the machine that made it."""

import re

from docs_examples import DOCS
from serbench import suites

PAGE = (DOCS / "example" / "index.html").read_text(encoding="utf-8")


def test_it_is_a_report_of_the_whole_default_suite():
    """Every payload of it has its answer, and the page the parts that a report has now."""
    suite = suites.load("default")
    assert all(f">{payload}<" in PAGE for payload in suite.payloads)
    assert all(f'data-codec="{codec}"' in PAGE or f">{codec}<" in PAGE for codec in suite.codecs)
    assert "serbench run --suite default" in PAGE


def test_nothing_tells_whose_it_is():
    """Made with --redact: no folders but those of the system, no host."""
    assert not re.findall(r"/(?:home|Users|root|work|tmp)/[\w.-]+", PAGE)
