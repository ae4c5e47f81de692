"""Models of different make: each is loaded, exported, proven equal, and answers without torch."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.errors import ModelError
from search.semantic.encoder import Encoder
from search.semantic.encoder_card import EncoderCard
from search.semantic.encoders import Encoders
from search.semantic.exported import DamagedExport, Exported
from search.storage.verified_record import VerifiedRecord
from tests.models import BERT_WINDOW, PASSAGE_PROMPT, QUERY_PROMPT, word_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.transformer import Transformer

Vectors = NDArray[np.float32]

REPOSITORY = Path(__file__).parent.parent
PROMPTS = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}
LONG = "The proof-reading system catches errors before copy goes to print. " * 40
TEXTS = [
    "brochure errors",
    LONG,
    "?",
    "",
    "Überprüfung der Prospekte: 3 Fehler (2,5 %)!",
    "宣伝用🙂 x\x00y",
    " print\n\tprint ",
]
SLOWER = "runs only through sentence-transformers, which is slower"
PREPARING = "preparing the model"


@dataclass(frozen=True)
class Opened:
    """A model's folder, the encoder made of it, and what was told meanwhile."""

    folder: Path
    encoder: Encoder
    told: tuple[str, ...]
    encoders: Encoders
    cache: Path

    def again(self) -> Opened:
        return open_model(self.folder, self.cache)

    @property
    def exported(self) -> Path:
        return self.cache / self.encoder.card.fingerprint


def open_model(folder: Path, cache: Path) -> Opened:
    told: list[str] = []
    encoders = Encoders(cache, Path(), told.append)
    return Opened(folder, encoders.open(str(folder)), tuple(told), encoders, cache)


def transformer(folder: Path) -> Transformer:
    """Make a BERT whose random weights are large enough to tell texts well apart."""
    import torch
    from sentence_transformers.sentence_transformer.modules import Transformer
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(13)
    tokenizer = Tokenizer.from_str(word_tokenizer())
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=BERT_WINDOW,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # transformers declares no types for it
        tokenizer_object=tokenizer, **special
    )
    fast.save_pretrained(folder)
    words: Transformer = Transformer(str(folder), max_seq_length=BERT_WINDOW)
    return words


def save_model(folder: Path, make: str) -> Path:
    """Save a model of one of these makes, built from nothing."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as parts
    from tokenizers import Tokenizer

    def words() -> Any:
        return transformer(folder.with_name(f"{folder.name}-words"))

    def static() -> Any:
        return parts.StaticEmbedding(Tokenizer.from_str(word_tokenizer()), embedding_dim=32)

    makes: dict[str, tuple[Callable[[], list[Any]], dict[str, Any]]] = {
        "mean": (lambda: [words(), parts.Pooling(32)], {}),
        "prompted": (lambda: [words(), parts.Pooling(32)], {"prompts": PROMPTS}),
        "passage-prompt": (
            lambda: [words(), parts.Pooling(32)],
            {"prompts": {"query": "query: ", "passage": "passage: "}},
        ),
        "dense": (
            lambda: [words(), parts.Pooling(32, pooling_mode="max"), parts.Dense(32, 16), parts.Normalize()],
            {},
        ),
        "dot": (lambda: [words(), parts.Pooling(32)], {"similarity_fn_name": "dot"}),
        "euclidean": (lambda: [words(), parts.Pooling(32)], {"similarity_fn_name": "euclidean"}),
        "static-dense": (lambda: [static(), parts.Dense(32, 16), parts.Normalize()], {}),
        "half": (lambda: [words().half(), parts.Pooling(32)], {}),
        "prompt-apart": (lambda: [words(), parts.Pooling(32, include_prompt=False)], {"prompts": PROMPTS}),
        "bag-of-words": (lambda: [parts.BoW(["brochure", "errors", "print", "system", "copy", "?"])], {}),
        "routed": (lambda: [parts.Router.for_query_document([static()], [words(), parts.Pooling(32)])], {}),
    }
    torch.manual_seed(17)
    modules, options = makes[make]
    SentenceTransformer(modules=modules(), device="cpu", **options).save(str(folder))
    return folder


FAST = ["static", "cls", "mean", "prompted", "dense", "dot", "static-dense"]
SLOW = ["prompt-apart", "bag-of-words", "routed"]

Open = Callable[[str], Opened]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, static_model: Path, cls_model: Path) -> Open:
    """Open a model of some make; each is built, loaded and exported once."""
    given_models = {"static": static_model, "cls": cls_model}

    @cache
    def open_once(make: str) -> Opened:
        folder = given_models.get(make) or save_model(tmp_path_factory.mktemp("made") / make, make)
        return open_model(folder, tmp_path_factory.mktemp("encoders"))

    return open_once


@pytest.fixture
def prompted(opened: Open) -> Opened:
    return opened("prompted")


@pytest.fixture
def own(prompted: Opened, tmp_path: Path) -> Opened:
    """The same with a cache and a folder of the test's own, to be damaged; the export is a copy."""
    shutil.copytree(prompted.folder, tmp_path / "model")
    shutil.copytree(prompted.exported, tmp_path / "encoders" / prompted.exported.name)
    return open_model(tmp_path / "model", tmp_path / "encoders")


