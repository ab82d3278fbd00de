"""What each role may do: the one table."""

from __future__ import annotations

from typing import Literal, get_args

Act = Literal[
    "see",
    "find",
    "reveal",
    "export",
    "share",
    "load",
    "refused_rows",
    "manage_rights",
    "read_audit",
]
ACTS: tuple[Act, ...] = get_args(Act)
Role = Literal["county_leader", "township_leader", "inspector", "data_clerk", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
# What changes the county's data or takes whole rows out of them.
LOADING: frozenset[Act] = frozenset({"load", "refused_rows"})

# An act that is not named is not allowed. Who gives rights sees no household by that: whoever does
# both has two grants.
MAY: dict[Role, frozenset[Act]] = {
    "county_leader": frozenset({"see", "export", "share"}),
    "township_leader": frozenset({"see", "find", "export", "share"}),
    "inspector": frozenset({"see", "find", "reveal", "export", "share"}),
    "data_clerk": frozenset({"see", "find", "export", "share", "load", "refused_rows"}),
    "administrator": frozenset({"manage_rights", "read_audit"}),
}
