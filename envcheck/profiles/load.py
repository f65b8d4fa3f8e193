"""Profiles by name or path, with the bases that they extend, and what they ask for all together."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from envcheck.knowledge.versions import release
from envcheck.mistake import suggestion
from envcheck.profiles.bounds import parse_count, parse_size
from envcheck.profiles.error import ProfileError, shown
from envcheck.profiles.model import Check, Level, Operator, Profile, Requirement
from envcheck.profiles.parse import parse_profile
from envcheck.profiles.vocabulary import Kind, parse_fact
from envcheck.shipped import folder

__all__ = [
    "ProfileError",
    "chain",
    "checks",
    "frameworks",
    "hints",
    "is_shipped",
    "load_profile",
    "resolve",
    "shipped_names",
    "shipped_profiles",
]

MAX_BYTES = 2**20
MAX_DEPTH = 32
SUFFIX = ".toml"
# Its requirements are the hints of a run without --profile.
MINIMUM = "system-minimum"


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by its name, or one's own by the path of its file, its bases checked. Raises `ProfileError`."""
    profile = _read(_find(name_or_path))
    chain(profile)
    return profile


def shipped_names() -> tuple[str, ...]:
    """The names of the profiles that come with envcheck, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder("profiles").glob(f"*{SUFFIX}")))


def shipped_profiles() -> tuple[Profile, ...]:
    """All profiles that come with envcheck."""
    return tuple(_read(folder("profiles") / f"{name}{SUFFIX}") for name in shipped_names())


def chain(profile: Profile) -> tuple[Profile, ...]:
    """The profile's bases, the deepest first, and itself last; each once. Raises `ProfileError` for a missing base or a circle."""
    found: dict[Path, Profile] = {}
    _visit(profile, (), found)
    return tuple(found.values())