def reference(folder: Path, **options: Any) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", **options)


def passages(encoder: Encoder, texts: list[str]) -> Vectors:
    """Return the vectors in the order of the texts; each must come exactly once."""
    found = {
        position: vector
        for positions, vectors in encoder.encode_passages(texts)
        for position, vector in zip(positions, vectors, strict=True)
    }
    assert sorted(found) == list(range(len(texts)))
    return np.array([found[position] for position in range(len(texts))])


def unlike(one: Vectors, other: Vectors) -> bool:
    return not np.allclose(one, other, atol=1e-3)


@pytest.mark.parametrize("make", [*FAST, *SLOW])
def test_vectors_are_the_models_own_for_queries_and_for_passages(opened: Open, make: str) -> None:
    ours = opened(make)
    unit_length = make != "dot"
    model = reference(ours.folder)
    for text in TEXTS:
        expected = model.encode_query(text, normalize_embeddings=unit_length)
        assert ours.encoder.encode_query(text) == pytest.approx(expected, abs=1e-5), text
    expected = model.encode_document(TEXTS, normalize_embeddings=unit_length)
    assert passages(ours.encoder, TEXTS) == pytest.approx(expected, abs=1e-5)
    assert expected.shape == (len(TEXTS), ours.encoder.card.dimension)


@pytest.mark.parametrize("make", ["static", "cls", "prompted"])
def test_different_texts_have_different_vectors(opened: Open, make: str) -> None:
    encoder = opened(make).encoder
    vectors = passages(encoder, ["brochure errors", "proof reading", "print"])
    assert len({tuple(row) for row in vectors.round(5).tolist()}) == 3


def test_queries_have_the_query_prompt_and_passages_the_passage_prompt(prompted: Opened) -> None:
    encoder, model = prompted.encoder, reference(prompted.folder)
    query, passage = encoder.encode_query("errors"), passages(encoder, ["errors"])[0]
    assert query == pytest.approx(model.encode(QUERY_PROMPT + "errors", normalize_embeddings=True), abs=1e-5)
    assert passage == pytest.approx(model.encode(PASSAGE_PROMPT + "errors", normalize_embeddings=True), abs=1e-5)
    assert unlike(query, passage)
    assert (encoder.card.query_prompt, encoder.card.passage_prompt) == (QUERY_PROMPT, PASSAGE_PROMPT)


def test_a_prompt_that_is_called_passage_is_the_one_for_passages(opened: Open) -> None:
    ours = opened("passage-prompt")
    expected = reference(ours.folder).encode("passage: brochure errors", normalize_embeddings=True)
    assert passages(ours.encoder, ["brochure errors"])[0] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("make", [make for make in [*FAST, *SLOW] if make != "dot"])
