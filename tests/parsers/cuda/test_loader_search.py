from envcheck.parsers.cuda.loader_search import expand, parse_ld_so_conf, search_order


def order(rpath: str | None, runpath: str | None, program: list[str]) -> list[tuple[str, str]]:
    places = search_order("/site/torch/lib", rpath, runpath, program, ["/ld"], ["/usr/lib"])
    return [(place.folder, place.why) for place in places]


def test_rpath_comes_before_the_variable() -> None:
    assert order("$ORIGIN/../../nvidia/cudnn/lib:$ORIGIN", None, ["/conda/lib"]) == [
        ("/site/torch/lib/../../nvidia/cudnn/lib", "rpath"),
        ("/site/torch/lib", "rpath"),
        ("/conda/lib", "rpath"),
        ("/ld", "LD_LIBRARY_PATH"),
        ("/usr/lib", "system"),
    ]


def test_runpath_comes_after_it_and_every_rpath_is_passed_over() -> None:
    assert order("/never", "${ORIGIN}", ["/conda/lib"]) == [
        ("/ld", "LD_LIBRARY_PATH"),
        ("/site/torch/lib", "runpath"),
        ("/usr/lib", "system"),
    ]


def test_other_variables_and_relative_folders_are_left_out() -> None:
    assert expand("$LIB:lib:/x:$ORIGINAL", "/here") == ["/x"]


def test_ld_so_conf() -> None:
    text = "include /etc/ld.so.conf.d/*.conf\n# /no\n/usr/local/lib  # yes\nincluded\nhwcap 1 x\n"
    assert parse_ld_so_conf(text) == (["/usr/local/lib"], ["/etc/ld.so.conf.d/*.conf"])
