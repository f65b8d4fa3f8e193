"""What programs say that is no matter of the environment: of their own data and code, of an account, of a service on the network.

Only sentences that a library prints, with the exception's name where the sentence is one that people write too.
"""

import re

from envcheck.facts.symptoms import SymptomKind
from envcheck.messages.pattern import Details, Pattern
from envcheck.parsers.expression import regex

# What a program reads as data, not what an installation consists of.
_DATA = (
    r"(?:csv|tsv|jsonl?|parquet|ya?ml|txt|npy|npz|h5|hdf5|pkl|pickle|pth?|ckpt|safetensors|onnx|gguf|bin|jpe?g|png|bmp|tiff?|wav|mp3|flac|mp4"
    r"|avi|mat|xml|toml|ini|cfg|zip|tar|tgz|gz|feather|arrow|tfrecord|idx|nii|dcm)"
)
_NOT_DATA = regex(r"site-packages|dist-packages|[/\\]pip-|setup\.cfg|pyproject\.toml|requirements\.txt|\.dist-info|[/\\]conda[/\\]")


def _data_file(_match: re.Match[str], details: Details) -> Details | None:
    return None if _NOT_DATA.search(details.get("message", "")) else details


def _service(match: re.Match[str], details: Details) -> Details | None:
    """The server, by its address or by an exception that is the hub's own."""
    server = details.get("service", "")
    of_hub = "huggingface." in server or (not server and "HTTPError" not in match[0].partition(":")[0].replace("HfHubHTTPError", ""))
    return {**details, "service": "Hugging Face Hub"} if of_hub else details


def _says(what: str, anchor: str, expression: str, subject: str = "torch", lines: int = 0) -> Pattern:
    """A sentence of one library about what it was given."""
    return Pattern(SymptomKind.PROGRAM_ERROR, anchor, expression, {"what": what}, subject=subject, lines=lines)