def test_vectors_have_unit_length_where_the_model_compares_by_cosine(opened: Open, make: str) -> None:
    encoder = opened(make).encoder
    assert encoder.card.normalizes
    vectors = [encoder.encode_query("brochure errors"), *passages(encoder, ["print errors", "brochure " * 90])]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_vectors_keep_their_length_where_the_model_compares_by_inner_product(opened: Open) -> None:
    ours = opened("dot")
    assert not ours.encoder.card.normalizes
    raw = reference(ours.folder).encode_query("brochure errors")
    assert np.linalg.norm(ours.encoder.encode_query("brochure errors")) == pytest.approx(np.linalg.norm(raw), rel=1e-4)
    assert abs(np.linalg.norm(raw) - 1) > 0.1, "the model's own vectors are not of unit length anyway"


def test_a_model_that_compares_otherwise_is_refused(opened: Open) -> None:
    with pytest.raises(ModelError, match=r"compares by euclidean; kb needs cosine or dot$"):
        opened("euclidean")


def test_a_text_without_tokens_has_a_vector_of_numbers(opened: Open) -> None:
    vectors = [opened("static").encoder.encode_query(""), *passages(opened("static").encoder, ["", " "])]
    assert np.array(vectors).tolist() == np.zeros((3, 48)).tolist()


def test_passages_come_under_their_own_positions_in_whatever_order_they_were_given(prompted: Opened) -> None:
    dice = random.Random(3)
    texts = [" ".join(dice.choices(["brochure", "errors", "print", "copy"], k=dice.randint(1, 60))) for _ in range(23)]
    together = passages(prompted.encoder, texts)
    alone = np.concatenate([passages(prompted.encoder, [text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-5)
    order = dice.sample(range(len(texts)), len(texts))
    assert passages(prompted.encoder, [texts[number] for number in order]) == pytest.approx(together[order], abs=1e-5)


def test_no_passages_give_nothing(prompted: Opened) -> None:
    assert list(prompted.encoder.encode_passages([])) == []
    assert prompted.encoder.window.token_starts([]) == []


def test_a_large_amount_of_passages_has_the_models_own_vectors(opened: Open) -> None:
    ours = opened("static")  # from 500 on a GPU may do it, where there is one
    texts = [f"brochure errors {'print ' * (number % 7)}{number}" for number in range(600)]
    expected = reference(ours.folder).encode_document(texts, normalize_embeddings=True)
    assert passages(ours.encoder, texts) == pytest.approx(expected, abs=1e-4)


def test_the_window_is_what_special_tokens_and_prompt_leave(prompted: Opened) -> None:
    from tokenizers import Tokenizer

    prompt = Tokenizer.from_str(word_tokenizer()).encode(PASSAGE_PROMPT, add_special_tokens=False).ids
    assert len(prompt) > 1
    assert prompted.encoder.window.max_tokens == BERT_WINDOW - 2 - len(prompt)


def test_a_model_without_special_tokens_has_its_whole_window(opened: Open) -> None:
    encoder = opened("static").encoder
    assert encoder.window.max_tokens == encoder.card.max_tokens


def test_a_passage_that_fills_the_window_is_read_to_its_end_and_no_further(prompted: Opened) -> None:
    encoder = prompted.encoder
    filled = ["print"] * encoder.window.max_tokens
    assert [len(starts) for starts in encoder.window.token_starts([" ".join(filled)])] == [encoder.window.max_tokens]
    whole, longer, other_end = passages(
        encoder, [" ".join(words) for words in (filled, [*filled, "errors"], [*filled[:-1], "errors"])]
    )
    assert longer == pytest.approx(whole, abs=1e-5)
    assert unlike(other_end, whole)


def test_a_query_longer_than_the_window_is_read_as_far_as_the_model_reads(prompted: Opened) -> None:
    model = reference(prompted.folder)
    for query in ("brochure errors " * 5000, LONG * 50, "宣伝" * 5000, "?" * 50_000):
        assert prompted.encoder.encode_query(query) == pytest.approx(
            model.encode_query(query, normalize_embeddings=True), abs=1e-5
        )


def test_a_query_with_much_white_space_is_read_as_far_as_the_model_reads(prompted: Opened) -> None:
    query = "\n".join(" " * 200 + word for word in LONG.split()[:30])
    expected = reference(prompted.folder).encode_query(query, normalize_embeddings=True)
    assert prompted.encoder.encode_query(query) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("make", ["static", "prompted", "bag-of-words"])
def test_tokens_start_where_the_words_do(opened: Open, make: str) -> None:
    texts = ["  Überprüfung der\tProspekte, copy-editing\nundsoweiter 宣伝", "", " \n", "print"]
    found = opened(make).encoder.window.token_starts(texts)
    words = [[match.start() for match in re.finditer(r"\w+", text)] for text in texts]
    assert [len(starts) for starts in found][1:3] == [0, 0]
    for text, starts, expected in zip(texts, found, words, strict=True):
        assert set(expected) <= set(starts)
        assert all(not text[start].isspace() for start in starts)


def test_a_long_text_has_all_its_tokens_counted(prompted: Opened) -> None:
    (starts,) = prompted.encoder.window.token_starts(["print " * 5000])
    assert starts == list(range(0, 30_000, 6))


@pytest.mark.parametrize("make", ["prompted", "bag-of-words"])
@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=80))
def test_token_starts_ascend_within_the_text(opened: Open, make: str, text: str) -> None:
    (starts,) = opened(make).encoder.window.token_starts([text])
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)


