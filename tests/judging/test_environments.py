"""Which environment a text speaks of."""

import pytest

from envcheck.facts.snapshot import Python, Snapshot
from envcheck.judging.environments import kind_of_environment, line_of, prefix_of


def test_the_line_that_a_source_names() -> None:
    assert line_of("report line 14") == 14
    assert line_of("PATH") == 0


@pytest.mark.parametrize(
    ("facts", "prefix", "kind"),
    [
        (Snapshot(python=Python(prefix="/v", environment="venv")), "/v", "venv"),
        (Snapshot(python=Python(executable="/opt/conda/bin/python")), "/opt/conda", "conda"),
        (Snapshot(variables={"VIRTUAL_ENV": "/w/.venv"}), "/w/.venv", "venv"),
        (Snapshot(python=Python(imported_from={"torch": "/v/lib/python3.10/site-packages"}, base_prefix="/usr")), "", "venv"),
        (Snapshot(python=Python(base_prefix="/usr")), "", "system"),
        (Snapshot(live=True, python=Python(executable="/v/bin/python")), "/v", ""),
        (Snapshot(), "", ""),
    ],
)
def test_the_folder_and_the_kind(facts: Snapshot, prefix: str, kind: str) -> None:
    assert (prefix_of(facts), kind_of_environment(facts)) == (prefix, kind)
