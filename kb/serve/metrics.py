"""What monitoring asks for, in the format of Prometheus."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from kb import __version__
from kb.serve.current import State

_SECONDS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.12, 0.25, 0.5, 1, 2, 5, 10)


class Metrics:
    """Counts and times requests; of a request only the kind of its address is known."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("kb_requests", "Requests.", ["path", "status"], registry=self._registry)
        self._seconds = Histogram(
            "kb_request_seconds", "Time of requests.", ["path"], buckets=_SECONDS, registry=self._registry
        )
        self._busy = Gauge("kb_busy", "Requests that are answered or wait now.", registry=self._registry)
        self._behind = Gauge(
            "kb_behind",
            "1 if what is live cannot be opened, so that an earlier snapshot answers.",
            registry=self._registry,
        )
        self._served = Gauge(
            "kb_served", "The snapshot that answers.", ["snapshot", "version"], registry=self._registry
        )

    def count(self, path: str, status: int, seconds: float) -> None:
        self._requests.labels(path, status).inc()
        self._seconds.labels(path).observe(seconds)

    def text(self, state: State, busy: int) -> bytes:
        self._busy.set(busy)
        self._behind.set(bool(state.trouble))
        self._served.clear()
        self._served.labels(state.snapshot, __version__).set(1)
        return generate_latest(self._registry)
