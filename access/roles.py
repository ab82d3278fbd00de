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
    "open_findings",
    "assign_findings",
    "mend_findings",
    "verify_findings",
    "close_findings",
    "load_findings",
    "see_samples",
    "draw_samples",
    "manage_rights",
    "read_audit",
]
ACTS: tuple[Act, ...] = get_args(Act)
Role = Literal["county_leader", "township_leader", "inspector", "data_clerk", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
# What changes the county's data or takes whole rows out of them.
LOADING: frozenset[Act] = frozenset({"load", "refused_rows"})
# Steps of a finding (``findings.machine``), and loading the office's workbook of them.
FOLLOWING_UP: frozenset[Act] = frozenset(
    {
        "open_findings",
        "assign_findings",
        "mend_findings",
        "verify_findings",
        "close_findings",
        "load_findings",
    }
)
# Drawing a sample and bringing its results.
SAMPLING: frozenset[Act] = frozenset({"draw_samples"})
# Megabytes of the largest file that follows a finding up; what is loaded may be larger.
EVIDENCE_MB = 5
# Nobody does these where the server is set to looking only.
WRITING = LOADING | FOLLOWING_UP | SAMPLING

# An act that is not named is not allowed. Who gives rights sees no household by that: whoever does
# both has two grants.
MAY: dict[Role, frozenset[Act]] = {
    "county_leader": frozenset(
        {
            "see",
            "export",
            "share",
            "open_findings",
            "assign_findings",
            "close_findings",
            "see_samples",
        }
    ),
    "township_leader": frozenset(
        {
            "see",
            "find",
            "export",
            "share",
            "open_findings",
            "assign_findings",
            "mend_findings",
            "see_samples",
        }
    ),
    "inspector": frozenset(
        {
            "see",
            "find",
            "reveal",
            "export",
            "share",
            "open_findings",
            "assign_findings",
            "verify_findings",
            "close_findings",
            "see_samples",
            "draw_samples",
        }
    ),
    "data_clerk": frozenset(
        {"see", "find", "export", "share", "load", "refused_rows", "open_findings", "load_findings"}
    ),
    "administrator": frozenset({"manage_rights", "read_audit"}),
}
