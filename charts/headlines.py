"""The sentence over a chart: what its numbers say, computed, in Chinese and in English.

Names come in as they stand in a sentence (贫困发生率, the poverty rate). A sentence claims only
what the numbers bear: years without a value are not spoken for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from charts.dumbbell import Better, Change, split
from charts.lines import Line
from charts.number_format import Lang, Measure, clean
from charts.sentences import COMMON, listed, said, say
from charts.state_bar import Segment
from charts.upset import Intersection

_WORDS: dict[str, dict[Lang, str]] = COMMON | {
    "none_in": {"zh": "{year}年{name}暂无数据", "en": "{name}: no data for {year}"},
    "none_then": {"zh": "{rest};{year}年暂无数据", "en": "{rest}; no data for {year}"},
    "one": {"zh": "{last}年{name}为{v}", "en": "{name} stood at {v} in {last}"},
    "zero_all": {
        "zh": "{first}年至{last}年{name}一直为0",
        "en": "{name} stayed at zero from {first} to {last}",
    },
    "zero_ends": {
        "zh": "{first}年和{last}年{name}均为0",
        "en": "{name} stood at zero in {first} and in {last}",
    },
    "zero_kept": {
        "zh": "{zero}年{name}降至0,并保持至{last}年;{first}年为{v0}",
        "en": "{name} reached zero in {zero} and stayed there to {last}; in {first} it was {v0}",
    },
    "zero_now": {
        "zh": "{last}年{name}降至0,{first}年为{v0}",
        "en": "{name} fell to zero in {last}, from {v0} in {first}",
    },
    "from_zero": {
        "zh": "{last}年{name}升至{v},{first}年为0",
        "en": "{name} rose to {v} in {last}, from zero in {first}",
    },
    "flat": {
        "zh": "{last}年{name}为{v},与{first}年持平",
        "en": "{name} stood at {v} in {last}, the same as in {first}",
    },
    "fall_rate": {
        "zh": "{last}年{name}降至{v},比{first}年下降{gap}",
        "en": "{name} fell to {v} in {last}, {gap} below {first}",
    },
    "rise_rate": {
        "zh": "{last}年{name}升至{v},比{first}年上升{gap}",
        "en": "{name} rose to {v} in {last}, {gap} above {first}",
    },
    "fall": {
        "zh": "{last}年{name}减至{v},比{first}年减少{gap}",
        "en": "{name} fell to {v} in {last}, down {gap} from {first}",
    },
    "rise": {
        "zh": "{last}年{name}增至{v},比{first}年增加{gap}",
        "en": "{name} rose to {v} in {last}, up {gap} from {first}",
    },
    "peaked": {
        "zh": "{name}{peak}年见顶({vp}),连降{n}年至{last}年的{v}",
        "en": "{name} peaked in {peak} ({vp}) and fell {n} years running to {v} in {last}",
    },
    "bottomed": {
        "zh": "{name}{peak}年见底({vp}),连升{n}年至{last}年的{v}",
        "en": "{name} was lowest in {peak} ({vp}) and rose {n} years running to {v} in {last}",
    },
    "highest_then": {
        "zh": "{name}{peak}年最高({vp}),{last}年为{v},{turn}",
        "en": "{name} was highest in {peak} ({vp}); in {last} it was {v}, {turn}",
    },
    "lowest_then": {
        "zh": "{name}{peak}年最低({vp}),{last}年为{v},{turn}",
        "en": "{name} was lowest in {peak} ({vp}); in {last} it was {v}, {turn}",
    },
    "unlike": {
        "zh": "{place}{name}为{v},比{parent}{side}{gap}",
        "en": "{place}: {name} {v}, {gap} {side} {parent}",
    },
    "like": {
        "zh": "{place}{name}为{v},与{parent}持平",
        "en": "{place}: {name} {v}, as in {parent}",
    },
    "flows": {"zh": "{first}年至{last}年累计{parts}", "en": "{first} to {last}: {parts}"},
    "flows_once": {"zh": "{first}年{parts}", "en": "In {first}: {parts}"},
    "flow": {"zh": "{name}{v}", "en": "{name} {v}"},
    "no_flow": {"zh": "无{name}", "en": "{name} none"},
    "improved": {"zh": "{n}个改善", "en": "{n} improved"},
    "worsened": {"zh": "{n}个变差", "en": "{n} worsened"},
    "stayed": {"zh": "{n}个持平", "en": "{n} stayed the same"},
    "of_places": {"zh": "{n}个{places}中{parts}", "en": "Of {n} {places}, {parts}"},
    "all_improved": {"zh": "{n}个{places}全部改善", "en": "All {n} {places} improved"},
    "all_worsened": {"zh": "{n}个{places}全部变差", "en": "All {n} {places} worsened"},
    "all_stayed": {"zh": "{n}个{places}全部持平", "en": "All {n} {places} stayed the same"},
    "overdue": {"zh": "{total}中{v}{state},占{share}", "en": "{v} of {total} {state} ({share})"},
    "not_overdue": {"zh": "{total}中无{state}", "en": "{total}, none {state}"},
    "all_closed": {"zh": "{total}全部{state}", "en": "{total}, all {state}"},
    "nothing": {"zh": "暂无{name}", "en": "No {name} yet"},
    "several_groups": {
        "zh": "{total}中{v}同属两类或更多,占{share}",
        "en": "{v} of {total} belong to more than one group ({share})",
    },
    "one_group": {"zh": "{total}都只属一类", "en": "{total}, each in one group only"},
    "above_line": {
        "zh": "{year}年{name}{v},比{limit}{w}高{gap}",
        "en": "{name} in {year}: {v}, {gap} above {limit} of {w}",
    },
    "below_line": {
        "zh": "{year}年{name}{v},比{limit}{w}低{gap}",
        "en": "{name} in {year}: {v}, {gap} below {limit} of {w}",
    },
    "on_line": {
        "zh": "{year}年{name}{v},与{limit}相同",
        "en": "{name} in {year}: {v}, the same as {limit}",
    },
    "no_line": {
        "zh": "{year}年{name}{v},{limit}暂缺",
        "en": "{name} in {year}: {v}; {limit} is not known",
    },
}
_SIDES: dict[Lang, tuple[str, str]] = {"zh": ("低", "高"), "en": ("below", "above")}
_TURNS: dict[Lang, tuple[str, str, str]] = {
    "zh": ("与{before}年持平", "比{before}年上升{gap}", "比{before}年下降{gap}"),
    "en": ("the same as in {before}", "{gap} above {before}", "{gap} below {before}"),
}
_COMMA: dict[Lang, str] = {"zh": ",", "en": ", "}


def over_years(name: str, line: Line, measure: Measure, end: int | None = None) -> str:
    """How a place's value moved from the first to the last year known.

    With ``end``, a year beyond the last value is said to have none.
    """
    known = line.known()
    if not known:
        return say(_WORDS, "none", measure.lang, name=name)
    last = known[-1][0]
    text = _moved(name, known, measure)
    if end is None or end <= last:
        return text
    return say(_WORDS, "none_then", measure.lang, year=end, rest=text)


def _moved(name: str, known: Sequence[tuple[int, float]], measure: Measure) -> str:
    (first, v0), (last, v) = known[0], known[-1]
    turn = _turning(known, measure)
    if v and turn is not None:
        return _turned(name, known, turn, measure)
    words = {
        "name": name,
        "first": first,
        "last": last,
        "v0": said(measure, v0),
        "v": said(measure, v),
        "gap": measure.gap(v - v0),
        "zero": _zero_since(known),
    }
    return say(_WORDS, _movement(known, measure), measure.lang, **words)


def _movement(known: Sequence[tuple[int, float]], measure: Measure) -> str:
    """Which sentence the values call for."""
    (first, v0), (last, v) = known[0], known[-1]
    if len(known) == 1:
        return "one"
    if v == 0:
        if all(value == 0 for _, value in known):
            return "zero_all" if len(known) == last - first + 1 else "zero_ends"
        if v0 == 0:
            return "zero_ends"
        return "zero_kept" if _zero_since(known) < last else "zero_now"
    if v0 == 0:
        return "from_zero"
    if measure.text(v) == measure.text(v0):
        return "flat"
    return ("fall" if v < v0 else "rise") + ("_rate" if measure.kind == "rate" else "")


def _turning(known: Sequence[tuple[int, float]], measure: Measure) -> int | None:
    """Place of the last peak, or else of the last trough, that is above, or below, both ends."""
    values = [value for _, value in known]
    ends = {measure.text(values[0]), measure.text(values[-1])}
    for extreme in (max(values), min(values)):
        if measure.text(extreme) not in ends and extreme:
            return len(values) - 1 - values[::-1].index(extreme)
    return None


def _turned(name: str, known: Sequence[tuple[int, float]], at: int, measure: Measure) -> str:
    """A peak or trough between the ends, and what has come since: a run, or the last change."""
    lang = measure.lang
    (peak, vp), (before, earlier), (last, v) = known[at], known[-2], known[-1]
    down = vp > v
    after = [value for _, value in known[at:]]
    steps = len(after) - 1
    running = last - peak == steps and all((b < a) == down and b != a for a, b in pairwise(after))
    tied = [str(year) for year, value in known if measure.text(value) == measure.text(vp)]
    words = {"name": name, "peak": listed(tied, lang), "vp": measure.say(vp), "last": last,
             "v": measure.say(v)}  # fmt: skip
    if running and steps > 1:
        return say(_WORDS, "peaked" if down else "bottomed", lang, n=steps, **words)
    key = "highest_then" if down else "lowest_then"
    return say(_WORDS, key, lang, turn=_change(v - earlier, before, measure), **words)


def _change(delta: float, before: int, measure: Measure) -> str:
    """The last change, and since when."""
    same, more, less = _TURNS[measure.lang]
    if measure.number(delta) == "0":
        return same.format(before=before)
    return (more if delta > 0 else less).format(gap=measure.gap(delta), before=before)


def _zero_since(known: Sequence[tuple[int, float]]) -> int:
    """The first of the years without a break, up to the last, that are zero."""
    since = known[-1][0]
    for year, value in reversed(known[:-1]):
        if value != 0 or year != since - 1:
            break
        since = year
    return since


def against_parent(
    name: str, place: tuple[str, float | None], parent: tuple[str, float | None], measure: Measure
) -> str:
    """A place beside the county it lies in, each as (name, value)."""
    lang, (where, value), (whole, mean) = measure.lang, place, parent
    value, mean = clean(value), clean(mean)
    if value is None:
        return say(
            _WORDS, "none", lang, name=f"{where}{name}" if lang == "zh" else f"{where}, {name}"
        )
    words = {"place": where, "name": name, "v": measure.say(value), "parent": whole}
    if mean is None:
        return say(_WORDS, "alone", lang, **words)
    if measure.text(value) == measure.text(mean):
        return say(_WORDS, "like", lang, **words)
    side = _SIDES[lang][value > mean]
    return say(_WORDS, "unlike", lang, side=side, gap=measure.gap(value - mean), **words)


def movements(out: Line, back: Sequence[Line], measure: Measure) -> str:
    """How many left poverty over the years, and how many came back; the names are the lines'."""
    known = [point for line in (out, *back) for point in line.known()]
    lang = measure.lang
    if not known:
        return say(_WORDS, "none", lang, name=out.name)
    parts = []
    for line in (out, *back):
        total = sum(value for _, value in line.known())
        if line.known():
            key = "flow" if total else "no_flow"
            parts.append(_WORDS[key][lang].format(name=line.name, v=measure.say(total)))
    years = [year for year, _ in known]
    words = {"first": min(years), "last": max(years), "parts": _COMMA[lang].join(parts)}
    return say(_WORDS, "flows_once" if min(years) == max(years) else "flows", lang, **words)


def improvement(changes: Sequence[Change], places: str, lang: Lang, better: Better = "down") -> str:
    """How many places improved, worsened and stayed; ``places`` is the word for them (村)."""
    worse, improved, same = split(changes, better)
    counts = {"improved": len(improved), "worsened": len(worse), "stayed": len(same)}
    if not changes:
        return say(_WORDS, "nothing", lang, name=places)
    for key, count in counts.items():
        if count == len(changes):
            return say(_WORDS, f"all_{key}", lang, n=count, places=places)
    parts = [_WORDS[key][lang].format(n=count) for key, count in counts.items() if count]
    text = _COMMA[lang].join(parts)
    return say(_WORDS, "of_places", lang, n=len(changes), places=places, parts=text)


def ledger(segments: Sequence[Segment], name: str, measure: Measure) -> str:
    """How much of a ledger is overdue, or that nothing is; ``name`` says what is in it."""
    lang = measure.lang
    total = sum(segment.value for segment in segments)
    if not total:
        return say(_WORDS, "nothing", lang, name=name)
    overdue = [segment for segment in segments if segment.tone == "overdue"]
    late = sum(segment.value for segment in overdue)
    if late:
        share = Measure("rate", "%", lang).text(100 * late / total)
        words = {"total": measure.say(total), "v": _part(measure, late), "share": share}
        return say(_WORDS, "overdue", lang, state=_state(overdue, lang), **words)
    closed = [segment for segment in segments if segment.tone == "closed"]
    if sum(segment.value for segment in closed) == total:
        return say(_WORDS, "all_closed", lang, total=measure.say(total), state=_state(closed, lang))
    if overdue:
        return say(
            _WORDS, "not_overdue", lang, total=measure.say(total), state=_state(overdue, lang)
        )
    return _WORDS["flow"][lang].format(name=name, v=measure.say(total))


def _state(segments: Sequence[Segment], lang: Lang) -> str:
    name = segments[0].name
    return name.lower() if lang == "en" else name


def _part(measure: Measure, value: float) -> str:
    """A part of a total: its unit is not said twice in English."""
    return measure.say(value) if measure.lang == "zh" else measure.compact(value)


def overlapping(intersections: Sequence[Intersection], name: str, measure: Measure) -> str:
    """How many belong to several groups at once; ``name`` says who (重点人群)."""
    lang = measure.lang
    total = sum(one.count for one in intersections)
    several = sum(one.count for one in intersections if len(one.members) > 1)
    if not total:
        return say(_WORDS, "nothing", lang, name=name)
    if not several:
        return say(_WORDS, "one_group", lang, total=measure.say(total))
    share = Measure("rate", "%", lang).text(100 * several / total)
    v = _part(measure, several)
    return say(_WORDS, "several_groups", lang, total=measure.say(total), v=v, share=share)


def against_line(
    name: str, year: int, net: float | None, limit: tuple[str, float | None], measure: Measure
) -> str:
    """A household's net income of a year beside that year's line, given as (name, yuan)."""
    lang, (line, level) = measure.lang, limit
    net, level = clean(net), clean(level)
    if net is None:
        return say(_WORDS, "none_in", lang, year=year, name=name)
    words = {"year": year, "name": name, "v": measure.text(net), "limit": line}
    if level is None:
        return say(_WORDS, "no_line", lang, **words)
    words |= {"w": measure.text(level), "gap": measure.text(abs(net - level))}
    if measure.text(net) == measure.text(level):
        return say(_WORDS, "on_line", lang, **words)
    return say(_WORDS, "above_line" if net > level else "below_line", lang, **words)