@pytest.mark.parametrize("make", FAST)
def test_a_model_is_exported_when_it_is_first_used_and_never_again(opened: Open, make: str) -> None:
    first = opened(make)
    assert first.encoder.card.unexportable == ""
    assert [line.split(" (")[0] for line in first.told] == [f"{PREPARING} {first.folder}"]
    assert [path for path in first.cache.iterdir() if path.name.startswith(".")] == [], "nothing half built is left"
    assert {path.name for path in first.exported.iterdir()} <= {
        "encoder.json",
        "model.onnx",
        "model.weights",
        "tokenizer.json",
        "seal.json",
    }
    again = first.again()
    assert again.told == ()
    assert again.encoder.card == first.encoder.card
    assert again.encoder.encode_query("errors").tolist() == first.encoder.encode_query("errors").tolist()


def test_a_model_stored_in_half_precision_is_exported_too(opened: Open) -> None:
    ours = opened("half")
    assert [line for line in ours.told if SLOWER in line] == []
    model = reference(ours.folder, model_kwargs={"dtype": "float32"})
    expected = model.encode_document(TEXTS, normalize_embeddings=True)
    assert (passages(ours.encoder, TEXTS) * expected).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_an_exported_model_is_opened_by_its_fingerprint_alone(prompted: Opened, tmp_path: Path) -> None:
    shutil.copytree(prompted.cache, tmp_path / "encoders")
    encoders = Encoders(tmp_path / "encoders", tmp_path / "nowhere", lambda line: None)
    found = encoders.open_exported(prompted.encoder.card.fingerprint)
    assert found is not None
    assert found.encode_query("errors").tolist() == prompted.encoder.encode_query("errors").tolist()
    assert encoders.open_exported("0123456789abcdef0123") is None


def test_the_model_of_an_index_is_opened_and_no_other(prompted: Opened) -> None:
    card = prompted.encoder.card
    assert prompted.encoders.open_for(card).card.fingerprint == card.fingerprint
    with pytest.raises(ModelError, match=r"is not the one the index was made with; run `kb reindex`$"):
        prompted.encoders.open_for(replace(card, fingerprint="0123456789abcdef0123"))


