"""Generates the place tables from pinned packages, and checks them.

    python3 generator --packages FOLDER     writes ../countries.tsv and ../generated/<language>.tsv, then checks
    python3 generator --check               checks only; needs no packages
"""

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from check import check_folder  # noqa: E402
from cities import Gazetteer  # noqa: E402
from countries import countries_table, country_rows  # noqa: E402
from packages import PackageError, Packages  # noqa: E402
from table import HEADER, KINDS, Row, TableError, read_hand, read_waters, write  # noqa: E402

BORROWING = ("ms", "es", "fr", "de", "pt", "tr", "vi")
BORROWED_KINDS = ("leader", "base", "city", "admin1")
# Shorter names are too often a word of the borrowing language.
SHORTEST_BORROWED = 5
ENGLISH_WORDS = set(
    "Air Base Airfield Airbase Station Space Center Centre Force Island Islands Peninsula Province State North South East West "
    "Eastern Northern Southern Central Lower Upper Middle Far New Strip Bank King Queen Pope Emperor Sheikh Delta Heights City "
    "Range Test Camp Fort Shipyard Launching Launch Plant Nuclear nuclear plant facility testing ground range dam Bridge Ground "
    "Lake Satellite Missile Defense Site Spaceport Naval the of and The Of Region corridor Corridor Valley state Coast Crimean "
    "Indian Iraqi Great Saint Street".split()
)
LANGUAGES = "id ms en es fr de pt tr ru uk ar fa hi ko ja zh-Hans zh-Hant vi".split()
FOLDER = Path(__file__).resolve().parent.parent


def generate(packages: Packages) -> None:
    """Writes all generated files."""
    write(FOLDER / "countries.tsv", countries_table(packages))
    gazetteer = Gazetteer(packages)
    english = {row.text for row in country_rows(packages, "en")}
    for language in LANGUAGES:
        countries = country_rows(packages, language)
        # A country's name is never a city, not even the English name in another language (Jamaica in New York).
        named = {row.text for row in countries} | english
        cities = [row for row in gazetteer.rows(language) if row.text not in named]
        rows = {*countries, *cities}
        if language in BORROWING:
            rows.update(borrowed({row.text for row in rows}))
        write(FOLDER / "generated" / f"{language}.tsv", [HEADER, *(row.line() for row in sorted(rows))])


def borrowed(taken: set[str]) -> list[Row]:
    """Returns the names of persons, bases, cities and divisions that a language in Latin letters writes as English does.

    They come from the hand-written English file: only plain ones, and none that holds an English word.
    """
    hand, _ = read_hand(FOLDER / "en.toml", read_waters(FOLDER / "waters.tsv"))
    kept = [
        row for row in hand
        if row.kind in BORROWED_KINDS and len(row.text) >= SHORTEST_BORROWED and not row.flags and row.text not in taken
        and not ENGLISH_WORDS & set(row.text.replace("-", " ").split()) and "'s" not in row.text
    ]
    readings = Counter(row.text for row in hand)
    return [replace(row, context=()) for row in kept if readings[row.text] == 1 or row.kind == "leader"]


def report(merged: dict) -> None:
    """Prints what the loader will see, by language and kind."""
    print("language\t" + "\t".join(KINDS) + "\tall")
    for language, rows in merged.items():
        counts = Counter(row.kind for row in rows)
        print("\t".join([language, *(str(counts[kind]) for kind in KINDS), str(len(rows))]))


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="generator", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--packages", type=Path, help="folder that holds the package archives")
    action.add_argument("--check", action="store_true", help="check the tables without generating them")
    arguments = parser.parse_args()
    try:
        if arguments.packages:
            generate(Packages(arguments.packages))
        complaints, merged = check_folder(FOLDER)
    except (PackageError, TableError) as error:
        print(error, file=sys.stderr)
        return 1
    report(merged)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
