"""Keeps what is found from doing harm: whoever commits, or is called at night, must neither wait nor get an error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from kb.errors import Exit, KbError, message_of
from search.errors import SearchError


@contextmanager
def harmless(seconds: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Do what is inside as far as it is possible in some seconds; `tell` why it is not.

    What takes longer ends the process, as if nothing had been found. What has been printed must be flushed before.
    Files are only replaced whole, so none is left half written.
    """
    timer = Timer(seconds, os._exit, (Exit.DONE,))
    timer.daemon = True
    timer.start()
    try:
        yield
    except (KbError, SearchError) as error:
        tell(message_of(error))
    except (OSError, UnicodeDecodeError) as error:
        tell(str(error))
    finally:
        timer.cancel()
