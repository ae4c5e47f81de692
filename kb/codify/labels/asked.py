"""Questions and answers: `Q: What was the problem?`, and on the next row `A: Worn tyres.`"""

from __future__ import annotations

from kb.codify.labels.labels import Label

_QUESTIONS = frozenset(("q", "question", "frage", "f", "pregunta", "p", "interviewer", "domanda", "vraag"))
_ANSWERS = frozenset(("a", "answer", "antwort", "r\u00e9ponse", "r", "respuesta", "risposta", "antwoord"))


def asked_in(label: Label) -> str:
    """Return the question after a label such as `Q:`; empty for any other label, or if there is no question."""
    if label.name not in _QUESTIONS or "?" not in label.text:
        return ""
    return label.text.partition("?")[0].strip("*_ \u00bf") + "?"


def is_answer_label(label: Label) -> bool:
    """Return whether a label introduces an answer."""
    return label.name in _ANSWERS
