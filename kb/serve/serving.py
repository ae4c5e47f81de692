"""Starts the server of one knowledge base, and stops it without dropping a request."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import socket
from typing import NamedTuple, Protocol, TextIO, cast

import uvicorn
from starlette.types import ASGIApp

from ingest.files.reason import reason_of
from kb.access.tokens import Tokens
from kb.errors import CannotServe
from kb.knowledge_base import KnowledgeBase
from kb.progress import Progress
from kb.serve.application import Application
from kb.serve.commands import Run
from kb.serve.current import Current, Lend
from kb.serve.front import Front
from kb.serve.guard import Guard, host_of, is_loopback
from kb.serve.listening.protocol import ImpatientProtocol
from kb.serve.listening.sockets import listen, listen_for_own
from kb.serve.log import Log
from kb.serve.metrics import Metrics
from kb.serve.printed import RoutedStream
from kb.serve.workers import Limits, Workers
from kb.serve.writing.permission import Permissions
from kb.serve.writing.writer import Writer
from kb.served.place import socket_of
from kb.system.user_cache import encoders_folder
from kb.visible import VisibleStream, as_written
from search.indexing import SharedEncoders

_SECONDS_TO_STOP = 15


class Settings(NamedTuple):
    """How a server is to run."""

    host: str = "127.0.0.1"
    port: int = 8420
    """0 for any that is free."""
    allowed_hosts: tuple[str, ...] = ()
    """Names by which others ask this server, perhaps through a proxy: then tokens are needed."""
    allows_writing: bool = False
    """Whether those who reach it may record uses and begin lessons; with tokens, only those with one for writing."""
    logs: bool = True
    logs_queries: bool = False
    limits: Limits = Limits()


class Agents(Protocol):
    """Makes the application that answers agents."""

    def __call__(
        self, lend: Lend, workers: Workers, permissions: Permissions, report: Callable[[Exception], object]
    ) -> ASGIApp: ...


def serve(
    root: Path,
    settings: Settings,
    run: Run,
    progress: Progress,
    announce: Callable[[str], None],
    agents: Agents | None = None,
) -> None:
    """Serve a knowledge base until a signal ends it; `announce` is called with each address once it answers.

    `run` runs a command line; `agents` makes what answers at `/mcp`. Raises `CannotServe`, and as `KnowledgeBase.open`.
    """
    _refuse_wrong_names(settings.allowed_hosts)
    encoders = SharedEncoders(encoders_folder(), root, progress.tell)
    with ExitStack() as stack:
        stack.enter_context(chdir("/"))  # a name in a request is never that of a file where this was started
        own = _own_sockets(root, stack, progress.tell)
        public = stack.enter_context(listen(settings.host, settings.port))
        guard = _guard(root, settings)
        current = Current(root, partial(KnowledgeBase, root, progress, encoders=encoders), partial(_told, progress))
        stack.callback(current.close)
        workers = Workers(settings.limits)
        stack.callback(workers.close)
        writer = Writer(current, settings.limits)
        stack.callback(writer.close)
        permissions = Permissions(writes=settings.allows_writing)
        metrics, log = Metrics(), Log()
        front = partial(
            Front,
            check=guard.check,
            metrics=metrics,
            log=log,
            with_queries=settings.logs_queries,
            logs=settings.logs,
        )
        at_mcp = agents(current.base, workers, permissions, log.failure) if agents else None
        application = Application(current, workers, metrics, front, run, writer, permissions, at_mcp)
        stack.enter_context(_routed_streams())
        stack.enter_context(_logging_to(log))
        host, port = public.getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        asyncio.run(_run(application, [public, *own], settings.limits, partial(announce, address)))


def _told(progress: Progress, line: str) -> None:
    with suppress(OSError):  # nobody may be there to read it
        progress.tell(line)


def _own_sockets(root: Path, stack: ExitStack, tell: Callable[[str], object]) -> list[socket]:
    """Return the socket for other processes of the same user; if there can be none, tell why."""
    path = socket_of(str(root))
    try:
        return [listen_for_own(path, stack)]
    except OSError as error:
        place = f"{path}: " if path else ""
        tell(f"`kb search` cannot use this server: {place}{reason_of(error)}")
        return []


async def _run(application: Application, sockets: list[socket], limits: Limits, announce: Callable[[], None]) -> None:
    server = _Server(
        uvicorn.Config(
            application.asgi,
            http=cast(type[ImpatientProtocol], partial(ImpatientProtocol, limits.seconds_to_arrive)),
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.seconds_between,
            timeout_graceful_shutdown=_SECONDS_TO_STOP,
        ),
        announce,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    await server.serve(sockets)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        """`announce` is called once requests are answered, and signals end the server as they should."""
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        with suppress(OSError):  # nobody may be there to read it
            self._announce()

    # Any context manager will do; uvicorn's own raises the signal again in the end, which is then an error.
    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        return nullcontext()

    def stop(self) -> None:
        """Answer what was asked, and end; at the second call, end now."""
        self.force_exit = self.should_exit
        self.should_exit = True


@contextmanager
def _routed_streams() -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout = cast(TextIO, VisibleStream(cast(TextIO, RoutedStream(as_written(sys.stdout), "stdout"))))
    sys.stderr = cast(TextIO, VisibleStream(cast(TextIO, RoutedStream(as_written(sys.stderr), "stderr"))))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _refuse_wrong_names(hosts: Sequence[str]) -> None:
    if wrong := [host for host in hosts if not host or host_of(host) != host]:
        raise CannotServe(f"--allow-host {wrong[0]}: a name such as kb.example.org, in lower case, without port")


def _guard(root: Path, settings: Settings) -> Guard:
    """Return the guard; raises `CannotServe` if others could read without a token."""
    hosts = frozenset({settings.host, *settings.allowed_hosts})
    if is_loopback(settings.host) and not settings.allowed_hosts:
        return Guard(hosts, None)
    tokens, now = Tokens(root), datetime.now(UTC)
    if not any(not token.revoked and now < token.expires for token in tokens.all()):
        raise CannotServe("others could reach it, so tokens are needed, and there are none; make one: `kb token new`")
    return Guard(hosts, tokens)


@contextmanager
def _logging_to(log: Log) -> Iterator[None]:
    """Have what uvicorn and asyncio say written to the log: warnings and errors."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "asyncio")]
    for logger in loggers:
        logger.addHandler(log)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(log)
            logger.propagate = True
