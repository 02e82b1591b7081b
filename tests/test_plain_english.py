"""Plain English: the worst phrases are banned in docstrings, comments, messages and documents; see
docs/glossary.md.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BANNED = {
    r"\b(?:is|are) other\b": "differs, changed",
    r"\balike to\b": "the same as, copied from",
    r"\bhears\b": "is called with",
    r"\btold of\b": "reported, warned about",
    r"\breckon(?:s|ed|ing)?\b": "compute, assume",
    r"\bin vain\b": "without success",
    r"\bwhat becomes? of\b": "what happens to",
    r"\bat all events\b": "in any case",
    r"\bso that not\b": "so that no",
    r"\bstands? (?:there|in|beside|before|behind|for nobody)\b": "is",
    r"\bbeside\b": "next to",
    r"\bapart from\b": "except for",
    r"\bit holds that\b": "",
    r"\bnaught\b|\bnought\b": "nothing",
    r"\bwas met\b|\bis met\b|\bhas met\b": "found",
    r"\bthereof\b|\btherein\b|\bwhereof\b|\bhereby\b|\bwherein\b": "of it, in it",
}
"""A pattern, and what to write instead."""

SOURCES = sorted((ROOT / "src" / "doorroute").rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEMPLATES = sorted((ROOT / "src" / "doorroute").rglob("*.j2"))
TEXTS = {"msg", "msg_n", "_", "_n"}


def prose(source: Path) -> Iterator[tuple[int, str]]:
    """Yield the line number and text of every docstring, comment and message of a module."""
    text = source.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.lineno, " ".join(node.value.value.split())
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TEXTS:
            for said in node.args:
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.lineno, said.value
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def banned_in(texts: Iterator[tuple[int, str]], where: str) -> list[str]:
    """Return a line for each banned phrase, with what to write instead."""
    return [
        f"{where}:{number}: '{found[0]}', write: {better}"
        for number, text in texts
        for pattern, better in BANNED.items()
        if (found := re.search(pattern, text, re.IGNORECASE))
    ]


def test_the_code_avoids_the_worst_phrases() -> None:
    assert len(SOURCES) > 250
    assert [line for path in SOURCES for line in banned_in(prose(path), str(path.relative_to(ROOT)))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_avoid_the_worst_phrases(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    assert banned_in(iter(lines), path.name) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_pages_avoid_the_worst_phrases(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    texts = (
        (number, text) for number, line in lines for text in re.findall(r"_n?\([\"'](.*?)[\"'][,)]", line)
    )
    assert banned_in(texts, path.name) == []


def test_the_ban_finds_what_it_bans(tmp_path: Path) -> None:
    odd = tmp_path / "odd.py"
    odd.write_text(
        '"""The list that is told of."""\n# nobody hears it\nmsg("What is other.")\n', encoding="utf-8"
    )
    assert len(banned_in(prose(odd), "odd.py")) == 3


def test_the_glossary_has_each_word_once_and_in_both_languages() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| word")
    ]
    assert len(rows) > 40
    assert all(
        len(row) == 3 and re.search(r"[\u4e00-\u9fff]", row[1]) and row[2].endswith(".") for row in rows
    )
    words = [row[0] for row in rows]
    assert sorted(set(words)) == sorted(words)
