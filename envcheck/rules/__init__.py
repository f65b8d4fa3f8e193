"""Every rule that envcheck knows: one module each, listed here by name."""

from functools import cache
from importlib import import_module

from envcheck.judging.rule import Rule

# The order is that of the areas in a report; within one, alphabetical.
_MODULES: tuple[str, ...] = (
    # system
    "cuda_home_points_nowhere",
    "cuda_toolkit_missing",
    "glibc_too_old",
    "probe_cannot_be_killed",
    "system_not_as_required",
    "tool_missing",
    "tool_too_new",
    "tool_too_old",
    "toolkit_below_requirement",
    "wsl1_no_gpu",
    "wsl2_driver_libraries_missing",
    # cpu
    "cpu_feature_missing",
    "cpu_no_avx",
    "cpu_too_small",
    # memory
    "memory_too_small",
    # disk
    "disk_full_during_install",
    "disk_too_full",
    # gpu
    "amdgpu_not_loaded",
    "cuda_forward_compat_804",
    "cuda_visible_devices",
    "driver_below_requirement",
    "driver_state_after_suspend",
    "driver_too_old",
    "fabricmanager_not_running",
    "gpu_arch_not_in_wheel",
    "gpu_capability_too_low",
    "gpu_hidden_by_job",
    "gpu_in_exclusive_mode",
    "gpu_lost",
    "gpu_memory_failing",
    "gpu_memory_too_small",
    "gpu_missing",
    "gpu_passed_through",
    "gpu_throttled",
    "gpu_too_old",
    "hsa_override_gfx_version",
    "integrated_gpu_comes_first",
    "intel_gpu_not_usable",
    "kfd_permission",
    "libcuda_not_on_linker_path",
    "libcuda_not_on_loader_path",
    "mig_without_instances",
    "mps_unavailable",
    "no_nvidia_driver",
    "nvidia_device_denied",
    "nvidia_driver_does_not_answer",
    "nvidia_kernel_module_not_loaded",
    "nvml_driver_library_mismatch",
    "oneapi_device_selector",
    "rocm_gfx_not_in_wheel",
    "rocm_visible_devices",
    "vgpu_without_cuda",
    # python
    "environment_passed_over",
    "framework_in_another_environment",
    "kernel_of_another_python",
    "module_shadowed",
    "pip_of_another_python",
    "python_32_bit",
    "python_end_of_life",
    "python_too_new",
    "python_too_old",
    "pythonpath_mixes_environments",
    "user_site_leaks",
    "x86_python_on_apple_silicon",
    # packages
    "keras3_tf_keras_mismatch",
    "no_wheel_for_python",
    "numpy2_abi",
    "numpy_abi_mismatch",
    "package_broken",
    "package_missing",
    "package_overwritten",
    "package_too_new",
    "package_too_old",
    "package_torn",
    "package_unwanted",
    "protobuf_descriptors",
    "requirement_of_package_unmet",
    "retired_package",
    "wheel_for_another_platform",
    # frameworks
    "bitsandbytes_cuda_setup",
    "compiled_extension_torch_abi_mismatch",
    "cpu_only_wheel",
    "cuda_lib_mix",
    "cuda_runtime_lib_missing",
    "cudnn_version_mismatch",
    "duplicate_openmp",
    "extension_wants_other_cuda_runtime",
    "framework_absent",
    "framework_import_crashes",
    "framework_import_fails",
    "framework_import_hangs",
    "horovod_extension_not_built",
    "java_missing_or_incompatible",
    "jax_cpu_only_jaxlib",
    "jax_native_windows_no_gpu",
    "jax_plugin_version_mismatch",
    "ld_library_path_shadows_wheel_libs",
    "libstdcxx_too_old",
    "onnxruntime_cpu_shadows_gpu",
    "onnxruntime_cuda_libs_missing",
    "tf_missing_cuda_libs",
    "tf_native_windows_no_gpu",
    "torch_family_version_mismatch",
    "transformers_torch_too_old",
    "windows_dll_missing",
    "xgboost_no_cuda",
    # container
    "container_lost_gpu_devices",
    "container_without_gpu_device",
    "nvidia_container_toolkit_missing",
    "nvml_container_library_mismatch",
    "shm_too_small",
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """All rules; each module has its own in `RULE`."""
    rules = (import_module(f"envcheck.rules.{name}").RULE for name in _MODULES)
    return tuple(rule for rule in rules if isinstance(rule, Rule))


def find_rule(name: str) -> Rule | None:
    """The rule of that name."""
    return next((rule for rule in all_rules() if rule.name == name), None)
