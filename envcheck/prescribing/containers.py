"""What to start a container with, for the engine at hand, so that it has GPUs and shared memory; and how an engine learns to give them."""

from envcheck.facts.snapshot import Snapshot, known
from envcheck.prescribing.install import by_hand
from envcheck.prescribing.system import as_root, family, install_packages, package_manager
from envcheck.report import Remedy, Step

_AMD_DEVICES = ("--device=/dev/kfd", "--device=/dev/dri", "--group-add", "video", "--group-add", "render")
_TOOLKIT = "nvidia-container-toolkit"


def start_with_gpu(facts: Snapshot, vendor: str = "nvidia") -> tuple[Remedy, ...]:
    """The same container once more, with what gives it GPUs; for Docker also the lines of a compose file."""
    engine = known(facts.system.container, "")
    image = known(facts.system.container_image, "IMAGE")
    amd = vendor == "amd"
    match engine:
        case "podman":
            options = _AMD_DEVICES if amd else ("--device", "nvidia.com/gpu=all", "--security-opt=label=disable")
            return (_again("podman", options, image, *(() if amd else _cdi_steps())),)
        case "apptainer":
            option = "--rocm" if amd else "--nv"
            run = Step(run=("apptainer", "exec", option, image, "rocminfo" if amd else "nvidia-smi"))
            return (by_hand(f"start the container again with {option}", f"add {option} behind exec, run or shell", run),)
        case "kubernetes":
            return (_pod(amd=amd),)
        case "lxc":
            device = Step(run=("lxc", "config", "device", "add", "CONTAINER", "gpu", "gpu"))
            return (by_hand("give the container the GPU, with its own name for CONTAINER", device, *_lxc(amd=amd)),)
        case "systemd-nspawn":
            return (
                by_hand(
                    "start the container again with the device nodes bound into it", f"add --bind={'/dev/kfd' if amd else '/dev/nvidia0'}"
                ),
            )
        case "enroot" | "charliecloud" | "shifter" | "flatpak" | "buildkit":
            return (by_hand(f"start the container again with the host's GPUs, as {engine} does it", f"see the manual of {engine} on GPUs"),)
        case _:
            return _docker(image, amd=amd)


def _docker(image: str, *, amd: bool) -> tuple[Remedy, ...]:
    if amd:
        compose = "compose: give the service the devices /dev/kfd and /dev/dri, and group_add: [video, render]"
        return (_again("docker", _AMD_DEVICES, image), by_hand("in a compose file, add the devices to the service", compose))
    check = Step(run=("docker", "run", "--rm", "--gpus", "all", "ubuntu", "nvidia-smi"))
    compose = (
        "add to the service in the compose file: deploy: {resources: {reservations: {devices: "
        "[{driver: nvidia, count: all, capabilities: [gpu]}]}}}"
    )
    return (
        _again(
            "docker", ("--gpus", "all"), image, f"if Docker refuses, {_TOOLKIT} is missing on the host; this shows whether it works:", check
        ),
        by_hand("with compose, reserve the GPUs for the service", compose, Step(run=("docker", "compose", "up", "--force-recreate"))),
    )


def _again(engine: str, options: tuple[str, ...], image: str, *more: str | Step) -> Remedy:
    words = f"remove the container and start it again with: {' '.join(options)}"
    return by_hand(
        f"start the container again with {' '.join(options[:2])}", words, Step(run=(engine, "run", "--rm", "-it", *options, image)), *more
    )


def _pod(*, amd: bool) -> Remedy:
    resource = "amd.com/gpu" if amd else "nvidia.com/gpu"
    return by_hand(
        f"ask for a GPU in the pod with {resource}",
        f"in the pod's container, set resources: {{limits: {{{resource}: 1}}}}, and create the pod again",
        "this shows whether the nodes offer GPUs; if none does, its administrator installs the device plugin:",
        Step(run=("kubectl", "describe", "nodes")),
    )


def _lxc(*, amd: bool) -> tuple[str | Step, ...]:
    if amd:
        return ()
    return ("and let LXD bring in the driver's libraries:", Step(run=("lxc", "config", "set", "CONTAINER", "nvidia.runtime=true")))


def _cdi_steps() -> tuple[str | Step, ...]:
    return (
        "if Podman cannot resolve the device, describe the host's GPUs first:",
        as_root("nvidia-ctk", "cdi", "generate", "--output=/etc/cdi/nvidia.yaml"),
    )


def with_capabilities(facts: Snapshot) -> Remedy:
    """Compute and utility are what CUDA and nvidia-smi need of the driver's libraries."""
    wanted = "NVIDIA_DRIVER_CAPABILITIES=compute,utility"
    match known(facts.system.container, ""):
        case "kubernetes":
            return by_hand(
                "let the runtime bring in the libraries for computing",
                f"set {wanted} in the env of the pod's container, and create it again",
            )
        case "apptainer":
            return by_hand("let Apptainer bring in the libraries for computing", "start the container again with --nv")
        case "podman":
            return _again("podman", ("--device", "nvidia.com/gpu=all"), known(facts.system.container_image, "IMAGE"), *_cdi_steps())
        case _:
            image = known(facts.system.container_image, "IMAGE")
            return _again("docker", ("-e", wanted, "--gpus", "all"), image, "in an image of your own, the same line is: ENV " + wanted)


