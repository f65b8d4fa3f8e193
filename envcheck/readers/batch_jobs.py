"""The job of a cluster that a text was printed in: its variables, or a script and a command that ask the batch system for no GPU."""

import re
from collections.abc import Iterator

from envcheck.facts.claims import Claim, Evidence, Trust
from envcheck.parsers.containers.batch_job import job_of_variables
from envcheck.parsers.expression import regex
from envcheck.readers.interface import Text

_VARIABLE = regex(r"^\s*(?:export |declare -x )?(?P<name>[A-Z_]{4,20}JOB_?ID)=[\"']?(?P<value>[\w.\[\]-]{1,60})[\"']?\s*$")
# #SBATCH --cpus-per-task=8    #PBS -l nodes=1    #BSUB -q normal
_DIRECTIVE = regex(r"^\s*#(?P<word>SBATCH|PBS|BSUB)\s+-")
# srun -p gpu --pty bash    salloc --mem=8G: whoever gets a shell so is in the job
_INTERACTIVE = regex(r"(?:^|[$#%>\]]\s{0,3})(?P<words>srun\s[^\n|;]{0,300}--pty\b[^\n]{0,60}|salloc(?:\s[^\n]{0,300})?)$")
_SYSTEMS = {"SBATCH": "slurm", "PBS": "pbs", "BSUB": "lsf"}
_ASKS = regex(r"\bgpus?\b|-G[ \d]|\bgres\b|ngpus|--gpu|SLURM_GPUS|SLURM_JOB_GPUS=\d", re.IGNORECASE)
_PARTITION = regex(r"(?:--partition|-p|-q|--qos|--account|-A|-J|--job-name|-o|-e|--output|--error)[= ]\s{0,3}\S+")
_LONGEST = 400


class BatchJobReader:
    """Reads Slurm's, PBS's and LSF's words; a job that asked for a GPU is told by its number only."""

    name = "batch job"

    def recognises(self, text: Text) -> bool:
        """By a word of one of the batch systems."""
        return any(
            "JOB" in line or "#SBATCH" in line or "#PBS" in line or "#BSUB" in line or "srun" in line or "salloc" in line
            for line in text.lines
        )

    def read(self, text: Text) -> Evidence:
        """The number where a variable has it, else the words by which the job was asked for."""
        return Evidence(claims=[*_numbered(text)] or [*_asked(text)])


def _numbered(text: Text) -> Iterator[Claim]:
    for index, line in enumerate(text.lines):
        found = _VARIABLE.match(line) if "JOB" in line and len(line) < _LONGEST else None
        job = job_of_variables({found["name"]: found["value"]}) if found else None
        if job is not None:
            yield text.claim("system.scheduler", job[0], index)
            yield text.claim("system.job", job[1], index)
            return


def _asked(text: Text) -> Iterator[Claim]:
    requests = [(index, request) for index, line in enumerate(text.lines) if (request := _request(line))]
    if not requests or any(_ASKS.search(_PARTITION.sub("", words)) for _, (_, words) in requests):
        return
    index, (system, words) = requests[0]
    yield text.claim("system.scheduler", system, index, Trust.MENTIONED)
    yield text.claim("system.job", words, index, Trust.MENTIONED)


def _request(line: str) -> tuple[str, str] | None:
    """The batch system and the words of one request."""
    if len(line) > _LONGEST:
        return None
    directive = _DIRECTIVE.match(line)
    if directive:
        return _SYSTEMS[directive["word"]], line.strip()
    command = _INTERACTIVE.search(line.strip()) if "srun" in line or "salloc" in line else None
    return ("slurm", command["words"]) if command else None
