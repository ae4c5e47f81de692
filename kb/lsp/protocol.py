"""The protocol as pygls speaks it, with kb's own documents, and with an answer to every broken message.

pygls splits lines where the protocol does not, keeps documents of any length, sends tracebacks to the client, and
loses its place after a message that it cannot read; so these parts are here.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from kb.editor.open_text import Range
from kb.lsp.wire import location_of, range_from
from kb.visible import visible

if TYPE_CHECKING:
    from kb.lsp.server import Server

_BEFORE_INITIALIZE = (types.INITIALIZE, types.EXIT)
_IGNORED = "$/"
"""Begins the methods that may be ignored."""


class Protocol(LanguageServerProtocol):
    """Reads messages; each request gets an answer, and nothing that is received ends the server."""

    _server: Server

    def receive(self, body: bytes) -> None:
        """Handle one message; raises `SystemExit` for the notification `exit`."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, types.ErrorCodes.ParseError, "not JSON")
            return
        if not isinstance(data, dict) or data.get("jsonrpc") != self.VERSION:
            self._refuse(_id_of(data), types.ErrorCodes.InvalidRequest, "not a message of JSON-RPC 2.0")
        elif "method" in data:
            self._receive_call(data)
        elif "id" in data:
            self._receive_answer(data)
        else:
            self._refuse(None, types.ErrorCodes.InvalidRequest, "neither a method nor an answer")

    def _receive_call(self, data: dict[str, Any]) -> None:
        method, id_ = data["method"], _id_of(data)
        if why := self._why_not(data):
            if "id" in data:
                self._refuse(id_, *why)
            elif not str(method).startswith(_IGNORED):
                note(f"ignored {str(method)[:100]!r}: {why[1]}")
            return
        try:
            message = self.structure_message(data)
        except JsonRpcException:
            if "id" in data:
                self._refuse(id_, types.ErrorCodes.InvalidParams, f"wrong parameters for {method}")
            else:
                note(f"ignored {method!r}: wrong parameters")
            return
        self.handle_message(message)

    def _why_not(self, data: dict[str, Any]) -> tuple[int, str] | None:
        method = data["method"]
        if not isinstance(method, str) or ("id" in data and _id_of(data) is None):
            return types.ErrorCodes.InvalidRequest, "not a valid method or id"
        if method not in {*self.fm.features, *self.fm.builtin_features, types.CANCEL_REQUEST}:
            return types.ErrorCodes.MethodNotFound, f"no method {method[:100]!r}"
        if self._workspace is None and method not in _BEFORE_INITIALIZE:
            return types.ErrorCodes.ServerNotInitialized, "send `initialize` first"
        if (self._shutdown and method != types.EXIT) or (self._workspace and method == types.INITIALIZE):
            return types.ErrorCodes.InvalidRequest, f"{method} came too late"
        return None

    def _receive_answer(self, data: dict[str, Any]) -> None:
        try:
            self.handle_message(self.structure_message(data))
        except Exception as error:  # an answer gets no answer, not even a wrong one
            note(f"ignored an answer: {type(error).__name__}")

    def _refuse(self, id_: str | int | None, code: int, message: str) -> None:
        note(message)
        error = {"code": int(code), "message": message}
        self._send_data({"jsonrpc": self.VERSION, "id": id_, "error": error})

    def _send_response(self, msg_id: str | int, result: Any = None, error: types.ResponseError | None = None) -> None:
        """Send an answer; of an error only its first line, because pygls adds a traceback."""
        if error is not None:
            note(f"{error.message}; {error.data or ''}")
            error = types.ResponseError(error.code, error.message.partition("\n")[0])
        super()._send_response(msg_id, result, error)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Any:
        """Choose UTF-16 for positions, which every client knows."""
        if params.capabilities.general:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Open a document."""
        document = params.text_document
        self._server.desk.open(document.uri, location_of(document.uri), document.version, document.text)
        self._server.recheck(document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a document."""
        document = params.text_document
        changes = [_change(change) for change in params.content_changes]
        if self._server.desk.change(document.uri, document.version, changes):
            self._server.recheck(document.uri)
        else:
            note("ignored a change of a document that is not open")

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Close a document, and take back what was said of it."""
        self._server.desk.close(params.text_document.uri)
        self._server.recheck(params.text_document.uri)


def _change(change: types.TextDocumentContentChangeEvent) -> tuple[Range | None, str]:
    place = range_from(change.range) if isinstance(change, types.TextDocumentContentChangePartial) else None
    return place, change.text


def _id_of(data: Any) -> str | int | None:
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, (str, int)) and not isinstance(found, bool) else None


def note(line: str) -> None:
    """Write to the log, which is standard error."""
    print(f"kb lsp: {visible(line)[:2000]}", file=sys.stderr)
