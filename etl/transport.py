"""The one door to the network: every call goes through here, paced, patient, bounded, and never with a key in its words."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import NoReturn, Self, TypeVar
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util import Retry

from etl.errors import BusyError, QuotaError, RefusedError, SourceError, UnreachableError
from etl.settings import Access
from etl.sources.source import Answer, Dataset, Request, Rows

_HIDDEN = "[key]"
_SHORTEST_SECRET = 8  # the Bank of Korea prints its demonstration key “sample” in every answer's address
_PIECE_BYTES = 1 << 16
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FAULTS = frozenset(
    {
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_PAUSED = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

_BAD_CERTIFICATE = "its certificate is not valid for this address"
# The first that is among the causes.
_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.exceptions.SSLError, _BAD_CERTIFICATE),
    (requests.exceptions.ProxyError, "the proxy does not let through"),
    (requests.exceptions.ConnectTimeout, "connect timeout"),
    (NewConnectionError, "no connection"),
    (requests.exceptions.ReadTimeout, "no answer in time"),
    (TimeoutError, "no answer in time"),
)

AnyError = TypeVar("AnyError", bound=SourceError)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds, and how often to try.

    The Customs Service's gateway answers within 0.1 s in Korea, but lets connections from elsewhere wait for 10 s and more.
    """

    connect_seconds: float = 15.0
    read_seconds: float = 90.0
    answer_seconds: float = 300.0
    answer_bytes: int = 200_000_000
    connect_retries: int = 2
    retries: int = 5
    backoff_seconds: float = 1.0
    busy_tries: int = 4
    busy_seconds: float = 5.0
    longest_wait_seconds: float = 180.0
    repeat_wait_seconds: int = 30  # between the tries for one answer, whatever its header says


class _Retry(Retry):
    """Retries of urllib3, without those for 429: its body says whether to wait a second or until tomorrow."""

    RETRY_AFTER_STATUS_CODES = frozenset({HTTPStatus.SERVICE_UNAVAILABLE})


