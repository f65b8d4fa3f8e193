"""Runs several quick probes in one process, one after the other: a start of the interpreter costs more than most of them.

Arguments: `NAME [ARGUMENT ...] --next NAME [ARGUMENT ...] …`. Each is told as finished once it is; what a crash or a hang leaves
unfinished is run again by the parent, each in a process of its own.
"""

NEXT = "--next"
FINISHED = "finished "


def main(channel, arguments):
    for name, own in split(arguments):
        channel.stage(name)
        program = __import__("envcheck_probes." + name, fromlist=["main"])
        program.main(channel, own)
        channel.stage(FINISHED + name)


def split(arguments):
    """`["host", "--next", "tools", "quick"]` → `[("host", []), ("tools", ["quick"])]`."""
    groups = [[]]
    for argument in arguments:
        if argument == NEXT:
            groups.append([])
        else:
            groups[-1].append(argument)
    return [(group[0], group[1:]) for group in groups if group]
