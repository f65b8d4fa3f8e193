"""Commands that start a container: what belongs to the engine and what to the program inside."""

import pytest

from envcheck.parsers.containers.container_commands import find_container_commands, parse_container_command, without_registry


@pytest.mark.parametrize(
    ("line", "engine", "gpus", "image"),
    [
        ("docker run -it anibali/pytorch:1.4.0-cuda10.1 sh", "docker", None, "anibali/pytorch:1.4.0-cuda10.1"),
        ("$ sudo docker run --rm --gpus all nvidia/cuda:12.4.1-base nvidia-smi", "docker", "--gpus all", "nvidia/cuda:12.4.1-base"),
        ("ann@box:~$ docker run --gpus=all -v $PWD:/w -w /w a/b", "docker", "--gpus all", "a/b"),
        ("docker run --runtime=nvidia -e NVIDIA_VISIBLE_DEVICES=all a/b", "docker", "--runtime nvidia", "a/b"),
        ("docker run -d -e NVIDIA_VISIBLE_DEVICES=void a/b:1", "docker", None, "a/b:1"),
        ("docker run --rm a/b:1 python x.py --gpus all", "docker", None, "a/b:1"),
        ("docker run --name trainer --network host --rm trainer", "docker", None, "trainer"),
        ("docker run --device=/dev/kfd --device=/dev/dri rocm/pytorch", "docker", "--device /dev/kfd", "rocm/pytorch"),
        ("podman run --rm --device nvidia.com/gpu=all ubuntu nvidia-smi -L", "podman", "--device nvidia.com/gpu=all", "ubuntu"),
        ("nvidia-docker run --rm nvidia/cuda nvidia-smi", "docker", "nvidia-docker", "nvidia/cuda"),
        ("docker container run --rm -it a/b", "docker", None, "a/b"),
        ("apptainer exec --nv -B /data torch.sif python x.py", "apptainer", "--nv", "torch.sif"),
        ("singularity exec torch.sif python train.py --nv", "apptainer", None, "torch.sif"),
        ("Command used: `docker run --rm a/b:2 bash` and then", "docker", None, "a/b:2"),
        ("docker run --privileged a/b", "docker", "--privileged", "a/b"),
        ("docker run --gpus '\"device=0,1\"' a/b", "docker", '--gpus "device=0,1"', "a/b"),
    ],
)
def test_a_start(line: str, engine: str, gpus: str | None, image: str) -> None:
    command = parse_container_command(line)
    assert command is not None
    assert (command.engine, command.gpus, command.image, command.starts) == (engine, gpus, image, True)


@pytest.mark.parametrize(
    "line",
    [
        "docker run fails with this error",
        "docker: unknown flag: --gpus.",
        "You should try docker run --gpus all -it a/b",
        "it works if I docker run --gpus all a/b",
        "docker pull anibali/pytorch:1.4.0",
        "docker compose up -d",
        "docker-compose run",
        "See 'docker run --help'.",
        "x" * 5000 + " docker run --gpus all a/b",
    ],
)
def test_prose_and_other_commands_start_nothing(line: str) -> None:
    command = parse_container_command(line)
    assert command is None or not command.image


def test_entering_says_nothing_of_gpus() -> None:
    command = parse_container_command("docker exec -it trainer bash")
    assert command is not None
    assert (command.starts, command.gpus, command.interactive) == (False, "", True)


@pytest.mark.parametrize(
    ("line", "interactive"),
    [
        ("docker-compose run trainer nvidia-smi", False),
        ("$ sudo docker compose -f gpu.yml --profile gpu run --rm trainer python x.py", False),
        ("docker compose exec trainer bash", True),
        ("podman-compose run trainer nvidia-smi", False),
    ],
)
def test_compose_says_in_its_file_what_gives_gpus(line: str, interactive: bool) -> None:
    command = parse_container_command(line)
    assert command is not None
    assert (command.starts, command.gpus, command.interactive) == (False, "", interactive)


def test_options_of_memory_and_variables() -> None:
    command = parse_container_command("docker run --shm-size=8g --ipc=host -e CUDA_VISIBLE_DEVICES=3 -eA=b a/b")
    assert command is not None
    assert (command.shm_bytes, command.shares_host_memory) == (8 * 2**30, True)
    assert command.variables == (("CUDA_VISIBLE_DEVICES", "3"), ("A", "b"))


def test_a_command_that_continues_is_one() -> None:
    lines = ["docker run --rm \\", "  --gpus all \\", "  a/b \\", "  python x.py", "done"]
    ((index, (command, count)),) = find_container_commands(lines).items()
    assert (index, count, command.gpus, command.image) == (0, 4, "--gpus all", "a/b")


@pytest.mark.parametrize(
    ("words", "size"), [("64M", 64 * 2**20), ("8gb", 8 * 2**30), ("'1.5g'", 3 * 2**29), ("4096", 4096), ("much", None)]
)
def test_a_size_without_a_unit_is_in_bytes(words: str, size: int | None) -> None:
    command = parse_container_command(f"docker run --shm-size={words} a/b")
    assert command is not None
    assert command.shm_bytes == size


def test_a_private_registry_is_left_out() -> None:
    assert without_registry("registry.example.org:5000/team/trainer:1") == "team/trainer:1"
    assert without_registry("nvcr.io/nvidia/pytorch:24.01-py3") == "nvcr.io/nvidia/pytorch:24.01-py3"
