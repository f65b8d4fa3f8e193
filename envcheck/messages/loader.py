"""What dynamic loaders and linkers say: libraries, symbols and versions of symbols that are not there, on Linux, Windows and macOS.

Python asks them with untranslated messages; Windows' own sentences are in the user's language, so only their codes are relied upon.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import SENTENCE, Details, Pattern

_LIBRARY = r"[^\s:'\"`(){}\[\],;=]+"


def _missing_library(_match: re.Match[str], details: Details) -> Details | None:
    """The loader's name of the library, who needs it where that is another one, and the speaker as far as the words tell."""
    if details.get("needed_by") == details["library"]:
        del details["needed_by"]
    if "onnxruntime" in details.get("needed_by", ""):
        details["subject"] = "onnxruntime"
    return details


def _windows_library(_match: re.Match[str], details: Details) -> Details | None:
    if "onnxruntime" in details.get("library", ""):
        details["subject"] = "onnxruntime"
    if "library" in details and not details["library"]:
        del details["library"]
    return details


def _not_valid(_match: re.Match[str], details: Details) -> Details | None:
    """`%1 is not a valid Win32 application`, in any language: the number that Windows has for it; and for the words of a missing symbol."""
    if details.pop("no_procedure", ""):
        return {**details, "code": "127"}
    return {**details, "code": "193"} if details.pop("other_architecture", "") else details


def _candidate(_match: re.Match[str], details: Details) -> Details | None:
    """Of `libcudnn_ops.so.9.1.0, libcudnn_ops.so.9.1, libcudnn_ops.so.9, libcudnn_ops.so` the one with the major version alone."""
    names = [name.strip() for name in details.pop("candidates", "").split(",") if name.strip()]
    if not names:
        return None
    details["library"] = next((name for name in names if re.fullmatch(r".+\.so\.\d+|.+64_\d+\.dll", name)), names[0])
    return details


def _named_by_linker(_match: re.Match[str], details: Details) -> Details | None:
    details["library"] = f"lib{details.pop('name')}.so"
    return details


def _symbol(_match: re.Match[str], details: Details) -> Details | None:
    details["symbol"] = details["symbol"].strip("'\"`.()")
    if not re.search(r"[./\\]", details.get("needed_by", ".")):  # no file: the last word of somebody's own sentence
        del details["needed_by"]
    return details if details["symbol"] else None