@pytest.mark.parametrize("make", SLOW)
def test_a_model_that_cannot_be_exported_says_so_and_nobody_tries_again(opened: Open, make: str) -> None:
    first = opened(make)
    assert [line.split(" (")[0] for line in first.told] == [
        f"{PREPARING} {first.folder}",
        f"the model {first.folder} {SLOWER}",
    ]
    reason = EncoderCard.read(first.exported).unexportable
    assert reason
    assert first.told[1].endswith(f" ({reason})")
    card = first.exported / "encoder.json"
    before = (card.stat().st_ino, card.stat().st_mtime_ns)
    assert sorted(path.name for path in first.exported.iterdir()) == ["encoder.json", "seal.json"]
    again = first.again()
    assert again.told == (first.told[1],)
    assert (card.stat().st_ino, card.stat().st_mtime_ns) == before
    assert again.encoder.encode_query("print errors").tolist() == first.encoder.encode_query("print errors").tolist()
    assert first.encoders.open_exported(first.encoder.card.fingerprint) is None


def test_the_reason_is_named_for_a_tokenizer_that_needs_python(opened: Open) -> None:
    assert "(its tokenizer is not one of the `tokenizers` library)" in opened("bag-of-words").told[1]


FILES = ["model.onnx", "model.weights", "tokenizer.json", "encoder.json", "seal.json"]


Damage = Callable[[Path], object]


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Write a file anew, of its size and time or not: as a file of its own, since the old one may be mapped."""
    data, times = path.read_bytes(), path.stat()
    path.unlink()
    path.write_bytes(change(data))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


DAMAGES: dict[str, Damage] = {
    "cut short": lambda path: rewrite(path, lambda data: data[: len(data) // 2]),
    "empty": lambda path: rewrite(path, lambda data: b""),
    "missing": lambda path: path.unlink(),
    "zeroed": lambda path: rewrite(path, lambda data: bytes(len(data))),
    "a bit at the beginning": lambda path: rewrite(path, lambda data: flipped(data, 0)),
    "a bit in the middle": lambda path: rewrite(path, lambda data: flipped(data, len(data) // 2)),
    "a bit at the end": lambda path: rewrite(path, lambda data: flipped(data, len(data) - 2)),
    "a folder": lambda path: path.rename(path.with_name("file")).with_name(path.name).mkdir(),
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_export_is_noticed_whoever_opens_it_and_is_made_anew(own: Opened, file: str, damage: str) -> None:
    before = own.encoder.encode_query("errors")
    DAMAGES[damage](own.exported / file)
    fingerprint = own.encoder.card.fingerprint
    with pytest.raises(DamagedExport, match=f"^the prepared model in {re.escape(str(own.exported))} is damaged: "):
        own.encoders.open_exported(fingerprint)
    assert own.encoders.damage_of(fingerprint).startswith(f"{own.exported}: ")
    told: list[str] = []
    encoder = Encoders(own.cache, Path(), told.append).open_for(own.encoder.card)
    assert [line.split(" (")[0] for line in told] == [f"{PREPARING} {own.folder}"]
    assert encoder.encode_query("errors") == pytest.approx(before, abs=1e-5)
    assert own.again().told == ()
    assert own.encoders.damage_of(fingerprint) == ""


SAYING = {
    "a list": b"[]",
    "a text": b'"card"',
    "no text": b"\xff\xfe{}",
    "too deep": b"[" * 100_000,
    "nothing": b"{}",
    "numbers": b'{"files": 1, "digest": 2}',
}


@pytest.mark.parametrize("said", SAYING)
@pytest.mark.parametrize("file", ["encoder.json", "seal.json", "its name"])
def test_whatever_the_small_files_say_it_is_made_anew(own: Opened, file: str, said: str) -> None:
    (named,) = (own.cache / "names").iterdir()
    (named if file == "its name" else own.exported / file).write_bytes(SAYING[said])
    assert own.again().encoder.encode_query("errors") == pytest.approx(own.encoder.encode_query("errors"), abs=1e-5)
    assert own.again().told == ()


def test_an_export_of_a_program_that_made_no_seal_is_made_again_once(own: Opened) -> None:
    (own.exported / "seal.json").unlink()
    assert own.again().told != ()
    assert own.again().told == ()


def test_an_export_that_cannot_be_made_again_says_both(own: Opened) -> None:
    (own.exported / "tokenizer.json").write_text("{}")
    cut_weights(own.folder)
    with pytest.raises(ModelError) as error:
        own.encoders.open_for(replace(own.encoder.card, stamp=own.encoders.stamp(str(own.folder))))
    assert "cannot be loaded" in str(error.value)
    assert "\n" not in str(error.value)


def test_what_was_verified_is_not_read_again_until_something_changes(own: Opened, tmp_path: Path) -> None:
    hour = own.exported.stat().st_mtime_ns + 3600 * 10**9
    exported, reads = Exported(own.cache, own.encoder.card.fingerprint), Reads(own.exported)
    clock = VerifiedRecord(tmp_path / "record.json", lambda: hour)
    exported._record = clock  # a file so new that it could change within a tick of its clock is read each time
    with reads:
        exported.verify()
        first = reads.count("model.onnx")
        exported.verify()
    assert (first, reads.count("model.onnx")) == (1, 1)
    rewrite(own.exported / "model.onnx", lambda data: flipped(data, len(data) // 2))
    with pytest.raises(DamagedExport, match=r"model\.onnx is not what was written"):
        exported.verify()


class Reads:
    """Counts which files of a folder are opened, as long as it is entered."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._opened, self._on = folder, [""], False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._on and event == "open" and str(arguments[0]).startswith(str(self._folder)):
            self._opened.append(Path(str(arguments[0])).name)

    def __enter__(self) -> None:
        self._on = True

    def __exit__(self, *_: object) -> None:
        self._on = False

    def count(self, name: str) -> int:
        return self._opened.count(name)


