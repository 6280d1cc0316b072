"""Java: calls → definitions.

What a call means is what the compiler would say, where the sources prove it. It is open where another method may run:
an abstract one, one that a class of the repository overrides, or one of an interface that lambdas implement.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from hybridgym.facts import Reference
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.java_members import Method
from hybridgym.resolvers.java_overloads import Argument, Candidate, fits
from hybridgym.resolvers.java_values import JavaValues
from hybridgym.resolvers.java_written import (
    OBJECT,
    ClassId,
    class_id,
    instance_of,
    is_array,
    is_primitive,
    substituted,
    upper,
    written,
)
from hybridgym.resolvers.typed_values import BUILTIN_VALUE, Sort, Value, external, unknown

IMPLICIT = frozenset({"java.lang.Object", "java.lang.Enum", "java.lang.Record"})
"""Superclasses that nobody has to name."""
SEVERAL = unknown("several targets")
NOT_KNOWN = unknown("base is not known")


OPEN = frozenset({"abstract method", "functional interface", "may be overridden"})
"""Why a call is open whose method is known."""


class Site(NamedTuple):
    """What is known of one call."""

    callee: Value
    """What runs: a FUNCTION, a TYPE that is instantiated, EXTERNAL, BUILTIN, or UNKNOWN with the reason."""
    candidate: Candidate | None = None
    """The method that the compiler chooses, whether or not it is the one that runs."""
    result: Value | None = None
    """What the call gives, where no method says it."""


class Choice(NamedTuple):
    """The methods among which the arguments of a call choose, which have as many parameters."""

    candidates: Sequence[Candidate]
    is_alone: bool
    """Whether there is one method of the name, whatever it takes."""
    is_unsure: bool
    """Whether a class of which nothing is known may have others."""
    sites: dict[tuple[Argument, ...], Site]
    """What was chosen, by the arguments."""


class JavaResolver(JavaValues):
    """Answers for all Java files of one repository."""

    def answer(self, path: str, reference: Reference) -> Resolution:
        number = self.index(path).calls[reference.end]
        value = self.steps.apart(lambda: self.site(path, number).callee)
        return self.resolution(path, reference, value, created=True)

    def unknown_answer(self, reference: Reference, value: Value) -> Resolution:
        if value.name in OPEN:
            return Resolution(Outcome.UNRESOLVED, None, value.name)
        return super().unknown_answer(reference, value)

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        found: dict[tuple[str, DefinitionKey | None], None] = {}
        for imported in self.files[path].imports:
            value = self.imported(path, imported)
            if value.key is not None:
                found[value.key.path, value.key] = None
        return list(found)

    # sites

    @cached_property
    def _sites(self) -> dict[tuple[str, int], Site]:
        return {}

    def site(self, path: str, number: int) -> Site:
        """Return what is known of a call; computed once."""
        self.steps.once(("site", path, number), lambda: self._kept(path, number))
        return self._sites[path, number]

    def _kept(self, path: str, number: int) -> Value:
        reference = self.files[path].references[number]
        text = reference.path
        if text.endswith("!"):
            site = self._created(path, reference, text[:-1])
        elif text.endswith("("):
            site = self._constructed(path, reference, text[:-1])
        else:
            receiver, _, name = text.rpartition(".")
            site = self._called(path, reference, receiver, name) if receiver else self._named(path, reference, name)
        self._sites[path, number] = site
        return site.callee

    def _created(self, path: str, reference: Reference, text: str) -> Site:
        outer, sign, text = text.rpartition("::")
        of = written(text[1:-1] if text.startswith("<") else text)
        if of is None:
            return Site(unknown("type is not known"))
        if sign:
            around = self.bound(upper(self.expression(path, reference.scope, outer, reference.end - 1)))
            named = self.member_type(Value(Sort.TYPE, around.key), of.names[0], "class") if around.key else None
            named = named or unknown("type is not known")
        else:
            named = self.named_class(path, reference.scope, of.names)
        if named.sort is Sort.UNKNOWN:
            return Site(unknown("type is not known"))
        if named.sort not in (Sort.TYPE, Sort.EXTERNAL):
            return Site(unknown("type variable"))
        own = self.index(path).anonymous.get(reference.end)
        if own is not None:
            return Site(named, result=Value(Sort.INSTANCE, own, how="constructor", exact=True))
        text = text[1:-1] if text.startswith("<") else ""
        parts = self.type_at(path, reference.scope, text, reference.start).parts if text else ()
        made = instance_of(named, parts, "constructor")
        return Site(named, result=made._replace(exact=True))

    def _constructed(self, path: str, reference: Reference, word: str) -> Site:
        own = self.enclosing(path, reference.scope)
        if own is None:
            return Site(unknown("this"))
        value = Value(Sort.INSTANCE, own, how="self") if word == "this" else self.superclass(own)
        if value.sort is not Sort.INSTANCE or value.key is None:
            is_known = value.sort is Sort.EXTERNAL
            return Site(BUILTIN_VALUE if value.name in IMPLICIT else external(value.name) if is_known else NOT_KNOWN)
        candidates = [self.candidate(method, value.key, value) for method in self.constructors(value.key)]
        definition = self.definition(value.key)
        count = len(reference.arguments)
        if definition.form == "record" and not any("compact" in c.method.flags for c in candidates):
            return Site(SEVERAL if any(len(c.method.parameters) == count for c in candidates) else BUILTIN_VALUE)
        if not candidates:
            return Site(BUILTIN_VALUE)
        chosen = self.choose(candidates, self._arguments(path, reference))
        return Site(self._function(chosen[0], value.how, value.key)) if len(chosen) == 1 else Site(SEVERAL)

    def _named(self, path: str, reference: Reference, name: str) -> Site:
        """Return what a call without a receiver is: a member of a class around it, or an imported one."""
        around = self.classes_around(path, reference.scope)
        is_unsure = False
        for own in around:
            if self.find(own, name) or self.implied(own, name, len(reference.arguments)) is not None:
                if is_unsure:
                    return Site(NOT_KNOWN)
                return self._member(path, reference, Value(Sort.INSTANCE, own, how="lexical"), name)
            is_unsure = is_unsure or bool(self.lineage(own).outside)
        site = self._imported_method(path, reference, name, is_unsure)
        if site is not None:
            return site
        for own in around:
            lineage = self.lineage(own)
            for base in (*lineage.outside, *lineage.outer_interfaces):
                return self._of_outside(base, name, own, len(reference.arguments))
        return Site(unknown("name is not known"))

    def _imported_method(self, path: str, reference: Reference, name: str, is_unsure: bool) -> Site | None:
        imports = self.static_imports(path)
        if not imports:
            return None
        key = (path, name, is_unsure)
        if key not in self._imported_methods:
            self._imported_methods[key] = self._imported_as(path, name, is_unsure)
        found = self._imported_methods[key]
        if not isinstance(found, list):
            return found
        chosen = self.choose([candidate for _, candidate in found], self._arguments(path, reference))
        return self._chosen(chosen, "import", found[0][0])

    @cached_property
    def _imported_methods(self) -> dict[tuple[str, str, bool], Site | list[tuple[ClassId, Candidate]] | None]:
        return {}

    def _imported_as(self, path: str, name: str, is_unsure: bool) -> Site | list[tuple[ClassId, Candidate]] | None:
        """Return the methods that a file imports by a name, with the classes that have them."""
        for wanted in (name, "*"):
            found: list[tuple[ClassId, Candidate]] = []
            outside: list[str] = []
            for of in self.static_imports(path).get(wanted, ()):
                own = class_id(of)
                if own is None:
                    return Site(unknown("import is not known"))
                for method in self.find(own, name):
                    is_here = method.key is not None and method.key.path == path
                    if "static" in method.flags and (is_here or self.is_accessible(method, path, 0)):
                        found.append((own, self.candidate(method, own, Value(Sort.TYPE, how="import"))))
                if isinstance(own, str) and own not in self._platform:
                    outside.append(own)
            if found and (outside or (is_unsure and wanted == "*")):
                return Site(NOT_KNOWN)
            if found:
                return found
            if outside:
                return Site(external(f"{outside[0]}.{name}" if wanted == name else f"?.{name}"))
        return None

    def _called(self, path: str, reference: Reference, receiver: str, name: str) -> Site:
        if receiver.endswith("super"):
            own = self.enclosing(path, reference.scope)
            if own is None:
                return Site(unknown("super"))
            before = receiver.rpartition(".")[0]
            value = self._super(path, reference, own, before) if before else self.superclass(own)
            return self._member(path, reference, value._replace(how="super"), name, is_virtual=False)
        value = self.expression(path, reference.scope, receiver, reference.end - 1)
        return self._on(path, reference, value, name)

    def _super(self, path: str, reference: Reference, own: DefinitionKey, before: str) -> Value:
        """Return what `X.super` is: the superclass of a class around, or an interface that the class names."""
        of = self.expression(path, reference.scope, before, reference.start)
        around = self.classes_around(path, reference.scope)
        if of.key is not None and of.key in around:
            return self.superclass(of.key)
        for direct in self.direct_types(own):
            if class_id(direct) == class_id(of):
                return direct
        return unknown("super")

    def _on(self, path: str, reference: Reference, value: Value, name: str) -> Site:
        """Return what a call on a value is."""
        known = self.bound(upper(value))
        value = value if known is value else known._replace(how=value.how, exact=value.exact)
        if value.sort is Sort.NAMESPACE or value.sort is Sort.UNKNOWN:
            return Site(unknown(value.name if value.sort is Sort.UNKNOWN else "name is not known"))
        if is_array(value):
            if name == "clone":
                return Site(BUILTIN_VALUE, result=value)
            return self._member(path, reference, OBJECT._replace(exact=True), name)
        if value.sort is Sort.CONTAINER:
            sites = [self._on(path, reference, part._replace(how=value.how), name) for part in value.parts]
            if value.name == "&":
                return next((s for s in sites if s.candidate is not None), sites[0])
            callees = [site.callee for site in sites]
            is_one = all(callee == callees[0] for callee in callees)
            return sites[0] if is_one or all(c.sort is Sort.EXTERNAL for c in callees) else Site(SEVERAL)
        if class_id(value) is None:
            return Site(unknown("no such member"))
        return self._member(path, reference, value, name)

    def _member(self, path: str, reference: Reference, value: Value, name: str, is_virtual: bool = True) -> Site:
        """Return what a call of a member of a class or of its instance is."""
        own = class_id(value)
        if own is None:
            return Site(unknown(value.name))
        is_virtual = is_virtual and not value.exact and value.sort is not Sort.TYPE
        methods, is_all = self.accessible(own, name, path, reference.start)
        allowed = () if is_all else tuple(m.key for m in methods)
        count = len(reference.arguments)
        key = (value, name, count, is_virtual, allowed)
        found = self._called_members.get(key)
        if found is None:
            found = self._called_members[key] = self._among(own, value, name, count, is_virtual, methods)
        if isinstance(found, Site):
            return found
        arguments = tuple(self._arguments(path, reference))
        site = found.sites.get(arguments)
        if site is None:
            site = found.sites[arguments] = self._picked(found, own, value, is_virtual, count, arguments)
        return site

    @cached_property
    def _called_members(self) -> dict[tuple[Value, str, int, bool, tuple[DefinitionKey | None, ...]], Site | Choice]:
        return {}

    def _among(
        self, own: ClassId, value: Value, name: str, count: int, is_virtual: bool, methods: Sequence[Method]
    ) -> Site | Choice:
        """Return what calls of a member with so many arguments have in common."""
        if not any(len(m.parameters) == count for m in methods):
            implied = self.implied(own, name, count)
            if implied is not None:
                result = substituted(implied, self.own_arguments(value))
                return Site(BUILTIN_VALUE, result=self.seen(result, "return"))
        if not methods:
            return self._missing(own, name, count, is_virtual)
        is_alone = len(methods) == 1
        fitting = methods if is_alone else [m for m in methods if fits(m, count)]
        is_unsure = count > 0 and not isinstance(own, str) and bool(self.lineage(own).outside)
        choice = Choice([self.candidate(method, own, value) for method in fitting], is_alone, is_unsure, {})
        if len(fitting) > 1 or is_unsure:
            return choice
        return self._picked(choice, own, value, is_virtual, count, ())

    def _picked(
        self,
        choice: Choice,
        own: ClassId,
        value: Value,
        is_virtual: bool,
        count: int,
        arguments: Sequence[Argument],
    ) -> Site:
        """Return what a call of a member is with certain arguments."""
        chosen = self.choose(choice.candidates, arguments) if len(choice.candidates) > 1 else choice.candidates
        if choice.is_unsure and len(chosen) == 1:
            is_private = "private" in chosen[0].method.flags and choice.is_alone
            if not is_private and not self.is_certain(chosen[0], arguments):
                return Site(NOT_KNOWN)
        site = self._chosen(chosen, "static" if value.sort is Sort.TYPE else value.how, own)
        if is_virtual and site.callee.sort in (Sort.FUNCTION, Sort.EXTERNAL):
            reasons = [self.why_open(candidate.method, own, count) for candidate in chosen]
            reason = next(filter(None, reasons), "")
            if reason:
                return site._replace(callee=unknown(reason))
        elif site.candidate is not None and "abstract" in site.candidate.method.flags:
            return site._replace(callee=unknown("abstract method"))
        return site

    def _chosen(self, chosen: Sequence[Candidate], how: str, of: ClassId) -> Site:
        if not chosen:
            return Site(unknown("no such member"))
        if len(chosen) == 1:
            return Site(self._function(chosen[0], how, of), chosen[0])
        if all(c.method.key is None for c in chosen):
            given = {substituted(c.method.returns, c.by) for c in chosen}
            is_plain = len(given) == 1 and not any(c.method.variables for c in chosen)
            result = self.seen(given.pop(), "return") if is_plain else unknown("several targets")
            return Site(self._function(chosen[0], how, of), result=result)
        return Site(SEVERAL)

    def _function(self, chosen: Candidate, how: str, of: ClassId) -> Value:
        method = chosen.method
        if method.key is not None:
            return Value(Sort.FUNCTION, method.key, how=how)
        return external(f"{of if isinstance(of, str) else method.owner}.{method.name}")

    def _missing(self, own: ClassId, name: str, count: int, is_virtual: bool) -> Site:
        """Return what a call of a method is that no known class has."""
        lineage = self.lineage(own)
        if isinstance(own, str):
            return self._of_outside(own, name, own if is_virtual else None, count)
        for base in (*lineage.outside, *lineage.outer_interfaces):
            return self._of_outside(base, name, own if is_virtual else None, count)
        is_annotation = self.definition(own).form == "annotation"  # its elements are no methods
        return Site(BUILTIN_VALUE if is_annotation else unknown("no such member"))

    def _of_outside(self, base: str, name: str, receiver: ClassId | None, count: int) -> Site:
        if (base == "?" or self.is_foreign(base)) and name in self.known_names:
            return Site(unknown("class is not in the sources"))
        method = Method(name, None, base, (), False, unknown("result of outside code"), (), ())
        reason = self.why_open(method, receiver, count) if receiver is not None else ""
        return Site(unknown(reason) if reason else external(f"{base}.{name}"))

    def _arguments(self, path: str, reference: Reference) -> list[Argument]:
        return [self.argument(path, reference, text) for text in reference.arguments]

    # results

    def result_of(self, path: str, number: int) -> Value:
        return self.steps.once(("result", path, number), lambda: self._result(path, number))

    def _result(self, path: str, number: int) -> Value:
        site = self.site(path, number)
        if site.result is not None:
            return site.result
        if site.candidate is None:
            is_outside = site.callee.sort is Sort.EXTERNAL
            return unknown("result of outside code") if is_outside else unknown(site.callee.name or "result")
        method = site.candidate.method
        found = substituted(method.returns, site.candidate.by)
        if method.variables:
            reference = self.files[path].references[number]
            arguments = [self.with_result(path, reference, text) for text in reference.arguments]
            found = substituted(found, self.inferred(site.candidate, arguments, True))
        return found if is_primitive(found) else self.seen(found, "return")

    def expected(self, path: str, number: int, argument: int) -> Value:
        site = self.site(path, number)
        if site.candidate is None:
            return unknown("parameter of a lambda")
        candidate = site.candidate
        reference = self.files[path].references[number]
        parameters = candidate.method.parameters
        found = parameters[min(argument, len(parameters) - 1)]
        if candidate.method.is_variadic and argument >= len(parameters) - 1 and is_array(found):
            found = found.parts[0]
        found = substituted(found, candidate.by)
        if candidate.method.variables:
            by = self.inferred(candidate, self._arguments(path, reference), False)
            found = substituted(found, by)
        return found

    def flexible(self, path: str, end: int, value: Value) -> Value:
        """Return the value of a call that is passed on: type arguments that it infers may yet become others."""
        number = self.index(path).calls.get(end)
        if number is None or not (value.parts or value.sort in (Sort.INSTANCE, Sort.EXTERNAL)):
            return value
        site = self.site(path, number)
        own = class_id(value)
        if own is None or not self.variables(own):
            return value
        is_inferred = site.candidate is not None and bool(site.candidate.method.variables)
        if is_inferred or (self.files[path].references[number].path.endswith("!") and not value.parts):
            return value._replace(parts=tuple(unknown("type argument") for _ in self.variables(own)))
        return value
