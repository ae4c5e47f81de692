"""What a front matter states, as JSON: values as they are written, and no key without a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from ingest.format import Control, Impact, Person, Series

if TYPE_CHECKING:
    from kb.forms import lesson as forms

    Form = TypeVar("Form", forms.NamedPerson, forms.StatedImpact, forms.StatedControl, forms.StatedSeries)


def as_named(person: Person) -> forms.NamedPerson:
    named: forms.NamedPerson = {
        "name": person.name,
        "role": person.role,
        "contact": person.contact,
        "until": person.until,
    }
    return _without_empty(named)


def as_stated(impact: Impact) -> forms.StatedImpact:
    stated: forms.StatedImpact = {
        "area": impact.area,
        "metric": impact.metric,
        "kind": impact.kind,
        "before": impact.before,
        "after": impact.after,
        "unit": impact.unit,
        "better": impact.better,
        "change": impact.change,
        "target": impact.target,
        "design": impact.design,
        "compared_with": impact.compared_with,
        "n": impact.n,
        "period": impact.period,
        "attributed": impact.attributed,
        "note": impact.note,
        "series": _series(impact.series),
        "control": _control(impact.control),
        "repeated": impact.repeated,
    }
    return _without_empty(stated)


def _series(series: Series) -> forms.StatedSeries:
    stated: forms.StatedSeries = {"before": list(series.before), "after": list(series.after)}
    return _without_empty(stated)


def _control(control: Control) -> forms.StatedControl:
    stated: forms.StatedControl = {
        "before": control.before,
        "after": control.after,
        "n": control.n,
        "chosen": control.chosen,
        "series": _series(control.series),
    }
    return _without_empty(stated)


def _without_empty(form: Form) -> Form:
    """Return a form without the keys whose values are empty; each of these may be absent."""
    return cast("Form", {key: value for key, value in form.items() if value})