def lasting_devices(facts: Snapshot) -> tuple[Remedy, ...]:
    """NVIDIA's ways out where a running container has lost its devices: now, and so that it does not happen again."""
    engine = known(facts.system.container, "")
    if engine == "kubernetes":
        now = by_hand("start the pod again", "delete the pod, so that its controller starts another")
    else:
        word = "podman" if engine == "podman" else "docker"
        now = by_hand("start the container again", Step(run=(word, "restart", "CONTAINER")))
    lasting = by_hand(
        "keep it from losing them again, by one of three ways",
        "name the devices when it is started: --device /dev/nvidia0 --device /dev/nvidiactl --device /dev/nvidia-uvm "
        "--device /dev/nvidia-uvm-tools",
        "or give them by CDI, which the engine itself keeps: --device nvidia.com/gpu=all",
        'or let the engine write control groups itself: "exec-opts": ["native.cgroupdriver=cgroupfs"] in /etc/docker/daemon.json, then:',
        as_root("systemctl", "restart", "docker"),
    )
    return (now, lasting)


def install_toolkit(facts: Snapshot, engine: str) -> Remedy:
    """NVIDIA's container toolkit from the distribution's or NVIDIA's own packages, and the engine told of it."""
    return by_hand(f"install {_TOOLKIT} on the host and tell {engine} of it", *_package(facts), *configure_engine(engine))


def configure_engine(engine: str) -> tuple[str | Step, ...]:
    """The commands after which an engine knows NVIDIA's runtime or devices."""
    if engine == "podman":
        return (
            as_root("nvidia-ctk", "cdi", "generate", "--output=/etc/cdi/nvidia.yaml"),
            Step(run=("podman", "run", "--rm", "--device", "nvidia.com/gpu=all", "ubuntu", "nvidia-smi")),
        )
    service = "containerd" if engine in ("containerd", "kubernetes") else "docker"
    return (
        as_root("nvidia-ctk", "runtime", "configure", f"--runtime={service}"),
        as_root("systemctl", "restart", service),
        *(() if service == "containerd" else (Step(run=("docker", "run", "--rm", "--gpus", "all", "ubuntu", "nvidia-smi")),)),
    )


_REPOSITORY = "add NVIDIA's package repository for its container toolkit, as NVIDIA's installation guide of the toolkit says"


def _package(facts: Snapshot) -> tuple[str | Step, ...]:
    """By the host's distribution; inside a container the distribution that is known is the image's."""
    manager = package_manager(facts)
    if isinstance(facts.system.wsl, int) or facts.system.os == "Windows":
        return ("with Docker Desktop nothing is installed: choose its WSL 2 engine; with an engine of its own inside WSL, go on:", *_apt())
    install = install_packages(facts, dict.fromkeys(("apt-get", "dnf", "zypper", "pacman"), (_TOOLKIT,)))
    if manager == "apt-get":
        return _apt()
    if install is not None:
        return (install,) if manager == "pacman" else (_REPOSITORY, install)
    if family(facts) == "nixos":
        return ("set hardware.nvidia-container-toolkit.enable = true in the configuration, and rebuild the system",)
    return (_REPOSITORY, f"install the package {_TOOLKIT} with the package manager of the host")


def _apt() -> tuple[str | Step, ...]:
    return (
        _REPOSITORY,
        as_root("apt-get", "update"),
        as_root("apt-get", "install", "--yes", _TOOLKIT),
    )


def more_shared_memory(facts: Snapshot) -> Remedy:
    """A larger /dev/shm for this engine, or fewer that need it."""
    fewer = "or use fewer workers in the DataLoader (num_workers=0 uses none)"
    image = known(facts.system.container_image, "IMAGE")
    match known(facts.system.container, ""):
        case "kubernetes":
            words = "in the pod, add the volume {name: shm, emptyDir: {medium: Memory, sizeLimit: 8Gi}} and mount it at /dev/shm"
            return by_hand("give the program more shared memory", words, fewer)
        case "podman" | "docker" | "containerd" as engine:
            command = {"containerd": "nerdctl"}.get(engine, engine)
            words = "start the container again with --shm-size=8g or --ipc=host:"
            run = Step(run=(command, "run", "--rm", "-it", "--shm-size=8g", image))
            return by_hand("give the program more shared memory", words, run, "in a compose file: shm_size: 8gb in the service", fewer)
        case "apptainer":
            words = "Apptainer shares the host's /dev/shm: enlarge it there with sudo mount -o remount,size=8G /dev/shm"
            return by_hand("give the program more shared memory", words, fewer)
        case "":
            mount = "in a container: start it again with --shm-size=8g or --ipc=host; else: sudo mount -o remount,size=8G /dev/shm"
            return by_hand("give the program more shared memory", mount, fewer)
        case _:
            return by_hand("give the program more shared memory", "start the container again with --shm-size=8g or --ipc=host", fewer)
