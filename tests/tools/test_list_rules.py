"""The page of all rules is what the rules say."""

import subprocess
import sys

from envcheck.rules import all_rules
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "rules.md"


def test_the_page_is_current():
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "list_rules.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_has_a_row():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert sorted(row.split("`")[1] for row in rows) == sorted(rule.name for rule in all_rules())
