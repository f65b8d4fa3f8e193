"""Every rule that there is: its module, its area, and the signs without which it has nothing to say.

A rule is imported when one of its signs is in the snapshot (see judging/signs.py); one without signs is always asked. The signs must
cover all that it answers with anything but NotApplicable, or but its gap, also what is passed and what cannot be evaluated:
tests/rules/test_signs.py asks every rule about every text and snapshot that the tests have, with and without them.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from envcheck.judging import gaps
from envcheck.judging.rule import NotEvaluated, Unasked
from envcheck.report import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from envcheck.facts.snapshot import Snapshot
    from envcheck.judging.rule import Rule
    from envcheck.profiles.model import Requirement


class Listed(NamedTuple):
    """One rule, by the name of its module in this folder, which is its own name with other dashes; `signs` as above.

    `gap` is what it says where none of its signs is there, if it speaks then.
    """

    module: str
    area: Area
    signs: frozenset[str] = frozenset()
    gap: NotEvaluated | None = None

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.module.replace("_", "-")

    def load(self) -> "Rule":
        """The rule itself."""
        return _load(self.module)

    def asked(self, there: frozenset[str]) -> "Rule | Unasked | None":
        """The rule, where one of its signs is there; else its gap in its place, if it has one."""
        if not self.signs or not self.signs.isdisjoint(there):
            return self.load()
        return Unasked(self.name, self.area, self.gap) if self.gap else None


@cache
def _load(module: str) -> "Rule":
    rule: Rule = import_module(f"envcheck.rules.{module}").RULE
    return rule


_GAPS = {
    "framework_in_another_environment": gaps.PACKAGES_NOT_ALL,
    "kernel_of_another_python": gaps.KERNELS,
    "module_shadowed": gaps.SHADOWING,
    "pip_of_another_python": gaps.PIP,
    "python_32_bit": gaps.BITS,
    "python_end_of_life": gaps.PYTHON_VERSION,
    "pythonpath_mixes_environments": gaps.PYTHON_PATH,
    "user_site_leaks": gaps.USER_SITE,
    "package_broken": gaps.PACKAGES_AS_METADATA,
    "package_overwritten": gaps.PACKAGES_AS_METADATA,
    "package_torn": gaps.PACKAGES_AS_FILES,
    "requirement_of_package_unmet": gaps.REQUIREMENTS,
    "retired_package": gaps.PACKAGES,
    "framework_import_crashes": gaps.IMPORTS,
    "framework_import_fails": gaps.IMPORTS,
    "framework_import_hangs": gaps.IMPORTS,
}


def _listed(area: Area, rules: dict[str, str]) -> tuple[Listed, ...]:
    return tuple(Listed(module, area, frozenset(signs.split()), _GAPS.get(module)) for module, signs in rules.items())


# What shows an installed framework, or what is made for some maker's GPUs. Nothing in them is a sign by itself of anything wrong.
_TORCH = "builds[torch] packages[torch] packages[pytorch] "
_TENSORFLOW = "builds[tensorflow] packages[tensorflow*] packages[tf*] "
_JAX = "builds[jax] builds[jaxlib] packages[jax*] packages[jaxlib] "
_ROCM = (
    "builds.rocm packages+rocm amd.rocm_version variables[HSA_OVERRIDE_GFX_VERSION] variables[HIP_VISIBLE_DEVICES] "
    "variables[ROCR_VISIBLE_DEVICES] variables[GPU_DEVICE_ORDINAL] "
)
_XPU = (
    "said[xpu-error] said[device-not-found] builds.xpu builds+xpu packages+xpu packages[intel*] packages[triton*] packages[pytorch*] "
    "packages[dpctl] "
)
_AMD = "accelerators[amd] accelerators[rocm] "
_NVIDIA = "accelerators[nvidia] accelerators[cuda] "
_IMPORTS = "imports live "
# What envcheck itself has observed: each of its collections was looked at, or it is known why not.
_SAVED = "live taken "

# The order is that of the areas in a report; within one, alphabetical.
RULES: tuple[Listed, ...] = (
    *_listed(
        Area.SYSTEM,
        {
            "compiler_missing": "said[compiler-not-found] tools",
            "cuda_home_points_nowhere": "variables[CUDA_HOME] variables[CUDA_PATH]",
            "cuda_toolkit_mismatch": "said[version-conflict] toolkits[cuda]",
            "cuda_toolkit_missing": "said[compiler-not-found] toolkits[cuda]",
            "glibc_too_old": "said[symbol-version-missing] said[version-conflict] said[no-matching-distribution] imports",
            "libomp_missing": "said[library-not-found] system.os[Darwin]",
            "long_paths_disabled": "said[path-too-long]",
            "macos_too_old": "said[undefined-symbol] said[no-matching-distribution] system.os[Darwin]",
            "not_an_environment_problem": "said[program-error] said[out-of-memory] said[access-refused] said[download-failed] "
            "said[cuda-error] said[signal]",
            "preload_misleads": "said[preload-ignored] said[allocators-mixed] variables[LD_PRELOAD]",
            "probe_cannot_be_killed": "unknown live",
            "static_tls_exhausted": _IMPORTS + "said[library-not-found]",
            "system_library_missing": _IMPORTS + "said[library-not-found]",
            "system_not_as_required": "required[system]",
            "tool_missing": "required[tools]",
            "tool_too_new": "required[tools]",
            "tool_too_old": "required[tools]",
            "toolkit_below_requirement": "required[toolkits]",
            "wsl1_no_gpu": "system.wsl",
            "wsl2_driver_libraries_missing": "system.wsl said[nvml-error]",
        },
    ),
    *_listed(
        Area.CPU,
        {
            "cpu_feature_missing": "required[cpu]",
            "cpu_no_avx": "said[arch-not-supported] said[signal] cpu.features",
            "cpu_too_small": "required[cpu]",
        },
    ),
    *_listed(
        Area.MEMORY,
        {
            "memory_too_small": "required[memory]",
            "paging_file_too_small": "said[out-of-memory] imports",
        },
    ),
    *_listed(
        Area.DISK,
        {
            "disk_full_during_install": "said[no-space] disks",
            "disk_too_full": "required[disks]",
        },
    ),
    *_listed(
        Area.GPU,
        {
            "amdgpu_not_loaded": _AMD + _ROCM + "said[kernel-module-failed] said[driver-not-found] said[device-not-found]",
            "cuda_forward_compat_804": "said[cuda-error] variables[LD_LIBRARY_PATH] nvidia.libcuda_path",
            "cuda_visible_devices": "said[cuda-error] variables[CUDA_VISIBLE_DEVICES]",
            "driver_below_requirement": "required[nvidia]",
            "driver_end_of_life": "accelerators nvidia.driver_version",
            "driver_state_after_suspend": "said[cuda-error] said[resumed]",
            "driver_too_old": "said[driver-too-old] said[driver-not-found] said[cuda-error] builds.cuda",
            "fabricmanager_not_running": "said[fabric-manager-failed] said[cuda-error] accelerators.fabric nvidia.nvswitches",
            "gpu_arch_not_in_wheel": _NVIDIA + "accelerators.compute_capability said[arch-not-supported] said[cuda-error]",
            "gpu_capability_too_low": "required[accelerators]",
            "gpu_hidden_by_job": "system.job",
            "gpu_in_exclusive_mode": "said[cuda-error] accelerators.compute_mode",
            "gpu_lost": "accelerators said[nvml-error] said[gpu-xid] said[gpu-start-failed] nvidia.state",
            "gpu_memory_failing": "said[cuda-error] said[gpu-xid] accelerators.remapping_failed accelerators.retirement_pending "
            "accelerators.ecc_errors unknown",
            "gpu_memory_held_by_others": "said[out-of-memory]",
            "gpu_memory_too_small": "required[accelerators]",
            "gpu_missing": "required[accelerators]",
            "gpu_passed_through": "accelerators.driver accelerators.pci_address",
            "gpu_throttled": "accelerators.throttle_reasons unknown",
            "gpu_too_old": "accelerators said[arch-not-supported] said[kernel-module-failed] said[cuda-error]",
            "hsa_override_gfx_version": "variables[HSA_OVERRIDE_GFX_VERSION]",
            "integrated_gpu_comes_first": _AMD,
            "intel_gpu_not_usable": _XPU + "required[accelerators]",
            "kfd_permission": _ROCM + "said[permission-denied] devices",
            "libcuda_not_on_linker_path": "said[library-not-found]",
            "libcuda_not_on_loader_path": "said[library-not-found] nvidia.libcuda_loadable",
            "mig_without_instances": "accelerators.mig",
            "mps_unavailable": "said[version-conflict] said[not-compiled-with] said[device-not-found] system.os[Darwin]",
            "no_nvidia_driver": _NVIDIA + _TORCH + "said[driver-not-found] said[cuda-error] said[nvml-error] said[library-not-found] "
            "said[driver-too-old] nvidia.driver_version nvidia.cuda_version nvidia.state builds.cuda_available",
            "nvidia_device_denied": "said[permission-denied] said[nvml-error] devices accelerators.state builds.cuda_available",
            "nvidia_driver_does_not_answer": "live nvidia.state said[timed-out] said[unkillable] said[signal] said[cuda-error] "
            "said[gpu-xid]",
            "nvidia_kernel_module_not_loaded": "said[kernel-module-failed] said[nvml-error] said[driver-not-found] nvidia modules "
            "accelerators.driver builds.cuda_available",
            "nvml_driver_library_mismatch": "said[nvml-error] said[cuda-error] nvidia",
            "oneapi_device_selector": _XPU + "variables[ONEAPI_DEVICE_SELECTOR] variables[ZE_AFFINITY_MASK] "
            "variables[SYCL_DEVICE_FILTER] accelerators[intel]",
            "rocm_gfx_not_in_wheel": "said[arch-not-supported] said[cuda-error] builds.rocm packages+rocm",
            "rocm_visible_devices": "variables[ROCR_VISIBLE_DEVICES] variables[HIP_VISIBLE_DEVICES] variables[CUDA_VISIBLE_DEVICES] "
            "variables[GPU_DEVICE_ORDINAL]",
            "vgpu_without_cuda": _NVIDIA,
        },
    ),
    *_listed(
        Area.PYTHON,
        {
            "environment_passed_over": "unknown live",
            "framework_in_another_environment": _SAVED + "packages imports said[module-not-found] python.nearby observed.packages",
            "kernel_of_another_python": _SAVED + "python.kernels",
            "module_shadowed": _SAVED + "python.shadowing",
            "pip_of_another_python": _SAVED + "python.pip python.pip[none] said[module-not-found]",
            "python_32_bit": _SAVED + "python.bits",
            "python_end_of_life": _SAVED + "python.version",
            "python_too_new": "required[python]",
            "python_too_old": "required[python]",
            "pythonhome_misleads": "said[module-not-found] variables[PYTHONHOME] live",
            "pythonpath_mixes_environments": _SAVED + "python.python_path python.imported_from variables[PYTHONPATH]",
            "restart_needed": "said[restart-advised] contradictions",
            "user_site_leaks": _SAVED + "python.user_site python.imported_from packages",
            "x86_python_on_apple_silicon": "said[arch-not-supported] said[signal] system.os[Darwin]",
        },
    ),
    *_listed(
        Area.PACKAGES,
        {
            "build_isolation_hides_package": "said[build-missed-module]",
            "compiled_file_damaged": _IMPORTS + "said[file-damaged]",
            "conda_pip_mix": "packages.manager[conda]",
            "cuda_wheels_left_over": "packages[nvidia*]",
            "keras3_tf_keras_mismatch": "said[version-conflict] said[module-not-found] packages[keras] packages[tf-keras]",
            "keras_tensorflow_mismatch": "said[unsupported-call] said[import-failed] said[module-not-found] said[version-conflict] "
            "packages[keras]",
            "name_of_another_release": "said[unsupported-call] said[module-not-found] said[import-failed] said[build-missed-module]",
            "no_wheel_for_python": "said[no-matching-distribution] said[version-conflict] packages.channel",
            "numpy2_abi": "said[abi-mismatch] said[import-failed] packages[numpy]",
            "numpy_abi_mismatch": "said[abi-mismatch] imports",
            "package_broken": _SAVED + "packages observed.packages",
            "package_missing": "required[packages]",
            "package_overwritten": _SAVED + "packages observed.packages",
            "package_too_new": "required[packages]",
            "package_too_old": "required[packages]",
            "package_torn": _SAVED + "packages observed.packages",
            "package_unwanted": "required[packages]",
            "protobuf_descriptors": "said[protobuf-descriptors] packages[protobuf]",
            "requirement_of_package_unmet": _SAVED
            + "packages observed.packages python.version python.requirements_met said[version-conflict]",
            "retired_package": _SAVED + "packages observed.packages said[package-retired] smoke",
            "wheel_for_another_platform": _IMPORTS + "said[wrong-architecture] said[dll-load-failed]",
        },
    ),
    *_listed(
        Area.FRAMEWORKS,
        {
            "bitsandbytes_cuda_setup": "said[undefined-symbol] said[library-not-found] said[dll-load-failed] said[provider-fallback] "
            "said[not-compiled-with] packages[bitsandbytes]",
            "compiled_extension_torch_abi_mismatch": "said[undefined-symbol] said[version-conflict] said[library-not-found] "
            "said[dll-load-failed]",
            "cpu_only_wheel": _TORCH + "said[not-compiled-with] said[device-not-found]",
            "cuda_end_of_life": _TORCH + _TENSORFLOW,
            "cuda_lib_mix": "said[library-not-found] said[undefined-symbol] packages[nvidia*]",
            "cuda_runtime_lib_missing": "said[library-not-found] said[dll-load-failed] imports",
            "cudnn_version_mismatch": "said[loaded-older-than-built] packages[nvidia*]",
            "duplicate_openmp": "said[duplicate-runtime] imports",
            "extension_built_for_other_torch": _TORCH + "said[version-conflict] packages",
            "extension_wants_other_cuda_runtime": "said[library-not-found] said[dll-load-failed]",
            "framework_absent": "said[module-not-found] imports",
            "framework_end_of_life": _TORCH + _TENSORFLOW + "packages[jax]",
            "framework_import_crashes": _SAVED + "imports observed.imports observed.packages[complete] said[signal]",
            "framework_import_fails": _SAVED + "imports observed.imports observed.packages[complete]",
            "framework_import_hangs": _SAVED + "imports observed.imports observed.packages[complete]",
            "horovod_extension_not_built": "said[not-compiled-with] packages[horovod] imports",
            "java_missing_or_incompatible": "said[java-failed] packages[pyspark] packages[h2o]",
            "jax_cpu_only_jaxlib": _JAX + "said[not-compiled-with] said[provider-fallback]",
            "jax_jaxlib_mismatch": _JAX + "said[version-conflict] said[unsupported-call] said[import-failed]",
            "jax_native_windows_no_gpu": _JAX + "said[not-compiled-with] said[provider-fallback] said[no-matching-distribution]",
            "jax_plugin_version_mismatch": _JAX + "said[version-conflict] said[unsupported-call] said[import-failed]",
            "ld_library_path_shadows_wheel_libs": "said[library-not-found] said[undefined-symbol] said[loaded-older-than-built] toolkits",
            "libstdcxx_too_old": "said[symbol-version-missing] imports",
            "mkl_too_new": "said[undefined-symbol] packages[mkl]",
            "nccl_version_mismatch": "said[version-conflict] said[undefined-symbol] packages[nvidia*]",
            "onnxruntime_cpu_shadows_gpu": "said[provider-fallback] said[unsupported-call] packages[onnxruntime*]",
            "onnxruntime_cuda_libs_missing": "said[library-not-found] said[dll-load-failed] said[provider-fallback] packages[onnxruntime*]",
            "tensorflow_companion_mismatch": "said[undefined-symbol] said[version-conflict] packages[tensorflow*] packages[tf*]",
            "tensorflow_cpu_build": _TENSORFLOW,
            "tensorflow_metal_mismatch": "said[undefined-symbol] said[library-not-found] packages[tensorflow*]",
            "tf_missing_cuda_libs": _TENSORFLOW + "said[provider-fallback] said[library-not-found] said[dll-load-failed] "
            "said[driver-not-found] said[loaded-older-than-built]",
            "tf_native_windows_no_gpu": "system.os[Windows]",
            "torch_compile_without_triton": "said[module-not-found] packages[triton*] packages[pytorch*]",
            "torch_family_version_mismatch": "said[unsupported-call] said[undefined-symbol] said[version-conflict] said[dll-load-failed] "
            "builds[torchvision] builds[torchaudio] builds[torchtext] packages[torchvision] packages[torchaudio] packages[torchtext]",
            "transformers_torch_too_old": "said[version-conflict] said[unsupported-call] packages[transformers]",
            "triton_torch_mismatch": "said[version-conflict] said[import-failed] said[unsupported-call] packages[triton*] "
            "packages[pytorch*]",
            "windows_dll_missing": _IMPORTS + "said[dll-load-failed] system.os[Windows]",
            "xformers_torch_mismatch": "said[version-conflict] said[not-compiled-with] packages[xformers]",
            "xgboost_no_cuda": "said[not-compiled-with] builds[xgboost] packages[xgboost*] packages[py*]",
        },
    ),
    *_listed(
        Area.SMOKE,
        {
            "own_check_fails": "required[smoke] smoke",
            "smoke_result_wrong": "smoke",
            "smoke_test_crashes": "smoke",
            "smoke_test_fails": "smoke",
            "smoke_test_hangs": "smoke",
        },
    ),
    *_listed(
        Area.CONTAINER,
        {
            "container_lost_gpu_devices": "said[nvml-error] system.container",
            "container_without_gpu_device": "system.container",
            "nvidia_container_toolkit_missing": "said[device-request-refused] system.container",
            "nvml_container_library_mismatch": "system.container",
            "shm_too_small": "said[shared-memory-exhausted] said[no-space] said[signal] memory.shm_bytes system.container",
        },
    ),
    *_listed(Area.CONFIG, {"tables_out_of_date": "taken"}),
)


def all_rules() -> "tuple[Rule, ...]":
    """All rules, in the order in which they are asked."""
    return tuple(listed.load() for listed in RULES)


def rules_for(facts: "Snapshot", requirements: "Iterable[Requirement]" = ()) -> "tuple[Rule | Unasked, ...]":
    """Those that may have something to say of these facts and requirements, in the same order; the others are not even imported."""
    from envcheck.judging.case import Case
    from envcheck.judging.signs import signs

    there = signs(Case(facts, tuple(requirements)))
    asked = (listed.asked(there) for listed in RULES)
    return tuple(rule for rule in asked if rule is not None)


def find_rule(name: str) -> "Rule | None":
    """The rule of that name."""
    return next((listed.load() for listed in RULES if listed.name == name), None)
