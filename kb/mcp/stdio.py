"""Serves one client over standard input and output: one message of JSON-RPC on each line."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import chdir, contextmanager, suppress
from io import RawIOBase
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, NamedTuple

import anyio
import mcp_types as types
from anyio.streams.memory import MemoryObjectReceiveStream as Receiving
from anyio.streams.memory import MemoryObjectSendStream as Sending
from mcp.server.lowlevel import Server
from mcp.shared.message import SessionMessage

from kb.config import read_config
from kb.mcp.library import Library
from kb.mcp.server import server
from kb.progress import Progress
from kb.serve.log import Log
from kb.serve.workers import Limits, Workers

MOST_BYTES = 1_000_000
"""Of a message."""
_SECONDS_FOR_ANSWERS = 20.0
"""Within which what was asked before the end of the input is still answered."""
_TOO_LONG = f"a message has more than {MOST_BYTES:,} bytes; ask with less"
_NO_JSON = "a line is not JSON; each line must be one message of JSON-RPC"
_NO_MESSAGE = "a line is not a message of JSON-RPC 2.0"

Message = types.JSONRPCMessage


class Broken(NamedTuple):
    """A line that is no message."""

    code: int
    why: str


class _Line(NamedTuple):
    """A line to be written."""

    data: bytes
    written: Future[None]


def serve(root: Path, progress: Progress, *, allows_writes: bool) -> None:
    """Serve a client until its input ends, it reads no more, or a signal comes; raises `ConfigError`."""
    read_config(root)  # what is wrong with it is said now, where a person sees it
    if os.isatty(0):
        progress.tell("agents start this, as docs/mcp.md says; Ctrl-C ends it")
    logging.getLogger("mcp").setLevel(logging.CRITICAL)  # what matters is in the log that follows
    library = Library(root.resolve(), progress)
    workers = Workers(Limits())
    log = Log()
    try:
        with chdir("/"), _streams() as (incoming, outgoing):  # a name in a request is never that of a file here
            served = server(library.lent, workers, lambda _: "" if allows_writes else None, log.failure)
            asyncio.run(_served(served, incoming, outgoing, library))
    finally:
        workers.close()
        library.close()


async def _served(served: Server[Any], incoming: BinaryIO, outgoing: RawIOBase, library: Library) -> None:
    # The library is opened once the client knows that it is served: both at once would slow down the first answer.
    await Connection(incoming, outgoing, library.warm_up).serve(served)


@contextmanager
def _streams() -> Iterator[tuple[BinaryIO, RawIOBase]]:
    """Yield standard input and output as bytes; whatever else is printed or read meanwhile is not the protocol."""
    sys.stdout.flush()
    # Neither is closed: a thread may still wait for them, and the process ends.
    incoming = os.fdopen(os.dup(0), "rb", closefd=False)
    outgoing = os.fdopen(os.dup(1), "wb", buffering=0, closefd=False)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    try:
        yield incoming, outgoing
    finally:
        sys.stdout.flush()
        os.dup2(incoming.fileno(), 0)
        os.dup2(outgoing.fileno(), 1)


def read_message(line: bytes) -> Message | Broken:
    """Return the message of a line."""
    if len(line) > MOST_BYTES:
        return Broken(types.INVALID_REQUEST, _TOO_LONG)
    try:
        message = types.jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError as error:
        kinds = {one["type"] for one in getattr(error, "errors", list)()}
        is_json = not kinds & {"json_invalid", "bytes_invalid_utf8"}
        return Broken(types.INVALID_REQUEST, _NO_MESSAGE) if is_json else Broken(types.PARSE_ERROR, _NO_JSON)
    # To the SDK, a request whose id is none is a notification, and whoever sent it waits for ever.
    if isinstance(message, types.JSONRPCNotification) and b'"id"' in line and "id" in json.loads(line):
        return Broken(types.INVALID_REQUEST, _NO_MESSAGE)
    return message


class Connection:
    """The messages of one client.

    Two threads read and write, so that neither a slow client nor one that says nothing holds up the end.
    """

    def __init__(self, incoming: BinaryIO, outgoing: RawIOBase, on_first_answer: Callable[[], object]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._on_first_answer: Callable[[], object] | None = on_first_answer
        self._lines: asyncio.Queue[Message | Broken | None] = asyncio.Queue(maxsize=1)
        self._owed: dict[types.RequestId, None] = {}
        """The ids of requests that are not answered yet."""
        self._settled = asyncio.Event()

    async def serve(self, served: Server[Any]) -> None:
        """Serve until the input ends, nobody reads the output any more, or a signal comes."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        Thread(target=self._read_lines, args=(loop,), daemon=True).start()
        to_server, from_client = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        to_client, from_server = anyio.create_memory_object_stream[SessionMessage](0)
        with suppress(asyncio.CancelledError):
            async with anyio.create_task_group() as group:
                group.start_soon(self._read, to_server, to_client.clone())
                group.start_soon(self._write, from_server, group.cancel_scope)
                await served.run(from_client, to_client, served.create_initialization_options())

    def _read_lines(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError, OSError):  # the loop has ended, or the input is gone
            while line := self._incoming.readline(MOST_BYTES + 2):
                if len(line) > MOST_BYTES:
                    while line and not line.endswith(b"\n"):  # the rest is read to find the next message
                        line = self._incoming.readline(MOST_BYTES)
                    line = b" " * (MOST_BYTES + 1)
                elif not line.strip():
                    continue
                self._pass_on(read_message(line), loop)
        with suppress(RuntimeError):
            self._pass_on(None, loop)

    def _pass_on(self, message: Message | Broken | None, loop: asyncio.AbstractEventLoop) -> None:
        passing = self._lines.put(message)
        try:
            asyncio.run_coroutine_threadsafe(passing, loop).result()
        except RuntimeError:
            passing.close()
            raise

    async def _read(self, to_server: Sending[SessionMessage | Exception], to_client: Sending[SessionMessage]) -> None:
        async with to_server, to_client:
            while (message := await self._lines.get()) is not None:
                if isinstance(message, Broken):
                    error = types.ErrorData(code=message.code, message=message.why)
                    await to_client.send(SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=None, error=error)))
                    continue
                self._note_request(message)
                await to_server.send(SessionMessage(message))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_answered(), _SECONDS_FOR_ANSWERS)

    def _note_request(self, message: Message) -> None:
        if isinstance(message, types.JSONRPCRequest):
            self._owed[message.id] = None
        elif isinstance(message, types.JSONRPCNotification) and message.method == "notifications/cancelled":
            self._settle((message.params or {}).get("requestId"))

    def _settle(self, id_: object) -> None:
        if isinstance(id_, (str, int)):
            self._owed.pop(id_, None)
        self._settled.set()

    async def _all_answered(self) -> None:
        while self._owed:
            self._settled.clear()
            await self._settled.wait()

    async def _write(self, from_server: Receiving[SessionMessage], scope: anyio.CancelScope) -> None:
        waiting: SimpleQueue[_Line | None] = SimpleQueue()
        Thread(target=self._write_lines, args=(waiting,), daemon=True).start()
        try:
            await self._write_all(from_server, waiting, scope)
        finally:
            waiting.put(None)

    async def _write_all(
        self, from_server: Receiving[SessionMessage], waiting: SimpleQueue[_Line | None], scope: anyio.CancelScope
    ) -> None:
        async with from_server:
            async for sent in from_server:
                message = sent.message
                line = message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n"
                written: Future[None] = Future()
                waiting.put(_Line(line, written))
                try:
                    await asyncio.wrap_future(written)
                except OSError:  # nobody reads any more
                    scope.cancel()
                    return
                if isinstance(message, (types.JSONRPCResponse, types.JSONRPCError)):
                    self._settle(message.id)
                    self._begin()

    def _begin(self) -> None:
        if begin := self._on_first_answer:
            self._on_first_answer = None
            Thread(target=begin, daemon=True).start()

    def _write_lines(self, waiting: SimpleQueue[_Line | None]) -> None:
        while found := waiting.get():
            line, written = found
            try:
                while line:
                    line = line[self._outgoing.write(line) or 0 :]
            except OSError as error:
                written.set_exception(error)
            else:
                written.set_result(None)
