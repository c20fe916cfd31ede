"""What imported functions do, as far as the way to a declaration depends on it. Nothing is run.

Calls are taken to succeed: a hook that fails returns NULL and declares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nogilcheck.binary.ends import Never
from nogilcheck.binary.hooks import Interpreter
from nogilcheck.binary.layouts import MAKERS, SET_GIL
from nogilcheck.binary.tracer.state import BLOCK, TracerState

API: Final = ("Py", "_Py")
"""How the names of the C API begin."""
MAX_COPY: Final = 4096
"""Bytes of the longest ``memcpy`` or ``memset`` that is carried out."""
MAX_COMPARED: Final = 256
"""Bytes of the longest ``strncmp`` that is."""

ZERO: Final = frozenset({
    "PyType_Ready", "PyModule_AddObject", "PyModule_AddObjectRef", "PyModule_Add", "PyModule_AddType",
    "PyModule_AddIntConstant", "PyModule_AddStringConstant", "PyModule_AddFunctions", "PyModule_SetDocString",
    "PyModule_ExecDef", "PyModule_Exec", "PyDict_SetItem", "PyDict_SetItemString", "PyDict_DelItemString",
    "PyDict_Update",
    "PyObject_SetAttr", "PyObject_SetAttrString", "PyObject_SetItem", "PyList_Append", "PyList_SetItem",
    "PyTuple_SetItem", "PySet_Add", "PyState_AddModule", "PyErr_WarnEx", "PyErr_WarnFormat",
    "PyCapsule_SetContext", "PyCapsule_SetName", "PyCapsule_SetDestructor", "PyStructSequence_InitType2",
    "PyThread_tss_create", "PyThread_tss_set", "PyTraceMalloc_Track", "PyUnstable_Object_EnableDeferredRefcount",
    "PyABIInfo_Check", "Py_AtExit", "Py_IsFinalizing", "PyImport_AppendInittab", "PyUnicode_READY",
    "pthread_mutex_lock", "pthread_mutex_unlock", "pthread_mutex_init", "pthread_key_create", "pthread_once",
    "__cxa_atexit", "__cxa_thread_atexit", "__cxa_thread_atexit_impl", "atexit", "_register_onexit_function",
    "_crt_atexit",
})  # fmt: skip
"""Return 0 when all is well."""
NULL: Final = frozenset({"PyErr_Occurred", "PyState_FindModule", "PyImport_GetModule", "PyErr_ExceptionMatches"})
"""Return NULL, or 0, the first time that a module is imported."""
ONE: Final = frozenset({"__cxa_guard_acquire", "Py_IsInitialized", "PyGILState_Check"})
"""Return 1, likewise."""
NO_RETURN: Final = frozenset({
    "abort", "exit", "_exit", "_Exit", "quick_exit", "terminate", "_invoke_watson", "_CxxThrowException",
    "__stack_chk_fail", "__chk_fail", "__fortify_fail", "__assert_fail", "__assert_rtn", "_Unwind_Resume",
    "__cxa_throw", "__cxa_rethrow", "__cxa_bad_cast", "__cxa_throw_bad_array_new_length", "__cxa_call_terminate",
    "__cxa_call_unexpected", "Py_FatalError", "_Py_FatalErrorFunc", "_Py_FatalRefcountErrorFunc", "Py_Exit",
    "_ZSt9terminatev", "_invalid_parameter_noinfo_noreturn", "ExitProcess", "TerminateProcess",
    "RaiseFailFastException", "longjmp",
})  # fmt: skip
"""Never come back. So do the C++ library's ``std::__throw_*``, by their prefix."""
_THROWS: Final = ("_ZSt17__throw_", "_ZSt16__throw_", "_ZSt19__throw_", "_ZSt20__throw_", "_ZSt24__throw_",
                  "_ZSt25__throw_",
                  "?_Xlength_error@", "?_Xout_of_range@", "?_Xbad_alloc@", "?_Throw_")  # fmt: skip
