"""What a user writes: queries with their words, conditions, numbers and dates; and words that may be meant."""

from typing import TYPE_CHECKING

from search.lazy import names_of

if TYPE_CHECKING:
    from search.analysis.analyzer import analyze as analyze
    from search.analysis.analyzer import terms as terms
    from search.analysis.tokens import is_identifier as is_identifier
    from search.lexical.language import IMAGINED_TEXTS as IMAGINED_TEXTS
    from search.lexical.language import share_of_texts as share_of_texts
    from search.query.filters import Alternative as Alternative
    from search.query.filters import Bound as Bound
    from search.query.filters import Condition as Condition
    from search.query.filters import dates_of as dates_of
    from search.query.filters import folded_words as folded_words
    from search.query.filters import number_of as number_of
    from search.query.filters import parse_condition as parse_condition
    from search.query.filters import sorted_amounts as sorted_amounts
    from search.query.mode import Mode as Mode
    from search.query.numbers import CURRENCY as CURRENCY
    from search.query.numbers import MINUS as MINUS
    from search.query.numbers import QUALIFIER as QUALIFIER
    from search.query.numbers import SCALE as SCALE
    from search.query.numbers import SIGN as SIGN
    from search.query.numbers import digits as digits
    from search.query.numbers import factor as factor
    from search.query.numbers import is_ambiguous as is_ambiguous
    from search.query.numbers import is_unsure as is_unsure
    from search.query.numbers import parts as parts
    from search.query.numbers import two_readings as two_readings
    from search.query.query import EVERYTHING as EVERYTHING
    from search.query.query import MAX_CHARACTERS as MAX_CHARACTERS
    from search.query.query import Query as Query
    from search.query.query import clean_query as clean_query
    from search.query.query import is_line as is_line
    from search.query.query import known_field as known_field
    from search.query.query import page_query as page_query
    from search.query.query import parse_conditions as parse_conditions
    from search.query.query import parse_query as parse_query
    from search.query.suggesting import NEARLY_EQUAL as NEARLY_EQUAL
    from search.query.suggesting import is_slip as is_slip
    from search.query.suggesting import nearest as nearest
else:
    __getattr__ = names_of(globals())
