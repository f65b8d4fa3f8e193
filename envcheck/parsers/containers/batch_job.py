"""Batch systems of clusters: the job that a process is in, by its environment or by its control group."""

from __future__ import annotations

import re

from envcheck.parsers.expression import regex

# The variable that holds the job's number, and those of which one must be there too because the name alone is anybody's.
_JOBS = (
    ("slurm", "SLURM_JOB_ID", ()),
    ("slurm", "SLURM_JOBID", ()),
    ("pbs", "PBS_JOBID", ()),
    ("lsf", "LSB_JOBID", ()),
    ("flux", "FLUX_JOB_ID", ()),
    ("cobalt", "COBALT_JOBID", ()),
    ("oar", "OAR_JOB_ID", ()),
    ("oar", "OAR_JOBID", ()),
    ("pjm", "PJM_JOBID", ()),
    ("sge", "JOB_ID", ("SGE_ROOT", "SGE_TASK_ID", "PE_HOSTFILE", "SGE_CELL")),
)
# The program that hands in jobs; qsub belongs to PBS and to Grid Engine, each of which has a program that the other has not.
CLIENTS = {"sbatch": "slurm", "bsub": "lsf", "condor_submit": "htcondor", "qsub": "pbs", "qhost": "sge", "oarsub": "oar", "pjsub": "pjm"}
# The daemon that runs jobs: where it runs, the machine is a node for computing, whatever else it may be.
DAEMONS = ("slurmd", "pbs_mom", "sbatchd", "condor_startd", "sge_execd")

_SLURM_GROUP = regex(r"/(?:slurm|slurmstepd\.scope|uid_\d+)(?:/[^/\n]+)*?/job_(\d+)(?:/|$)", re.MULTILINE)
_HTCONDOR_GROUP = regex(r"/(?:htcondor|condor)/[^/\n]*slot")
_CLUSTER = regex(r"^ClusterId\s*=\s*(\d{1,12})\s*$", re.MULTILINE | re.IGNORECASE)
_PROCESS = regex(r"^ProcId\s*=\s*(\d{1,12})\s*$", re.MULTILINE | re.IGNORECASE)
_LONGEST = 100


def job_of_variables(variables: dict[str, str]) -> tuple[str, str | None] | None:
    """The batch system and the job's number by the environment; the number of an HTCondor job stands in a file (see parse_job_ad)."""
    for system, name, company in _JOBS:
        number = variables.get(name, "").strip()
        if number and (not company or any(variables.get(other) for other in company)):
            return system, number[:_LONGEST]
    return ("htcondor", None) if variables.get("_CONDOR_JOB_AD") or variables.get("_CONDOR_SCRATCH_DIR") else None


def job_of_groups(text: str) -> tuple[str, str | None] | None:
    """The job by /proc/self/cgroup or /proc/self/cpuset, which hold also where the environment was cleared (ssh, sudo).

    0::/system.slice/slurmstepd.scope/job_15389/step_0/user/task_0
    4:memory:/slurm/uid_2008/job_15389/step_0
    """
    found = _SLURM_GROUP.search(text)
    if found:
        return "slurm", found[1]
    return ("htcondor", None) if _HTCONDOR_GROUP.search(text) else None


def parse_job_ad(text: str) -> str | None:
    """The number of an HTCondor job, out of the file that _CONDOR_JOB_AD names: `ClusterId = 1234`, `ProcId = 0` → 1234.0."""
    cluster, process = _CLUSTER.search(text), _PROCESS.search(text)
    return f"{cluster[1]}.{process[1]}" if cluster and process else None


def system_of_clients(programs: set[str]) -> str | None:
    """The batch system whose programs are installed; qhost next to qsub is Grid Engine's."""
    if "qhost" in programs:
        return "sge" if "qsub" in programs else None
    return next((system for program, system in CLIENTS.items() if program in programs), None)
