"""Whether a change of the code changes nothing that anybody sees: `make same BASE=<commit>`.

The embedded city is built with demo rows by the code of the base commit and by that of the working tree. Editions must have the same id
and the same bytes, both applications the same rules of addresses, and every page that a link leads to, from the start pages on, the same
bytes (of kinds with very many pages, such as other orders of a table, some). What may differ is how things are called that no reader
sees: a CSS class or a static file may have another name, if it has that name everywhere. Renamed names are listed; anything else is a
difference, and the exit code is 1.

It follows links by itself: the crawler of the program belongs to what is compared, and one that went fewer ways would hide a lost page.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"""\b(?:href|src|data-[a-z-]+)=["']([^"'#]+)""")
_TEXT = {"text/html", "text/css", "text/javascript", "application/json", "application/geo+json", "image/svg+xml", "text/csv"}
_ADDRESS = re.compile(r'"(/[^"\s]+)"')
_STARTS = ("/", "/en/", "/api/v1/", "/kort/sammenlign")
_ENDLESS = frozenset({"omraade", "tvivl", "sorter", "q", "next", "a", "b", "pa", "pb"})
_ENDLESS_PATHS = ("/hent/", "/kilde/", "/api/", "/find", "/log-ind", "/kort/sammenlign")
_FEW = 30
"""Pages that are asked for of each kind of which there are very many: another order of a table, an area picked, the origin of a figure."""
_CLASS = re.compile(r"""\bclass(?:=|Name": )(\\?["'])(.*?)\1""", re.DOTALL)
_STATIC = re.compile(r"/static/([\w./-]+)\?v=[0-9a-f]+")
_FRESH = re.compile(r'name="csrf" value="[^"]*"|content="[^"]*" name="csrf"')


def main() -> None:
    """Compare the working tree with the commit that is named, and end with 1 when anything differs."""
    if sys.argv[1:2] == ["child"]:
        _visit(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory(prefix="same-") as folder:
        base, here = Path(folder) / "base", Path(folder) / "here"
        _check_out(sys.argv[1], base)
        differences = [*compare(_made(base, Path(folder) / "of-base"), _made(ROOT, here))]
    for difference in differences[:50]:
        print("differs:", difference)
    print(f"{len(differences)} differences")
    sys.exit(bool(differences))


def _check_out(commit: str, folder: Path) -> None:
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603, S607
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _made(code: Path, folder: Path) -> Path:
    """What a checkout makes: a workspace with an edition, and the folder `pages` with every page. In processes of its own."""
    workspace, surroundings = folder / "var", {**os.environ, "PYTHONPATH": str(code)}
    folder.mkdir()
    for command in ("init", "demo", "build"):
        words = [sys.executable, "-m", "omraadekort", command, "--workspace", str(workspace)]
        subprocess.run(words, cwd=code, env=surroundings, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    words = [sys.executable, str(Path(__file__).resolve()), "child", str(workspace), str(folder / "pages")]
    subprocess.run(words, cwd=code, env=surroundings, check=True)  # noqa: S603
    return folder


def _visit(workspace: Path, folder: Path) -> None:
    """Ask for every page, from the start pages on, and keep the answers by a number, with a list of their addresses."""
    from webmap.app import create_app  # noqa: PLC0415  the code of the checkout that is visited
    from webmap.settings import Settings  # noqa: PLC0415

    app = create_app(Settings(workspace=workspace))
    folder.mkdir()
    rules = sorted(f"{rule.rule} {sorted(rule.methods or ())} {sorted((rule.defaults or {}).items())}" for rule in app.url_map.iter_rules())
    client, waiting, known, answers, kinds = app.test_client(), deque(_STARTS), set(_STARTS), [], Counter[str]()
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        (folder / str(len(answers))).write_bytes(answer.data)
        answers.append((address, answer.status_code, answer.mimetype, answer.headers.get("Location", "")))
        for link in _links(address, answer):
            kind = _kind(link)
            if link not in known and (not kind or kinds[kind] < _FEW):
                kinds[kind] += 1
                known.add(link)
                waiting.append(link)
    (folder / "list.json").write_text(json.dumps({"rules": rules, "answers": answers}), encoding="utf-8")
    print(f"{len(answers)} pages of {Path.cwd().name}", file=sys.stderr)


def _links(address: str, answer: Any) -> Iterator[str]:
    """Addresses of our own that an answer leads to. Static files are no pages."""
    pattern = {"text/html": _LINK, "application/json": _ADDRESS}.get(answer.mimetype)
    links = pattern.findall(answer.get_data(as_text=True)) if pattern and answer.status_code == HTTPStatus.OK else []
    for link in [*links, answer.headers.get("Location", "")]:
        whole = urlsplit(urljoin(f"http://localhost{address}", unescape(link)))
        if link and whole.netloc == "localhost" and whole.path.startswith("/") and not whole.path.startswith("/static/"):
            yield whole.path + (f"?{whole.query}" if whole.query else "")


def _kind(address: str) -> str:
    """Which of the kinds with very many pages an address is of; "" when it is of none."""
    parts = urlsplit(address)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not names & _ENDLESS and not any(part in parts.path for part in _ENDLESS_PATHS):
        return ""
    words = parts.path.split("/")[1:4]
    return f"{words[0]} {words[1:2]} {parts.path.rpartition('.')[2] if '.' in parts.path else ''} {sorted(names)}"


# --- what differs -------------------------------------------------------------------------------------------------------


def compare(base: Path, here: Path) -> Iterator[str]:
    """Say what differs between two folders that `_made` filled: editions, rules of addresses, pages."""
    before, now = (json.loads((folder / "pages" / "list.json").read_text(encoding="utf-8")) for folder in (base, here))
    yield from _editions(base / "var" / "editions", here / "var" / "editions")
    yield from (f"rule {rule}" for rule in sorted({*before["rules"]} ^ {*now["rules"]}))
    places = {address: number for number, (address, *_) in enumerate(now["answers"])}
    yield from (f"{address} is new" for address in sorted(places.keys() - {address for address, *_ in before["answers"]}))
    names = _Names()
    for number, (address, *told) in enumerate(before["answers"]):
        if address not in places:
            yield f"{address} is gone"
            continue
        there = places[address]
        if told != now["answers"][there][1:]:
            yield f"{address}: {told} became {now['answers'][there][1:]}"
        elif not names.same(*((folder / "pages" / str(at)).read_bytes() for folder, at in ((base, number), (here, there))), text=told[1]):
            yield f"{address}: {names.why}"
    print(f"{len(before['rules'])} rules, {len(before['answers'])} pages; renamed: {names.renamed() or 'nothing'}")


def _editions(base: Path, here: Path) -> Iterator[str]:
    digests = [
        {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        for folder in (base, here)
    ]
    print(f"edition {(here / 'current').read_text(encoding='utf-8').strip()}, {len(digests[1])} files")
    yield from (f"file of the edition {name}" for name in sorted({*digests[0].items()} ^ {*digests[1].items()}))


class _Names:
    """Names that stand in place of others: of classes and of static files, one to one over all pages."""

    def __init__(self) -> None:
        self.to: dict[str, str] = {}
        self.back: dict[str, str] = {}
        self.why = ""

    def same(self, before: bytes, now: bytes, *, text: str) -> bool:
        """Whether two answers say the same, but for names that may differ."""
        if before == now:
            return True
        self.why = "other bytes"
        if text not in _TEXT:
            return False
        parts = [self._apart(content.decode(errors="replace")) for content in (before, now)]
        if parts[0][0] != parts[1][0] or len(parts[0][1]) != len(parts[1][1]):
            self.why = _where(parts[0][0], parts[1][0])
            return False
        return all(self._agree(old, new) for old, new in zip(parts[0][1], parts[1][1], strict=True))

    @staticmethod
    def _apart(text: str) -> tuple[str, list[str]]:
        """The text without its names, and the names in order."""
        names: list[str] = []

        def classes(match: re.Match[str]) -> str:
            names.extend(f".{name}" for name in match[2].split())
            return f"class={len(match[2].split())}"

        def file(match: re.Match[str]) -> str:
            names.append(match[1])
            return "/static/"

        return _STATIC.sub(file, _CLASS.sub(classes, _FRESH.sub("", text))), names

    def _agree(self, old: str, new: str) -> bool:
        if self.to.setdefault(old, new) == new and self.back.setdefault(new, old) == old:
            return True
        self.why = f"{old} is {new} here, and {self.to[old]} elsewhere ({new} is {self.back.get(new)})"
        return False

    def renamed(self) -> str:
        """All names that became others."""
        return ", ".join(f"{old} -> {new}" for old, new in sorted(self.to.items()) if old != new)


def _where(before: str, now: str) -> str:
    """The first place where two texts differ, with a little around it."""
    place = next((at for at, (old, new) in enumerate(zip(before, now, strict=False)) if old != new), min(len(before), len(now)))
    return f"{before[max(0, place - 60) : place + 60]!r} became {now[max(0, place - 60) : place + 60]!r}"


if __name__ == "__main__":
    main()
