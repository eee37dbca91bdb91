"""`yeokjikgu report`: the board pack of a scenario as a file, without a browser."""

from pathlib import Path

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.pack import scenario as scenario_pack
from dashboard.exports.pack.files import WRITERS, built_on
from dashboard.exports.pack.known import Known
from dashboard.i18n import Words, settle_particles
from dashboard.model.errors import ModelError
from dashboard.receipts import Version
from dashboard.scenarios import Scenario


class OutputError(ModelError):
    """A file that cannot or must not be written."""


def check(out: Path, *, force: bool) -> None:
    """Refuse, before any work is done, an ending that nothing writes, a folder that is not there, and a file that is."""
    if out.suffix.lower() not in WRITERS:
        endings = ", ".join(WRITERS)
        raise OutputError(
            settle_particles(f"{out}: 파일 이름은 {endings} 가운데 하나로 끝나야 합니다."),
            f"{out}: the file's name must end in one of {endings}.",
        )
    if not out.parent.is_dir():
        raise OutputError(
            f"{out.parent}: 그런 폴더가 없습니다. 먼저 만들어 주세요.",
            f"{out.parent}: there is no such folder; make it first.",
        )
    if out.exists() and not force:
        raise OutputError(
            f"{out}: 같은 이름의 파일이 이미 있습니다. 바꿔 쓰려면 --force를 붙이세요.",
            f"{out} exists already: choose another name, or add --force to replace it.",
        )


def write(scenario: Scenario, file: Path, out: Path, words: Words, *, model: str, url: str) -> int:
    """Write the pack of a scenario on the data of `file`, whole or not at all, and say how many slides it has.

    `url` is where the dashboard answers, for the link in the pack. Raises ModelError for what cannot be asked,
    `store.UnreadableError` for a file that is no warehouse, OSError where nothing can be written.
    """
    with store.connect(file) as connection:
        version = Version(store.data_version(connection), model)
        evidence = Evidence(store.figures(connection), words, version)
        known = Known.of(lambda name, *arguments: getattr(store, name)(connection, *arguments))
    built = built_on(file, words.lang)
    pack = scenario_pack.pack(scenario, known, evidence, base_url=url, built=built)
    _replace(out, WRITERS[out.suffix.lower()](pack))
    return len(pack.slides)


def _replace(out: Path, content: bytes) -> None:
    """Put a file in place once it is whole; what was there stays until then."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
