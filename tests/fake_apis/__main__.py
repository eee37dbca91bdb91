"""Play all publishers by hand: `python -m tests.fake_apis --port 8999 [--fault NAME[=NUMBER]]…`, until interrupted."""

import argparse
import re
import shlex
import sys
import threading
from datetime import datetime

from tests.fake_apis import Faults, all_faults, all_keys, serving


def fault(word: str) -> str:
    """A fault as the command line names it, with or without its number."""
    name, _, _ = word.partition("=")
    if name not in all_faults() or not re.fullmatch(r"[^=]+(=[0-9]+(\.[0-9]+)?)?", word):
        raise argparse.ArgumentTypeError(f"“{word}” is no fault; --help lists them")
    return word


def main() -> None:
    """Start the server and print what to set so that `yeokjikgu refresh` asks it."""
    today = datetime.now().astimezone().date().isoformat()
    parser = argparse.ArgumentParser(
        prog="python -m tests.fake_apis",
        description="Plays the publishers' interfaces with made-up figures.",
        epilog="faults:\n" + "\n".join(f"  {name:28}{says}" for name, says in all_faults().items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="any that is free by default")
    parser.add_argument("--today", default=today, help="the day that the publishers go by, 2026-11-23")
    parser.add_argument(
        "--fault",
        type=fault,
        action="append",
        default=[],
        metavar="NAME[=NUMBER]",
        help="may stand several times",
    )
    arguments = parser.parse_args()
    with serving(Faults(*arguments.fault), port=arguments.port, today=arguments.today) as server:
        for variable, text in {"YEOKJIKGU_API_BASE": server.base, **all_keys()}.items():
            sys.stdout.write(f"export {variable}={shlex.quote(text)}\n")
        sys.stdout.write(f"# calls so far: {server.base}/calls ; stop with Ctrl+C\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