def frameworks(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """The import packages that the profiles and their bases want to see imported and smoke-tested."""
    return tuple(dict.fromkeys(name for profile in profiles for member in chain(profile) for name in member.frameworks))


def checks(profiles: Sequence[Profile]) -> tuple[tuple[Check, Profile], ...]:
    """The checks of the profiles and their bases, each with the profile whose file names it. Raises `ProfileError` for two of one name."""
    found: dict[str, tuple[Check, Profile]] = {}
    for member in dict.fromkeys(member for profile in profiles for member in chain(profile)):
        for check in member.checks:
            other = found.setdefault(check.key, (check, member))[1]
            if Path(other.path).resolve() != Path(member.path).resolve():
                title = f'Another profile "{member.name}" has a check "{check.name}", too.'
                raise ProfileError(
                    title, f"The other one is {shown(other.path, 300)}. Give one of them another name.", member.path, check.line
                )
    return tuple(found.values())


def is_shipped(profile: Profile) -> bool:
    """Whether it came with envcheck, and not from elsewhere."""
    return Path(profile.path).resolve().parent == folder("profiles").resolve()


def resolve(profiles: Sequence[Profile]) -> tuple[Requirement, ...]:
    """What all profiles and their bases require: of two requirements on one fact the stricter stands, duplicates are one.

    A stricter one that binds less (`should` 16 GB) does not replace a weaker one that binds more (`must` 8 GB): both stand.
    """
    everything = dict.fromkeys(entry for profile in profiles for member in chain(profile) for entry in member.requirements)
    standing: list[Requirement] = []
    for entry in everything:
        if any(_covers(other, entry) for other in standing):
            continue
        standing = [other for other in standing if not _covers(entry, other)]
        standing.append(entry)
    return tuple(standing)


def hints() -> tuple[Requirement, ...]:
    """The documents' minimum of a machine, as hints: what a run without --profile looks at."""
    minimum = _read(folder("profiles") / f"{MINIMUM}{SUFFIX}")
    return tuple(msgspec.structs.replace(entry, level=Level.HINT) for entry in minimum.requirements)


def _find(name_or_path: str, beside: Path | None = None) -> Path:
    """The file of a profile; a relative path of a base counts from the file that names it (`beside`)."""
    is_path = name_or_path.endswith(SUFFIX) or "/" in name_or_path or os.sep in name_or_path
    if is_path:
        return (beside.parent if beside is not None else Path()) / os.path.expanduser(name_or_path)  # noqa: PTH111 - pathlib raises where there is no home
    shipped = folder("profiles") / f"{name_or_path}{SUFFIX}"
    if name_or_path in shipped_names():
        return shipped
    if beside is None and _is_file(name_or_path):
        return Path(name_or_path)
    hint = _meant(name_or_path) or "`envcheck profiles` lists them; a profile of your own is named by the path of its file."
    raise ProfileError(f"There is no profile {shown(name_or_path)}.", hint)


def _is_file(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _meant(name: str) -> str:
    """The profile that somebody means who writes `sklearn` or `pytorhc`."""
    for profile in shipped_profiles():
        if name.lower() in (profile.name, *profile.frameworks[:1]) and name:
            return f'Did you mean "{profile.name}"?'
    return suggestion(name, shipped_names())


def _read(path: Path) -> Profile:
    return parse_profile(_text(path), str(path))


def _text(path: Path) -> str:
    shown_path = shown(str(path), 300)
    hint = "A profile is a TOML file; `envcheck profiles show system-minimum` shows one."
    try:
        # Looked at before it is opened: to open a pipe is to wait for its writer.
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise ProfileError(f"{shown_path} is {'a folder' if stat.S_ISDIR(mode) else 'no regular file'}.", hint)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        near = suggestion(path.stem, shipped_names())
        raise ProfileError(f"There is no file {shown_path}.", near or "`envcheck profiles` lists what comes with envcheck.") from None
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise ProfileError(f"{shown_path} cannot be read: {words}.", "Look at its permissions and its path.") from None
    if len(data) > MAX_BYTES:
        raise ProfileError(f"{shown_path} is larger than 1 MiB.", "No profile is; is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProfileError("The file is not UTF-8.", "Save it as UTF-8.", str(path), line) from None


def _visit(profile: Profile, above: tuple[Profile, ...], found: dict[Path, Profile]) -> None:
    """Adds the bases of a profile before itself; `above` are those that led here."""
    here = Path(profile.path).resolve()
    if here in found:
        return
    if len(above) > MAX_DEPTH:
        raise ProfileError(f"More than {MAX_DEPTH} profiles extend each other.", "Let them extend the last one directly.", profile.path)
    for name in profile.extends:
        try:
            path = _find(name, Path(profile.path))
            base = _read(path) if path.resolve() not in found else found[path.resolve()]
        except ProfileError as error:
            raise _in_base(error, profile) from None
        _check_circle(base, (*above, profile))
        _visit(base, (*above, profile), found)
    found[here] = profile


def _check_circle(base: Profile, above: tuple[Profile, ...]) -> None:
    paths = [Path(profile.path).resolve() for profile in above]
    target = Path(base.path).resolve()
    if target in paths:
        names = [profile.name for profile in above[paths.index(target) :]] + [base.name]
        last = above[-1]
        raise ProfileError(
            f"The profiles extend each other in a circle: {' → '.join(names)}.",
            f'Take "{base.name}" out of extends of one of them.',
            last.path,
            _line_of_extends(last),
        )


def _in_base(error: ProfileError, profile: Profile) -> ProfileError:
    """An error without a place of its own is placed where the base is named."""
    if error.file:
        return error
    return ProfileError(error.title, error.hint, profile.path, _line_of_extends(profile))


def _line_of_extends(profile: Profile) -> int:
    from envcheck.profiles.locate import line_of

    return line_of(_text(Path(profile.path)), "extends")


def _covers(one: Requirement, other: Requirement) -> bool:
    """Whether who meets the one has met the other, and the one binds no less."""
    if one.fact != other.fact or one.operator is not other.operator or one.level.rank > other.level.rank:
        return False
    if not one.holds or not other.holds:
        return one.holds is other.holds and one.asked == other.asked
    return one.asked == other.asked or _is_stricter(one, other)


def _is_stricter(one: Requirement, other: Requirement) -> bool:
    mine, its = _measure(one), _measure(other)
    if one.operator is Operator.AT_LEAST:
        return mine >= its
    return one.operator is Operator.AT_MOST and mine <= its


def _measure(requirement: Requirement) -> tuple[float, ...]:
    """The bound as numbers that can be compared."""
    fact = parse_fact(requirement.fact)
    if fact is not None and fact.kind is Kind.SIZE:
        return (parse_size(requirement.asked),)
    if fact is not None and fact.kind is Kind.COUNT:
        return (parse_count(requirement.asked),)
    numbers = release(requirement.asked)
    if requirement.operator is Operator.AT_MOST:
        return (*numbers, float("inf"))  # "<= 3" has room for 3.13
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers
