"""What a field of a filter, its values and a condition on it are called, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

from charts.number_format import Kind, Measure
from glossary import Lang, label, named, term
from metrics import nine_checks
from metrics.conditions import UNKNOWN, Bound, Condition
from metrics.county import County
from metrics.fields import LEDGER_FINDINGS, Field, Fields
from rules.parameters import in_force
from rules.registry import rules, systems
from rules.vocabulary import CALENDAR_YEAR
from views.context.standing import repeated, told_apart
from views.parts.column_words import flag

_MOST_SAID = 5  # households by their numbers
# Whose fields are not the household's own: their names say whose they are.
_OF_OTHERS = ("member", "village")


class Words:
    """The words of a county's fields in a language."""

    def __init__(self, county: County, fields: Fields, lang: Lang):
        self._county, self._fields, self.lang = county, fields, lang
        self._names = county.kept(("field_names", lang), self._named)
        self._offers = county.kept(("field_offers", lang), self._offered)

    def name(self, key: str) -> str:
        """What a field is called, as no other is."""
        return self._names[key]

    def theme(self, key: str) -> str:
        """What the fields of a theme are about."""
        if key in systems():
            return named(systems()[key], self.lang)
        return term(f"theme_{key}", self.lang)

    def offered(self, key: str) -> str:
        """A field as it is chosen: what it is about, then its name."""
        return self._offers[key]

    def _offered(self) -> dict[str, str]:
        return {
            key: f"{self.theme(of.theme)} · {_plain(of, self.lang)}"
            for key, of in self._fields.items()
        }

    def _named(self) -> dict[str, str]:
        plain = {key: _plain(one, self.lang) for key, one in self._fields.items()}
        several = repeated(plain.values())
        gap = "" if self.lang == "zh" else ": "
        themed = {
            key: f"{self.theme(of.theme)}{gap}{plain[key]}"
            if plain[key] in several or of.theme in _OF_OTHERS
            else plain[key]
            for key, of in self._fields.items()
        }
        return told_apart(themed, themed.__getitem__)

    def value(self, of: Field, value: str) -> str:
        """A value of a choice."""
        lang = self.lang
        if of.says == "place":
            return self._place(value)
        if of.says == "zone":
            return self._zone(value)
        if of.says == "household":
            return value
        if of.says in ("answer", "rule", "ledger_state", "sieve", "nine", "problem", "severity"):
            return _coded(of, value, lang)
        if of.says == "check":
            check = self._county.checks.get(value)
            return named(check, lang) if check else value
        if value == UNKNOWN:
            return term("where_unrecorded", lang)
        if of.says == "flag":
            return flag(of.named[1], value == "yes", lang)
        return label(of.says, value, lang)

    def _zone(self, code: str) -> str:
        """A zone or grid by its level and number: grids of many villages are called alike."""
        zone = self._county.zones.get(code)
        return f"{label('zone_level', zone.level, self.lang)} {code}" if zone else code

    def _place(self, code: str) -> str:
        """A township; a village behind the one that it lies in, since many share a name."""
        places = self._county.places
        if code not in places:
            return code
        parent = places.get(places[code].parent or "")
        inside = parent.name if parent and parent.level == "township" else ""
        return f"{inside}{places[code].name}"

    def bound(self, of: Field, bound: Bound) -> str:
        """An end of a range, whole, with its unit."""
        if isinstance(bound, date):
            return bound.isoformat()
        if of.unit == CALENDAR_YEAR:
            return term("where_year", self.lang, year=f"{bound:.0f}")
        return measure(of, self.lang).level(bound)

    def cell(self, of: Field, value: Any) -> str:
        """What a row of a list says in the column of a field; a dash where nothing is known."""
        if value is None:
            return term("answer_unknown", self.lang) if of.says == "answer" else "—"
        if isinstance(value, bool):
            if of.says == "answer":
                return self.value(of, "met" if value else "missed")
            return self.value(of, "yes" if value else "no")
        if isinstance(value, str):
            return self.value(of, value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if of.unit == CALENDAR_YEAR else measure(of, self.lang).number(value)

    def condition(self, asked: Condition) -> str:
        """A condition, for the sentence above a list and everything that leaves with it."""
        of = self._fields[asked.field]
        return term("where_said", self.lang, name=self.name(of.key), said=self.said(asked))

    def said(self, asked: Condition) -> str:
        """What a condition asks of its field, without the field's name."""
        of, lang = self._fields[asked.field], self.lang
        if asked.values:
            return self._choice(of, asked)
        ends = {
            key: self.bound(of, bound)
            for key, bound in (("low", asked.low), ("high", asked.high))
            if bound is not None
        }
        how = "under" if asked.under else "to"
        if "high" not in ends:
            return term("where_from", lang, **ends)
        return term(f"where_between_{how}" if "low" in ends else f"where_{how}", lang, **ends)

    def _choice(self, of: Field, asked: Condition) -> str:
        if of.kind == "range":
            return term("where_unrecorded", self.lang)
        names = [self.value(of, value) for value in asked.values]
        if of.kind == "named" and len(names) > _MOST_SAID:
            shown = term("where_or", self.lang).join(names[:_MOST_SAID])
            return term("where_many", self.lang, names=shown, count=f"{len(names):,}")
        joint = "where_and" if asked.mode == "all" else "where_or"
        told = term(joint, self.lang).join(names)
        return term("where_none", self.lang, names=told) if asked.mode == "none" else told


def measure(of: Field, lang: Lang) -> Measure:
    """How the numbers of a range read."""
    kind: Kind = "rate" if of.unit == "percent" else "decimal"
    if of.unit is None:
        return Measure(kind, "", lang)
    return Measure(kind, term(f"unit_{of.unit}", lang), lang)


def _plain(of: Field, lang: Lang) -> str:
    """A field's name as its declaration gives it."""
    kind, key = of.named
    if kind == "rule":
        return named(rules()[key], lang)
    if kind in ("to_line", "months_to_line"):
        return term(f"where_{kind}", lang, line=named(in_force()[key], lang))
    if kind == "sieve":
        return term("sieve_of", lang, sieve=label("sieve", key, lang))
    if kind == "nine":
        return term("all_nine", lang) if key == nine_checks.ALL else label("nine_item", key, lang)
    return term(key, lang)


def _coded(of: Field, value: str, lang: Lang) -> str:
    """A value that a rule, or a term of its own, gives the name."""
    if value in rules():
        return named(rules()[value], lang)
    if of.says == "rule":
        return term("where_class_unknown", lang)
    if of.says == "ledger_state" and value not in LEDGER_FINDINGS:
        return label("ledger_state", value, lang)
    terms = {
        "answer": f"answer_{value}",
        "sieve": f"sieve_{value}",
        "nine": f"nine_{value}",
        "problem": f"problem_{value}",
        "severity": f"severity_{value}",
    }
    return term(terms.get(of.says, value), lang)