def spoil_a_word(folder: Path, value: float) -> None:
    """Give one word of a static model a vector that is none."""
    from safetensors.numpy import load_file, save_file

    (weights,) = folder.rglob("model.safetensors")
    tensors = {name: tensor.copy() for name, tensor in load_file(weights).items()}
    (rows,) = (tensor for tensor in tensors.values() if tensor.ndim == 2)
    vocabulary = json.loads(next(folder.rglob("tokenizer.json")).read_text())["model"]["vocab"]
    rows[vocabulary["print"]] = value
    save_file(tensors, weights, {"format": "pt"})


def test_what_is_no_vector_is_an_error_and_never_given(static_model: Path, tmp_path: Path) -> None:
    shutil.copytree(static_model, tmp_path / "model")
    spoil_a_word(tmp_path / "model", np.nan)
    encoder = open_model(tmp_path / "model", tmp_path / "encoders").encoder
    assert encoder.encode_query("errors").any()
    for encode in (lambda: encoder.encode_query("print"), lambda: list(encoder.encode_passages(["errors", "print"]))):
        with pytest.raises(ModelError, match=r"makes vectors that are zero or no numbers; name another one"):
            encode()


def test_an_export_that_was_interrupted_is_not_taken_for_a_whole_one(own: Opened) -> None:
    own.exported.rename(own.cache / ".building-x")
    assert own.again().told != ()


def test_a_cache_that_cannot_be_written_makes_it_slow_and_says_so(prompted: Opened, tmp_path: Path) -> None:
    (tmp_path / "encoders").write_text("a file where the folder should be")
    ours = open_model(prompted.folder, tmp_path / "encoders")
    assert f"the exported model cannot be kept in {tmp_path / 'encoders'} (" in ours.told[-1]
    assert ours.told[-1].endswith("; searching stays slow")
    assert ours.encoder.encode_query("errors") == pytest.approx(prompted.encoder.encode_query("errors"), abs=1e-5)


def test_a_folder_is_found_relative_to_the_knowledge_base(own: Opened) -> None:
    encoder = Encoders(own.cache, own.folder.parent, lambda line: None).open("model")
    assert encoder.card.model == "model"
    assert encoder.card.fingerprint == own.encoder.card.fingerprint


def test_a_model_replaced_under_its_name_is_loaded_anew(own: Opened, opened: Open) -> None:
    shutil.rmtree(own.folder)
    shutil.copytree(opened("mean").folder, own.folder)
    again = own.again()
    assert PREPARING in again.told[0]
    assert again.encoder.card.fingerprint == opened("mean").encoder.card.fingerprint
    assert again.encoder.encode_query("errors") == pytest.approx(
        opened("mean").encoder.encode_query("errors"), abs=1e-5
    )


