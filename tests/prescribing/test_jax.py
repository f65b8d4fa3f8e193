"""Remedies that bring JAX its plugin for CUDA."""

import pytest

from envcheck.facts.snapshot import Accelerator, Nvidia, Python, Snapshot, System
from envcheck.prescribing.jax import choose_extra, install_with_cuda


def machine(capability: str, driver: str | None) -> Snapshot:
    return Snapshot(
        system=System(os="Linux", machine="x86_64"),
        python=Python(version="3.12.4"),
        accelerators=(Accelerator(index=0, vendor="nvidia", backend="cuda", compute_capability=capability),),
        nvidia=Nvidia(driver_version=driver) if driver else Nvidia(),
    )


@pytest.mark.parametrize(
    ("capability", "driver", "expected"),
    [
        ("8.6", "580.65.06", "cuda13"),
        ("8.6", "570.86.10", "cuda12"),
        ("7.0", "580.65.06", "cuda12"),
        ("8.6", None, "cuda12"),
        ("8.6", "470.82.01", "cuda12"),  # none fits: the one that asks for least
    ],
)
def test_the_extra_for_driver_and_card(capability: str, driver: str | None, expected: str) -> None:
    assert choose_extra(machine(capability, driver)).name == expected


@pytest.mark.parametrize(
    ("jax", "expected"),
    [("0.6.2", "jax[cuda12]==0.6.2"), ("0.10.2", "jax[cuda13]==0.10.2"), ("0.7.1", "jax[cuda13]"), ("", "jax[cuda13]")],
)
def test_the_release_stays_where_it_has_the_extra(jax: str, expected: str) -> None:
    assert install_with_cuda(machine("8.6", "580.65.06"), jax, "Install JAX with CUDA.").steps[-1].run[-1] == expected
