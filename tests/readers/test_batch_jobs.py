"""The job of a cluster, by its variables or by how it was asked for."""

import pytest

from envcheck.facts.snapshot import known
from envcheck.readers.read import read_text


@pytest.mark.parametrize(
    ("text", "scheduler", "job"),
    [
        ("SLURM_JOB_ID=4711", "slurm", "4711"),
        ("export PBS_JOBID=12.server", "pbs", "12.server"),
        ("#SBATCH --mem=8G\nsrun python x.py", "slurm", "#SBATCH --mem=8G"),
        ("#SBATCH --partition=gpu\n#SBATCH -c 4", "slurm", "#SBATCH --partition=gpu"),  # a partition is no GPU
        ("[me@login ~]$ srun -p gpu --pty bash", "slurm", "srun -p gpu --pty bash"),
        ("#SBATCH --mem=8G\n#SBATCH --gres=gpu:1", "", ""),
        ("$ srun --gpus=1 --pty bash", "", ""),
        ("$ salloc -G 1", "", ""),
        ("JOB_ID=7", "", ""),  # anybody's name
        ("Submitted batch job 812311", "", ""),
        ("squeue --me", "", ""),
    ],
)
def test_a_job_without_a_gpu_is_known_by_its_words(text: str, scheduler: str, job: str):
    system = read_text(text).system
    assert (known(system.scheduler, ""), known(system.job, "")) == (scheduler, job)
