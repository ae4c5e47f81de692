"""The indexes of a library: made, stored, opened and checked; with the models and vectors that they need."""

from typing import TYPE_CHECKING

from search.lazy import names_of

if TYPE_CHECKING:
    from search.analysis.lesson_terms import LessonTerms as LessonTerms
    from search.analysis.terms import terms_of as terms_of
    from search.indexing.opening import VECTORS as VECTORS
    from search.indexing.opening import WORDS as WORDS
    from search.indexing.opening import first_vector as first_vector
    from search.indexing.opening import lesson_vectors as lesson_vectors
    from search.indexing.opening import open_lexical as open_lexical
    from search.indexing.opening import open_vectors as open_vectors
    from search.indexing.opening import passage_numbers as passage_numbers
    from search.indexing.soundness import vector_defects as vector_defects
    from search.indexing.soundness import word_mismatches as word_mismatches
    from search.indexing.writing import FileIndexWriter as FileIndexWriter
    from search.indexing.writing import IndexWriter as IndexWriter
    from search.indexing.writing import Kept as Kept
    from search.lexical.index import LexicalIndex as LexicalIndex
    from search.models import bundled as bundled
    from search.models.encoder import Encoder as Encoder
    from search.models.encoder_card import EncoderCard as EncoderCard
    from search.models.encoders import Encoders as Encoders
    from search.models.shared import SharedEncoders as SharedEncoders
    from search.models.shared import encoded_alone as encoded_alone
    from search.models.windows import OF_NO_MODEL as OF_NO_MODEL
    from search.models.windows import window_for_words as window_for_words
    from search.passage_numbers import PassageNumbers as PassageNumbers
    from search.semantic.cache import VectorCache as VectorCache
    from search.semantic.cache import count_kept as count_kept
    from search.semantic.cache import damage_of as damage_of
    from search.semantic.cache import text_key as text_key
    from search.semantic.index import VectorIndex as VectorIndex
    from search.semantic.keys import read_keys as read_keys
    from search.semantic.known_queries import KnownQueries as KnownQueries
    from search.semantic.known_queries import queries_of as queries_of
    from search.semantic.source import MissingSource as MissingSource
    from search.semantic.source import SemanticSource as SemanticSource
    from search.semantic.source import ThreadedSource as ThreadedSource
else:
    __getattr__ = names_of(globals())
