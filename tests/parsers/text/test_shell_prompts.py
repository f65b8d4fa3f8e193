"""Prompts and labels that say where a line was printed."""

import pytest

from envcheck.parsers.text.shell_prompts import engine_of_prompt, engine_of_uname, is_host_prompt, label_of_place


@pytest.mark.parametrize(
    ("line", "engine"),
    [
        ("root@0a1b2c3d4e5f:/workspace# nvidia-smi", "docker"),
        ("(base) root@101acc334128:/var/lib/jenkins# ", "docker"),
        ("[root@d87518e6c38b /]# ls", "docker"),
        ("root@trainer-7d9f8b6c5d-x2x4z:/# ls", "kubernetes"),
        ("Apptainer> python", "apptainer"),
        ("Singularity torch.sif:~> ls", "apptainer"),
        ("ann@box:~$ ls", None),
        ("root@server:~# ls", None),
        ("mail to root@0a1b2c3d4e5f: hello", None),
    ],
)
def test_a_prompt_of_a_container(line: str, engine: str | None) -> None:
    assert engine_of_prompt(line) == engine


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("ann@box:~$ ls", True),
        ("root@server:~# ls", True),
        ("[ann@login1 work]$ ls", True),
        ("PS C:\\Users\\ann> wsl", True),
        ("root@0a1b2c3d4e5f:/# ls", False),
        ("$ ls", False),
        ("price: 5 $", False),
    ],
)
def test_a_prompt_of_a_host(line: str, host: bool) -> None:
    assert is_host_prompt(line) is host


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("host:", ("host", True)),
        ("On the host:", ("host", True)),
        ("## Inside the docker container", ("container", True)),
        ("(in the container: nvcc and nvidia-smi not found)", ("container", False)),
        ("**Host machine:**", ("host", True)),
        ("the host works, and the container does not", None),
        ("hostname: box", None),
        ("in the existing container:", ("container", True)),
        ("nvidia-smi in docker: Failed to initialize NVML", ("container", False)),
        ("Output of `nvidia-smi` inside the container:", ("container", True)),
        ("nvidia-smi on the host: fine", ("host", False)),
        ("docker: Error response from daemon: x", None),
        ("install it in docker with apt", None),
    ],
)
def test_labels(line: str, expected: tuple[str, bool] | None) -> None:
    assert label_of_place(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Creating app_trainer_run ... done", ("container", True)),
        ("Creating srv_worker_run_1f2e3d4c5b6a ... ", ("container", True)),
        ("Creating app_trainer_1 ... done", None),
        ('Creating network "app_default" with the default driver', None),
    ],
)
def test_what_follows_was_run_by_compose(line: str, expected: tuple[str, bool] | None) -> None:
    assert label_of_place(line) == expected


def test_a_hosts_name_that_is_a_containers_number() -> None:
    assert engine_of_uname("Linux d87518e6c38b 6.5.0-0.deb12.1-amd64 #1 SMP x86_64 GNU/Linux") == "docker"
    assert engine_of_uname("Linux box 6.5.0-0.deb12.1-amd64 #1 SMP x86_64 GNU/Linux") is None
