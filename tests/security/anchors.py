"""The 47 groups of ASVS 5.0.0 that this app answers for: which numbers belong together, and what they ask for, in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
GROUPS = """
1.2.1 | every text escaped where it is shown
1.2.2 | links of known schemes alone
1.2.3 | JSON in pages cannot leave its element
1.2.4 | no SQL from strings
1.3.1 1.3.5 | Markdown sanitised, no style sheets of people's own
1.3.4 | no SVG comes in, ours carries no markup
1.3.6 13.2.4 15.3.2 | files from elsewhere: public https addresses alone
1.3.7 | user text is never a template
1.3.11 | no line break adds a header or recipient
1.5.2 | queue payloads signed, no pickle
2.2.1 2.2.3 | limits and combinations checked on the server
2.3.3 2.3.4 | of two who want the last one, one gets it
2.4.1 | what machines could flood is limited
3.2.1 3.5.4 | uploads are inert where they are served
3.3.1 3.3.2 3.3.3 3.3.4 | cookies
3.4.1 | HSTS
3.4.2 | no CORS but for public contacts
3.4.3 | CSP on every answer
3.4.4 3.4.5 3.4.6 | nosniff, Referrer-Policy, framing
3.5.1 3.5.3 | tokens, same site; no GET changes a row
3.7.2 | redirects stay here
4.1.1 | charset on every body
4.1.3 15.3.4 | forged headers of proxies change nothing
4.2.1 | ambiguous requests are refused
5.2.1 | sizes and quotas
5.2.2 5.2.3 | content decides what a file is
5.3.2 5.4.1 5.4.2 | names of files, stored and given
6.2.1 6.2.4 6.2.5 6.2.8 6.2.9 6.2.12 | passwords
6.2.3 7.5.1 | fresh sign-in before what matters changes
6.3.1 | sign-in throttled
6.3.2 | no default account
6.4.3 | a reset leaves the second factor on
6.5.1 6.5.5 | codes and links work once and not for long
6.6.3 | codes throttled
7.2.3 7.2.4 | sessions: long, new at sign-in
7.3.1 7.3.2 | sessions end
7.4.1 7.4.2 7.4.3 7.5.2 | sessions are ended, and listed
8.2.1 8.2.2 | who may open what
8.2.3 15.3.1 15.3.3 | fields that nobody may set or see
8.4.1 | tenants apart in jobs, exports, search, caches
9.2.1 9.2.2 9.2.3 | tokens: one purpose each, and they expire
11.4.2 11.5.1 | password hashes, and secrets from the right source
13.4.1 13.4.2 13.4.5 | nothing of the inside is public
14.2.1 14.3.2 | no secrets in addresses, nothing kept in browsers
15.1.2 | SBOM
16.2.5 16.3.1 16.3.2 16.4.1 | logs say what happened, and no secret
16.5.1 16.5.2 16.5.3 | faults: generic pages, never open
"""
NUMBERS = re.compile(r"ASVS ((?:\d+\.\d+\.\d+(?:, )?)+) \((\d(?:, \d)*)\)\.(?: |$)")


def groups() -> list[tuple[str, ...]]:
    """Return the numbers of each group."""
    return [tuple(line.partition("|")[0].split()) for line in GROUPS.strip().splitlines()]


def covered() -> dict[str, list[str]]:
    """Return the numbers that docstrings of tests in this folder begin with, and the tests."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = NUMBERS.match(ast.get_docstring(node) or "") if isinstance(node, ast.FunctionDef) else None
            if said and isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in said[1].split(", "):
                    found.setdefault(number, []).append(f"{path.name}::{node.name}")
    return found


def exempt() -> dict[str, str]:
    """Return the numbers that the README excuses, with the line that says why."""
    lines = re.findall(r"^- (?:ASVS )?((?:\d+\.\d+\.\d+(?:, )?)+): (.+)$", (HERE / "README.md").read_text(), re.M)
    return {number: why for numbers, why in lines for number in numbers.split(", ")}
