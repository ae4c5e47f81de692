"""The kinds of section, and the headings by which they are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a section is about."""

    PROBLEM = "problem"
    CASE = "case"
    """What was done."""
    KNOWLEDGE = "knowledge"
    """Substantive knowledge: what was learned about the matter."""
    METHOD = "method"
    """Process knowledge: how the team worked, and how to do it again."""
    TOOL = "tool"
    FAILURE = "failure"
    """What did not work."""
    IMPACT = "impact"
    APPLICABILITY = "applicability"
    PEOPLE = "people"
    OTHER = "other"


class _Names(NamedTuple):
    """The headings of one kind of section; names are separated by semicolons or line ends."""

    heading: str
    """Heading to write for this kind in a new lesson."""
    plain: str = ""
    """Names that say no more than the kind itself: `Impact`, but not `Customer impact`."""
    further: str = ""
    """Names from kb's template, NASA's lessons, post-mortems, after-action reviews and decision records."""
    elsewhere: str = ""
    """The most common names in German, French and Spanish."""


_NAMES: Mapping[Kind, _Names] = {
    Kind.PROBLEM: _Names(
        heading="Problem",
        plain="problem; the problem; problem statement; issue",
        further="""
            challenge; situation; symptom; symptoms; context; background; driving event; abstract; summary
            executive summary; overview; what happened; trigger; issue summary; motivation; observation; incident
            incident summary; description of event; what was supposed to happen; what was meant to happen
            what was planned; what actually happened; description; description of the event
            description of the incident; leadup; lead up; starting point; issues; problems; decision drivers; topic
            the matter; concern; concerns; pain point; pain points; complaint; complaints; difficulty; difficulties
            observations; initial situation; event; the event; event summary; accident; near miss; what we saw
            what was going on; what is going on""",
        elsewhere="""
            das problem; ausgangslage; ausgangssituation; problemstellung; vorfall; was ist passiert
            was war das problem; zusammenfassung; hintergrund; symptome; beschreibung; anlass; problème; le problème
            contexte; constat; situation initiale; résumé; que s'est il passé; symptômes; problema; el problema
            contexto; antecedentes; situación; resumen; qué pasó; qué sucedió; síntomas""",
    ),
    Kind.CASE: _Names(
        heading="What was done",
        plain="case; what was done; what we did",
        further="""
            case description; course of action; intervention; the intervention; story; timeline; resolution
            resolution and recovery; mitigation; response; discussion; fix; solution; proposal; narrative
            remediation; immediate action taken; immediate actions; actions taken; what we changed; what we tried
            measures taken; countermeasure; countermeasures; immediate measures; steps taken; changes; changes made
            fixes; workaround; repair; work done; implementation; agreed; agreement; agreements; resolved
            resolutions; what was changed; recovery; immediate action; remedy; remedies; what did we do
            what did you do; decision; decisions; the decision; decision outcome; the fix; the solution""",
        elsewhere="""
            vorgehen; was wir getan haben; was wurde getan; lösung; die lösung; maßnahme; maßnahmen; sofortmaßnahmen
            behebung; beschlüsse; beschluss; entscheidung; entscheidungen; ablauf; zeitleiste; la solution
            solutions; ce que nous avons fait; actions menées; mesures prises; décision; décisions; chronologie
            résolution; déroulement; solución; la solución; qué hicimos; lo que hicimos; medidas; medidas tomadas
            acciones tomadas; decisión; decisiones; acuerdos; cronología; resolución""",
    ),
    Kind.KNOWLEDGE: _Names(
        heading="What we learned",
        plain="what we learned; what was learned; knowledge; lesson; lessons; lesson learned; lessons learned",
        further="""
            findings; key findings; insight; insights; takeaways; key takeaways; root cause; root causes
            root cause analysis; cause; causes; contributing factors; contributing conditions; why it happened
            conclusion; conclusions; analysis; learnings; learning; learning points; reason; reasons; explanation
            diagnosis; lesson learnt; lessons learnt; fault; five whys; the five whys; 5 whys; why
            where we got lucky; why did it happen; why did this happen; why there was a difference; key points
            lessons identified; what did we learn; hypothesis; hypotheses; data; data and analysis""",
        elsewhere="""
            ursache; ursachen; grundursache; hauptursache; warum; erkenntnis; erkenntnisse; was wir gelernt haben
            gelernt; gelernt haben wir; fazit; analyse; ursachenanalyse; lehren; la cause; cause racine
            causes racines; pourquoi; leçon; leçons; leçons apprises; leçons tirées; enseignements
            ce que nous avons appris; constats; conclusions tirées; retour d'expérience; causa; causas; la causa
            causa raíz; causas raíz; por qué; lección; lecciones; lecciones aprendidas; aprendizajes; qué aprendimos
            lo que aprendimos; hallazgos; conclusiones; análisis""",
    ),
    Kind.METHOD: _Names(
        heading="How we worked it out",
        plain="method; methods; how we worked; how we worked it out; how it was worked out",
        further="""
            process; approach; procedure; recommendation; recommendations; action items; actions; corrective action
            corrective actions; next steps; follow up; prevention; better next time; detection; what went well
            what worked; steps; how to; action item; action point; next step; follow ups; follow up actions
            action points; action plan; action list; suggestions; advice; what was good; went well; pluses
            positives; considered options; options considered; experiment; todo; to do; to dos; tasks; next time
            what helped; measures to prevent recurrence; preventive measures; preventive actions
            how we went about it; preventive action; preventative action; preventative actions
            what would we do differently; what to do next time; what will we do next time; what we will do next time""",
        elsewhere="""
            methode; methoden; empfehlung; empfehlungen; nächste schritte; vorbeugung; was gut lief; das nächste mal
            nächstes mal; aufgaben; to dos; wie wir vorgegangen sind; méthode; démarche; recommandation
            recommandations; prochaines étapes; plan d'action; prévention; ce qui a bien marché; la prochaine fois
            método; recomendación; recomendaciones; próximos pasos; siguientes pasos; plan de acción; prevención
            qué salió bien; la próxima vez""",
    ),
    Kind.TOOL: _Names(
        heading="Tools",
        plain="tool; tools; reusable tool; reusable tools",
        further="""
            tools made; tools and templates; template; templates; checklist; checklists; resources; materials
            tools used; useful links""",
        elsewhere="""
            werkzeug; werkzeuge; vorlage; vorlagen; checkliste; checklisten; hilfsmittel; outil; outils; modèles
            herramienta; herramientas; plantilla; plantillas""",
    ),
    Kind.FAILURE: _Names(
        heading="What did not work",
        plain="failure; failures; what did not work; what didn't work",
        further="""
            what went wrong; what failed; mistake; mistakes; dead ends; drawbacks; pitfalls; gotchas
            what did not go well; what didn't go well; what went badly; what went poorly
            what could have gone better; what could be improved; what can be improved; what could be better
            areas for improvement; improvement areas; what to improve; what was bad; went badly; did not go well
            negatives; minuses; deltas""",
        elsewhere="""
            was nicht funktioniert hat; was schief lief; was schlecht lief; fehlschläge; stolpersteine
            ce qui n'a pas marché; ce qui n'a pas fonctionné; échecs; erreurs; difficultés rencontrées; difficultés
            qué no funcionó; lo que no funcionó; qué salió mal; fracasos""",
    ),
    Kind.IMPACT: _Names(
        heading="Impact",
        plain="impact; result; results; effect; effects; outcome; outcomes",
        further="""
            benefits; value; what it was worth; measures; evidence; evidence of recurrence control effectiveness
            customer impact; business impact; benefit; effectiveness; consequences; metrics; savings; gain; gains
            success; successes; kpi; kpis; damage; damages; loss; losses; what was the benefit
            what were the benefits; how it went; statistics; before and after; costs; what came out of it""",
        elsewhere="""
            wirkung; auswirkung; auswirkungen; ergebnis; ergebnisse; nutzen; erfolg; effet; effets; résultat
            résultats; bénéfices; gains; bilan; impacto; resultado; resultados; efecto; efectos; beneficios""",
    ),
    Kind.APPLICABILITY: _Names(
        heading="When to use it again",
        plain="applicability; when to use; when to use it; when to use it again; applies when",
        further="""
            when to use this; when to apply; when it applies; when not to use it; limits; limitations; scope
            conditions""",
        elsewhere="wann anwenden; geltungsbereich; grenzen; quand l'utiliser; limites; cuándo usarlo; alcance",
    ),
    Kind.PEOPLE: _Names(
        heading="People to ask",
        plain="people; people to ask; who to ask; whom to ask",
        further="""
            contact; contacts; team; participants; authors; roles; attendees; attendance; present; who was there
            contact person""",
        elsewhere="""
            ansprechpartner; beteiligte; teilnehmer; teilnehmerinnen und teilnehmer; anwesend; anwesende; kontakt
            personnes; participants; présents; contacts; interlocuteurs; équipe; personas; participantes; asistentes
            contacto; contactos; equipo""",
    ),
    Kind.OTHER: _Names(heading="Notes"),
}
"""One row per kind, in the order of the sections of a lesson."""
HEADINGS: Mapping[Kind, str] = {kind: names.heading for kind, names in _NAMES.items()}