def test_two_names_of_one_model_share_its_export(own: Opened) -> None:
    shutil.copytree(own.folder, own.folder.with_name("copy"))
    copy = open_model(own.folder.with_name("copy"), own.cache)
    assert copy.encoder.card.fingerprint == own.encoder.card.fingerprint
    assert own.again().told == (), "the copy does not take the export away from the first name"
    assert copy.again().told == ()


def fingerprint(folder: Path) -> str:
    from search.semantic.model import Model

    return Model("any", str(folder), "").card.fingerprint


def edit_json(key: str, value: Any) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        data = json.loads(path.read_text("utf-8"))
        assert data.get(key) != value
        path.write_text(json.dumps(data | {key: value}), "utf-8")

    return edit


def change_one_weight(path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(path)
    name = "encoder.layer.1.output.dense.weight"
    tensors[name] = tensors[name].copy()
    tensors[name][3, 5] += 1e-3
    save_file(tensors, path, {"format": "pt"})


CONFIG = "config_sentence_transformers.json"


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        (CONFIG, edit_json("prompts", {**PROMPTS, "query": "Another: "})),
        (CONFIG, edit_json("prompts", {**PROMPTS, "document": "text: "})),
        (CONFIG, edit_json("similarity_fn_name", "dot")),
        ("1_Pooling/config.json", edit_json("pooling_mode", "max")),
        ("1_Pooling/config.json", edit_json("include_prompt", False)),
        ("sentence_bert_config.json", edit_json("max_seq_length", 32)),
        ("tokenizer.json", edit_json("normalizer", None)),
        ("model.safetensors", change_one_weight),
    ],
    ids=["query prompt", "passage prompt", "similarity", "pooling", "prompt pooled", "window", "tokenizer", "weight"],
)
def test_whatever_changes_a_vector_changes_the_fingerprint(
    prompted: Opened, tmp_path: Path, file: str, edit: Callable[[Path], None]
) -> None:
    shutil.copytree(prompted.folder, tmp_path / "model")
    assert fingerprint(tmp_path / "model") == prompted.encoder.card.fingerprint, "a copy has the same"
    edit(tmp_path / "model" / file)
    assert fingerprint(tmp_path / "model") != prompted.encoder.card.fingerprint


def test_what_changes_no_vector_leaves_the_fingerprint(prompted: Opened, tmp_path: Path) -> None:
    shutil.copytree(prompted.folder, tmp_path / "model")
    (tmp_path / "model" / "README.md").write_text("Another text.")
    edit_json("prompts", {**PROMPTS, "clustering": "Cluster: "})(tmp_path / "model" / CONFIG)
    assert fingerprint(tmp_path / "model") == prompted.encoder.card.fingerprint


@pytest.mark.parametrize(
    "name", ["./missing", "{tmp}/missing", "models/of/mine", "~/missing-model", "~nobody-here/model"]
)
def test_a_missing_folder_is_named(tmp_path: Path, name: str) -> None:
    name = name.replace("{tmp}", str(tmp_path))
    told: list[str] = []
    with pytest.raises(ModelError, match=rf"^the model '{re.escape(name)}' cannot be loaded: no folder ") as refused:
        Encoders(tmp_path / "encoders", tmp_path, told.append).open(name)
    assert "\n" not in str(refused.value)
    assert told == []


@pytest.mark.parametrize("name", ["no-such-model", "nobody/nothing"])
def test_a_model_that_is_neither_here_nor_to_be_had_is_named_in_one_line(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(
        ModelError, match=f"^the model '{name}' is not on this machine, and Hugging Face cannot be asked for it "
    ) as refused:
        Encoders(tmp_path / "encoders", tmp_path, lambda line: None).open(name)
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.rglob("*.json")) == []