ZEROED: Final = frozenset({"calloc", "PyMem_Calloc", "PyMem_RawCalloc", "PyObject_Calloc", "__rust_alloc_zeroed"})
"""Return memory full of zeros."""
ALLOCATING: Final = frozenset({
    "malloc", "realloc", "PyMem_Malloc", "PyMem_RawMalloc", "PyMem_Realloc", "PyObject_Malloc", "_Znwm", "_Znam",
    "_ZnwmSt11align_val_t", "_ZnwmRKSt9nothrow_t", "??2@YAPEAX_K@Z", "??_U@YAPEAX_K@Z", "aligned_alloc", "HeapAlloc",
    "__cxa_allocate_exception", "__cxa_begin_catch", "__tls_get_addr",
})  # fmt: skip
"""Return memory, or an object, with contents that are not known."""
_ANSWERS: Final = (
    "PyLong_As", "PyFloat_As", "PyArg_", "PyObject_Is", "PyObject_Has", "PyObject_RichCompareBool", "PyDict_Contains",
    "PyDict_Next", "PyDict_Size", "PyUnicode_Compare", "PyUnicode_EqualTo", "PyErr_Given", "PyErr_Check",
    "PyObject_Size", "PyObject_Length",
    "PyList_Size", "PyTuple_Size", "PySequence_Size", "PySequence_Contains", "PyType_IsSubtype", "PyType_GetFlags",
    "PyThread_get_thread_ident", "Py_IncRef", "Py_DecRef", "_Py_", "PyMem_Free", "PyMem_RawFree", "PyObject_Free",
    "PyGILState_", "PyMutex_", "PyEval_SaveThread", "PyEval_RestoreThread", "PyDict_GetItem",
    "PySys_GetObject", "PyWeakref_GetObject", "PyObject_GetOptionalAttr", "PyMapping_GetOptionalItem",
)  # fmt: skip
"""Functions of the C API whose result is no new or borrowed object, or is often NULL where nothing is wrong, by
prefix."""

RAISING: Final = frozenset({
    "PyErr_SetString", "PyErr_SetObject", "PyErr_SetNone", "PyErr_Format", "PyErr_NoMemory", "PyErr_BadInternalCall",
    "PyErr_SetFromErrno", "PyErr_SetImportError", "PyErr_SetRaisedException",
})  # fmt: skip
"""Set an exception. A hook that returns with one fails (``_PyImport_RunModInitFunc``, Python/importdl.c)."""
CLEARING: Final = frozenset({
    "PyErr_Clear", "PyErr_Print", "PyErr_PrintEx", "PyErr_Fetch", "PyErr_GetRaisedException", "PyErr_WriteUnraisable",
    "PyErr_FormatUnraisable", "PyErr_Restore",
})  # fmt: skip
"""Take it away, or may."""

IMPORTING: Final = frozenset(
    {"PyImport_ImportModule", "PyImport_ImportModuleNoBlock", "PyImport_AddModule", "PyImport_AddModuleRef"}
)
"""Return the module that their first argument names."""
ATTRIBUTE: Final = frozenset({"PyObject_GetAttrString", "PyObject_GetAttr"})
CALLING: Final = frozenset({
    "PyObject_CallMethod", "PyObject_CallMethodObjArgs", "PyObject_CallFunction", "PyObject_CallFunctionObjArgs",
    "PyObject_Call", "PyObject_CallObject", "PyObject_CallNoArgs", "PyObject_CallOneArg", "PyObject_Vectorcall",
    "PyObject_VectorcallMethod", "_PyObject_CallMethod_SizeT", "_PyObject_CallFunction_SizeT",
})  # fmt: skip
"""Return what their first argument, or an attribute of it, makes."""

Arguments = tuple[int | None, ...]


