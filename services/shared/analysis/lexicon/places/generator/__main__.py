"""Generates the place tables from pinned packages, and checks them.

    python3 generator --packages FOLDER     writes ../countries.tsv and ../generated/<language>.tsv, then checks
    python3 generator --check               checks only; needs no packages
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from check import check_folder  # noqa: E402
from cities import Gazetteer  # noqa: E402
from countries import countries_table, country_rows  # noqa: E402
from packages import PackageError, Packages  # noqa: E402
from table import HEADER, KINDS, TableError, write  # noqa: E402

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
        write(FOLDER / "generated" / f"{language}.tsv", [HEADER, *(row.line() for row in sorted({*countries, *cities}))])


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
