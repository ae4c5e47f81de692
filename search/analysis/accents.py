"""Latin letters with marks → the base letter; equal to the table of `whoosh.support.charset`.

Importing that module takes as long as all other imports of the index by words: it imports `urllib`, and with it `http`
and `email`. A test checks that both tables are equal.
"""

# ruff: noqa: RUF001 - letters that look alike are what it is about

from __future__ import annotations

_MARKED = {
    "0": "０",
    "1": "１",
    "2": "２",
    "3": "３",
    "4": "４",
    "5": "５",
    "6": "６",
    "7": "７",
    "8": "８",
    "9": "９",
    "a": "àáâãäåāăąǎǟǡǣǻǽȁȃȧḁẚạảấầẩẫậắằẳẵặⱥａ",
    "b": "ƀƃɓᵬḃḅḇｂ",
    "c": "çćĉċčƈȼɕḉｃ",
    "d": "ðďđƌȡɖɗᵭḋḍḏḑḓｄ",
    "e": "èéêëēĕėęěǝȅȇȩɇɚɝḕḗḙḛḝẹẻẽếềểễệｅ",
    "f": "ƒᵮḟｆ",
    "g": "ĝğġģǥǧǵɠḡｇ",
    "h": "ĥħȟ\u0331ḣḥḧḩḫẖⱨｈ",
    "i": "ìíîïĩīĭįıǐȉȋɨḭḯỉịｉ",
    "j": "ĵǰȷɉɟʄʝ\u030cｊ",
    "k": "ķƙǩḱḳḵⱪｋ",
    "l": "ĺļľŀłƚȴɫɬɭ\u0323ḷḹḻḽⱡｌ",
    "m": "ɱḿṁṃｍ",
    "n": "ñńņňƞǹȵɲɳṅṇṉṋｎ",
    "o": "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱɵṍṏṑṓọỏốồổỗộớờởỡợｏ",
    "p": "ƥ\u0303ṕṗｐ",
    "q": "ɋʠｑ",
    "r": "ŕŗřȑȓɍɼɽɾᵲᵳṙṛṝṟｒ",
    "s": "ßśŝşšșʂ\u0329ṡṣṥṧṩẛｓ",
    "t": "þţťŧƫƭțȶʈ\u0308ᵵṫṭṯṱẗⱦｔ",
    "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗʉṳṵṷṹṻụủứừửữựｕ",
    "v": "ʋṽṿｖ",
    "w": "ŵẁẃẅẇẉẘｗ",
    "x": "ẋẍｘ",
    "y": "ýÿŷƴȳɏʏ\u030aẏẙỳỵỷỹｙ",
    "z": "źżžƶƺǯȥʐʑẑẓẕⱬｚ",
}
WITHOUT_MARKS = {ord(letter): base for base, letters in _MARKED.items() for letter in letters}
"""For `str.translate`: code point → base letter; lower case only."""
