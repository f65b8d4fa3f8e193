"""One process of several that add up what each of them has; started by processes.py as a child of its own kind.

Arguments: its rank, how many there are, the backend, the file by which they find each other, the device ("cpu", "cuda:1"), the seconds that
it waits for the others, and the sum that each should have in the end.
"""

FLOATS = 2**20


def main(channel, arguments):
    from envcheck_probes.smoke_steps.importing import details_of, words_of
    from envcheck_probes.smoke_steps.network import refuse_network

    refuse_network()
    try:
        _add_up(channel, *arguments)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        channel.said("torch", words_of(error), details_of(error))


def _add_up(channel, rank, count, backend, store, device, patience_s, total):
    from datetime import timedelta

    channel.stage("importing torch")
    import torch
    from torch import distributed

    channel.stage("joining the others")
    if device.startswith("cuda"):
        torch.cuda.set_device(device)
    timeout = timedelta(seconds=float(patience_s))
    found_by = distributed.FileStore(store, int(count))
    distributed.init_process_group(backend, store=found_by, rank=int(rank), world_size=int(count), timeout=timeout)
    numbers = torch.full((FLOATS,), float(rank) + 1.0, dtype=torch.float32, device=device)
    channel.stage("adding up")
    distributed.all_reduce(numbers)
    sums = numbers.to("cpu").tolist()
    channel.stage("leaving the others")
    distributed.destroy_process_group()
    wrong = (value for value in sums if value != float(total))
    channel.fact("sums", [len(sums), next(wrong, float(total))], "how many, and the first that is wrong")
