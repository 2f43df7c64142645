"""Processes that must not outlive the one that started them: the demo's children, and the web server's workers.

Linux tells the kernel (also a SIGKILLed parent takes them along); elsewhere a thread looks every second whose child
this still is.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PARENT = "SIANG_PARENT"
"""Set by a parent for its children: its process id."""

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """End this process as soon as ``parent``, the process that started it, has ended. Call it from the main thread."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent-watch").start()
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def alone(file: Path) -> bool:
    """Hold ``file`` for this process until it ends; False when another process holds it. Always True on Windows."""
    if fcntl is None:
        return True
    held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)  # not inherited by children, closed by the end of the process
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return False
    return True


def obey() -> None:
    """Follow the parent named in the environment, if there is one; our own children do not inherit the order."""
    parent = os.environ.pop(PARENT, "")
    if parent.isdecimal():
        die_with_parent(int(parent))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
