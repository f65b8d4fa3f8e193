from envcheck.parsers.nvidia.tegra_release import parse_tegra_release


def test_the_release_with_its_revision() -> None:
    line = "# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref, EABI: aarch64, DATE: Tue Aug  1 19:57:35 UTC 2023"
    assert parse_tegra_release(line) == "35.4.1"
    assert parse_tegra_release("# R36 (release), REVISION: 4.3, GCID: 38968081") == "36.4.3"
    assert parse_tegra_release("REVISION: 4") is None
