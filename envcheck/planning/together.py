"""Several packages in one environment: for each the newest build that goes together with the others, those named first before the rest."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from envcheck.choosing.build import Build, Impossible, Wishes
from envcheck.choosing.machine import Place, read_machine
from envcheck.facts.snapshot import Snapshot
from envcheck.planning.names import Member
from envcheck.planning.needs import Clash, find_clash
from envcheck.planning.options import WITH_DEVICES, best_build, options

# Combinations that are looked at before it is given up: real conflicts are found in the first few.
_MOST = 400


class Together(msgspec.Struct, frozen=True):
    """Builds that fit the machine and one another."""

    builds: tuple[Build, ...]
    place: Place


class Apart(msgspec.Struct, frozen=True):
    """Why there is no such set: a member that has no build at all (`alone`), or builds that do not go together (`clash`)."""

    alone: tuple[Member, Impossible] | None = None
    clash: Clash | None = None


class _Search(msgspec.Struct):
    facts: Snapshot
    wishes: Wishes
    bounded: bool
    place: Place
    left: int = _MOST
    alone: tuple[Member, Impossible] | None = None
    clash: Clash | None = None

    def extend(self, placed: tuple[Build, ...], members: tuple[Member, ...]) -> tuple[Build, ...] | None:
        """The builds with those of the members that are not placed yet."""
        if not members:
            return placed
        any_build = False
        for build in self._options(members[0]):
            any_build = True
            self.left -= 1
            clash = find_clash((*placed, build), self.place)
            if clash is None:
                found = self.extend((*placed, build), members[1:])
                if found is not None or self.alone is not None:
                    return found
            else:
                self.clash = self.clash or clash
            if self.left <= 0:
                return None
        if not any_build:
            self.alone = (members[0], self._why_none(members[0]))
        return None

    def _options(self, member: Member) -> Iterator[Build]:
        for name in member.alternatives:
            yield from options(self.facts, name, self._wishes(member, name))

    def _why_none(self, member: Member) -> Impossible:
        name = member.alternatives[0]
        answer = best_build(self.facts, name, self._wishes(member, name))
        return answer if isinstance(answer, Impossible) else Impossible(f"No build of {name} fits this machine.")

    def _wishes(self, member: Member, name: str) -> Wishes:
        wishes = self.wishes
        if name in WITH_DEVICES and member.device and not wishes.device and not wishes.cuda:
            wishes = replace(wishes, device=member.device)
        if not self.bounded or wishes.version:
            return wishes
        return replace(wishes, version=member.series, at_least=member.at_least, below=member.below)


def together(facts: Snapshot, members: tuple[Member, ...], wishes: Wishes, *, bounded: bool) -> Together | Apart:
    """The newest set; `bounded`: each within what its profile asks for. A wished version is that of the first member."""
    place = read_machine(facts, wishes).place
    search = _Search(facts, replace(wishes, version=""), bounded, place)
    first = _Search(facts, wishes, bounded, place) if wishes.version else search
    if first is search:
        builds = search.extend((), members)
        return Together(builds, place) if builds is not None else Apart(search.alone, search.clash)
    answer = first.extend((), members[:1])
    if answer is None:
        return Apart(first.alone, first.clash)
    builds = search.extend(answer, members[1:])
    return Together(builds, place) if builds is not None else Apart(search.alone, search.clash)