class Calls:
    """The effects of imported functions on a state."""

    def __init__(self, interpreter: Interpreter, answers: Mapping[str, int]) -> None:
        self._interpreter = interpreter
        self._answers = answers
        self.asked: set[str] = set()
        """Functions of other libraries that were called, of which the result is not known."""
        self._models: dict[str, Callable[[TracerState, Arguments], int | None]] = {
            "Py_GetVersion": self._version,
            "memcpy": _copy,
            "memmove": _copy,
            "memset": _fill,
            "strcmp": lambda state, arguments: _compare(state, (*arguments[:2], MAX_COMPARED)),
            "strncmp": _compare,
            "strlen": _length,
            SET_GIL: _set_gil,
        }

    def returns(self, name: str) -> bool:
        """Whether a function comes back."""
        return name not in NO_RETURN and not name.startswith(_THROWS)

    def call(self, state: TracerState, name: str, arguments: Arguments) -> int | None:
        """The result of a function; ``None``: not known, or nothing."""
        if name in RAISING or name in CLEARING:
            state.failed = name in RAISING
            return None
        model = self._models.get(name)
        if model is not None:
            return model(state, arguments)
        if name in MAKERS:
            return _make(state)
        if name in ZERO or name in NULL:
            return 0
        if name in ONE:
            return 1
        if name in ZEROED:
            return state.allocate(BLOCK // 64)
        if name in ALLOCATING:
            return state.allocate()
        if name in IMPORTING or name in ATTRIBUTE or name in CALLING:
            return _delegate(state, name, arguments)
        if name.startswith(API):
            return None if name.startswith(_ANSWERS) else state.allocate()
        self.asked.add(name)
        return self._answers.get(name)

    def _version(self, state: TracerState, _arguments: Arguments) -> int:
        """The version of the interpreter that the wheel is for, but which release of it: pybind11 refuses others."""
        address = state.world.imported("the text of Py_GetVersion")
        state.world.constants[address] = f"3.{self._interpreter.minor}.".encode()
        return address


def version_number(interpreter: Interpreter) -> bytes:
    """``Py_Version``: ``PY_VERSION_HEX`` of the first final release."""
    return (0x030000F0 | interpreter.minor << 16).to_bytes(8, "little")


def _make(state: TracerState) -> int:
    module = state.allocate()
    state.modules[module] = Never
    return module


def _set_gil(state: TracerState, arguments: Arguments) -> int:
    module, value = arguments[0], arguments[1]
    if module in state.modules:
        state.modules[module] = value
    else:
        state.stray = (*state.stray, value)
    return 0


def _delegate(state: TracerState, name: str, arguments: Arguments) -> int:
    made = state.allocate()
    subject = arguments[0]
    if name in IMPORTING:
        imported = state.text(subject)
        if imported:
            state.delegates[made] = imported
    elif subject in state.delegates:
        state.delegates[made] = state.delegates[subject]
    return made


def _copy(state: TracerState, arguments: Arguments) -> int | None:
    to, source, size = arguments[:3]
    if to is None:
        return None
    if source is None or size is None or size > MAX_COPY:
        state.forget(to, 64 if size is None else min(size, MAX_COPY))
        return to
    for offset, byte in enumerate([state.load(source + offset, 1) for offset in range(size)]):
        state.put(to + offset, byte)
    return to


def _fill(state: TracerState, arguments: Arguments) -> int | None:
    to, value, size = arguments[:3]
    if to is not None and size is not None and size <= MAX_COPY:
        for offset in range(size):
            state.put(to + offset, None if value is None else value & 0xFF)
    elif to is not None:
        state.forget(to, 64)
    return to


def _compare(state: TracerState, arguments: Arguments) -> int | None:
    left, right, size = arguments[:3]
    if left is None or right is None or size is None or size > MAX_COMPARED:
        return None
    for offset in range(size):
        one, other = state.load(left + offset, 1), state.load(right + offset, 1)
        if one is None or other is None:
            return None
        if one != other:
            return one - other & 0xFFFFFFFF
        if not one:
            return 0
    return 0 if size < MAX_COMPARED else None


def _length(state: TracerState, arguments: Arguments) -> int | None:
    found = state.text(arguments[0])
    return None if found is None else len(found)
