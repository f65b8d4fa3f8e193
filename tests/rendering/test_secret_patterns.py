import pytest

from envcheck.rendering.secret_patterns import Person, without_secrets

ALICE = Person(home="/home/alice", user="alice", host="gpu17.corp.example.net", public=frozenset({"10.3.2.106", "alembic"}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Homes, one's own and other people's.
        ("/home/alice/venv/bin/python", "~/venv/bin/python"),
        ("/home/alice", "~"),
        ("/home/alice2/x and /home/bob", "~/x and ~"),
        ("PYTHONPATH=/home/alice/lib:/home/bob/lib", "PYTHONPATH=~/lib:~/lib"),
        ("/mnt/home/bob/data", "/mnt/home/<user>/data"),
        ("/Users/Bob.Smith/Library", "~/Library"),
        ("/Users/Shared/data", "/Users/Shared/data"),
        (r"C:\Users\Bob Smith\AppData\x", r"~\AppData\x"),
        (r"c:\\Users\\bob\\AppData", r"~\\AppData"),
        ("C:/Users/bob/x", "~/x"),
        ("/mnt/c/Users/bob/x", "/mnt/c/Users/<user>/x"),
        ("/scratch/alice/env and s3 of Alice", "/scratch/<user>/env and s3 of <user>"),
        ("/home/alice/.venv: malice aforethought", "~/.venv: malice aforethought"),
        # Addresses of the web.
        ("https://user:pass@pypi.corp.example.net/simple/", "https://***@<host>/***"),
        ("--index-url https://tok3n@download.pytorch.org/whl/cu126", "--index-url https://***@download.pytorch.org/whl/cu126"),
        ("https://download.pytorch.org/whl/cu126", "https://download.pytorch.org/whl/cu126"),
        ("https://pypi.org/simple/?key=abc", "https://pypi.org/simple/?***"),
        ("https://me:pa/ss@word@pypi.org/simple", "https://***@pypi.org/simple"),
        ("(see https://docs.nvidia.com/cuda/index.html#id1).", "(see https://docs.nvidia.com/cuda/index.html#id1)."),
        ("torch @ git+https://ghp_abcdefghijklmnop@github.com/pytorch/pytorch", "torch @ git+https://***@github.com/pytorch/pytorch"),
        ("file:///home/alice/wheels", "file://~/wheels"),
        # Variables.
        ("AWS_PROFILE=work failed", "AWS_PROFILE=<hidden>"),
        ("it had AWS_PROFILE=work set", "it had AWS_PROFILE=<hidden> set"),
        ("run with CUDA_VISIBLE_DEVICES=0,1 and FOO='a b' now", "run with CUDA_VISIBLE_DEVICES=0,1 and FOO=<hidden> now"),
        ("environ({'SHELL': '/bin/zsh', 'CUDA_HOME': '/usr/local/cuda'})", "environ({'SHELL': <hidden>, 'CUDA_HOME': '/usr/local/cuda'})"),
        ("$env:FOO = 'bar'", "$env:FOO = <hidden>"),
        ("WANDB_API_KEY=0123 HF_TOKEN=x", "WANDB_API_KEY=<hidden>"),
        ("A\nMY_ADDRESS=Main Street 5\nB", "A\nMY_ADDRESS=<hidden>\nB"),
        ("numpy==1.26", "numpy==1.26"),
        # Credentials by their words and by their shapes.
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer <hidden>"),
        ("--password hunter2 --yes", "--password <hidden> --yes"),
        ("my_api_key: 'abc def'", "my_api_key: <hidden>"),
        ("hf_abcdefghijklmnopqrstuvwxyz", "<hidden>"),
        ("the key is sk-proj-abc123def456ghi", "the key is <hidden>"),
        ("AKIAIOSFODNN7EXAMPLE", "<hidden>"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "<hidden>"),
        # Machines and people.
        ("connect to 10.1.2.3:29500", "connect to <ip>:29500"),
        ("fe80::1ff:fe23:4567:890a", "<ip>"),
        ("52:54:00:12:34:56", "<mac>"),
        ("GPU-8f6e1b2c-1111-2222-3333-444455556666", "GPU-<id>"),
        ("b08dfa6083e7567a1921a715000001fb", "<id>"),
        ("mail bob@example.com", "mail <email>"),
        ("(base) bob@box:~/x$ python", "(base) <user>@<host>:~/x$ python"),
        ("[root@node3 ~]# nvidia-smi", "[<user>@<host> ~]# nvidia-smi"),
        ("Nov 21 12:00:01 box kernel: NVRM: Xid 79", "Nov 21 12:00:01 <host> kernel: NVRM: Xid 79"),
        ("Linux box 5.15.0-91-generic #101", "Linux <host> 5.15.0-91-generic #101"),
        ("on gpu17 and gpu17.corp.example.net", "on <host> and <host>"),
        ("ip-10-0-0-12.ec2.internal", "<host>"),
        (r"\\fileserver\share", r"\\<host>\share"),
    ],
)
def test_what_gives_somebody_away_is_replaced(text: str, expected: str) -> None:
    assert without_secrets(text, ALICE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "nvidia-curand-cu12 10.3.2.106",
        "nvidia-cudnn-cu12==9.1.0.70",
        "libcudnn.so.9.1.0.70: cannot open shared object file",
        "cuDNN version 8.9.2.26",
        "opencv-python 4.11.0.86",
        "127.0.0.1:8080",
        "0000:01:00.0",
        "12:34:56",
        "undefined symbol: _ZN2at4_ops5zeros4callEN3c108ArrayRefINS2_6SymIntEEE",
        "c10::cuda::ExchangeDevice",
        "memcpy@GLIBC_2.14",
        "python@3.11",
        "/usr/lib/python3/dist-packages/torch/_C.so",
        "threading.local and torch._inductor.runtime",
        "/home",
        "GLIBCXX_3.4.29 not found",
        "tokenizers 0.22 and AutoTokenizer",
        "RTX 3060 / GTX 1660",
        "Python 3.11.7 (main, Nov 21 2025, 12:00:01) [GCC 12.2.0]",
        "CUDA error: no kernel image is available for execution on the device",
    ],
)
def test_what_says_something_about_the_environment_stays(text: str) -> None:
    assert without_secrets(text, ALICE) == text


