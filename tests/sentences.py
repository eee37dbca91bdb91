"""What a file that cannot be read must say, whatever kind of file it is."""

from dashboard.toml_file import FileError


def assert_names(error: FileError, key: str) -> None:
    """One sentence in each language that names the place in the file."""
    assert error.key == key
    for sentence in (error.ko, error.en):
        assert key in sentence
        assert sentence.endswith(".")
        assert "(는)" not in sentence
    assert any("가" <= letter <= "힣" for letter in error.ko)
