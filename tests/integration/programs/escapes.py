"""Enters the agent's own sandbox and then tries every way out it knows; prints one JSON object: way -> what came of it.

`python -m integration.programs.escapes [connect]`. Ways that need a system call by number go through libc's syscall(2).
"""

import ctypes
import errno
import json
import os
import platform
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

from fluxdesk_host.agent import sandbox, seccomp

LIBC = ctypes.CDLL(None, use_errno=True)
COLUMN = seccomp.MACHINES[platform.machine()].column
PARENT = os.getppid()


def raw(number: int | None, *arguments: int) -> str:
    if number is None:
        return "no such call here"
    ctypes.set_errno(0)
    done = LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(a) for a in arguments))
    return "done" if done >= 0 else errno.errorcode[ctypes.get_errno()]


def tried(way: Callable[[], object]) -> str:
    try:
        way()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def fork_and_exec() -> None:
    child = os.fork()
    if child == 0:
        os.execv("/bin/true", ["true"])
    os.waitpid(child, 0)


def descriptor_by_message() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"x")
        socket.recv_fds(right, 1, 1)


def in_a_thread(way: Callable[[], str]) -> str:
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(way()))
    thread.start()
    thread.join()
    return answers[0]


def main() -> None:
    ready, go = threading.Event(), threading.Event()
    early: list[str] = []

    def older_than_the_filter() -> None:
        ready.set()
        go.wait()
        early.append(tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)))

    thread = threading.Thread(target=older_than_the_filter)
    thread.start()
    ready.wait()
    sandbox.enter(connect="connect" in sys.argv[1:])
    go.set()
    thread.join()
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    ways: dict[str, str] = {
        "a Unix socket": tried(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)),
        "a thread": in_a_thread(lambda: "done"),
        "own file": tried(lambda: open("/proc/self/stat", encoding="ascii").close()),
        "inet stream": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "inet datagram": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
        "inet6": tried(lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM)),
        "netlink": tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
        "packet": tried(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
        "vsock": tried(lambda: socket.socket(40, socket.SOCK_STREAM)),
        "inet pair": tried(lambda: socket.socketpair(socket.AF_INET)),
        "inet in a new thread": in_a_thread(lambda: tried(lambda: socket.socket(socket.AF_INET))),
        "inet in an older thread": early[0],
        "inet, high bits in the family": raw((41, 198)[COLUMN], (1 << 32) | socket.AF_INET, socket.SOCK_STREAM, 0),
        "connect": tried(lambda: unix.connect("/nonexistent-socket")),
        "a descriptor by message": tried(descriptor_by_message),
        "exec": tried(lambda: os.execv("/bin/true", ["true"])),
        "execveat": raw(seccomp.CALLS["execveat"][COLUMN], -100, 0, 0, 0, 0),
        "fork": tried(os.fork),
        "fork and exec": tried(fork_and_exec),
        "subprocess": tried(lambda: subprocess.run(["/bin/true"], check=False)),
        "posix_spawn": tried(lambda: os.posix_spawn("/bin/true", ["true"], {})),
        "clone3": raw(435, 0, 0),
        "ptrace": raw(seccomp.CALLS["ptrace"][COLUMN], 16, PARENT, 0, 0),
        "signal": tried(lambda: os.kill(PARENT, 0)),
        "core dump": str(resource.getrlimit(resource.RLIMIT_CORE)[1]),
        "umask": oct(os.umask(0o077)),
        "become dumpable again": str(LIBC.prctl(4, 1, 0, 0, 0)),
    }
    for name, numbers in seccomp.CALLS.items():
        # arguments that a kernel without the filter would answer with something else than EPERM
        if name not in {"fork", "vfork", "reboot"}:
            ways[f"call {name}"] = raw(numbers[COLUMN], -1, -1, -1, -1, -1, -1)
    print(json.dumps(ways))


if __name__ == "__main__":
    main()
