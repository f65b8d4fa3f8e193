from envcheck.parsers.cuda.cuda_version_file import parse_cuda_header, parse_cuda_manifest_parts, parse_cuda_version_text, parse_nccl_header


def test_a_manifest_has_a_version_for_each_part() -> None:
    text = '{"cuda": {"name": "CUDA SDK", "version": "13.2.2"}, "libcublas": {"version": "13.4.1.3"}, "x": {"version": 3}, "y": "1.2"}'
    assert parse_cuda_manifest_parts(text) == {"cuda": "13.2.2", "libcublas": "13.4.1.3"}


def test_what_is_no_manifest_has_none() -> None:
    for text in ("", "{", "[1]", "[" * 100_000, '{"cuda": {"version": "latest"}}'):
        assert parse_cuda_manifest_parts(text) == {}


def test_the_text_of_older_toolkits() -> None:
    assert parse_cuda_version_text("CUDA Version 10.2.89\nCUDA Patch Version 10.2.1\n") == "10.2.89"
    assert parse_cuda_version_text("| NVIDIA-SMI 550  CUDA Version: 12.4 |") is None


def test_headers() -> None:
    assert parse_cuda_header("#ifndef X\n#define CUDA_VERSION 12040\n") == "12.4"
    assert parse_cuda_header("#define CUDART_VERSION  11080") == "11.8"
    assert parse_cuda_header("#define CUDA_API_PER_THREAD 1") is None
    assert parse_nccl_header("#define NCCL_MAJOR 2\n#define NCCL_MINOR 21\n#define NCCL_PATCH 5\n#define NCCL_SUFFIX") == "2.21.5"
    assert parse_nccl_header("#define NCCL_MAJOR 2") is None
