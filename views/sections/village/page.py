"""The village page from top to bottom."""

from __future__ import annotations

from views.context.stage import Stage
from views.parts import tabs
from views.scenes.block import Block
from views.sections.village import deprivation, exit_standards, facts, income, problems

_SECTIONS = {
    "": (facts.head, problems.here, facts.groups_here, exit_standards.classes_here),
    "standards": (
        exit_standards.village_standards,
        exit_standards.household_standards,
    ),
    "indicators": (deprivation.deprivation_here, facts.indicators_here),
    "projects": (facts.projects,),
    "income": (income.income_here,),
}


def blocks(stage: Stage) -> tuple[Block, ...]:
    """What a part of the page shows of a place, one block a section."""
    drawn = (section(stage) for section in _SECTIONS[stage.tab.key])
    return (tabs.of_scene(stage), *(block for block in drawn if block is not None))
