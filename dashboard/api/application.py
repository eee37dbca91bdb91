"""The FastAPI application: five tables and answers to read, and the description of itself."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pandas as pd
from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import scenarios, store
from dashboard.api import answers, replies
from dashboard.api.gate import BusyError, Gate
from dashboard.api.questions import OWN, Observations, Page, QuestionError, Simulate
from dashboard.model.errors import Lang, ModelError
from dashboard.scenarios import ScenarioError

METHODS = "GET, HEAD, OPTIONS"
_SHOWN = 60
# What a scenario's file calls otherwise than the address.
_PARAMETERS = {
    "limits": "new",
    "changed": "assume",
    "excluded_items": "exclude",
    "assumptions": "set",
    "anchors": "anchor",
}
# Two at a time, so that the pages keep a core; the queue is what two can do in some seconds.
_simulating = Gate(running=2, waiting=32)
_reading = Gate(running=2, waiting=32)

_DESCRIPTION = f"""Read-only. Parameters are those of the pages' addresses. Every answer names its data and model version; its ETag
holds until either changes. CSV is {replies.CSV_NOTE}: what begins with =, +, - or @ is text to be imported as text.
At most {_simulating.running} simulations and {_reading.running} reads run at a time and {_simulating.waiting} of each wait;
beyond that the answer is 429 with Retry-After. Other sites' scripts are not let in (no CORS)."""


