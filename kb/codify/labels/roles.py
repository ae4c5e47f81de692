"""Names of roles in English, German, French, Spanish, Italian, Dutch and Portuguese."""

from __future__ import annotations

from ingest.format import ROLES
from ingest.kinds import normalize

_LABELS = {
    "sponsor": """
        sponsor; sponsors; executive sponsor; project sponsor; sponsored by; champion; pulled by; requested by
        sponsorin; sponsor in; sponsoren; auftraggeber; auftraggeberin; auftraggeber in; projektsponsor
        projektsponsorin; commanditaire; commanditaires; parrain; marraine; patrocinador; patrocinadora
        patrocinadores; promotor; promotora; committente; committenti; promotore; promotrice; opdrachtgever
        opdrachtgeefster; opdrachtgevers; patroc\u00ednio; patrocinado por""",
    "learning-professional": """
        learning professional; learning professionals; embedded learning professional; facilitator; facilitators
        facilitated by; facilitation; moderator; moderation; moderatorin; moderator in; moderiert von; facilitatorin
        lernbegleiter; lernbegleiterin; lernbegleitung; prozessbegleiter; prozessbegleiterin; animateur; animatrice
        anim\u00e9 par; facilitateur; facilitatrice; mod\u00e9rateur; mod\u00e9ratrice; facilitador; facilitadora
        facilitadores; moderador; moderadora; moderado por; facilitado por; facilitatore; facilitatori; moderatore
        moderatrice; begeleider; begeleidster; procesbegeleider; procesbegeleidster; gespreksleider
        gespreksleidster""",
    "team": """
        team; team members; team member; participants; participant; attendees; attendance; present; in the room
        who was there; teilnehmer; teilnehmerin; teilnehmerinnen; teilnehmer innen; teilnehmerinnen und teilnehmer
        teilnehmende; teilnehmender; anwesend; anwesende; beteiligte; beteiligter; mitwirkende; teammitglied
        teammitglieder; participante; participantes; participante s; participants es; asistente; asistentes
        asistentes as; participantes as; miembro del equipo; miembros del equipo; equipo
        participants et participantes; participant e s; pr\u00e9sents; pr\u00e9sentes; pr\u00e9sent e s
        membre de l'\u00e9quipe; membres de l'\u00e9quipe; \u00e9quipe; partecipante; partecipanti; presenti
        membro del team; membri del team; squadra; deelnemer; deelneemster; deelnemers; aanwezig; aanwezigen
        teamlid; teamleden; presentes; membro da equipa; membro da equipe; membros da equipa; membros da equipe
        equipa; equipe""",
    "contact": """
        contact; contacts; contact person; point of contact; whom to ask; who to ask; people to ask
        who can be asked; ansprechpartner; ansprechpartnerin; ansprechpartner in; ansprechperson; kontakt
        kontaktperson; interlocuteur; interlocutrice; interlocuteurs; personne de contact; personne \u00e0 contacter
        contacto; contactos; persona de contacto; contatto; contatti; referente; referenti; persona di contatto
        contactpersoon; contactpersonen; aanspreekpunt; contato; contatos; pessoa de contacto; pessoa de contato""",
    "": """
        author; authors; written by; owner; reported by; reporter; lead; project lead; team lead; chair; host
        scribe; note taker; notes by; minutes by; minutes taken by; prepared by; submitted by; postmortem owner
        post mortem owner; incident owner; document owner; page owner; responsible; incident commander
        incident lead; raised by; created by; compiled by; logged by; recorded by; erstellt von; protokollant
        protokollantin; protokollf\u00fchrer; protokollf\u00fchrerin; rédigé par; créé par; elaborado por
        redactado por; creado por; autor; autorin; autor in; verfasser; verfasserin; verfasst von; verantwortlich
        verantwortliche; verantwortlicher; auteur; auteurs; autrice; auteure; rédacteur; rédactrice; responsable
        autora; autores; redactor; redactora; autore; autori; redatto da; scritto da; responsabile; geschreven door
        opgesteld door; verantwoordelijke; notulist; notuliste; redator; redatora; escrito por; respons\u00e1vel""",
}
_ROLES = {
    form: role
    for role, lines in _LABELS.items()
    for line in lines.splitlines()
    for name in line.split(";")
    for form in (name.strip(), normalize(name))
    if form
}
"""By name, both as written and folded by `normalize`."""
assert set(_ROLES.values()) == {*ROLES, ""}


def role_of(label: str) -> str | None:
    """Return the role that a label gives to a person, empty if it gives no specific one; None for other labels."""
    return _ROLES.get(label)
