"""The window of a model, counted with its own tokenizer; the model itself is not needed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from ingest.window import Window
from search.errors import ModelError

if TYPE_CHECKING:
    from search.models.encoder_card import EncoderCard


# BERT's tokenizers always split here, whatever stands around: at ASCII white space and on both sides of ASCII
# punctuation. What they do within such a word depends on nothing outside it.
_WORD = re.compile(r"[^ \t\n\r!-/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")
_LONGEST_REMEMBERED = 64


class TokenCounter:
    """Counts tokens with a model's own tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._special = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
        self._splits_at_words = _splits_at_words(tokenizer)
        self._remembered = lru_cache(maxsize=100_000)(self._starts_in)

    def __reduce__(self) -> tuple[type[TokenCounter], tuple[Tokenizer]]:
        """Another process that reads lessons gets the tokenizer, and remembers words itself."""
        return TokenCounter, (self._tokenizer,)

    @classmethod
    def from_file(cls, path: Path) -> TokenCounter:
        """Read a tokenizer's file; raises `ModelError`."""
        try:
            return cls(Tokenizer.from_file(str(path)))
        except Exception as error:  # tokenizers has no more specific type
            raise ModelError(f"the tokenizer {path} cannot be read: {error}") from error

    def token_starts(self, texts: Sequence[str]) -> list[list[int]]:
        """Return for each text the character offsets at which its tokens start."""
        return [self._starts_by_word(text) if self._is_in_words(text) else [*self._starts_in(text)] for text in texts]

    def _is_in_words(self, text: str) -> bool:
        return self._splits_at_words and not any(special in text for special in self._special)

    def _starts_by_word(self, text: str) -> list[int]:
        # Most words of a text were in another one: this takes a third of the tokenizer's time.
        found: list[int] = []
        for word in _WORD.finditer(text):
            before, length = word.start(), word.end() - word.start()
            starts = self._remembered(word[0]) if length <= _LONGEST_REMEMBERED else self._starts_in(word[0])
            if len(starts) == 1:
                found.append(before + starts[0])
            else:
                found += [before + start for start in starts]
        return found

    def _starts_in(self, text: str) -> tuple[int, ...]:
        return tuple([start for start, _ in self._tokenizer.encode(text, add_special_tokens=False).offsets])

    def window(self, max_tokens: int, prompt: str, *, special_tokens: bool) -> Window:
        """Return the window of a passage: `max_tokens` less those of the prompt and the special tokens."""
        before = len(self._tokenizer.encode(prompt, add_special_tokens=False).ids)
        around = self._tokenizer.num_special_tokens_to_add(False) if special_tokens else 0
        left = max_tokens - around - before
        digest = hashlib.sha256(self._tokenizer.to_str().encode()).hexdigest()[:16]
        return Window(left, self.token_starts, f"{left} tokens of {digest}")


def _splits_at_words(tokenizer: Tokenizer) -> bool:
    """Return whether this is one of BERT's tokenizers, and no token but theirs is looked for in changed text."""
    return (
        isinstance(tokenizer.normalizer, BertNormalizer)
        and isinstance(tokenizer.pre_tokenizer, BertPreTokenizer)
        and isinstance(tokenizer.model, WordPiece)
        and not any(token.normalized for token in tokenizer.get_added_tokens_decoder().values())
    )


def window_of_export(folder: Path, card: EncoderCard) -> Window:
    """Return the window of an exported model, opening only its tokenizer; raises `ModelError`."""
    counter = TokenCounter.from_file(folder / "tokenizer.json")
    return counter.window(card.max_tokens, card.passage_prompt, special_tokens=card.special_tokens)
