"""Answers as bytes: JSON, CSV or Parquet of a table, with the headers that let a reader keep and check them."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from dashboard.api.questions import Format

CSV_NOTE = "as published, nothing escaped against spreadsheet formulas"
_MEDIA: Mapping[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Versions:
    """What an answer is true for; `file` names the data as built, views included."""

    data: str
    model: str
    file: str

    def headers(self, request: Request) -> dict[str, str]:
        """Keep it as long as you like, but ask each time whether it still holds: the data may be built anew at any moment."""
        asked = sorted(request.query_params.multi_items())
        whole = json.dumps([self.file, self.model, request.url.path, asked])
        return {
            "etag": f'W/"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"',
            "cache-control": "public, no-cache",
            "yeokjikgu-data-version": self.data,
            "yeokjikgu-model-version": self.model,
        }


def unchanged(request: Request, headers: Mapping[str, str]) -> Response | None:
    """A 304 for who holds this very answer already."""
    held = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
    tag = headers["etag"]
    return Response(status_code=304, headers=dict(headers)) if held & {tag, tag[2:], "*"} else None


def refused(status: int, sentence: str, parameter: str = "", **headers: str) -> JSONResponse:
    """One sentence: what is wrong, where, and what to do."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(
        {"error": sentence, "parameter": parameter}, status, headers={"cache-control": "no-store", **named}
    )


def of_table(
    frame: pd.DataFrame, kind: Format, headers: Mapping[str, str], *, rows: int, skip: int
) -> Response:
    """A part of a table; how many rows there are in all, and where the next part begins, stands in JSON and headers."""
    part, total = frame.iloc[skip : skip + rows], len(frame)
    told = {**headers, "yeokjikgu-total-rows": str(total)}
    following = skip + rows if skip + rows < total else None
    if following is not None:
        told["yeokjikgu-next-skip"] = str(following)
    if kind != "json":
        return _file(part, kind, told)
    about = {
        "data_version": headers["yeokjikgu-data-version"],
        "model_version": headers["yeokjikgu-model-version"],
        "total_rows": total,
        "skip": skip,
        "next_skip": following,
    }
    text = part.pipe(_plain_dates).to_json(orient="records", force_ascii=False, double_precision=15)
    body = f'{json.dumps(about)[:-1]}, "rows": {text}}}'
    return Response(body, media_type=_MEDIA["json"], headers=told)


def of_answer(answer: Mapping[str, object], kind: Format, headers: Mapping[str, str]) -> Response:
    """A nested answer: JSON as it is, else a row for each of its values under the path of its names."""
    if kind == "json":
        body = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        return Response(body, media_type=_MEDIA["json"], headers=dict(headers))
    leaves = list(_leaves(answer, ()))
    frame = pd.DataFrame(
        {
            "key": [".".join(path) for path, _value in leaves],
            "value": [None if isinstance(value, str) else value for _path, value in leaves],
            "text": [value if isinstance(value, str) else "" for _path, value in leaves],
        }
    ).astype({"value": "float64"})
    return _file(frame, kind, dict(headers))


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Values under their names; an entry of a list goes by its destination or item, else by its place."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            named = inner if isinstance(inner, Mapping) else {}
            own = str(named.get("destination") or named.get("item") or place)
            yield from _leaves(inner, (*path, own))
    else:
        yield path, value


def _file(frame: pd.DataFrame, kind: Format, headers: dict[str, str]) -> Response:
    if kind == "csv":
        text = frame.pipe(_plain_dates).pipe(_joined).to_csv(index=False, lineterminator="\r\n")
        return Response(text, media_type=_MEDIA["csv"], headers={**headers, "yeokjikgu-csv": CSV_NOTE})
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return Response(out.getvalue(), media_type=_MEDIA["parquet"], headers=headers)


def _plain_dates(frame: pd.DataFrame) -> pd.DataFrame:
    days = [str(name) for name in frame.select_dtypes("datetime")]
    return frame.assign(**{name: frame[name].dt.strftime("%Y-%m-%d") for name in days})


def _joined(frame: pd.DataFrame) -> pd.DataFrame:
    lists = [name for name in frame.columns if name.endswith("input_ids")]
    return frame.assign(**{name: [";".join(ids) for ids in frame[name]] for name in lists})
