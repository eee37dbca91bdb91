"""Schemathesis asks the interface everything that its description allows, and much that it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.serving import Server, serving

pytestmark = pytest.mark.slow

# Limits and parts of a base have relations that a description cannot say (old below new, own_cases only with population=own):
# such a question is well formed and refused in one sentence, 422.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422", "429"]}}}
)


@pytest.fixture(scope="module")
def server(data_folder: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))
        with serving() as found:
            yield found


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("place", ["/series", "/observations", "/limits", "/sources", "/simulate"])
def test_nothing_is_found(server: Server, place: str, mode: GenerationMode):
    described = schemathesis.openapi.from_url(f"{server.url}/openapi.json", config=CONFIG)

    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    @given(case=described[place]["GET"].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(timeout=60)

    ask()
