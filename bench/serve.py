"""A baseline on the product's own server: granian with the options of ``siang web``.

python -m bench.serve bench.bare:create PORT WORKERS
"""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from bot.cli.web import BACKLOG, THREADS

if __name__ == "__main__":
    factory, port, workers = sys.argv[1:4]
    Granian(
        factory,
        factory=True,
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()
