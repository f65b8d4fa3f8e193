"""Jupyter: the kernel that notebooks get computes 6 × 7, and is the interpreter that its kernelspec names."""

import ast
import os
import shutil
import sys
import time

from envcheck_probes.nearby.interpreters import identity, is_python
from envcheck_probes.smoke_steps.services import prepare, words_kept
from envcheck_probes.smoke_steps.trial import NotEvaluated

TEST = {
    "title": "Jupyter",
    "import": "jupyter_client",
    "names": ("jupyter", "jupyterlab", "notebook", "ipykernel", "jupyter-client"),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py:
    # jupyter_client 8.10.0, ipykernel 7.4.0; with the kernel.
    "import_s": 0.15,
    "test_s": 0.7,
    "peak_bytes": 96_000_000,
    "test_deadline_s": 60,
}
MANUAL = {
    "imported": "Jupyter's own libraries cannot be loaded: pyzmq or tornado was built for another Python or system.",
    "devices": "A description of a kernel (kernel.json) cannot be read.",
    "computed": "The kernel did not start, or died: its interpreter is gone, ipykernel is missing in it, or a package that it needs "
    "(ipython, pyzmq, traitlets, tornado) is of another release; or a firewall stands before the loopback.",
    "compared": "The kernel computes wrongly, or is another interpreter than its description names: a wrapper or a variable leads "
    "elsewhere.",
}

_KERNEL = "python3"
_MOST_KERNELS = 20
_READY_S, _ANSWER_S = 60, 30
_ASKED = {"product": "product", "python": "__import__('sys').executable"}


def check(trial):
    trial.imports("jupyter_client.kernelspec", "jupyter_client.manager")
    trial.layer("devices")
    prepare(trial.folder)
    # Where a kernel keeps its history and its profile, and Jupyter what connects them.
    os.environ.update(IPYTHONDIR=trial.folder, JUPYTER_RUNTIME_DIR=trial.folder)
    program = _program(_found_kernel(trial))
    trial.layer("computed")
    manager = trial.framework.manager.KernelManager(kernel_name=_KERNEL, connection_file=os.path.join(trial.folder, "connection.json"))
    trial.doing("starting the kernel of " + program)
    try:
        found = _answers(trial, manager)
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
    trial.note("python of the kernel", found["python"])
    trial.layer("compared")
    trial.expect("6 times 7 in the kernel", found["product"], 42)
    if is_python(program):  # else it is a wrapper, which names no interpreter
        same = identity(found["python"]) == identity(program)
        trial.expect("interpreter of the kernel", program if same else found["python"], program)


def _found_kernel(trial):
    """The description of Python's kernel, after a note for each kernel that Jupyter offers here. Raises NotEvaluated without one."""
    manager = trial.framework.kernelspec.KernelSpecManager()
    names = sorted(manager.find_kernel_specs())
    for name in names[:_MOST_KERNELS]:
        trial.note("kernel " + name, manager.get_kernel_spec(name).argv[0])
    if _KERNEL not in names:
        raise NotEvaluated("Jupyter offers no kernel {} here: ipykernel is not installed".format(_KERNEL))
    return manager.get_kernel_spec(_KERNEL)


def _program(description):
    """The interpreter that a kernel claims to be: Jupyter puts its own in the place of a bare name."""
    first = description.argv[0].replace("{prefix}", sys.prefix)
    bare = ("python", "python{}".format(sys.version_info[0]), "python{}.{}".format(*sys.version_info))
    return sys.executable if first in bare else shutil.which(first) or first


def _answers(trial, manager):
    """What the kernel computes, and which interpreter it says it is."""
    with words_kept(trial.folder, "The kernel"):
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=_READY_S)
    trial.doing("computing in the kernel")
    number = client.execute("product = 6 * 7", store_history=False, user_expressions=_ASKED)
    content = _reply(client, number)
    client.stop_channels()
    if content.get("status") != "ok":
        raise RuntimeError("the kernel raised {}: {}".format(content.get("ename"), content.get("evalue")))
    return {name: ast.literal_eval(answer["data"]["text/plain"]) for name, answer in content["user_expressions"].items()}


def _reply(client, number):
    """The answer to this request; others may come before it."""
    until = time.monotonic() + _ANSWER_S
    while True:
        message = client.get_shell_msg(timeout=max(0.1, until - time.monotonic()))
        if message["parent_header"].get("msg_id") == number:
            return message["content"]
