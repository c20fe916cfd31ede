"""The abstract interpreter: follows every way through a hook to its end (`nogilcheck.binary.ends`).

Nothing is executed. Where a branch depends on a number that is not known, both ways are followed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from typing import Final

from nogilcheck.binary.ends import End, Gil, Trace
from nogilcheck.binary.hooks import Interpreter
from nogilcheck.binary.image import Image, Machine
from nogilcheck.binary.layouts import MULTI_PHASE, DefinitionLayout
from nogilcheck.binary.tracer import arm64, x86
from nogilcheck.binary.tracer.calls import API, Calls, version_number
from nogilcheck.binary.tracer.convention import convention
from nogilcheck.binary.tracer.decode import Decoder
from nogilcheck.binary.tracer.effects import Branch, Call, Control, Effect, Halt, Jump, Return, Split
from nogilcheck.binary.tracer.endings import defined, returned
from nogilcheck.binary.tracer.instruction import Instruction
from nogilcheck.binary.tracer.state import IMPORTED, RETURN, STACK, TracerState, World, state_digest

MAX_VISITS: Final = 2
"""Times that a place is visited in states that do not differ in what matters (`state_digest`)."""
MAX_WAYS: Final = 512
"""Ways that may wait to be followed."""
MAX_ENDS: Final = 256
"""Ends that are kept."""
THUNK: Final = 6
"""Instructions of the longest stub that only jumps to an import."""
CHKSTK: Final = b"\x48\x83\xec\x10\x4c\x89\x14\x24\x4c\x89\x5c\x24\x08"
"""How ``__chkstk`` of the Microsoft C runtime begins (``sub rsp, 16; mov [rsp], r10; mov [rsp+8], r11``): the one
function that keeps all registers."""


class Tracer:
    """One run over one hook, with calls followed to a given depth."""

    def __init__(
        self,
        image: Image,
        interpreter: Interpreter,
        layout: DefinitionLayout,
        decoder: Decoder,
        *,
        depth: int,
        steps: int,
        changed: Collection[int] = (),
        answers: Mapping[str, int],
    ) -> None:
        self._image = image
        self._layout = layout
        self._decoder = decoder
        self._depth = depth
        self._budget = steps
        self._calls = Calls(interpreter, answers)
        self._convention = convention(image.machine, image.format)
        self._execute = x86.execute if image.machine is Machine.X86_64 else arm64.execute
        self._world = World(image, changed)
        self._world.constants[self._world.imported("Py_Version")] = version_number(interpreter)
        self._thunks: dict[int, int | None] = {}
        self._visits: dict[object, int] = {}
        self._waiting: deque[TracerState] = deque()
        self._declared: set[Gil] = set()
        self._ends: list[End] = []
        self._steps = 0
        self._lost = 0
        self._dropped = False
        self._returns_array = False

    @property
    def read(self) -> set[int]:
        """Words of the file that were looked at."""
        return self._world.read

    def run(self, entry: int, *, returns_array: bool) -> Trace:
        """Follow the function at ``entry``: a ``PyModExport`` hook when ``returns_array``, else a ``PyInit`` one."""
        self._returns_array = returns_array
        state = TracerState(self._world, entry)
        self._begin(state)
        self._waiting.append(state)
        while self._waiting and self._steps < self._budget and len(self._ends) < MAX_ENDS:
            self._follow(self._waiting.popleft())
        for state in self._waiting:
            self._give_up(state)
        return Trace(
            ends=tuple(dict.fromkeys(self._ends)),
            complete=not self._waiting and self._steps < self._budget and not self._dropped,
            lost=self._lost,
            declared=frozenset(self._declared),
            asked=frozenset(self._calls.asked),
            steps=self._steps,
        )

    def _begin(self, state: TracerState) -> None:
        """As the interpreter calls the hook: without arguments."""
        if self._convention.link is None:
            state.registers[self._convention.stack] = STACK - 8
            state.store(STACK - 8, 8, RETURN)
        else:
            state.registers[self._convention.stack] = STACK
            state.registers[self._convention.link] = RETURN

    def _follow(self, state: TracerState) -> None:
        while self._steps < self._budget:
            if state.pc == RETURN:
                value = state.registers.get(self._convention.result)
                self._ends.append(returned(state, value, returns_array=self._returns_array))
                return
            if state.pc >= IMPORTED:
                if not self._imported(state):
                    return
                continue
            self._steps += 1
            instruction = self._decoder.at(state.pc) if self._image.is_code(state.pc) else None
            if instruction is None:
                self._lose(state)
                return
            self._decoder.carried_out.add(instruction.address)
            state.site = instruction.address
            state.pc = instruction.next
            control = self._execute(state, instruction)
            if control is not None and not self._go(state, instruction, control):
                return
        self._give_up(state)

    def _give_up(self, state: TracerState) -> None:
        """Note what a way has declared that is not followed to its end."""
        if len(state.modules) == 1:
            self._declared.update(state.modules.values())

    def _lose(self, state: TracerState) -> bool:
        self._lost += 1
        self._give_up(state)
        return False

    def _go(self, state: TracerState, instruction: Instruction, control: Control) -> bool:
        """Apply what an instruction does to control; whether this way goes on."""
        match control:
            case Jump(target):
                # Some compilers stop with a jump to itself.
                return target != instruction.address and self._jump(state, target)
            case Branch(target, taken):
                if taken is None:
                    return self._fork(state, control)
                if taken:
                    state.pc = target
                return True
            case Call(target):
                return self._call(state, target, instruction)
            case Return(target):
                state.frames = state.frames[:-1]
                return self._jump(state, target)
            case Split(effects):
                return self._split(state, effects)
            case Halt():
                return False

    def _jump(self, state: TracerState, target: int | None) -> bool:
        if target is None:
            return self._lose(state)
        state.pc = target
        return True

    # --- forks

    def _fork(self, state: TracerState, branch: Branch) -> bool:
        other = state.copy()
        other.pc = branch.target
        if branch.zero is not None:
            (other if branch.zero_taken else state).registers[branch.zero] = 0
        return self._follow_both(state, other)

    def _split(self, state: TracerState, effects: tuple[Effect, Effect]) -> bool:
        other = state.copy()
        effects[0](other)
        effects[1](state)
        return self._follow_both(state, other)

    def _follow_both(self, state: TracerState, other: TracerState) -> bool:
        """Queue the other way; whether this one goes on."""
        if self._is_new(other):
            if len(self._waiting) < MAX_WAYS:
                self._waiting.append(other)
            else:
                self._dropped = True
                self._give_up(other)
        return self._is_new(state)

    def _is_new(self, state: TracerState) -> bool:
        """Whether to follow a state: not when `MAX_VISITS` states like it were followed from the same place."""
        key = (state.pc, state.frames, state_digest(state))
        visits = self._visits[key] = self._visits.get(key, 0) + 1
        return visits <= MAX_VISITS

    # --- calls

    def _call(self, state: TracerState, target: int | None, instruction: Instruction) -> bool:
        target = self._thunk(target) or target
        if self._world.name_at(target) is None and (
            target is None or not self._image.is_code(target) or len(state.frames) >= self._depth
        ):
            self._skip(state, target)
            return True
        link = self._convention.link
        if link is not None:
            state.registers[link] = instruction.next
        else:
            stack = state.registers.get(self._convention.stack)
            if stack is None:
                return self._lose(state)
            state.registers[self._convention.stack] = stack - 8
            state.store(stack - 8, 8, instruction.next)
        state.frames = (*state.frames, instruction.next)
        assert target is not None
        state.pc = target
        return True

    def _skip(self, state: TracerState, target: int | None) -> None:
        """Skip a call: it may change what its arguments point to, and its result is not known."""
        if target is not None and self._image.read(target, len(CHKSTK)) == CHKSTK:
            return
        for argument in self._arguments(state):
            state.forget(argument)
        state.skipped += 1
        state.fresh.clear()
        state.handed_to = None
        self._after_call(state, None)

    def _thunk(self, target: int | None) -> int | None:
        """The made-up address of the import that the stub at ``target`` jumps to; ``None``: it is no such stub."""
        if target is None or not self._image.is_code(target):
            return None
        if target not in self._thunks:
            self._thunks[target] = self._destination(target)
        return self._thunks[target]

    def _destination(self, target: int) -> int | None:
        state = TracerState(self._world, target)
        for _ in range(THUNK):
            instruction = self._decoder.at(state.pc) if self._image.is_code(state.pc) else None
            if instruction is None:
                return None
            state.pc = instruction.next
            control = self._execute(state, instruction)
            if isinstance(control, Jump) and control.target is not None:
                if self._world.name_at(control.target) is not None:
                    plain = not state.memory and state.registers.keys() <= self._convention.scratch
                    return control.target if plain else None
                state.pc = control.target
            elif control is not None:
                return None
        return None

    def _arguments(self, state: TracerState) -> tuple[int | None, ...]:
        return tuple(map(state.registers.get, self._convention.arguments))

    def _after_call(self, state: TracerState, result: int | None) -> None:
        for name in self._convention.destroyed:
            state.registers[name] = None
            state.vectors.pop(name, None)
        state.registers[self._convention.result] = result
        state.flags = None

    def _imported(self, state: TracerState) -> bool:
        """Carry out an imported function and return from it; whether this way goes on."""
        name = self._world.name_at(state.pc)
        if name is None:
            return self._lose(state)
        name = name.partition("@")[0]
        arguments = self._arguments(state)
        if name == MULTI_PHASE:
            self._ends.append(defined(state, arguments[0], self._layout))
            return False
        if not self._calls.returns(name):
            return False
        link = self._convention.link
        back = state.registers.get(link) if link is not None else self._popped(state)
        state.site = back or 0
        state.frames = state.frames[:-1]
        result = self._calls.call(state, name, arguments)
        if not name.startswith(API):
            self._hand_out(state, arguments)
        state.handed_to = name if result is None and not name.startswith(API) else None
        self._after_call(state, result)
        return self._jump(state, back)

    def _hand_out(self, state: TracerState, arguments: tuple[int | None, ...]) -> None:
        """Forget the slots of definitions that a function of another library gets: it may change them."""
        for argument in arguments:
            if argument is not None and self._layout.head.match(self._image.read(argument, self._layout.name)):
                state.forget(argument + self._layout.slots, 8)

    def _popped(self, state: TracerState) -> int | None:
        stack = state.registers.get(self._convention.stack)
        state.registers[self._convention.stack] = None if stack is None else stack + 8
        return state.load(stack, 8)
