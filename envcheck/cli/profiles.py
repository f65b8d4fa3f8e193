"""`envcheck profiles`: the profiles that come with envcheck, one of them in full, and a check of one's own file."""

import sys
from typing import TYPE_CHECKING

import click

from envcheck.cli.text_or_json import deliver_json, text_or_json

if TYPE_CHECKING:
    from envcheck.profiles.model import Check, Profile, Requirement
    from envcheck.rendering.page import Page


@click.group(invoke_without_command=True)
@click.pass_context
def profiles(context: click.Context) -> int:
    """List, show and check requirement profiles."""
    return _list("terminal") if context.invoked_subcommand is None else 0


@profiles.command("list")
@text_or_json
def list_profiles(*, format_: str) -> int:
    """The profiles that come with envcheck."""
    return _list(format_)


@profiles.command(short_help="All that a profile asks for, and why.")
@click.argument("name", metavar="NAME|FILE")
@text_or_json
def show(*, name: str, format_: str) -> int:
    """All that a profile asks for, its bases included, with the documents' words and what holds today."""
    from envcheck.cli.streams import deliver
    from envcheck.profiles.load import checks, load_profile, resolve

    profile = load_profile(name)
    requirements, own_checks = resolve([profile]), [check for check, _ in checks([profile])]
    if format_ == "json":
        deliver_json(_profile_data(profile, requirements, own_checks))
    else:
        deliver(_profile_text(profile, requirements, own_checks))
    return 0


@profiles.command(short_help="Check a profile of your own.")
@click.argument("file", metavar="FILE")
@text_or_json
def validate(*, file: str, format_: str) -> int:
    """Check a profile of your own: exit code 0, or 2 with what is wrong, where, and a suggestion."""
    from envcheck.cli.streams import deliver
    from envcheck.profiles.load import ProfileError, checks, load_profile, resolve
    from envcheck.rendering.quantities import counted

    try:
        profile = load_profile(file)
        requirements, own_checks = resolve([profile]), checks([profile])
    except ProfileError as error:
        if format_ != "json":
            raise
        fault = {"title": error.title, "hint": error.hint, "file": error.file, "line": error.line}
        deliver_json({"schema": "envcheck/profile-check/1", "valid": False, "error": fault})
        return 2
    own, total = len(profile.requirements), len(requirements)
    if format_ == "json":
        data = {"schema": "envcheck/profile-check/1", "valid": True, "name": profile.name, "requirements": own, "with_bases": total}
        deliver_json({**data, "checks": len(own_checks)})
    else:
        commands = f" {counted(len(own_checks), 'check')}, run with --allow-commands only." if own_checks else ""
        deliver(f"{profile.name} is valid: {counted(own, 'requirement')}, {total} with its bases.{commands}\n")
    return 0


def _list(format_: str) -> int:
    from envcheck.cli.streams import deliver
    from envcheck.profiles.load import shipped_profiles

    shipped = shipped_profiles()
    if format_ == "json":
        deliver_json({"schema": "envcheck/profiles/1", "profiles": [_entry(profile) for profile in shipped]})
    else:
        deliver(_list_text(shipped))
    return 0


def _entry(profile: "Profile") -> dict[str, object]:
    return {
        "name": profile.name,
        "title": profile.title,
        "description": profile.description,
        "extends": list(profile.extends),
        "frameworks": list(profile.frameworks),
    }


def _profile_data(profile: "Profile", requirements: "tuple[Requirement, ...]", checks: "list[Check]") -> dict[str, object]:
    """The profile as its file has it, with the requirements of its bases; `requirement` and `check` are the keys of the file, too."""
    import msgspec

    from envcheck.profiles.load import frameworks

    asked = [{**msgspec.to_builtins(entry), "asked": entry.asked, "required": entry.holds} for entry in requirements]
    data = {**_entry(profile), "frameworks": list(frameworks([profile]))}
    return {"schema": "envcheck/profile/1", **data, "path": profile.path, "requirement": asked, "check": msgspec.to_builtins(checks)}


