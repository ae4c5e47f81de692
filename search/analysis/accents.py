"""Latin letters without their marks, as `whoosh.support.charset` has them.

That module is as slow to import as all else that words need: it brings `urllib`, and with it `http` and `email`. A test
holds both tables equal.
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
"""For `str.translate`; lower case only."""
