"""The system calls that a sandboxed command may not make: ways into the kernel that no test suite needs.

Namespaces and dropped capabilities already forbid most of what these calls are for. The filter keeps away what they
leave open: debugging other processes, keys of a user, new user namespaces (in which a process has every capability
and reaches far more of the kernel), io_uring (which makes calls that no filter sees), and kinds of sockets that a
network namespace does not hold, above all those that lead from a virtual machine to its host.
"""

import json
import platform
import struct
from errno import EAFNOSUPPORT, ENOSYS, EPERM
from typing import Any, NamedTuple

_PROCESSORS = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""How the kernel calls a processor, and the column of its numbers below. Others have no filter."""

_DENIED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "request_key": (249, 218),
    "setns": (308, 268),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)

_NEW_NAMESPACES = 0x7E020000 | 0x80
"""CLONE_NEW… of every kind."""
_FAMILIES = (1, 2, 10, 16)
"""Unix, IPv4, IPv6 and netlink, by which a process asks what interfaces there are."""
_TERMINAL_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX, which type into a terminal."""
_OTHER_NUMBERS = 0x40000000
"""From here on, x86-64 has a second set of the same calls."""

# BPF, on struct seccomp_data: number at 0, processor at 4, lower half of the first argument at 16, of the second at 24.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _PROCESSOR, _FIRST, _SECOND = 0, 4, 16, 24
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000


class _Step(NamedTuple):
    """One instruction: where the test holds `then` steps are left out, else `otherwise`."""

    code: int
    value: int
    then: int = 0
    otherwise: int = 0


def filter_program() -> bytes | None:
    """Return the filter for this machine's processor, or None where it is none that is known here."""
    known = _PROCESSORS.get(platform.machine())
    if known is None:
        return None
    processor, column = known
    steps = [
        _Step(_LOAD, _PROCESSOR),
        _Step(_EQUAL, processor, then=1),
        _Step(_RETURN, _ERROR | ENOSYS),
        _Step(_LOAD, _NUMBER),
        *_refuse_if(_AT_LEAST, _OTHER_NUMBERS, ENOSYS),
        # What it asks for lies in memory, where no filter looks; without it, libraries use clone.
        *_refuse_if(_EQUAL, _CLONE3[column], ENOSYS),
    ]
    for numbers in _DENIED.values():
        steps += _refuse_if(_EQUAL, numbers[column], EPERM)
    steps += _of_call(_CLONE[column], _FIRST, _refuse_if(_ANY_BIT, _NEW_NAMESPACES, EPERM))
    steps += _of_call(_SOCKET[column], _FIRST, _refuse_unless(_FAMILIES, EAFNOSUPPORT))
    inputs = [step for value in _TERMINAL_INPUT for step in _refuse_if(_EQUAL, value, EPERM)]
    steps += _of_call(_IOCTL[column], _SECOND, inputs)
    steps.append(_Step(_RETURN, _ALLOW))
    return b"".join(struct.pack("=HBBI", step.code, step.then, step.otherwise, step.value) for step in steps)


def docker_profile() -> str:
    """Return the same as a profile for Docker, which replaces the engine's own (that of 20.10 lets the host be called).

    The engine may be on a machine of another kind, so calls go by their names.
    """
    refuse = {"action": "SCMP_ACT_ERRNO", "errnoRet": EPERM}
    not_there = {"action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS}
    no_family = {"action": "SCMP_ACT_ERRNO", "errnoRet": EAFNOSUPPORT}
    rules: list[dict[str, Any]] = [{"names": sorted(_DENIED), **refuse}, {"names": ["clone3"], **not_there}]
    for bit in (1 << place for place in range(32) if _NEW_NAMESPACES >> place & 1):
        argument = {"index": 0, "value": bit, "valueTwo": bit, "op": "SCMP_CMP_MASKED_EQ"}
        rules.append({"names": ["clone"], "args": [argument], **refuse})
    for family in sorted(set(range(max(_FAMILIES))) - set(_FAMILIES)):
        rules.append({"names": ["socket"], "args": [{"index": 0, "value": family, "op": "SCMP_CMP_EQ"}], **no_family})
    beyond = {"index": 0, "value": max(_FAMILIES), "op": "SCMP_CMP_GT"}
    rules.append({"names": ["socket"], "args": [beyond], **no_family})
    for request in _TERMINAL_INPUT:
        rules.append({"names": ["ioctl"], "args": [{"index": 1, "value": request, "op": "SCMP_CMP_EQ"}], **refuse})
    return json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules})


def _refuse_if(test: int, value: int, error: int) -> list[_Step]:
    return [_Step(test, value, otherwise=1), _Step(_RETURN, _ERROR | error)]


def _refuse_unless(values: tuple[int, ...], error: int) -> list[_Step]:
    tests = [_Step(_EQUAL, value, then=len(values) - place) for place, value in enumerate(values)]
    return [*tests, _Step(_RETURN, _ERROR | error)]


def _of_call(number: int, argument: int, tests: list[_Step]) -> list[_Step]:
    """Look at an argument, if this is the call; allow what the tests leave over."""
    steps = [_Step(_LOAD, argument), *tests, _Step(_RETURN, _ALLOW)]
    return [_Step(_EQUAL, number, otherwise=len(steps)), *steps]
