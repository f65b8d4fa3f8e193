"""Lightning's branches among others that have the same names."""

from envcheck.readers.read import read_text


def test_a_branch_of_another_report_is_none_of_its() -> None:
    assert not read_text("system:\n  version: 3\n  name: x\ncuda:\n  version: 12.1\n").builds


def test_no_card_is_named_where_torch_saw_none() -> None:
    snapshot = read_text("* CUDA:\n\t- GPU:\n\t- available:         False\n\t- version:           None\n* System:\n\t- OS: Linux\n")
    assert not snapshot.accelerators
    assert snapshot.builds["torch"].cuda is None
    assert snapshot.builds["torch"].cuda_available is False
