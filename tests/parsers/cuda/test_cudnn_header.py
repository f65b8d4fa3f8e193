from envcheck.parsers.cuda.cudnn_header import parse_cudnn_header

LAST = "#define CUDNN_VERSION (CUDNN_MAJOR * 10000 + CUDNN_MINOR * 100 + CUDNN_PATCHLEVEL)"


def test_three_parts_make_the_version() -> None:
    assert parse_cudnn_header(f"#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 5\n#define CUDNN_PATCHLEVEL 0\n--\n{LAST}") == "9.5.0"


def test_grep_names_the_file() -> None:
    lines = [
        f"/usr/include/cudnn_version.h:#define CUDNN_{part} {number}" for part, number in (("MAJOR", 8), ("MINOR", 9), ("PATCHLEVEL", 7))
    ]
    assert parse_cudnn_header("\n".join(lines)) == "8.9.7"


def test_a_part_alone_is_no_version() -> None:
    assert parse_cudnn_header(f"#define CUDNN_MAJOR 9\n{LAST}") is None
