"""The rows of a place table, how they are written and how the hand-written file changes them."""

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

KINDS = ("country", "demonym", "capital", "government", "city", "admin1", "water", "leader", "base", "none")
FLAGS = ("case", "ambiguous", "name", "beside")
HEADER = "text\tkind\tcountry\tflags\tid\tadmin\tpopulation\tcontext"


class TableError(Exception):
    """A file breaks the format; the message names file and entry."""


@dataclass(frozen=True, order=True)
class Row:
    """One surface form: a text and what it stands for."""

    text: str
    kind: str
    country: str = ""
    flags: tuple[str, ...] = ()
    id: str = ""
    admin: str = ""
    population: int = 0
    context: tuple[str, ...] = ()

    def line(self) -> str:
        """Returns the row as one line of TSV, empty columns at the end left out."""
        fields = (self.text, self.kind, self.country, " ".join(self.flags), self.id, self.admin)
        tail = (str(self.population) if self.population else "", "|".join(self.context))
        return "\t".join(fields + tail).rstrip("\t")


def fold(text: str) -> str:
    """Returns the text without marks on Latin letters, as hurried writers type it."""
    special = {"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ə": "a", "Ə": "A", "’": "'", "‘": "'", "ʻ": "'"}
    text = "".join(special.get(c, c) for c in text)
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def write(path: Path, lines: list[str]) -> None:
    """Writes lines with a final newline, creating the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_generated(path: Path) -> list[Row]:
    """Returns the rows of a generated table; raises TableError."""
    rows = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or line == HEADER:
            continue
        parts = line.split("\t") + [""] * 8
        try:
            population = int(parts[6] or 0)
        except ValueError as error:
            raise TableError(f"{path.name}:{number}: population is no number") from error
        context = tuple(c for c in parts[7].split("|") if c)
        rows.append(Row(parts[0], parts[1], parts[2], tuple(parts[3].split()), parts[4], parts[5], population, context))
    return rows


def read_waters(path: Path) -> dict[str, str]:
    """Returns the coastal countries of each water by its id, joined by commas."""
    coasts = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        parts = line.split("\t")
        if len(parts) not in (3, 4):
            raise TableError(f"{path.name}:{number}: a water has three columns, or four")
        coasts[parts[0]] = "" if parts[1] == "-" else parts[1]
    return coasts


def read_hand(path: Path, coasts: dict[str, str]) -> tuple[list[Row], set[str]]:
    """Returns the rows of a hand-written file and the texts that it removes; raises TableError."""
    rows, removed = [], set()
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{path.name}: {error}") from error
    for section, groups in tree.items():
        for group, entries in groups.items():
            if section == "generated":
                if group != "remove":
                    raise TableError(f"{path.name}: [generated] knows only `remove`, not {group}")
                removed.update(entries)
                continue
            for entry in entries:
                rows.append(_hand_row(path, section, group, entry, coasts))
    return rows, removed


def _hand_row(path: Path, section: str, group: str, entry, coasts: dict[str, str]) -> Row:
    entry = {"text": entry} if isinstance(entry, str) else entry
    unknown = set(entry) - {"text", "flags", "id", "admin", "population", "context"}
    if unknown or "text" not in entry:
        raise TableError(f"{path.name}: [{section}] {group}: odd entry {entry}")
    common = (
        tuple(sorted(entry.get("flags", ()))),
        entry.get("id", ""),
        entry.get("admin", ""),
        entry.get("population", 0),
        tuple(entry.get("context", ())),
    )
    if section == "water":
        if group not in coasts:
            raise TableError(f"{path.name}: water {group} is not in waters.tsv")
        return Row(entry["text"], "water", coasts[group], common[0], group, *common[2:])
    if section == "none":
        return Row(entry["text"], "none", "", *common)
    return Row(entry["text"], group, section, *common)


def merge(generated: list[Row], hand: list[Row], removed: set[str]) -> list[Row]:
    """Returns what the loader sees: a text written by hand hides the generated rows of that text, unless it is to stand beside them."""
    hidden = removed | {row.text for row in hand if "beside" not in row.flags}
    return sorted(set(hand) | {row for row in generated if row.text not in hidden})
