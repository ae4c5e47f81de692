"""Converts kb's records to those of the Language Server Protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from kb.check.finding import Finding
from kb.check.severity import Severity
from kb.editor.desk import Checked
from kb.editor.fixing import Action
from kb.editor.hovering import Hover
from kb.editor.linking import Link
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Position, Range
from kb.editor.outlining import Found, Heading
from kb.editor.proposal import Proposal, Proposals, Sort

SOURCE = "kb"
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_SORTS: Mapping[Sort, types.CompletionItemKind] = {
    Sort.KEY: types.CompletionItemKind.Property,
    Sort.CHOICE: types.CompletionItemKind.EnumMember,
    Sort.VALUE: types.CompletionItemKind.Value,
    Sort.LESSON: types.CompletionItemKind.Reference,
    Sort.FILE: types.CompletionItemKind.File,
    Sort.HEADING: types.CompletionItemKind.Struct,
}
_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


def location_of(uri: str) -> Path | None:
    """Return the file of a URI; None if it is no file of this machine."""
    try:
        parts = urlsplit(uri)
        path = Path(unquote(parts.path))
    except ValueError:
        return None
    is_here = parts.scheme == "file" and parts.netloc in ("", "localhost") and path.is_absolute()
    return path if is_here and "\0" not in str(path) else None


def position_from(position: types.Position) -> Position:
    return Position(position.line, position.character)


def range_from(place: types.Range) -> Range:
    return Range(position_from(place.start), position_from(place.end))


def range_to(place: Range) -> types.Range:
    return types.Range(types.Position(*place.start), types.Position(*place.end))


def diagnostics(checked: Checked) -> list[types.Diagnostic]:
    if checked.problem:
        return [types.Diagnostic(_TOP, checked.problem, types.DiagnosticSeverity.Error, source=SOURCE)]
    lesson = checked.lesson
    return [diagnostic(lesson, finding) for finding in checked.findings] if lesson else []


def diagnostic(lesson: OpenLesson, finding: Finding) -> types.Diagnostic:
    severity, place = _SEVERITIES[finding.severity], range_to(lesson.range_of(finding))
    return types.Diagnostic(place, finding.message, severity, code=finding.code, source=SOURCE)


def completion_list(lesson: OpenLesson, found: Proposals, at: types.Position) -> types.CompletionList:
    line, column = lesson.text.place(position_from(at))
    end = lesson.text.position(line, column)
    place = range_to(Range(lesson.text.position(line, column - found.replaced), end))
    return types.CompletionList(found.more, [_item(one, number, place) for number, one in enumerate(found.items)])


def _item(proposal: Proposal, number: int, place: types.Range) -> types.CompletionItem:
    about = types.MarkupContent(types.MarkupKind.PlainText, proposal.about) if proposal.about else None
    return types.CompletionItem(
        label=proposal.label,
        kind=_SORTS[proposal.sort],
        detail=proposal.detail or None,
        documentation=about,
        sort_text=f"{number:04}",
        filter_text=f"{proposal.text} {proposal.found_by}".strip(),
        text_edit=types.TextEdit(place, proposal.text),
        insert_text_mode=types.InsertTextMode.AsIs,
    )


def hover_to(found: Hover) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, found.text), range_to(found.range))


def link_to(lesson: OpenLesson, link: Link) -> types.DocumentLink:
    """Return a link; the line is an anchor, as editors read it: `file.md#L12`."""
    anchor = f"#L{link.line + 1}" if link.line else ""
    return types.DocumentLink(range_to(link.range), lesson.shown(link.target).as_uri() + anchor)


def place_to(path: Path, line: int = 0) -> types.Location:
    start = types.Position(line, 0)
    return types.Location(path.as_uri(), types.Range(start, start))


def symbols(headings: Iterable[Heading]) -> list[types.DocumentSymbol]:
    return [
        types.DocumentSymbol(
            one.name,
            types.SymbolKind.String,
            range_to(one.range),
            range_to(Range(one.range.start, one.range.start)),
            detail=one.kind,
            children=symbols(one.below),
        )
        for one in headings
    ]


def workspace_symbol(found: Found) -> types.WorkspaceSymbol:
    return types.WorkspaceSymbol(place_to(found.location), found.title, types.SymbolKind.File, container_name=found.id)


def code_action(uri: str, lesson: OpenLesson, action: Action, *, keeps_versions: bool) -> types.CodeAction:
    """Return an action; an editor that `keeps_versions` does not apply its edits to a text that has changed since."""
    edits = [types.TextEdit(range_to(edit.range), edit.text) for edit in action.edits]
    document = types.OptionalVersionedTextDocumentIdentifier(uri, lesson.version)
    return types.CodeAction(
        action.title,
        FIX_ALL if action.of_all else types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(lesson, finding) for finding in action.findings],
        is_preferred=(action.is_fix and not action.of_all) or None,
        edit=types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, edits)])
        if keeps_versions
        else types.WorkspaceEdit(changes={uri: edits}),
    )
