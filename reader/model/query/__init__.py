"""The query language of lists, search, views, commands, rules and exports.

`parse` reads it, `str` of a query writes it, `matches` and `in_order` say what it means.
"""

from reader.model.query.ast import (
    AgeTerm,
    And,
    Comparison,
    DateRangeTerm,
    DateTerm,
    FieldTerm,
    Flag,
    HasTerm,
    LabelTerm,
    LanguageTerm,
    Leaf,
    Not,
    NumberField,
    NumberRangeTerm,
    NumberTerm,
    Or,
    Part,
    Query,
    Sort,
    SortKey,
    StateTerm,
    TagTerm,
    Term,
    TextField,
    TextTerm,
    TimeField,
    TimeUnit,
    and_,
    includes_trash,
    leaves,
    loose_words,
    or_,
    search_words,
    uses_full_text,
)
from reader.model.query.evaluator import Texts, field_text, find_phrase, matches, title_and_byline
from reader.model.query.fields import FIELDS
from reader.model.query.parser import parse
from reader.model.query.sorting import sort_entries, sort_of
from reader.model.query.time_bounds import time_bounds
