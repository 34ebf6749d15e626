"""Checks of the tables as the loader sees them; needs no packages."""

import tomllib
import unicodedata
from collections import defaultdict
from pathlib import Path

from table import FLAGS, KINDS, Row, merge, read_generated, read_hand, read_waters


def check_folder(folder: Path) -> tuple[list[str], dict[str, list[Row]]]:
    """Returns the complaints and the merged rows by language; raises TableError where a file cannot be read."""
    codes = {line.split("\t")[0] for line in (folder / "countries.tsv").read_text(encoding="utf-8").splitlines()[1:]}
    coasts = read_waters(folder / "waters.tsv")
    complaints = [f"waters.tsv: {key}: unknown country {c}" for key, value in coasts.items() for c in value.split(",") if c and c not in codes]
    complaints += _check_blocs(folder / "blocs.toml", codes)
    merged = {}
    for path in sorted((folder / "generated").glob("*.tsv")):
        language = path.stem
        generated = read_generated(path)
        hand_path = folder / f"{language}.toml"
        hand, removed = read_hand(hand_path, coasts) if hand_path.is_file() else ([], set())
        complaints += [f"{language}: {c}" for c in _check_rows(hand, codes)]
        complaints += [f"{language}: {c}" for c in _check_duplicates(hand)]
        merged[language] = merge(generated, hand, removed)
        complaints += [f"{language}: {c}" for c in _check_rows(merged[language], codes)]
        complaints += [f"{language}: {c}" for c in _check_conflicts(merged[language])]
    return sorted(set(complaints)), merged


def _check_rows(rows: list[Row], codes: set[str]) -> list[str]:
    complaints = []
    for row in rows:
        if row.kind not in KINDS:
            complaints.append(f"{row.text}: unknown kind {row.kind}")
        complaints += [f"{row.text}: unknown flag {flag}" for flag in row.flags if flag not in FLAGS]
        listed = row.country.split(",") if row.country else []
        complaints += [f"{row.text}: unknown country {code}" for code in listed if code not in codes]
        if len(listed) != 1 and row.kind not in ("water", "none"):
            complaints.append(f"{row.text}: a {row.kind} has exactly one country")
        if row.text != row.text.strip() or not row.text or any(c in row.text for c in "\t\n|") or "  " in row.text:
            complaints.append(f"{row.text!r}: odd white space")
        if unicodedata.normalize("NFC", row.text) != row.text:
            complaints.append(f"{row.text}: is not in NFC")
    return complaints


def _check_duplicates(rows: list[Row]) -> list[str]:
    seen, complaints = set(), []
    for row in rows:
        key = (row.text, row.kind, row.country, row.id)
        if key in seen:
            complaints.append(f"{row.text}: stands twice as {row.kind} of {row.country}")
        seen.add(key)
    return complaints


def _check_conflicts(rows: list[Row]) -> list[str]:
    """At most one reading of a text may be plain; readings of one country do not conflict."""
    by_text = defaultdict(set)
    for row in rows:
        if "ambiguous" not in row.flags:
            by_text[row.text].add("none" if row.kind == "none" else row.country)
    return [f"{text}: plain readings conflict: {', '.join(sorted(found))}" for text, found in sorted(by_text.items()) if len(found) > 1]


def _check_blocs(path: Path, codes: set[str]) -> list[str]:
    complaints, owner = [], {}
    for code, bloc in tomllib.loads(path.read_text(encoding="utf-8")).items():
        complaints += [f"blocs.toml: {code}: unknown member {m}" for m in bloc.get("members", []) if m not in codes]
        for language, names in bloc["names"].items():
            for name in names:
                if owner.setdefault((language, name), code) != code:
                    complaints.append(f"blocs.toml: {name} ({language}) names both {owner[language, name]} and {code}")
    return complaints
