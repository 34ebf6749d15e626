"""Which alternate names of a GeoNames city are in a language's script, and Slavic endings of names."""

import unicodedata

# GeoNames' alternate names carry no language: those in the script of a language are taken, whatever language they are.
SCRIPTS = {
    "ru": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC", "fa": "ARABIC", "hi": "DEVANAGARI", "ko": "HANGUL",
    "ja": "KATAKANA", "zh-Hans": "CJK", "zh-Hant": "CJK",
}
# In these countries Japanese newspapers write place names in Chinese characters too.
KANJI_COUNTRIES = {"JP"}
ONLY_IN = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'’",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی\u200c",
}


CASED = ("ru", "uk")
# A stem of this length is not likely to begin another word that has a capital.
SAFE_STEM = 5


def in_script(text: str, language: str, country: str) -> bool:
    """Tells whether a name can stand in a text of the language by its letters."""
    letters = [c for c in text if c.isalpha() or unicodedata.combining(c)]
    if len(letters) < 2 or any(c.isdigit() for c in text):
        return False
    if language in ONLY_IN:
        allowed = set(ONLY_IN[language] + " -'’")
        return all(c in allowed for c in text.lower())
    wanted = {SCRIPTS[language]} | ({"CJK"} if language == "ja" and country in KANJI_COUNTRIES else set())
    names = [unicodedata.name(c, "") for c in letters]
    return all(any(name.startswith(script) for script in wanted) for name in names)


def stems(name: str, language: str) -> set[str]:
    """Returns a name as one stem with an open end (`Пхеньян*`), or its case forms where the stem would be too short."""
    forms = declined(name, language)
    if len(forms) < 3:
        return forms
    stem = name
    while any(not form.startswith(stem) for form in forms):
        stem = stem[:-1]
    return {stem + "*"} if len(stem.rpartition(" ")[2]) >= SAFE_STEM else forms


def declined(name: str, language: str) -> set[str]:
    """Returns the case forms of a Russian or Ukrainian name of one word, of its last word otherwise, the name included.

    Only the regular endings of place names; a name that fits none, or an abbreviation, is left as it is.
    """
    head, _, last = name.rpartition(" ")
    forms = {name}
    if name.isupper():
        return forms
    for ending, others in ENDINGS[language]:
        if last.endswith(ending):
            stem = last[: len(last) - len(ending)] if ending else last
            forms |= {(head + " " if head else "") + stem + other for other in others}
            break
    return forms


ENDINGS = {
    "ru": (
        ("ские", ("ских", "ским", "скими")), ("ский", ("ского", "скому", "ским", "ском")),
        ("ная", ("ной", "ную")), ("ия", ("ии", "ию", "ией")), ("ья", ("ьи", "ью", "ьей", "ье")), ("я", ("и", "ю", "ей", "е")),
        ("ка", ("ки", "ку", "кой", "ке")), ("га", ("ги", "гу", "гой", "ге")), ("ха", ("хи", "ху", "хой", "хе")),
        ("оа", ()), ("ша", ("ши", "шу", "шей", "ше")), ("ца", ("цы", "цу", "цей", "це")), ("а", ("ы", "у", "ой", "е")),
        ("ы", ("", "ам", "ами", "ах")), ("ь", ("и", "ью", "ю", "ём", "ем", "я", "е")), ("й", ("я", "ю", "ем", "е")),
        ("ец", ("ца", "цу", "цом", "це")), ("о", ()), ("е", ()), ("и", ()), ("у", ()), ("э", ()), ("ю", ()),
        ("", ("а", "у", "ом", "е")),
    ),
    "uk": (
        ("ський", ("ського", "ському", "ським")), ("ія", ("ії", "ію", "ією")), ("я", ("і", "ю", "ею")),
        ("оа", ()), ("ка", ("ки", "ку", "кою", "ці")), ("га", ("ги", "гу", "гою", "зі")), ("а", ("и", "у", "ою", "і")),
        ("и", ("", "ам", "ами", "ах", "ів")), ("ь", ("я", "ю", "ем", "і", "ню")), ("й", ("я", "ю", "єм", "ї")),
        ("ків", ("кова", "кову", "ковом", "кові")), ("їв", ("єва", "єву", "євом", "єві")), ("ів", ("ова", "ову", "овом", "ові")),
        ("о", ()), ("е", ()), ("і", ()), ("у", ()), ("ю", ()), ("є", ()), ("", ("а", "у", "ом", "і")),
    ),
}
