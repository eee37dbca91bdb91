"""What a user can cause and mend: every message is one sentence that says what is wrong, where, and what to do."""

from collections.abc import Sequence


class BuildError(Exception):
    """The build stopped; the data in use are untouched."""


class RowError(BuildError):
    """A row of a reference file is broken.

    Attributes:
        file, line, column, reason: where and why; `line` counts from 1 with the header as line 1, `column` may be empty.
    """

    def __init__(self, file: str, line: int, column: str, reason: str) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, reason
        where = f"{file}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {reason}")


class CheckError(BuildError):
    """A rule across rows is broken: `sql/checks.sql` returned rows."""


class InputError(Exception):
    """Shipments or a histogram that cannot be used; nothing was written."""


class NoValuesError(InputError):
    """No column of values was found by its name; `header` has the names that are there, to choose from."""

    def __init__(self, sentence: str, header: Sequence[str]) -> None:
        self.header = tuple(header)
        super().__init__(sentence)


class SourceError(Exception):
    """A publisher's answer brought no rows. The sentence never holds a key: readers see answers, not addresses."""


class BusyError(SourceError):
    """A fault that passes: ask again, after `wait_seconds` where the answer says so."""

    def __init__(self, sentence: str, wait_seconds: float | None = None) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(sentence)


class QuotaError(SourceError):
    """No more calls for now; `resume` says when to go on ("after midnight, Korean time")."""

    def __init__(self, sentence: str, resume: str) -> None:
        self.resume = resume
        super().__init__(sentence)


class RefusedError(SourceError):
    """The same call would be refused again: a key that is missing, wrong or not applied for, or a bad parameter."""


class FormatError(SourceError):
    """An answer (or a file) that is not what the publisher documents."""


class UnreachableError(SourceError):
    """Nobody answered, or no answer came through whole, though it was asked more than once."""
