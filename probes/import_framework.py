"""Imports one framework and says how far it got: a heavy child, the first thing in it that touches the framework.

Arguments: the import package's name.
"""


def main(channel, arguments):
    from envcheck_probes.smoke_steps.importing import import_and_tell

    import_and_tell(channel, arguments[0])
