"""What a user can cause and mend: every message is one sentence that says what is wrong, where, and what to do."""


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
