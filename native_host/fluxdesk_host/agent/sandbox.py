"""Puts this process where it can reach no network, start no program and be read by no other one. For good.

Entered before the keystore is read; an agent that cannot enter does not run. Linux on x86_64 and aarch64, by prctl(2)
and seccomp(2) through ctypes, without a library of its own.
"""

import ctypes
import os
import platform
import resource
import socket
import stat
from typing import Final

from fluxdesk_host.agent import seccomp

_PR_SET_DUMPABLE: Final = 4
_PR_GET_DUMPABLE: Final = 3
_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1  # SECCOMP_FILTER_FLAG_TSYNC


class SandboxUnavailable(Exception):
    """The agent cannot shut itself in, so it does not run. No key was read."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The agent cannot shut itself in: {why}. No key was read and nothing was signed.")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def enter(connect: bool = False) -> None:
    """Shuts this process in, all its threads, and proves it. Raises `SandboxUnavailable`.

    `connect` leaves connect(2) to Unix sockets open, for the key ring.
    """
    harden()
    refuse_network_descriptors()
    install(connect)
    prove()


def harden() -> None:
    """No core dump, memory closed to other programs, files for the owner alone. Raises `SandboxUnavailable`."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def refuse_network_descriptors() -> None:
    """A connection that was inherited would still work behind the filter. Raises `SandboxUnavailable`."""
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        try:
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
        except OSError:  # the descriptor of the listing itself, gone by now
            continue
        copy = socket.socket(fileno=os.dup(number))
        family = copy.family
        copy.close()
        if family != socket.AF_UNIX:
            raise SandboxUnavailable(f"it was started with a socket of a network open (descriptor {number})")


def install(connect: bool = False) -> None:
    """Installs the filter in every thread. Raises `SandboxUnavailable`."""
    machine = seccomp.MACHINES.get(platform.machine())
    if machine is None:
        raise SandboxUnavailable(f"there is no filter for {platform.machine()} yet")
    apply(seccomp.program(machine, connect))


def apply(program: bytes) -> None:
    """Hands one BPF program to the kernel. Raises `SandboxUnavailable`."""
    machine = seccomp.MACHINES[platform.machine()]
    buffer = ctypes.create_string_buffer(program, len(program))
    head = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.syscall(
        ctypes.c_long(seccomp.SECCOMP[machine.column]),
        ctypes.c_ulong(_SET_MODE_FILTER),
        ctypes.c_ulong(_ALL_THREADS),
        ctypes.byref(head),
    )
    if done != 0:
        why = os.strerror(ctypes.get_errno()) if done < 0 else f"thread {done} could not follow"
        raise SandboxUnavailable(f"the kernel took no system-call filter ({why})")


def prove() -> None:
    """Tries what must not work. Raises `SandboxUnavailable` where it does."""
    with open("/proc/self/status", encoding="ascii") as file:
        told = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    if told.get("NoNewPrivs", "").strip() != "1" or told.get("Seccomp", "").strip() != "2":
        raise SandboxUnavailable("the kernel says that no filter is in force")
    if _prctl(_PR_GET_DUMPABLE) != 0:
        raise SandboxUnavailable("other programs could read its memory")
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET):
        try:
            socket.socket(family, socket.SOCK_DGRAM).close()
        except PermissionError:
            continue
        except OSError:  # this machine has no such family at all
            continue
        raise SandboxUnavailable(f"it still gets sockets of {family.name}")
    try:
        os.execv("/proc/self/no-such-program", ["-"])  # noqa: S606 - must fail
    except PermissionError:
        return
    except OSError:
        raise SandboxUnavailable("it could still start a program") from None


def _prctl(option: int, value: int = 0) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    done: int = libc.prctl(ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero)
    if done < 0:
        raise SandboxUnavailable(f"prctl({option}) answers {os.strerror(ctypes.get_errno())}")
    return done