PATTERNS = (
    # nvrtc: error: failed to open libnvrtc-builtins.so.11.7.
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "failed to open libnvrtc-builtins",
        r"nvrtc: error: failed to open (?P<library>libnvrtc-builtins\.so[\d.]*\d|nvrtc-builtins64_\d+\.dll)",
    ),
    # ImportError: libcudart.so.12: cannot open shared object file: No such file or directory
    # Could not load library libcudnn_cnn_infer.so.8. Error: libcuda.so: cannot open shared object file: No such file or directory
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "cannot open shared object file",
        r"(?:(?:Could not|Failed to) load (?:dynamic )?library '?(?P<needed_by>[^\s':]+?)'?[.;,]? (?:[Ee]rror|with error|dlerror): )?"
        rf"(?P<library>{_LIBRARY}): cannot open shared object file(?:: (?P<reason>No such file or directory|Permission denied))?",
        refine=_missing_library,
    ),
    # ImportError: /…/libgomp-d22c30c5.so.1.0.0: cannot allocate memory in static TLS block
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "in static TLS block",
        rf"(?P<library>{_LIBRARY}): cannot allocate memory in static TLS block",
        {"reason": "static TLS"},
    ),
    # W tensorflow/…/dso_loader.cc:59] Could not load dynamic library 'cudart64_110.dll'; dlerror: cudart64_110.dll not found
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Could not load dynamic library '",
        r"Could not load dynamic library '(?P<library>[^'\s]+)'; dlerror: (?P<reason>[\w.-]+ not found)",
        subject="tensorflow",
    ),
    # The same on Linux, copied without its logger's name: of the libraries that it loads by name nobody else says so.
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Could not load dynamic library '",
        r"Could not load dynamic library '(?P<library>[^'\s]+)'; dlerror: (?P=library): cannot open shared object file"
        r"(?:: (?P<reason>No such file or directory|Permission denied))?",
        subject="tensorflow",
    ),
    # The same with another reason, or copied without one: Could not load dynamic library 'libcusolver.so.10'
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Could not load dynamic library '",
        r"Could not load dynamic library '(?P<library>[^'\s]+)'(?:; dlerror: (?P<reason>[^\n;]{1,300}))?",
        subject="tensorflow",
        generic=True,
    ),
    # Couldn't open CUDA library libcudnn.so.5. LD_LIBRARY_PATH: /usr/local/cuda/lib64
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Couldn't open CUDA library ",
        r"Couldn't open CUDA library (?P<library>[\w.+-]+?)\.? LD_LIBRARY_PATH",
        subject="tensorflow",
    ),
    # Unable to load any of {libcudnn_ops.so.9.1.0, libcudnn_ops.so.9.1, libcudnn_ops.so.9, libcudnn_ops.so}
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Unable to load any of {",
        r"Unable to load any of \{(?P<candidates>[^{}]{1,600})\}",
        refine=_candidate,
    ),
    # RuntimeError: Failed to dlopen libcuda.so    (cuda-python)
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Failed to dlopen lib",
        r"Failed to dlopen (?P<library>lib[\w+-]{1,60}\.so(?:\.\d{1,4}){0,3})\b",
        subject="cuda",
    ),
    # Could not load library libcudnn_ops_infer.so.8. Error: … (any other reason)
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Could not load library ",
        r"Could not load library (?P<library>[\w.+/-]+\.so[\w.]*?)\.? Error: (?P<reason>[^\n]{1,200})",
        generic=True,
    ),
    # /usr/bin/ld: cannot find -lcuda    ld.gold: error: cannot find -lcuda
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        " cannot find -l",
        r"\bld(?:\.\w+)?: (?:(?:fatal )?error: )?cannot find -l(?P<name>[\w.+-]+)",
        {"reason": "linker"},
        refine=_named_by_linker,
    ),
    # The linker's words without its name: cannot find -lcuda: No such file or directory
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "annot find -lcuda",
        r"\b[Cc]annot find -l(?P<name>cuda)\b",
        {"reason": "linker"},
        refine=_named_by_linker,
        generic=True,
    ),
    # ld.lld: error: unable to find library -lcuda
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "unable to find library -l",
        r"\bl?ld(?:\.\w+)?: error: unable to find library -l(?P<name>[\w.+-]+)",
        {"reason": "linker"},
        refine=_named_by_linker,
    ),
    # mold: fatal: library not found: cuda
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        ": library not found: ",
        r"\bmold: (?:fatal|error): library not found: (?P<name>[\w.+-]+)",
        {"reason": "linker"},
        refine=_named_by_linker,
    ),
    # AssertionError: libcuda.so cannot found!↵Possible files are located at ['/lib/x86_64-linux-gnu/libcuda.so.1'].Please create a symlink
    # of libcuda.so to any of the files.
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "libcuda.so cannot found!",
        r"(?P<library>libcuda\.so) cannot found!(?: Possible files are located at \['(?P<lies>[^'\n]{1,300})')?",
        {"reason": "linker"},
        subject="triton",
        lines=1,
    ),
    # The same without its end, as it stands in headings: Torch compile: libcuda.so cannot found
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "libcuda.so cannot found",
        r"(?P<library>libcuda\.so) cannot found(?!!)",
        {"reason": "linker"},
        subject="triton",
        generic=True,
    ),
    # 	libcudart.so.12 => not found
    Pattern(SymptomKind.LIBRARY_NOT_FOUND, "=> not found", r"^\s*(?P<library>[^\s=]+\.so[\w.]*) => not found\s*$", {"reason": "ldd"}),
    # XGBoost Library (libxgboost.dylib) could not be loaded. Likely causes: * OpenMP runtime is not installed
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "XGBoost Library (libxgboost.",
        r"XGBoost Library \((?P<needed_by>libxgboost\.(?:dylib|so))\) could not be loaded",
        {"library": "OpenMP runtime", "reason": "one of several likely causes"},
        subject="xgboost",
    ),
    # Library not loaded: @rpath/libomp.dylib   Referenced from: <…> /…/torch/lib/libtorch_cpu.dylib   Reason: tried: …
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Library not loaded: ",
        r"Library not loaded: '?(?P<library>[^\s'\\]+)'?(?:(?:\\n)? ?Referenced from: (?:<[^>\n]{1,80}> )?'?(?P<needed_by>[^\s'\\]+)'?)?"
        r"(?:(?:\\n)? ?Reason: (?P<reason>[^\n]{1,600}))?",
        lines=3,
    ),
    # ImportError: /lib64/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /…/_highs_wrapper.cpython-38-x86_64-linux-gnu.so)
    Pattern(
        SymptomKind.SYMBOL_VERSION_MISSING,
        "not found (required by ",
        rf"(?:(?P<library>{_LIBRARY}): )?version [`'\u2018\"]?(?P<version>[A-Za-z][\w.+-]*)['\u2019\"`]? not found \(required by "
        rf"(?P<needed_by>[^)\n]{{1,400}})",
        lines=1,
    ),
    # ImportError: /lib64/libc.so.6: version `GLIBC_2.14' not found
    Pattern(
        SymptomKind.SYMBOL_VERSION_MISSING,
        "version `",
        rf"(?P<library>{_LIBRARY}): version `(?P<version>[A-Z][\w.]*)' not found",
        generic=True,
    ),
    # The same, with the marks that people and editors put in the place of the first: version 'GLIBC_2.23' not found
    Pattern(
        SymptomKind.SYMBOL_VERSION_MISSING,
        "version 'GLIBC",
        rf"(?P<library>{_LIBRARY}): version '(?P<version>[A-Z][\w.]*)' not found",
        generic=True,
    ),
    # ImportError: libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4, version libnvJitLink.so.12
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL,
        "undefined symbol: ",
        rf"(?:(?P<needed_by>{_LIBRARY}): ?|[Ee]rror: )undefined symbol: (?P<symbol>[^\s,]+)(?:, version (?P<library>[^\s,]+))?",
        refine=_symbol,
    ),
    # libcublas.so.11: symbol cublasLtGetStatusString, version libcublasLt.so.11 not defined in file libcublasLt.so.11 with link time
    # reference
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL,
        " not defined in file ",
        rf"(?:(?P<needed_by>{_LIBRARY}): )?symbol (?P<symbol>[^\s,]+),? version (?P<version>\S+) not defined in file (?P<library>\S+)",
        refine=_symbol,
    ),
    # Invalid handle. Cannot load symbol cudnnCreateTensorDescriptor
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL, "Cannot load symbol ", r"Invalid handle\. Cannot load symbol (?P<symbol>\w+)", {"library": "cudnn"}
    ),
    # Symbol not found: _foo   Referenced from: /…/libtorch.dylib   Expected in: /usr/lib/libc++.1.dylib
    # Symbol not found: _foo   Referenced from: <…> /…/_fblas.so (built for macOS 13.3 which is newer than running OS)   Expected in: <…> /…
    # Symbol not found: _foo   Referenced from: /…/libmlx.dylib (which was built for Mac OS X 13.3)   Expected in: /…
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL,
        "Symbol not found: ",
        r"Symbol not found: (?P<symbol>[^\s,]+)(?: Referenced from: (?:<[^>\n]{1,80}> )?'?(?P<needed_by>[^\s']+)'?)?"
        r"(?: \((?:built|which was built) for (?:macOS|Mac OS X) (?P<macos>\d{1,2}(?:\.\d{1,2}){0,2})"
        r"(?P<newer> which is newer than running OS)?\))?"
        r"(?: Expected in: (?:<[^>\n]{1,80}> )?'?(?P<library>[^\s']+)'?)?",
        refine=_symbol,
        lines=3,
    ),
    # Error relocating /…/_multiarray.so: __memcpy_chk: symbol not found (musl)
    Pattern(
        SymptomKind.UNDEFINED_SYMBOL, "Error relocating ", r"Error relocating (?P<needed_by>[^\s:]+): (?P<symbol>[^\s:]+): symbol not found"
    ),
    # ImportError: DLL load failed while importing _pywrap_tensorflow_internal: The specified module could not be found.
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "DLL load failed",
        rf"{SENTENCE}DLL load failed(?: while importing (?P<module>[\w.]+))?: (?:(?P<other_architecture>%1)"
        r"|(?P<no_procedure>The specified procedure could not be found)|\S)",
        refine=_not_valid,
        subject="",
    ),
    # OSError: [WinError 126] … Error loading "C:\…\torch\lib\fbgemm.dll" or one of its dependencies.
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "[WinError ",
        r"\[WinError (?P<code>126|127|182|193|998|1114)\](?:[^\n]{0,400}?Error loading \\?\"?(?P<library>[^\"\n]{1,400}?)\\?\")?",
        refine=_windows_library,
    ),
    # The second half alone, where the first is cut off or left out: Error loading "C:\…\torch\lib\fbgemm.dll" or one of its dependencies.
    Pattern(
        SymptomKind.DLL_LOAD_FAILED, "or one of its dependencies.", r"loading .(?P<library>[^\n\"]{1,400}?\.dll). or one of", generic=True
    ),
    # ImportError: Could not find the DLL(s) 'msvcp140.dll or msvcp140_1.dll'. TensorFlow requires that these DLLs be installed
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "Could not find ",
        r"Could not find (?:the DLL\(s\) )?'(?P<library>[\w.-]+\.dll)(?: or [\w. -]{1,100})?'\. TensorFlow requires",
        subject="tensorflow",
    ),
    # Microsoft Visual C++ Redistributable is not installed, this may lead to the DLL load failure.
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "Microsoft Visual C++ Redistributable is not installed",
        r"Microsoft Visual C\+\+ Redistributable is not installed",
        {"library": "vcruntime140.dll"},
        subject="torch",
    ),
    # The code execution cannot proceed because VCRUNTIME140_1.dll was not found.
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        ".dll was not found",
        r"\b(?P<library>(?:[Vv][Cc][Rr][Uu][Nn]|[Mm][Ss][Vv][Cc][Pp]|[Ll][Ii][Bb][Oo][Mm][Pp])[\w.-]*\.dll) was not found",
    ),
    # FileNotFoundError: Could not find module 'C:\\…\\lib_lightgbm.dll' (or one of its dependencies). Try using the full path with …
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "(or one of its dependencies). Try using the full path",
        r"Could not find module '(?P<library>[^'\n]{1,400})' \(or one of its dependencies\)",
        {"code": "126"},
        refine=_windows_library,
    ),
    # LoadLibrary failed with error 126 "" when trying to load "C:\…\onnxruntime_providers_cuda.dll"
    Pattern(
        SymptomKind.DLL_LOAD_FAILED,
        "LoadLibrary failed with error ",
        r"LoadLibrary failed with error (?P<code>\d{1,5}) (?:\"[^\"\n]{0,200}\" )?when trying to load \"?(?P<library>[^\"\n]{1,400})",
        refine=_windows_library,
    ),
    # Could not locate zlibwapi.dll. Please make sure it is in your library path!
    Pattern(
        SymptomKind.DLL_LOAD_FAILED, "Could not locate ", r"Could not locate (?P<library>[\w.-]+\.dll)\. Please make sure it is in your"
    ),
    # Could not load library cudnn_cnn_infer64_8.dll. Error code 126
    Pattern(
        SymptomKind.DLL_LOAD_FAILED, ".dll. Error code ", r"Could not load library (?P<library>[\w.-]+\.dll)\. Error code (?P<code>\d{1,5})"
    ),
    # (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))
    Pattern(
        SymptomKind.WRONG_ARCHITECTURE,
        "incompatible architecture (have",
        r"(?:'(?P<library>/[^'\n]{1,400})' \(mach-o file, but is an )?incompatible architecture"
        r" \(have '?(?P<have>[\w,]+)'?, need '?(?P<need>\w+)",
    ),
    # Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /…/x.so)    (musl, of a file for glibc)
    Pattern(
        SymptomKind.WRONG_ARCHITECTURE,
        "Error loading shared library ld-linux",
        r"Error loading shared library ld-linux[\w.-]{1,40}: No such file or directory \(needed by (?P<library>[^)\n]{1,400})\)",
        {"have": "glibc", "need": "musl"},
    ),
    # Error loading shared library libgomp.so.1: No such file or directory (needed by /…/_lightgbm.so)    (musl)
    Pattern(
        SymptomKind.LIBRARY_NOT_FOUND,
        "Error loading shared library lib",
        r"Error loading shared library (?P<library>lib[\w.+-]{1,80}): (?P<reason>No such file or directory) "
        r"\(needed by (?P<needed_by>[^)\n]{1,400})\)",
    ),
    # ImportError: /…/_C.so: wrong ELF class: ELFCLASS32
    Pattern(SymptomKind.WRONG_ARCHITECTURE, ": wrong ELF class: ", rf"(?P<library>{_LIBRARY}): wrong ELF class: (?P<have>ELFCLASS\d+)"),
    Pattern(SymptomKind.WRONG_ARCHITECTURE, ": invalid ELF header", rf"(?P<library>{_LIBRARY}\.so[\w.]*): invalid ELF header"),
)
