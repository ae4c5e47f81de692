"""What the language server does for an editor; each answer is made by `kb.editor`."""

from __future__ import annotations

from datetime import date

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from ingest.problem import Unreadable
from kb import __version__
from kb.editor.completing import completions
from kb.editor.desk import Desk
from kb.editor.fixing import actions
from kb.editor.hovering import hover
from kb.editor.linking import Link, links
from kb.editor.open_lesson import OpenLesson
from kb.editor.outlining import headings, lessons_called
from kb.errors import ConfigError
from kb.lsp import wire
from kb.lsp.protocol import Protocol, note
from kb.lsp.watching import Watching

_WATCHED = ("**/*.md", "**/*.markdown", "**/*.mdx", "**/kb.toml")
_TRIGGERS = ("[", "(", "/", ":", " ", "-", "#", ",")
_KINDS = (types.CodeActionKind.QuickFix, wire.FIX_ALL)


class Server(LanguageServer):
    """The documents of one editor, and what it is told of them."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("kb", __version__, protocol_cls=Protocol, converter_factory=default_converter)
        self.desk = Desk(date.today)
        self._watching = Watching(self._publish)
        self._ended = False
        _register(self)

    def recheck(self, uri: str) -> None:
        """Check a document when nothing has changed for a moment."""
        self._watching.changed(uri)

    def recheck_all(self) -> None:
        for uri in self.desk.uris:
            self.recheck(uri)

    def lesson(self, document: types.TextDocumentIdentifier) -> OpenLesson | None:
        """Return the lesson that a document is, if it is one that can be read."""
        return self.desk.lesson(document.uri)

    @property
    def keeps_versions(self) -> bool:
        """Whether the editor can apply edits to one version of a document only."""
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)

    def end(self) -> None:
        """Stop checking, because nobody reads what is found any more."""
        self._ended = True
        self._watching.end()

    def report_server_error(self, error: Exception, source: object) -> None:
        note(f"{type(error).__name__}: {error}")

    def _publish(self, uri: str) -> None:
        """Check a document and show what was found; a newer version is checked again by itself."""
        try:
            checked = self.desk.check(uri)
            found = wire.diagnostics(checked) if checked else []
            version = checked.version if checked else None
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
            if checked is None:
                self._watching.ended(uri)
        except Exception as error:  # this thread must not end: the document would never be checked again
            if not self._ended:
                note(f"{uri} was not checked: {type(error).__name__}: {error}")


def _register(server: Server) -> None:
    """Name the functions below to pygls, with the options that an editor is told."""
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))(_completion)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(_definition)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions())(_links)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)
    server.feature(types.WORKSPACE_SYMBOL)(_workspace_symbols)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=_KINDS))(_actions)


def _initialized(ls: Server, _params: types.InitializedParams) -> None:
    """Ask to be told when other programs change lessons, if the editor can do that."""
    workspace = ls.client_capabilities.workspace
    watched = workspace and workspace.did_change_watched_files
    if not watched or not watched.dynamic_registration:
        return
    watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    registration = types.Registration("kb-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def _saved(ls: Server, _params: types.DidSaveTextDocumentParams) -> None:
    ls.recheck_all()


def _files_changed(ls: Server, _params: types.DidChangeWatchedFilesParams) -> None:
    ls.recheck_all()


def _completion(ls: Server, params: types.CompletionParams) -> types.CompletionList:
    lesson = ls.lesson(params.text_document)
    if lesson is None:
        return types.CompletionList(False, [])
    found = completions(lesson, wire.position_from(params.position))
    return wire.completion_list(lesson, found, params.position)


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    lesson = ls.lesson(params.text_document)
    found = hover(lesson, wire.position_from(params.position)) if lesson else None
    return wire.hover_to(found) if found else None


def _definition(ls: Server, params: types.DefinitionParams) -> types.Location | None:
    lesson, at = ls.lesson(params.text_document), wire.position_from(params.position)
    for link in _links_of(lesson):
        if lesson and link.range.start <= at <= link.range.end:
            return wire.place_to(lesson.shown(link.target), link.line)
    return None


def _links(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    lesson = ls.lesson(params.text_document)
    return [wire.link_to(lesson, link) for link in _links_of(lesson)] if lesson else []


def _links_of(lesson: OpenLesson | None) -> list[Link]:
    try:
        return links(lesson) if lesson else []
    except Unreadable:
        return []


def _symbols(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    lesson = ls.lesson(params.text_document)
    try:
        return wire.symbols(headings(lesson)) if lesson else []
    except Unreadable:
        return []


def _workspace_symbols(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    return [
        wire.workspace_symbol(found)
        for lessons in ls.desk.libraries()
        for found in lessons_called(params.query, lessons)
    ]


def _actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    lesson, only = ls.lesson(params.text_document), params.context.only
    try:
        found = actions(lesson, wire.range_from(params.range)) if lesson else []
    except (Unreadable, ConfigError):
        return []
    uri, versions = params.text_document.uri, ls.keeps_versions
    made = [wire.code_action(uri, lesson, action, keeps_versions=versions) for action in found if lesson]
    return [action for action in made if only is None or any(_is_of(_kind(action.kind), _kind(kind)) for kind in only)]


def _kind(kind: types.CodeActionKind | str | None) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind or ""


def _is_of(kind: str, wanted: str) -> bool:
    """Return whether a kind is another or below it: `source.fixAll.kb` is `source.fixAll`."""
    return not wanted or f"{kind}.".startswith(f"{wanted}.")