_NUMBERING = re.compile(
    r"^\s*(?:\(?\d+(?:\.\d+)*[.):]*|\(?[ivxIVX]+[.)]|\(?[a-zA-Z][.)]|\d\ufe0f?\u20e3|\u00a7\s*\d+(?:\.\d+)*\.?)\s+"
)
_SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]{1,40}:")
"""An emoji by its name, as on GitHub and in chats."""
_IN_PARENTHESES = re.compile(r"(?<=\S)\s*\([^()]*\)[\s:.!?]*$")
_LEADING_SIGNS = re.compile(r"^[^\w(\u00a7]+")
_NOT_A_WORD = re.compile(r"[\W_]+")


def normalize(heading: str) -> str:
    """Return a heading without differences of case, punctuation, numbering, emoji and `(s)`."""
    plain = _SHORTCODE.sub(" ", heading) if ":" in heading else heading
    plain = _NUMBERING.sub("", _LEADING_SIGNS.sub("", plain))
    plain = plain.casefold().replace("(s)", "s").replace("'", "").replace("\u2019", "")
    return _NOT_A_WORD.sub(" ", plain).strip()


def _unannotated(heading: str) -> str:
    """Return a heading without a note in parentheses at its end: `Impact (in EUR)` → `Impact`."""
    return _IN_PARENTHESES.sub("", heading)


def _split(names: str) -> Iterator[str]:
    return (normalize(name) for line in names.splitlines() for name in line.split(";") if name.strip())


PLAIN_NAMES: Mapping[Kind, frozenset[str]] = {kind: frozenset(_split(names.plain)) for kind, names in _NAMES.items()}
"""The names in `plain`, normalized, by kind."""


class KindTable:
    """Maps headings to kinds: built-in names, and those of `[sections]` in the configuration, which have priority."""

    def __init__(self, further: Mapping[str, Iterable[str]] | None = None) -> None:
        self._kinds = {
            name: kind
            for field in ("plain", "further", "elsewhere")
            for kind, names in _NAMES.items()
            for name in _split(getattr(names, field))
        }
        for kind, headings in (further or {}).items():
            self._kinds |= {normalize(heading): Kind(kind) for heading in headings}

    def kind_of(self, headings: Iterable[str]) -> Kind:
        """Return the kind of the innermost recognised heading; `headings` is a path, outermost first."""
        for heading in reversed(tuple(headings)):
            if kind := self._kinds.get(normalize(heading)) or self._kinds.get(normalize(_unannotated(heading))):
                return kind
        return Kind.OTHER
