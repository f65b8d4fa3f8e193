import pytest

from envcheck.parsers.containers.batch_job import job_of_groups, job_of_variables, parse_job_ad, system_of_clients


@pytest.mark.parametrize(
    ("variables", "job"),
    [
        ({"SLURM_JOB_ID": "15389"}, ("slurm", "15389")),
        ({"SLURM_JOBID": "7"}, ("slurm", "7")),
        ({"PBS_JOBID": "1234.head"}, ("pbs", "1234.head")),
        ({"LSB_JOBID": "99"}, ("lsf", "99")),
        ({"JOB_ID": "5", "SGE_ROOT": "/opt/sge"}, ("sge", "5")),
        ({"JOB_ID": "5"}, None),  # the name is anybody's
        ({"_CONDOR_SCRATCH_DIR": "/var/x"}, ("htcondor", None)),
        ({"SLURM_JOB_ID": ""}, None),
        ({"SLURM_CONF": "/etc/slurm.conf"}, None),
        ({}, None),
    ],
)
def test_variables_tell_the_job(variables: dict[str, str], job: tuple[str, str | None] | None) -> None:
    assert job_of_variables(variables) == job


@pytest.mark.parametrize(
    ("text", "job"),
    [
        ("0::/system.slice/slurmstepd.scope/job_15389/step_0/user/task_0\n", ("slurm", "15389")),
        ("4:memory:/slurm/uid_2008/job_15389/step_0\n", ("slurm", "15389")),
        ("4:memory:/slurm_node1/uid_2008/job_7\n", ("slurm", "7")),
        ("/uid_2008/job_15389/step_0\n", ("slurm", "15389")),
        ("0::/htcondor/condor_var_slot1_1@node\n", ("htcondor", None)),
        ("0::/user.slice/user-1000.slice/session-2.scope\n", None),
        ("0::/system.slice/job_5.service\n", None),
        ("", None),
    ],
)
def test_control_groups_tell_the_job_where_the_environment_was_cleared(text: str, job: tuple[str, str | None] | None) -> None:
    assert job_of_groups(text) == job


def test_the_number_of_an_htcondor_job_is_cluster_and_process() -> None:
    assert parse_job_ad('Owner = "me"\nClusterId = 1234\nProcId = 0\n') == "1234.0"
    assert parse_job_ad("ClusterId = 1234\n") is None


@pytest.mark.parametrize(
    ("programs", "system"),
    [
        ({"sbatch"}, "slurm"),
        ({"qsub"}, "pbs"),
        ({"qsub", "qhost"}, "sge"),
        ({"qhost"}, None),
        ({"sbatch", "qsub"}, "slurm"),  # Slurm brings a qsub of its own
        ({"condor_submit"}, "htcondor"),
        (set(), None),
    ],
)
def test_installed_programs_tell_the_system(programs: set[str], system: str | None) -> None:
    assert system_of_clients(programs) == system
