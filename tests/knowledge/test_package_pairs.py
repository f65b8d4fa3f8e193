from envcheck.knowledge import package_pairs
from envcheck.knowledge.package_pairs import find_pair, fitting_release
from envcheck.knowledge.specifiers import accepts
from envcheck.knowledge.versions import release


def test_a_post_release_is_a_release_of_its_own():
    first, later = find_pair("xformers", "0.0.22", "torch"), find_pair("xformers", "0.0.22.post7", "torch")
    assert first is not None
    assert later is not None
    assert (first.specifier, later.specifier) == ("==2.0.1", "==2.1.0")


def test_what_stands_behind_a_plus_does_not_count():
    assert find_pair("xformers", "0.0.23+cu118", "torch") is find_pair("xformers", "0.0.23", "torch")
    assert find_pair("xformers", "9.9", "torch") is None


def test_the_newest_release_for_a_torch():
    assert fitting_release("xformers", "torch", "2.6.0+cu126") == "0.0.29.post3"
    assert fitting_release("xformers", "torch", "1.0") == ""


def test_every_range_can_be_read():
    for row in package_pairs._pairs().values():
        versions = [bound.lstrip("<>=!~") for bound in row.specifier.split(",")]
        assert all(release(version) for version in versions), row
        assert any(accepts(row.specifier, version) for version in versions), row
