"""Computes a workbook's formulas without a spreadsheet: the few functions that the board pack uses, cell by cell.

A formula becomes a Python expression: `^` is a power, `=` compares, names and ranges are looked up.
"""

import math
import re
from functools import lru_cache
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from scipy.special import ndtr


class FormulaReader:
    """The values of a workbook after its inputs were changed; nothing that is stored beside a formula is read."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._names = {name: defined.attr_text for name, defined in book.defined_names.items()}
        self.value = lru_cache(maxsize=None)(self._value)
        # from the top down, and the sheet that others read first: a chain of cells would go deeper than Python does
        for name in reversed(book.sheetnames[:2]):
            for row in book[name].iter_rows():
                for cell in row:
                    self.value(name, cell.row, cell.column)

    def named(self, name: str) -> Any:
        return self._at(self._names[name], self._book.sheetnames[0])

    def _value(self, sheet: str, row: int, column: int) -> Any:
        content = self._book[sheet].cell(row, column).value
        if not (isinstance(content, str) and content.startswith("=")):
            return content
        # our own formulas
        return eval(self._python(content), {"__builtins__": {}, **self._words(sheet)})  # noqa: S307

    def _words(self, sheet: str) -> dict[str, Any]:
        return {
            "at": lambda place: self._at(place, sheet),
            "when": lambda test, then, other: then() if test else other(),
            "ISNUMBER": lambda cell: isinstance(cell, int | float),
            "LN": math.log,
            "MIN": lambda *numbers: min(_flat(numbers)),
            "MAX": lambda *numbers: max(_flat(numbers)),
            "NORMSDIST": lambda z: float(ndtr(z)),
            "INDEX": lambda values, place: values[int(place) - 1],
            "MATCH": lambda wanted, values, _exact: values.index(wanted) + 1,
        }

    def _at(self, place: str, sheet: str) -> Any:
        name, _, cells = place.replace("$", "").rpartition("!")
        left, top, right, bottom = range_boundaries(cells)
        sheet = name.strip("'") or sheet
        found = [
            self.value(sheet, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]
        return found[0] if len(found) == 1 else found

    def _python(self, formula: str) -> str:
        parts: list[str] = []
        lazy: list[bool] = []  # of each open function: whether it is an IF, whose branches wait
        for token in Tokenizer(formula).items:
            match token.type, token.subtype:
                case "OPERAND", "RANGE":
                    place = self._names.get(token.value, token.value)
                    parts.append(f"at({place!r})")
                case "FUNC", "OPEN":
                    is_if = token.value == "IF("
                    lazy.append(is_if)
                    parts.append("when(" if is_if else token.value)
                case ("FUNC", "CLOSE"):
                    lazy.pop()
                    parts.append(")")
                case "PAREN", _:
                    if token.subtype == "OPEN":
                        lazy.append(False)
                    else:
                        lazy.pop()
                    parts.append(token.value)
                case "SEP", _:
                    parts.append(", (lambda: " if lazy and lazy[-1] else ", ")
                case "OPERATOR-INFIX", _:
                    parts.append({"^": "**", "=": "=="}.get(token.value, token.value))
                case _:
                    parts.append(token.value)
        return _close_branches("".join(parts))


def _close_branches(text: str) -> str:
    """A branch `, (lambda: x` ends where the next one begins or its IF ends."""
    out: list[str] = []
    depth = 0
    open_at: list[int] = []
    place = 0
    while place < len(text):
        if text.startswith(", (lambda: ", place):
            if open_at and open_at[-1] == depth:
                out.append(")")
                open_at.pop()
            out.append(", (lambda: ")
            open_at.append(depth)
            place += len(", (lambda: ")
            continue
        letter = text[place]
        if letter == "(":
            depth += 1
        elif letter == ")":
            if open_at and open_at[-1] == depth:
                out.append(")")
                open_at.pop()
            depth -= 1
        out.append(letter)
        place += 1
    return re.sub(r"\s+", " ", "".join(out))


def _flat(numbers: Any) -> list[float]:
    return [each for part in numbers for each in (part if isinstance(part, list) else [part])]
