"""CUDA's errors by their numbers, in the words of single programs: deviceQuery, Numba, TensorRT, Caffe, Blender, Ollama, CUDA's samples."""

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.cuda import numbered
from envcheck.messages.pattern import Pattern

PATTERNS = (
    # numba.cuda.cudadrv.driver.CudaAPIError: [999] Call to cuInit results in UNKNOWN_CUDA_ERROR
    Pattern(
        SymptomKind.CUDA_ERROR,
        "Call to cu",
        r"\[(?P<code>\d{1,3})\] Call to cu\w{3,40} results in ",
        refine=numbered,
        subject="numba",
    ),
    # CUDA error at bandwidthTest.cu:256 code=802(cudaErrorSystemNotReady) "cudaSetDevice(currentDevice)"
    Pattern(
        SymptomKind.CUDA_ERROR,
        "CUDA error at ",
        r"CUDA error at [^\n]{1,200}:\d{1,6} code=(?P<code>3|34|35|36|46|98|100|101|20[09]|214|218|222|304|700|719|80[2-5]|999)\(cudaError",
        refine=numbered,
    ),
    # cuInit failed with error code 803    cuda driver library failed to get device context 999
    Pattern(
        SymptomKind.CUDA_ERROR,
        "cuInit failed with ",
        r"cuInit failed with (?:error|code)(?: code)?:? (?P<code>[1-9]\d{0,2})\b",
        refine=numbered,
    ),
    Pattern(
        SymptomKind.CUDA_ERROR,
        "failed to get device context ",
        r"cuda driver library failed to get device context (?P<code>[1-9]\d{0,2})\b",
        refine=numbered,
        subject="ollama",
    ),
    # CUDA initialization failure with error: 999. Please check your CUDA installation
    Pattern(
        SymptomKind.CUDA_ERROR,
        "CUDA initialization failure with error",
        r"CUDA initialization failure with error:? (?P<code>\d{1,3})\b",
        refine=numbered,
        subject="tensorrt",
    ),
    # CUDA cuInit: Unknown error    CUDA cuInit error (Unknown error)
    Pattern(
        SymptomKind.CUDA_ERROR,
        "cuInit",
        r"CUDA cuInit(?: error)?:? \(?Unknown error",
        {"code": "999", "name": "cudaErrorUnknown"},
        subject="blender",
    ),
    # CUDA fails to initialize: UNKNOWN_ERROR(999)
    Pattern(
        SymptomKind.CUDA_ERROR,
        "UNKNOWN_ERROR",
        r"CUDA [^\n]{1,60}\bUNKNOWN_ERROR ?\(9{2,3}\)",
        {"code": "999", "name": "cudaErrorUnknown"},
    ),
    # Check failed: error == cudaSuccess (30 vs. 0) unknown error    (30 before CUDA 10.1)
    Pattern(
        SymptomKind.CUDA_ERROR,
        "error == cudaSuccess (",
        r"error == cudaSuccess \((?:30|999) vs\. 0\) unknown error",
        {"code": "999", "name": "cudaErrorUnknown"},
        subject="caffe",
    ),
    # cudaGetDeviceCount returned 999 -> unknown error    (30 before CUDA 10.1)
    Pattern(
        SymptomKind.CUDA_ERROR,
        "cudaGetDeviceCount returned ",
        r"cudaGetDeviceCount returned (?:999|30) -> unknown error",
        {"code": "999", "name": "cudaErrorUnknown"},
        subject="deviceQuery",
        lines=1,
    ),
    # cudaGetDeviceCount returned 802
    Pattern(
        SymptomKind.CUDA_ERROR,
        "cudaGetDeviceCount returned ",
        r"cudaGetDeviceCount returned (?P<code>35|100|80[2-4]|999)\b(?! ?->)",
        refine=numbered,
        subject="deviceQuery",
        lines=1,
    ),
    # cuda driver library init failure: 999. see https://…    (35 says no more than that there is no driver, or an old one)
    Pattern(
        SymptomKind.CUDA_ERROR,
        " init failure: ",
        r"(?:cuda driver library|nvcuda|cudart) init failure: (?P<code>100|80[2-4]|999|46)\b",
        refine=numbered,
        subject="ollama",
    ),
)
