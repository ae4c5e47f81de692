"""Permissions that hold in a test, whoever runs it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def like_anybody() -> Iterator[None]:
    """Make the kernel ask for permissions as it does for people who are not root."""
    if os.name != "posix":
        pytest.skip("no permissions to take away")
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root may read everything here")
    # capabilities(7): without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH root is asked like the owner.
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    before = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, before) == 0, os.strerror(ctypes.get_errno())
    without = (ctypes.c_uint32 * 6)(*before)
    without[0] &= ~0b110
    assert libc.capset(header, without) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0, os.strerror(ctypes.get_errno())


@contextmanager
def denied(path: Path) -> Iterator[None]:
    """Take all permissions of a file or folder away."""
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        with like_anybody():
            yield
    finally:
        path.chmod(mode)
