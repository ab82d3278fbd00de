"""A viewer: who is looking, which places they may see, and what they may do where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from access.roles import ACTS, FOLLOWING_UP, LOADING, SAMPLING, Act
from store.scope import Scope
from store.settings import beyond_loopback, read_only, setting

NOWHERE = Scope(())
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking at the pages of one county.

    ``subject`` is what the way in and the audit call them, ``name`` what people do. ``scopes`` are
    the places of the county in which they may do each act; what is not there they may nowhere.
    ``known`` is false of whoever merely reached the server: there is no login.
    """

    subject: str
    name: str
    county: str
    scopes: Mapping[Act, Scope] = field(default_factory=dict, hash=False)
    known: bool = True

    @classmethod
    def of(
        cls,
        subject: str,
        name: str,
        county: str,
        scopes: Mapping[Act, Scope],
        *,
        known: bool = True,
    ) -> Viewer:
        """A viewer whose rights are held to the county."""
        held = {act: scope.narrowed(county) for act, scope in scopes.items()}
        return cls(subject, name, county, {a: s for a, s in held.items() if s.codes}, known)

    def narrowed(self, places: Scope) -> Viewer:
        """The same, who sees what of their own lies in these places; what they may do there stays.

        Nobody gains by it: every act is asked of what is seen.
        """
        seen = self.scope.within(places)
        scopes: dict[Act, Scope] = {a: s for a, s in self.scopes.items() if a != "see"}
        if seen.codes:
            scopes["see"] = seen
        return replace(self, scopes=scopes)

    @property
    def scope(self) -> Scope:
        """The places whose numbers and households they see."""
        return self.where("see")

    def where(self, act: Act) -> Scope:
        """The places in which they may do it."""
        return self.scopes.get(act, NOWHERE)

    def may(self, act: Act, region_code: str | None = None) -> bool:
        """Whether they may do it in the whole of a region, by default in all that they see."""
        codes = self.scope.codes if region_code is None else (region_code,)
        return bool(codes) and all(self.where(act).contains(code) for code in codes)

    @property
    def finds(self) -> bool:
        """Whether they find people by whole name or number, not by the start of a code alone."""
        return self.may("find")

    @property
    def loads(self) -> bool:
        """Whether they load files, go back to an earlier snapshot and take refused rows out whole:
        these are of the whole county."""
        return self.may("load", self.county) and self.may("refused_rows", self.county)

    def root(self) -> str:
        """The smallest place that holds all they see: their pages begin with it."""
        codes = self.scope.codes
        found = {code[:length] for length in (12, 9) for code in codes if len(code) >= length}
        common = [each for each in found if all(code.startswith(each) for code in codes)]
        return max(common, key=len, default=self.county)


def demo_viewer(county_code: str, *, invented: bool = False) -> Viewer:
    """Whoever reaches a server without a login: the whole county, personal columns masked.

    They load files too, where the server is not read-only, and follow findings up where all people
    are ``invented`` and nobody else reaches it. They find people by their whole name
    where that is set, or where all people are ``invented`` and nobody else reaches the server;
    there everything else is open to them as well.
    """
    said: bool | None = setting("TAIZHANG_WHOLE_SEARCH")
    alone = invented and not beyond_loopback()
    acts: set[Act] = set(ACTS) if alone else {"see", "export"}
    acts -= {"find", *LOADING}
    acts -= FOLLOWING_UP | SAMPLING if read_only() else frozenset()
    if alone if said is None else said:
        acts.add("find")
    if not read_only() and not beyond_loopback():
        acts |= LOADING
    whole = Scope.of([county_code])
    return Viewer(DEMO, DEMO, county_code, {act: whole for act in ACTS if act in acts}, known=False)