PATTERNS = (
    # RuntimeError: mat1 and mat2 shapes cannot be multiplied (32x512 and 256x10)
    _says(
        "shapes", " shapes cannot be multiplied", r"(?P<message>mat1 and mat2 shapes cannot be multiplied \([\dx]{1,40} and [\dx]{1,40}\))"
    ),
    # RuntimeError: The size of tensor a (64) must match the size of tensor b (32) at non-singleton dimension 1
    _says(
        "shapes",
        " must match the size of tensor ",
        r"(?P<message>The size of tensor \w+ \(\d+\) must match the size of tensor \w+ \(\d+\) at non-singleton dimension \d+)",
    ),
    # RuntimeError: Given groups=1, weight of size [64, 3, 7, 7], expected input[1, 1, 224, 224] to have 3 channels, but got 1 instead
    _says("shapes", "Given groups=", r"(?P<message>Given groups=\d+, (?:expected )?weight (?:of size|to be) [^\n]{1,200})"),
    _says("shapes", "shape '[", r"(?P<message>shape '\[[-\d, ]{1,80}\]' is invalid for input of size \d+)"),
    # ValueError: Input 0 of layer "dense" is incompatible with the layer: expected axis -1 of input shape to have value 784, but received …
    _says(
        "shapes",
        " is incompatible with the layer: ",
        r"(?P<message>Input \d+ of layer \"?[\w/]{1,80}\"? is incompatible with the layer: [^\n]{1,200})",
        "keras",
    ),
    # ValueError: operands could not be broadcast together with shapes (3,) (4,)
    _says(
        "shapes", "operands could not be broadcast together", r"(?P<message>operands could not be broadcast together[^\n]{0,120})", "numpy"
    ),
    # RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!
    _says(
        "devices",
        "Expected all tensors to be on the same device",
        r"(?P<message>Expected all tensors to be on the same device, but (?:found at least two devices|got \w+ is on)[^\n]{1,160})",
    ),
    # RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same
    _says("devices", " and weight type (", r"(?P<message>Input type \([\w.]{1,60}\) and weight type \([\w.]{1,60}\) should be the same)"),
    # RuntimeError: expected scalar type Half but found Float    mat1 and mat2 must have the same dtype, but got Half and Float
    _says("types", "expected scalar type ", r"(?P<message>expected scalar type \w+ but found \w+)"),
    _says("types", " must have the same dtype", r"(?P<message>mat1 and mat2 must have the same dtype[^\n]{0,60})"),
    # RuntimeError: Error(s) in loading state_dict for ResNet:
    _says("weights", "Error(s) in loading state_dict for ", r"(?P<message>Error\(s\) in loading state_dict for \w{1,100})"),
    # RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
    _says(
        "gradient",
        " of tensors does not require grad",
        r"(?P<message>element \d+ of tensors does not require grad and does not have a grad_fn)",
    ),
    _says(
        "gradient", "Trying to backward through the graph a second time", r"(?P<message>Trying to backward through the graph a second time)"
    ),
    _says(
        "gradient",
        "has been modified by an inplace operation",
        r"(?P<message>one of the variables needed for gradient computation has been modified by an inplace operation)",
    ),
    # RuntimeError: Function 'MseLossBackward0' returned nan values in its 0th output.
    _says("nan", " returned nan values in its ", r"(?P<message>Function '\w{1,80}' returned nan values in its \d+th output)"),
    # Loss is nan, stopping training    Loss is NaN, stopping training    (the reference training programs of torchvision and others)
    *(
        _says("nan", f"Loss is {nan}, stopping training", rf"(?P<message>Loss is {nan}, stopping training)")
        for nan in ("nan", "NaN", "NAN")
    ),
    # ValueError: Input contains NaN, infinity or a value too large for dtype('float64').    ValueError: Input X contains NaN.
    _says("nan", " contains NaN", r"ValueError: (?P<message>Input (?:[Xy] )?contains NaN)", "sklearn"),
    # IndexError: Target 10 is out of bounds.
    _says("label", " is out of bounds.", r"IndexError: (?P<message>Target -?\d+ is out of bounds)"),
    # RuntimeError: CUDA error: device-side assert triggered    …/Loss.cu:250: …: Assertion `t >= 0 && t < n_classes` failed
    _says("device assert", "device-side assert triggered", r"(?:CUDA|HIP) (?:kernel )?error: (?P<message>device-side assert triggered)"),
    _says("device assert", "CUDA_ERROR_ASSERT", r"CUDA_ERROR_ASSERT: (?P<message>device-side assert triggered)", ""),
    _says(
        "label",
        "Assertion `",
        r"(?:block: \[\d+,\d+,\d+\], thread: \[\d+,\d+,\d+\] |void \w[^\n]{1,300}: |\b\w{1,60}: )Assertion "
        r"`(?P<message>t >= 0 && t < n_classes"
        r"|srcIndex < srcSelectDimSize|-sizes\[i\] <= index && index < sizes\[i\][^`\n]{0,60}"
        r"|idx_dim >= 0 && idx_dim < index_size[^`\n]{0,60}"
        r"|input_val >= zero && input_val <= one|index >= -sizes\[i\] && index < sizes\[i\][^`\n]{0,60})` failed",
    ),
    # FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'
    Pattern(
        SymptomKind.PROGRAM_ERROR,
        "FileNotFoundError: ",
        rf"FileNotFoundError: \[Errno 2\] No such file or directory: (?P<message>'[^'\n]{{1,300}}\.{_DATA}'|\"[^\"\n]{{1,300}}\.{_DATA}\")",
        {"what": "file"},
        refine=_data_file,
    ),
    # OSError: [Errno 122] Disk quota exceeded: '/home/me/.cache/…'
    _says("quota", "Disk quota exceeded", r"(?:\[Errno 122\] |os error 122\W{0,3}|: )(?P<message>Disk quota exceeded)", ""),
    # huggingface_hub.errors.GatedRepoError: 403 Client Error.    OSError: You are trying to access a gated repo.
    Pattern(
        SymptomKind.ACCESS_REFUSED,
        " Client Error",
        r"(?:GatedRepoError|RepositoryNotFoundError|HfHubHTTPError|HTTPError|BadRequestError|EntryNotFoundError): "
        r"(?P<code>40[0134]|429) Client Error(?:: (?P<reason>[A-Z][A-Za-z ]{1,40}?) for url: https?://(?P<service>[\w.-]{1,80}))?",
        refine=_service,
        lines=1,
    ),
    Pattern(
        SymptomKind.ACCESS_REFUSED,
        "You are trying to access a gated repo",
        r"(?:OSError|EnvironmentError): You are trying to access a gated repo\.",
        {"service": "Hugging Face Hub", "reason": "gated"},
        subject="transformers",
    ),
    Pattern(
        SymptomKind.ACCESS_REFUSED,
        "Cannot access gated repo for url ",
        r"Cannot access gated repo for url https://\S{1,200}",
        {"service": "Hugging Face Hub", "reason": "gated"},
        subject="huggingface_hub",
    ),
    # OSError: meta-llama/X is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'
    Pattern(
        SymptomKind.ACCESS_REFUSED,
        "is not a valid model identifier listed on ",
        r"is not a local folder and is not a valid model identifier listed on 'https://(?:www\.)?huggingface\.co/models'",
        {"service": "Hugging Face Hub", "reason": "no such model, or a private one"},
        subject="transformers",
    ),
    # OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        "We couldn't connect to 'https://huggingface.co'",
        r"We couldn't connect to '(?P<url>https://huggingface\.co)'",
        {"reason": "no connection"},
        subject="transformers",
    ),
    # huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub …
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        "LocalEntryNotFoundError: ",
        r"LocalEntryNotFoundError: (?:An error happened|Cannot find an appropriate|Connection error|There is no)",
        {"reason": "no connection"},
        subject="huggingface_hub",
    ),
    # requests.exceptions.SSLError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: …
    Pattern(
        SymptomKind.DOWNLOAD_FAILED,
        "HTTPSConnectionPool(host='",
        r"(?P<reason>SSLError|ProxyError|ConnectTimeout|ReadTimeout|ReadTimeoutError|ConnectionError|ConnectTimeoutError|MaxRetryError): "
        r"(?:\([^\n]{0,40})?HTTPSConnectionPool\(host='(?P<url>[\w.-]{1,80})'",
    ),
)