def _list_text(shipped: "tuple[Profile, ...]") -> str:
    page = _page()
    width = max(len(profile.name) for profile in shipped)
    machines = [profile for profile in shipped if not _speaks_of_software(profile)]
    for title, members in (("Machines", machines), ("Frameworks and programs", [entry for entry in shipped if entry not in machines])):
        page.heading(title)
        for profile in members:
            page.entry(profile.name, profile.title, indent=2, column=width + 4)
    page.blank()
    page.paragraph(("What one of them asks for, and how a machine is judged by it:", "dim"))
    page.envcheck("profiles", "show", "deep-learning", indent=2)
    page.envcheck("doctor", "--profile", "deep-learning", indent=2)
    return page.text()


def _speaks_of_software(profile: "Profile") -> bool:
    """Whether it, or a base of it, asks for a program, or must have a package, or must not."""
    from envcheck.profiles.load import resolve
    from envcheck.profiles.model import Level, Operator

    for entry in resolve([profile]):
        binding = entry.level is Level.MUST or entry.operator is Operator.ABSENT
        if entry.fact.startswith("tools[") or (entry.fact.startswith("packages[") and binding):
            return True
    return False


def _profile_text(profile: "Profile", requirements: "tuple[Requirement, ...]", checks: "list[Check]") -> str:
    from envcheck.profiles.load import frameworks

    page = _page()
    page.paragraph((profile.name, "bold"), (f"  {profile.title}", ""))
    if profile.description:
        page.paragraph((profile.description, ""))
    if profile.extends:
        page.paragraph((f"Extends {', '.join(profile.extends)}.", "dim"))
    if imported := frameworks([profile]):
        page.paragraph((f"Imported: {', '.join(imported)}.", "dim"))
    for title, level in (("Needed", "must"), ("Recommended", "should"), ("Worth knowing", "hint")):
        of_level = [entry for entry in requirements if entry.level.value == level and entry.holds]
        _section(page, title, of_level, profile.name)
    _section(page, "No requirement any more", [entry for entry in requirements if not entry.holds], profile.name)
    _check_section(page, checks, profile.name)
    return page.text()


def _section(page: "Page", title: str, requirements: "list[Requirement]", name: str) -> None:
    if requirements:
        page.heading(title)
    for entry in requirements:
        base = f"  (from {entry.profile})" if entry.profile != name else ""
        page.paragraph((f"{entry.fact} {entry.operator.value} {entry.asked}".rstrip(), "bold"), (base, "dim"), indent=2, hanging=4)
        if entry.why:
            page.paragraph((entry.why, ""), indent=4)
        if entry.document is not None:
            where = ", ".join((f"{entry.document.file}:{entry.document.line}", *entry.document.also))
            page.paragraph((f"Document: {entry.document.says} ({where})", ""), indent=4)
        if entry.today is not None:
            page.paragraph((f"Today: {entry.today.says} ({entry.today.source})", ""), indent=4)


def _check_section(page: "Page", checks: "list[Check]", name: str) -> None:
    """Each command stands whole on a line of its own, as it can be typed; {python} is the examined interpreter."""
    from envcheck.rendering.shell import command_line

    if checks:
        page.heading("Checks: commands that are run with --allow-commands only")
    for check in checks:
        base = f"  (from {check.profile})" if check.profile != name else ""
        page.paragraph((check.name, "bold"), (f"  {check.level.value}{base}", "dim"), indent=2, hanging=4)
        if check.why:
            page.paragraph((check.why, ""), indent=4)
        page.command(command_line(check.command), indent=4)
        printed = f", and prints {', '.join(map(repr, check.output))}" if check.output else ""
        page.paragraph((f"Ends within {check.timeout:g} s with exit code {check.exit_code}{printed}.", "dim"), indent=4)


def _page() -> "Page":
    from envcheck.rendering.interface import options_for
    from envcheck.rendering.page import Page

    return Page(options_for(sys.stdout))
