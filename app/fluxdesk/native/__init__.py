"""The C kernel, built at install, and its fallback in NumPy and Python.

Importing this package loads nothing: `kernel()` loads the library when it is first asked for. The library has no
dependency of its own; it is given the functions of the interpreter's stable ABI that it needs, and gives back built-in
functions, so neither building nor loading it takes Python's headers.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

ABI = 5
"""Version of the kernel's functions and layouts; a library that says another one is not used."""

_HOST_FUNCTIONS = (
    "PyBytes_FromStringAndSize",
    "PyBytes_AsStringAndSize",
    "PyUnicode_FromStringAndSize",
    "PyUnicode_AsUTF8AndSize",
    "PyTuple_New",
    "PyTuple_SetItem",
    "PyCFunction_NewEx",
    "PyErr_BadArgument",
    "PyErr_NoMemory",
    "PyErr_Occurred",
    "PyLong_AsLongLong",
    "PyLong_FromSsize_t",
    "PyCapsule_New",
    "PyCapsule_GetPointer",
    "Py_IncRef",
    "PyMem_RawMalloc",
    "PyMem_RawRealloc",
    "PyMem_RawFree",
    "PyList_Size",
    "PyList_GetItem",
    "PyTuple_Size",
    "PyTuple_GetItem",
    "Py_DecRef",
    "PyLong_FromUnsignedLongLong",
    "PyLong_FromString",
    "PyList_New",
    "PyList_SetItem",
    "PyErr_Clear",
)
"""The functions in `fd_host` of src/kernel.h, in order; after them come `None`, `True` and `False`."""
_HOST_OBJECTS = (None, True, False)

_FUNCTIONS = (
    "b58decode",
    "b58encode",
    "b58keys",
    "windows_new",
    "windows_add",
    "windows_bars",
    "windows_rolling",
    "windows_size",
    "windows_snapshot",
    "windows_restore",
    "read_logs",
    "read_layout",
    "read_notice",
    "read_notified",
)
"""`METHODS` in src/kernel.c, in order."""

Kernel = dict[str, Callable[..., Any]]
"""The kernel's functions by name."""


@functools.cache
def kernel() -> Kernel | None:
    """The kernel's functions, or None when it is missing, is of another version, or `$FLUXDESK_NO_KERNEL` is 1."""
    if os.environ.get("FLUXDESK_NO_KERNEL") == "1":
        return None
    import ctypes

    try:
        library = ctypes.PyDLL(os.path.join(os.path.dirname(__file__), "kernel.so"))  # pathlib alone takes 10 ms
        version = library.fd_abi()
    except (OSError, AttributeError):
        return None
    if version != ABI:
        return None
    host = (ctypes.c_void_p * (len(_HOST_FUNCTIONS) + len(_HOST_OBJECTS)))(
        *(ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value for name in _HOST_FUNCTIONS),
        *map(id, _HOST_OBJECTS),
    )
    library.fd_init(ctypes.byref(host))
    library.fd_function.restype = ctypes.py_object
    return {name: library.fd_function(number) for number, name in enumerate(_FUNCTIONS)}