class Redactor:
    """Takes keys out of words: as they are, quoted, and quoted twice."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        forms: set[str] = set()
        for key in keys.values():
            if len(key) < _SHORTEST_SECRET:
                continue
            once = {quote(key, safe=""), quote(key), quote_plus(key), quote(key, safe="=")}
            twice = {quote(form, safe="") for form in once} | {quote(form) for form in once}
            forms |= {key, key.replace("/", r"\/")} | once | twice
        # Percent signs are followed by digits in either case. The longest first: one form may begin another.
        ordered = sorted(forms, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, ordered)) or r"(?!)", re.IGNORECASE)
        self._bytes = re.compile(self._words.pattern.encode(), re.IGNORECASE)

    def text(self, words: str) -> str:
        """The words without keys."""
        return self._words.sub(_HIDDEN, words)

    def body(self, body: bytes) -> bytes:
        """A body without keys: some publishers repeat the address that was asked for."""
        return self._bytes.sub(_HIDDEN.encode(), body)

    def filter(self, record: logging.LogRecord) -> bool:
        """Make a record of a log free of keys; urllib3 writes whole addresses there."""
        record.msg, record.args = self.text(record.getMessage()), ()
        if record.exc_info:
            record.exc_info, record.exc_text = None, None
        return True


class Transport:
    """A session with all publishers. Close it after use, or use it as a context.

    `clock` gives seconds, `sleep` waits for some: both are for pacing and for waits that a body asks for. Calls are `paced`
    as each data set says, except by default those to this machine itself, where there is no publisher to spare.
    """

    def __init__(
        self,
        access: Access,
        patience: Patience | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        paced: bool | None = None,
    ) -> None:
        self._access = access
        self._patience = patience or Patience()
        self._clock, self._sleep = clock, sleep
        self._next_call: dict[str, float] = {}
        self.last: Answer | None = None  # the newest answer, for who wants to see what could not be read
        self._redactor = Redactor(access.keys)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"yeokjikgu/{version('yeokjikgu')}"
        # A proxy of the company is right for publishers, but not between this machine and itself.
        is_here = urlsplit(access.api_base).hostname in _LOOPBACK
        self._session.trust_env = not is_here
        self._paced = not is_here if paced is None else paced
        retry = _Retry(
            total=self._patience.retries,
            connect=self._patience.connect_retries,
            redirect=0,
            backoff_factor=self._patience.backoff_seconds,
            status_forcelist=_FAULTS,
            allowed_methods={"GET"},
            respect_retry_after_header=True,
            raise_on_status=False,
            retry_after_max=self._patience.repeat_wait_seconds,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self._loggers = [
            logging.getLogger(name)
            for name in tuple(logging.root.manager.loggerDict)
            if name.partition(".")[0] in {"urllib3", "requests", "charset_normalizer"}
        ]
        for logger in self._loggers:
            logger.addFilter(self._redactor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._session.close()
        for logger in self._loggers:
            logger.removeFilter(self._redactor)

    def fetch(self, dataset: Dataset, request: Request) -> tuple[Answer, Rows]:
        """Ask, and ask again where the fault passes; the answer as received (free of keys) and what it says.

        Raises:
            UnreachableError: nobody answered, or no whole answer came.
            BusyError, QuotaError, RefusedError, FormatError: as `dataset.read` finds.
        """
        patience = self._patience
        for attempt in range(1, patience.busy_tries + 1):
            answer: Answer | None = None
            try:
                self.last = answer = self._ask(dataset, request)
                return answer, dataset.read(answer, request)
            except BusyError as error:
                wait = _seconds(answer)
                wait = error.wait_seconds if wait is None else wait
                if wait is not None and wait > patience.longest_wait_seconds:
                    raise self._clean(_pause(dataset, wait)) from None
                # For these, urllib3 has tried often enough already.
                if attempt == patience.busy_tries or (answer is not None and answer.status in _FAULTS):
                    raise self._clean(error) from None
                self._sleep(patience.busy_seconds * 2 ** (attempt - 1) if wait is None else wait)
            except SourceError as error:
                raise self._clean(error) from None
        raise AssertionError("the last try returns or raises")

    def _clean(self, error: AnyError) -> AnyError:
        error.args = tuple(self._redactor.text(str(word)) for word in error.args)
        return error

    def _ask(self, dataset: Dataset, request: Request) -> Answer:
        address, params, headers = self._addressed(dataset, request)
        if self._paced:
            self._pace(dataset, urlsplit(address).netloc)
        patience = self._patience
        try:
            response = self._session.get(
                address,
                params=params,
                headers=headers,
                stream=True,
                allow_redirects=False,  # a header with a key would go along to any other host
                timeout=(patience.connect_seconds, patience.read_seconds),
            )
            with closing(response):
                if response.is_redirect:
                    self._refuse_redirect(dataset, response)
                body = self._body(dataset, response)
        # Not the error's own words: they hold the address, and the address the key.
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _unreachable(dataset, error) from None
        sent = {name.lower(): self._redactor.text(text) for name, text in response.headers.items()}
        return Answer(response.status_code, self._redactor.body(body), sent)

    def _body(self, dataset: Dataset, response: requests.Response) -> bytes:
        patience = self._patience
        latest = self._clock() + patience.answer_seconds
        body = bytearray()
        # `read1` gives what has come, where `read` would wait for a full piece and never look at the clock.
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            body += piece
            if len(body) > patience.answer_bytes:
                raise RefusedError(
                    f"{dataset.publisher_name} sent more than {patience.answer_bytes:,} bytes in one answer: ask for less at once"
                )
            if self._clock() > latest:
                raise BusyError(
                    f"{dataset.publisher_name} was still sending after {patience.answer_seconds:,.0f} seconds"
                )
        return bytes(body)

    def _addressed(
        self, dataset: Dataset, request: Request
    ) -> tuple[str, list[tuple[str, str]], dict[str, str]]:
        """The address with the key in its place, the parameters and the headers."""
        address, params, headers = request.address, list(request.params), dict[str, str]()
        key = self._access.keys.get(dataset.key, "")
        if dataset.key and not key and not dataset.key_optional:
            raise RefusedError(f"no key is set: get one at {dataset.apply_at} and put it into {dataset.key}")
        if self._access.api_base:
            base, asked = urlsplit(self._access.api_base), urlsplit(address)
            address = urlunsplit(asked._replace(scheme=base.scheme, netloc=base.netloc))
        parts = urlsplit(address)
        if key and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise RefusedError(f"a key would travel unencrypted to {parts.netloc}: use https")
        if key and dataset.key_in == "query":
            params.append((dataset.key_name, key))
        elif key and dataset.key_in == "header":
            headers[dataset.key_name] = key
        elif key and dataset.key_in == "path":
            address = address.replace(dataset.key_name, quote(key, safe=""))
        return address, params, headers

    def _pace(self, dataset: Dataset, host: str) -> None:
        # By publisher, too: a fake server plays them all on one host.
        place = f"{dataset.publisher} {host}"
        if (wait := self._next_call.get(place, 0.0) - self._clock()) > 0:
            self._sleep(wait)
        self._next_call[place] = self._clock() + 1 / dataset.calls_per_second

    def _refuse_redirect(self, dataset: Dataset, response: requests.Response) -> NoReturn:
        try:
            place = urlsplit(response.headers.get("location", "")).hostname or "another path"
        except ValueError:
            place = "an address that is none"
        raise RefusedError(
            f"{dataset.publisher_name} points to {self._redactor.text(place)} instead of answering: "
            "the interface may have moved, look for a newer version of this program"
        )


def _seconds(answer: Answer | None) -> float | None:
    """The wait that the header of a busy answer asks for; None where it says nothing."""
    if answer is None or answer.status not in _PAUSED:
        return None
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a zone
        return None


def _pause(dataset: Dataset, seconds: float) -> QuotaError:
    minutes = max(1, round(seconds / 60))
    return QuotaError(
        f"{dataset.publisher_name} asks for a pause of {minutes:,} minutes", f"in {minutes:,} minutes"
    )


def _unreachable(dataset: Dataset, error: Exception) -> SourceError:
    """One sentence for any failure below HTTP.

    What broke in the midst of an answer may pass, so it is asked for again here; all else urllib3 has tried already.
    """
    name = dataset.publisher_name
    if not isinstance(error, requests.RequestException):
        return BusyError(f"could not receive a whole answer from {name}")
    causes = _causes(error)
    found = (words for kind, words in _WORDS if any(isinstance(each, kind) for each in causes))
    words = next(found, "the connection broke")
    if words == _BAD_CERTIFICATE:
        return RefusedError(f"could not reach {name} ({words})")
    return UnreachableError(f"could not reach {name} ({words})")


def _causes(error: BaseException) -> list[BaseException]:
    """The error with all that lies below it: requests wraps urllib3's, which wrap the system's."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and not any(each is known for known in found):
            found.append(each)
            waiting += [getattr(each, "reason", None), each.__cause__, each.__context__, *each.args]
    return found
