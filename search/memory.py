"""Memory that is refused: each library says it in its own way."""

from __future__ import annotations

# Of C++'s allocator as onnxruntime, faiss and tokenizers repeat it; of the system's `mmap`; of torch.
_SAID = (
    *("bad allocation", "bad_alloc", "cannot allocate memory", "can't allocate memory", "failed to allocate"),
    *("failed to map segment", "can't start new thread", "unable to allocate", "mmap failed"),
)


def is_lack_of_memory(error: BaseException) -> bool:
    """Return whether an error says that the system gave no more memory, or room for no more threads."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _SAID)
