"""Two small models of different make, built from nothing: no test needs a download.

`python -m tests.models FOLDER` makes both, and prepares them as the program does, in a process of its own: so a
process that runs tests need not load torch. `python -m tests.models FOLDER default` prepares the default model, and
indexes the project's own lessons with it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from kb.knowledge_base import KnowledgeBase

ROOT = Path(__file__).parent.parent
LESSONS = ROOT / "lessons"
STATIC, BERT, PROJECT, CACHE = "static", "bert-cls", "project", "cache"
"""In the folder that they are made in: models, the project's lessons, and the cache of a user who has used them."""
QUERY_PROMPT = "Represent this question: "
PASSAGE_PROMPT = "passage: "
BERT_WINDOW = 64


@cache
def word_tokenizer() -> str:
    """Return a WordPiece tokenizer of the words and letters of the project's own lessons, as JSON.

    It is not trained: a trainer breaks ties at random, and with the tokens the vectors would differ from run to run.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    normalizer, pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    text = "\n".join(path.read_text("utf-8") for path in sorted(LESSONS.glob("*.md")))
    words = {word for word, _ in pre_tokenizer.pre_tokenize_str(normalizer.normalize_str(text))}
    letters = {letter for word in words for letter in word}
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(letters), *(f"##{letter}" for letter in sorted(letters))]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys([*tokens, *sorted(words)]))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer.to_str()


def make_static(folder: Path) -> Path:
    """Save a model whose vector of a text is the mean of fixed random vectors of its tokens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    torch.manual_seed(7)
    tokenizer = Tokenizer.from_str(word_tokenizer())
    weights = torch.randn(tokenizer.get_vocab_size(), 48)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


def make_bert(folder: Path) -> Path:
    """Save a BERT of two small layers with CLS pooling, prompts for queries and passages, and no normalization."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(11)
    tokenizer = Tokenizer.from_str(word_tokenizer())
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # transformers declares no types for it
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=BERT_WINDOW,
    )
    transformer = folder.with_name(folder.name + "-transformer")
    BertModel(config).save_pretrained(transformer)
    fast.save_pretrained(transformer)
    words = Transformer(str(transformer), max_seq_length=BERT_WINDOW)
    pooling = Pooling(words.get_embedding_dimension(), pooling_mode="cls")
    prompts = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}
    SentenceTransformer(modules=[words, pooling], prompts=prompts, device="cpu").save(str(folder))
    return folder


def made_once(folder: Path, *only: str) -> Path:
    """Let the first process that asks make what belongs into a folder; the others wait for it."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / CACHE).is_dir():
            subprocess.run([sys.executable, "-m", "tests.models", str(folder), *only], cwd=ROOT, check=True)
    return folder


def put_into_cache(folder: Path) -> None:
    """Give this process's user the cache of one who has used the models of a folder; what is there stays."""
    for path in (folder / CACHE).rglob("*"):
        copy = Path(os.environ["XDG_CACHE_HOME"]) / path.relative_to(folder / CACHE)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def main(folder: Path, *only: str) -> None:
    folder.mkdir()
    unfinished = folder / "unfinished"
    os.environ |= {"HF_HUB_OFFLINE": "1", "XDG_CACHE_HOME": str(unfinished)}
    if only:
        shutil.copytree(LESSONS, folder / PROJECT / LESSONS.name)
        indexed(folder / PROJECT, "")
    else:
        for model in (make_static(folder / STATIC), make_bert(folder / BERT)):
            (folder / f"{model.name}-base" / LESSONS.name).mkdir(parents=True)
            (folder / f"{model.name}-base" / LESSONS.name / "one.md").write_text("# One\n")
            indexed(folder / f"{model.name}-base", f'[model]\nname = "{model}"\n')
    unfinished.rename(folder / CACHE)


def indexed(root: Path, config: str) -> None:
    (root / "kb.toml").write_text(config)
    KnowledgeBase(root).reindex()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
