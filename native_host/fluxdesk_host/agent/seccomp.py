"""The agent's system-call filter as a classic BPF program: pure data, installed by `sandbox.py`.

Numbers are those of the kernel's own tables (syscall_64.tbl of x86, asm-generic/unistd.h for aarch64); what the
filter sees is `struct seccomp_data` of linux/seccomp.h. Calls are refused with EPERM and not by killing, so that a
library that only tries something does not end the agent; one that comes through another architecture's entry does.
"""

import struct
from typing import Final, NamedTuple

AF_UNIX: Final = 1
EPERM: Final = 1
ENOSYS: Final = 38
CLONE_THREAD: Final = 0x10000
PR_SET_DUMPABLE: Final = 4
PR_SET_PTRACER: Final = 0x59616D61

KILL_PROCESS: Final = 0x80000000
ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_NUMBER_AT: Final = 0
_ARCH_AT: Final = 4
_ARGUMENTS_AT: Final = 16
_X32: Final = 0x40000000
"""Set in the numbers of the x32 entry, which reaches the same calls by other numbers."""


class Machine(NamedTuple):
    """One architecture: its AUDIT_ARCH value, whether it has the x32 entry, and which column of `CALLS` is its own."""

    arch: int
    x32: bool
    column: int


MACHINES: Final = {"x86_64": Machine(0xC000003E, True, 0), "aarch64": Machine(0xC00000B7, False, 1)}

CALLS: Final[dict[str, tuple[int | None, int | None]]] = {
    # another program, another process
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "setns": (308, 268),
    "unshare": (272, 97),
    # another process's memory, descriptors and life
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    # descriptors that arrive through a socket could be sockets of a network
    "recvmsg": (47, 212),
    "recvmmsg": (299, 243),
    # kernel surfaces that nothing here needs; io_uring makes calls that no filter sees
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "memfd_create": (319, 279),
    "vmsplice": (278, 75),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "lookup_dcookie": (212, 18),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # the machine
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    # who it is
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setresuid": (117, 147),
    "capset": (126, 91),
}
"""Refused whatever their arguments: name -> (number on x86_64, number on aarch64)."""

SECCOMP: Final = (317, 277)
_SOCKET: Final = (41, 198)
_SOCKETPAIR: Final = (53, 199)
_CONNECT: Final = (42, 203)
_CLONE: Final = (56, 220)
_CLONE3: Final = (435, 435)
_PRCTL: Final = (157, 167)


def program(machine: Machine, connect: bool = False) -> bytes:
    """The filter for one architecture, 8 bytes an instruction. `connect` leaves connect(2) open, to Unix sockets that
    is, as no other kind can be had; the key ring needs it.
    """
    code = [
        _op(_LOAD, _ARCH_AT),
        _op(_EQUAL, machine.arch, 1, 0),
        _op(_RETURN, KILL_PROCESS),
        _op(_LOAD, _NUMBER_AT),
    ]
    if machine.x32:
        code += [_op(_AT_LEAST, _X32, 0, 1), _op(_RETURN, KILL_PROCESS)]
    for numbers in CALLS.values():
        code += _refuse(numbers[machine.column], EPERM)
    # the arguments of clone3 are in memory, which a filter cannot read; told that it is not there, libc uses clone
    code += _refuse(_CLONE3[machine.column], ENOSYS)
    if not connect:
        code += _refuse(_CONNECT[machine.column], EPERM)
    for numbers in (_SOCKET, _SOCKETPAIR):
        code += _where(numbers[machine.column], [_op(_EQUAL, AF_UNIX, 1, 0), _errno(EPERM)])
    code += _where(_CLONE[machine.column], [_op(_ANY_BIT, CLONE_THREAD, 1, 0), _errno(EPERM)])
    for option in (PR_SET_DUMPABLE, PR_SET_PTRACER):
        code += _where(_PRCTL[machine.column], [_op(_EQUAL, option, 0, 1), _errno(EPERM)])
    return b"".join([*code, _op(_RETURN, ALLOW)])


def refusing(numbers: list[int]) -> bytes:
    """A filter that refuses these calls and allows all others, whatever the architecture: what a test puts around an
    agent to take the sandbox away from it.
    """
    code = [_op(_LOAD, _NUMBER_AT)]
    for number in numbers:
        code += _refuse(number, EPERM)
    return b"".join([*code, _op(_RETURN, ALLOW)])


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _errno(number: int) -> bytes:
    return _op(_RETURN, _ERRNO | number)


def _refuse(number: int | None, errno: int) -> list[bytes]:
    return [] if number is None else [_op(_EQUAL, number, 0, 1), _errno(errno)]


def _where(number: int, first_argument: list[bytes]) -> list[bytes]:
    """Runs a check on the low half of the first argument for one call. The accumulator holds the number again after."""
    body = [_op(_LOAD, _ARGUMENTS_AT), *first_argument, _op(_LOAD, _NUMBER_AT)]
    return [_op(_EQUAL, number, 0, len(body)), *body]
