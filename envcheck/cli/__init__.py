"""The command line: one outer handler decides every exit code, and each command is imported when it is called."""

import contextlib
import gc
import sys
from importlib import import_module

import click

from envcheck import __version__
from envcheck.cli.streams import Undelivered, forget_stdout, open_missing, say
from envcheck.mistake import Mistake

WRONG_USE, BROKEN, INTERRUPTED = 2, 3, 130

# In the order in which they are shown: a command's name, its module, and its line of help.
_COMMANDS = {
    "doctor": ("doctor", "Examine this machine and its Python environment, and say what is wrong."),
    "diagnose": ("diagnose", "Judge a saved snapshot or a pasted report."),
    "facts": ("facts", "Print all that could be found out, as JSON."),
    "smoke": ("smoke", "Let frameworks compute, and say whether the numbers are right."),
    "plan": ("plan", "Tell what to install on this machine, with the commands for it."),
    "explain": ("explain", "Show the manual of a rule."),
    "rules": ("explain", "List every problem that envcheck knows."),
    "profiles": ("profiles", "List, show and check requirement profiles."),
    "schema": ("schema", "Print the JSON Schema of a report, a snapshot, a profile or a plan."),
}


class Commands(click.Group):
    """Knows its commands by name, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of their use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"envcheck.cli.{_COMMANDS[cmd_name][0]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion for a mistyped name."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            from envcheck.mistake import suggestion

            hint = suggestion(name, list(_COMMANDS))
            raise click.UsageError(f'No such command "{name}". {hint}'.rstrip(), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="envcheck", message="%(prog)s %(version)s")
@click.pass_context
def envcheck(ctx: click.Context) -> None:
    """A doctor for machine-learning environments: what is wrong, how it is known, what to run."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: list[str]) -> int:
    """The exit code of one call: 0, 1 and 3 are the command's own; 2 is a mistake of the user; 130 is Ctrl-C."""
    try:
        code = envcheck.main(arguments, prog_name="envcheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except Mistake as mistake:
        say(*mistake.lines())
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted.")
        return INTERRUPTED
    except Undelivered as error:
        say(str(error))
        return BROKEN
    except BrokenPipeError:
        forget_stdout()
        return 0
    except MemoryError:
        say("There is not enough memory for envcheck itself.")
        return BROKEN
    except Exception as error:  # noqa: BLE001 - the last line of defence: nobody is shown a traceback
        say(
            f"envcheck itself broke: {type(error).__name__}: {error}",
            "This is a bug of envcheck. ENVCHECK_TRACEBACK=1 shows where it happened.",
        )
        _show_traceback()
        return BROKEN
    return code if isinstance(code, int) else 0


def main() -> None:
    """The `envcheck` command."""
    # A short-lived program that makes few circles: a tenth of the start-up went into looking for them.
    gc.set_threshold(100_000)
    open_missing()
    code = run(sys.argv[1:])
    if "signal" in sys.modules:  # the report is out: a late Ctrl-C is not to change the exit code while the interpreter ends
        import signal

        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if sys.stdout is not None:  # None where it was closed from the start
            sys.stdout.flush()
    except (OSError, ValueError):
        forget_stdout()
    gc.freeze()  # or the interpreter would look through all modules for circles before it ends: a fifth of the whole run
    sys.exit(code)


def _show_traceback() -> None:
    import os
    import traceback

    if os.environ.get("ENVCHECK_TRACEBACK"):
        traceback.print_exc()
