"""How the product logs: few lines, each an event with fields, to stdout; JSON unless a person is looking.

Never words, LINE ids, tokens or bodies: see the architecture, section 3.
"""

import logging
import sys

import structlog


def configure() -> None:
    """Set up logging for a process that serves (web, worker). The libraries may only warn."""
    looking = sys.stdout.isatty()
    renderer = structlog.dev.ConsoleRenderer() if looking else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
