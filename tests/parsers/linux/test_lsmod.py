from envcheck.parsers.linux.lsmod import parse_lsmod

HEADER = "Module                  Size  Used by"
ROWS = [f"module_{number}             16384  0" for number in range(30)]


def test_names_below_the_header() -> None:
    found = parse_lsmod([HEADER, "nvidia_drm             57344  0", "nvidia              35315712  1 nvidia_modeset", "", "nvidia x"])
    assert found.names == ["nvidia_drm", "nvidia"]
    assert found.lines == [0, 1, 2]
    assert not found.whole


def test_a_list_of_a_running_system_is_whole() -> None:
    assert parse_lsmod([HEADER, *ROWS]).whole


def test_what_grep_left_is_not() -> None:
    found = parse_lsmod(["nouveau              2334720  4", "drm                   483328  7 drm_kms_helper,nouveau"])
    assert found.names == ["nouveau", "drm"]
    assert not found.whole
    assert not parse_lsmod(ROWS).names  # a table of words and numbers


def test_proc_modules() -> None:
    assert parse_lsmod(["nvidia 35315712 1 nvidia_modeset, Live 0xffffffffc0a00000 (POE)"]).names == ["nvidia"]


def test_other_text_ends_the_list() -> None:
    assert parse_lsmod([HEADER, "drm  483328  0", "$ free -k", "total 16384 0"]).names == ["drm"]


def test_numbers_of_other_tables_are_no_modules() -> None:
    assert parse_lsmod(["nvidia-smi 12 3", "nvidia  550  1", "driver 123456 7"]).names == []