def test_the_home_of_root_does_not_rewrite_every_root() -> None:
    root = Person(home="/root", user="root", host="vm")
    text = "run as root: /root/venv/bin/python, not /usr/lib/root or /rooted; needs root"
    assert without_secrets(text, root) == "run as root: ~/venv/bin/python, not /usr/lib/root or /rooted; needs root"


def test_a_home_that_is_the_root_folder_rewrites_nothing() -> None:
    assert without_secrets("/usr/bin/python and /", Person(home="/", user="nobody")) == "/usr/bin/python and /"


def test_a_home_in_an_unusual_place_is_recognised() -> None:
    assert without_secrets("/gpfs/u/Zoë Q/env", Person(home="/gpfs/u/Zoë Q", user="zq")) == "~/env"


def test_a_user_who_is_called_like_a_package_renames_nothing() -> None:
    person = Person(home="/home/dask", user="dask", public=frozenset({"dask"}))
    assert without_secrets("dask 2026.1 in /home/dask/x", person) == "dask 2026.1 in ~/x"


def test_a_short_user_name_is_replaced_in_paths_only() -> None:
    assert without_secrets("/scratch/li/env of li", Person(home="/home/li", user="li")) == "/scratch/<user>/env of li"


def test_fields_of_public_names_keep_words_and_versions_but_no_credentials() -> None:
    assert without_secrets("10.3.2.107", ALICE, named=True) == "10.3.2.107"
    assert without_secrets("alice-tools", ALICE, named=True) == "alice-tools"
    assert without_secrets("x @ https://u:p@github.com/a/b", ALICE, named=True) == "x @ https://***@github.com/a/b"