class ForReaders:
    """Middleware: HEAD is GET without a body, and a parameter that is given twice is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        names = [name for name, _value in Request(scope).query_params.multi_items()]
        if twice := next((name for name in names if names.count(name) > 1), None):
            sentence = f"{twice[:_SHOWN]} is given more than once: give it once."
            await replies.refused(422, sentence, twice[:_SHOWN])(scope, receive, send)
            return
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


_SENTENCE = {
    "type": "object",
    "required": ["error", "parameter"],
    "properties": {"error": {"type": "string"}, "parameter": {"type": "string"}},
}
_FILES = {
    "application/json": {"schema": {"type": "object"}},
    "text/csv": {"schema": {"type": "string"}},
    "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": _FILES},
    304: {"description": "What you hold is still the answer"},
    **{
        status: {"description": said, "content": {"application/json": {"schema": _SENTENCE}}}
        for status, said in {
            404: "Something named in the question is not there",
            422: "The question cannot be right",
            429: "The queue is full: ask again after Retry-After seconds",
            503: "No data were built yet",
        }.items()
    },
}

api = FastAPI(
    title="Yeokjikgu",
    version="1",
    description=_DESCRIPTION,
    docs_url=None,  # both pages of documentation would load their code from another host
    redoc_url=None,
    responses=_RESPONSES,
)
api.add_middleware(ForReaders)


async def _table(request: Request, asked: Page, find: Callable[[Path], pd.DataFrame]) -> Response:
    file = answers.data_file()

    def work() -> Response:
        told = _headers(request)
        if same := replies.unchanged(request, told):
            return same
        return replies.of_table(find(file), asked.format, told, rows=asked.rows, skip=asked.skip)

    return await _reading.run(work)


def _headers(request: Request) -> dict[str, str]:
    file = answers.data_file()
    return replies.Versions(answers.data_version(file), answers.model_version(), file.name).headers(request)


def _whole(reader: Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]) -> Callable[[Path], pd.DataFrame]:
    return partial(answers.table, reader=reader)


@api.get("/series")
async def series(request: Request, asked: Annotated[Page, Query()]) -> Response:
    """Every statistical series: publisher, what it covers and leaves out, its definition, span and number of figures."""
    return await _table(request, asked, _whole(store.series))


@api.get("/sources")
async def sources(request: Request, asked: Annotated[Page, Query()]) -> Response:
    """Every publication that figures were read in."""
    return await _table(request, asked, _whole(store.sources))


@api.get("/limits")
async def limits(request: Request, asked: Annotated[Page, Query()]) -> Response:
    """The history of the limits by channel, announced and effective, with article and source."""
    return await _table(request, asked, _whole(store.limits))


@api.get("/observations")
async def observations(request: Request, asked: Annotated[Observations, Query()]) -> Response:
    """Published figures with their sources, and figures derived from them with formula and inputs."""

    def find(file: Path) -> pd.DataFrame:
        found = whole = answers.table(file, store.observations)
        for column, value in asked.filters().items():
            if value not in set(whole[column]):
                name = column.removesuffix("_id").replace("metric", "measure")
                known = ", ".join(sorted(set(whole[column])))
                sentence = f"{name}: there is no {value[:_SHOWN]!r}; choose one of {known}."
                raise QuestionError(name, sentence, is_missing=True)
            found = found[found[column] == value]
        return found

    return await _table(request, asked, find)


@api.get("/simulate")
async def simulate(request: Request, asked: Annotated[Simulate, Query()]) -> Response:
    """How many shipments a year newly qualify when the limit moves, as `yeokjikgu simulate --json` prints it."""
    file, scenario = answers.data_file(), asked.scenario()
    populations = [str(row["population_id"]) for row in answers.populations(file)]
    if isinstance(scenario.population, str) and scenario.population not in populations:
        known = ", ".join([*populations, OWN])
        sentence = f"population: there is no {asked.population[:_SHOWN]!r}; choose one of {known}."
        raise QuestionError("population", sentence, is_missing=True)
    told = _headers(request)
    if same := replies.unchanged(request, told):
        return same
    question = scenarios.write(scenario)
    answer = await _simulating.run(lambda: answers.simulated(file, question, asked.lang))
    return replies.of_answer(answer, asked.format, told)


@api.exception_handler(QuestionError)
async def _question(_request: Request, error: QuestionError) -> JSONResponse:
    return replies.refused(404 if error.is_missing else 422, error.sentence, error.parameter)


@api.exception_handler(ModelError)
async def _model(request: Request, error: ModelError) -> JSONResponse:
    lang: Lang = "ko" if request.query_params.get("lang") == "ko" else "en"
    key = error.key if isinstance(error, ScenarioError) else "limits"
    return replies.refused(422, error.in_language(lang), _PARAMETERS.get(key.partition(".")[0], key))


@api.exception_handler(RequestValidationError)
async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    name = str(first["loc"][-1])[:_SHOWN]
    described = f"openapi.json says what {request.url.path} takes"
    if first["type"] == "extra_forbidden":
        return replies.refused(422, f"{name} is no parameter here: leave it out ({described}).", name)
    said = str(first["msg"]).removeprefix("Value error, ")
    given = str(first.get("input"))[:_SHOWN]
    return replies.refused(422, f"{name}={given}: {said[:1].lower()}{said[1:]} ({described}).", name)


@api.exception_handler(BusyError)
async def _busy(_request: Request, error: BusyError) -> JSONResponse:
    wait = str(error.wait_seconds)
    return replies.refused(
        429, f"The queue is full: ask again in {wait} s, and ask one question at a time.", retry_after=wait
    )


@api.exception_handler(answers.NoDataError)
async def _no_data(_request: Request, _error: answers.NoDataError) -> JSONResponse:
    return replies.refused(
        503, "There are no data yet: run yeokjikgu build, then ask again.", retry_after="60"
    )


@api.exception_handler(HTTPException)
async def _http(request: Request, error: HTTPException) -> Response:
    path = request.url.path
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": METHODS})
        return replies.refused(405, f"{path} can only be read: ask with GET.", allow=METHODS)
    if error.status_code == HTTPStatus.NOT_FOUND:
        known = "/series, /observations, /simulate, /limits, /sources, /openapi.json"
        return replies.refused(404, f"There is nothing at {path}; there are {known}.")
    return replies.refused(error.status_code, f"{path}: {error.detail}.")
