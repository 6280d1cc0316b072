"""What code outside of the repository gives, as far as Rust's standard library is known."""

from hybridgym.resolvers.rust_impls import RustImpls
from hybridgym.resolvers.rust_std import ARGUMENTS, CONSTRUCTORS, RESULTS, STR_TO_STR, STRINGS
from hybridgym.resolvers.rust_types import UNKNOWN_TYPE, container, found_by
from hybridgym.resolvers.typed_values import Sort, Value, external, unknown

RESULT_TYPES = {"usize": external("usize"), "bool": external("bool"), "?": UNKNOWN_TYPE}


class RustOutside(RustImpls):
    """The part of the resolver that knows results, parts and elements of what is not the repository's."""

    def outside_result(self, function: Value) -> Value:
        """Return what a function of others gives, where that is known."""
        before, sign, name = function.name.rpartition("::")
        if sign and name in CONSTRUCTORS:
            made = function.parts[0] if function.parts else self.outside_type(before, ())
            is_type = before.rpartition("::")[2][:1].isupper()
            return made if is_type or function.parts else unknown("result of outside code")
        if not function.parts:
            return unknown("result of outside code")
        receiver = function.parts[0]
        name = function.name.rpartition(".")[2]
        if receiver.sort is Sort.INSTANCE:
            is_copy = name in ("clone", "to_owned", "borrow", "as_ref", "by_ref")
            return receiver if is_copy else unknown("result of outside code")
        if receiver.name in ("str", "String"):
            if name in STRINGS:
                return external("String")
            return receiver if name in STR_TO_STR else unknown("result of outside code")
        rule = RESULTS.get(receiver.name, {}).get(name)
        if receiver.name == "open" and receiver.parts:
            receiver = receiver.parts[0]
            rule = RESULTS["Iterator"].get(name)
        return self._by_rule(rule, receiver) if rule is not None else unknown("result of outside code")

    def _by_rule(self, rule: str, receiver: Value) -> Value:
        """Return the type that a rule of `rust_std` writes down."""
        if rule == "self":
            return receiver
        if rule.startswith("*"):
            inner = self._by_rule(rule[1:], receiver)
            below = self.dereferenced(inner)
            return inner if below is None else below
        if rule.isdigit():
            number = int(rule)
            return found_by(receiver.parts[number], "return") if number < len(receiver.parts) else UNKNOWN_TYPE
        name, _, inside = rule.partition("(")
        if not inside:
            return RESULT_TYPES[rule]
        return container(name, *(self._by_rule(part, receiver) for part in _arguments(inside[:-1])))

    def given(self, receiver: Value, method: str, following: str) -> Value:
        """Return what a closure is given that is an argument of a method."""
        argument = following.removeprefix(".$given").partition("_")[0]
        if receiver.name == "open" and receiver.parts and receiver.sort is Sort.CONTAINER:
            receiver = receiver.parts[0]
        rule = ARGUMENTS.get(receiver.name, {}).get(method) if receiver.sort is Sort.CONTAINER else None
        found = self.method(receiver, method) if rule is not None else UNKNOWN_TYPE
        if rule is None or found.sort is not Sort.EXTERNAL:
            return unknown("argument of a closure")
        if argument == "0" and method in ("map_or_else",) and receiver.name == "Result":
            rule = "1"
        return self._by_rule(rule, receiver)

    # parts

    def field_of(self, value: Value, name: str) -> Value:
        for _ in range(8):
            if value.sort is Sort.INSTANCE and value.key is not None and name in self.members(value.key):
                break
            below = self.dereferenced(value)
            if below is None:
                break
            value = below
        return self.field(value, name)

    def element(self, value: Value) -> Value:
        for _ in range(8):
            if value.sort is Sort.CONTAINER and value.parts:
                if value.name in ("Vec", "VecDeque", "slice"):
                    return found_by(value.parts[0], "attribute")
                if value.name in ("HashMap", "BTreeMap") and len(value.parts) > 1:
                    return found_by(value.parts[1], "attribute")
            below = self.dereferenced(value)
            if below is None:
                break
            value = below
        return unknown("element")

    def each(self, value: Value) -> Value:
        """Return what a loop over a value gives."""
        for _ in range(8):
            if value.sort is Sort.CONTAINER and value.name == "open" and value.parts:
                value = value.parts[0]
            if value.sort is Sort.CONTAINER and value.name == "Iterator" and value.parts:
                return found_by(value.parts[0], "return")
            rule = RESULTS.get(value.name, {}).get("into_iter") if value.sort is Sort.CONTAINER else None
            if rule is not None:
                each = self._by_rule(rule, value)
                return found_by(each.parts[0], "return") if each.parts else unknown("iteration")
            if value.sort is not Sort.CONTAINER or value.name not in ("Box",):
                break
            value = value.parts[0] if value.parts else UNKNOWN_TYPE
        return unknown("iteration")


def _arguments(text: str) -> list[str]:
    """Split the arguments of a rule at the commas outside of parentheses."""
    found, depth, start = [], 0, 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            found.append(text[start:place])
            start = place + 1
    return [*found, text[start:]]