def no_model(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes")


def cut_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def spoil_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def endless_settings(folder: Path) -> None:
    (folder / "modules.json").unlink()
    (folder / "modules.json").symlink_to("/dev/zero")


def pipe_of_settings(folder: Path) -> None:
    (folder / "modules.json").unlink()
    os.mkfifo(folder / "modules.json")


def settings_of_a_gigabyte(folder: Path) -> None:
    os.truncate(folder / "tokenizer.json", 10**9)


@pytest.mark.parametrize(
    "spoil", [no_model, cut_weights, spoil_config, endless_settings, pipe_of_settings, settings_of_a_gigabyte]
)
def test_a_folder_that_is_no_whole_model_is_named_in_one_line(
    prompted: Opened, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(prompted.folder, folder)
    spoil(folder)
    with pytest.raises(ModelError, match=f"^the model '{re.escape(str(folder))}' cannot be loaded: ") as refused:
        open_model(folder, tmp_path / "encoders")
    assert "\n" not in str(refused.value)


def test_links_and_large_weights_are_for_ones_own_models_and_links_not_for_those_of_a_clone(
    prompted: Opened, tmp_path: Path
) -> None:
    folder = tmp_path / "base" / "model"
    shutil.copytree(prompted.folder, folder)
    (folder / "model.safetensors").rename(tmp_path / "weights")
    os.truncate(tmp_path / "weights", 10**9)
    (folder / "model.safetensors").symlink_to(tmp_path / "weights")
    assert Encoders(tmp_path / "encoders", tmp_path / "elsewhere", lambda line: None).stamp(str(folder))
    with pytest.raises(ModelError, match="is a link, which is not followed in a knowledge base"):
        Encoders(tmp_path / "encoders", tmp_path / "base", lambda line: None).stamp("model")


IN_A_PROCESS = """
import json, sys
from pathlib import Path
from search.semantic.encoders import Encoders

cache, base, name = sys.argv[1:]
told = []
encoder = Encoders(Path(cache), Path(base), told.append).open(name)
[(_, passages)] = encoder.encode_passages(["print errors"])
encoder.window.token_starts(["print errors"])
print(json.dumps({
    "told": told,
    "query": encoder.encode_query("brochure errors").tolist(),
    "passage": passages[0].tolist(),
    "window": encoder.window.max_tokens,
    "modules": sorted(sys.modules),
}))
"""


def in_a_process(cache: Path, base: Path, name: str, **environment: str) -> tuple[dict[str, Any], str]:
    """Open a model in a new process; return what it found and what was printed beside it."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, str(cache), str(base), name],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result, done.stderr


def test_an_exported_model_is_opened_without_torch(prompted: Opened) -> None:
    result, printed = in_a_process(prompted.cache, Path(), str(prompted.folder))
    heavy = {
        "torch",
        "sentence_transformers",
        "transformers",
        "onnx",
        "search.semantic.model",
        "search.semantic.export",
    }
    assert heavy & set(result["modules"]) == set()
    assert (result["told"], printed) == ([], "")
    assert result["query"] == pytest.approx(prompted.encoder.encode_query("brochure errors").tolist(), abs=1e-5)
    assert result["passage"] == pytest.approx(passages(prompted.encoder, ["print errors"])[0].tolist(), abs=1e-5)
    assert result["window"] == prompted.encoder.window.max_tokens


def test_a_model_in_the_hubs_local_cache_is_prepared_without_network_and_without_a_word_printed(
    prompted: Opened, tmp_path: Path
) -> None:
    revision = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--sentence-transformers--tiny-bert"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(revision)
    shutil.copytree(prompted.folder, repository / "snapshots" / revision)
    hub = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1"}
    result, printed = in_a_process(tmp_path / "encoders", tmp_path, "tiny-bert", **hub)
    assert printed == ""
    assert [line.split(" (")[0] for line in result["told"]] == [f"{PREPARING} tiny-bert"]
    assert result["query"] == pytest.approx(prompted.encoder.encode_query("brochure errors").tolist(), abs=1e-5)
    again, printed = in_a_process(tmp_path / "encoders", tmp_path, "tiny-bert", **hub)
    assert (again["told"], printed) == ([], "")
    assert again["query"] == result["query"]
    assert "torch" not in again["modules"]
