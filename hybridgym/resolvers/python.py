"""Answers for the references of Python files."""

from collections.abc import Mapping

from hybridgym.facts import FileFacts, Reference
from hybridgym.resolve import DefinitionKey, Outcome, Resolution
from hybridgym.resolvers.python_inference import Inference
from hybridgym.resolvers.python_names import CALLABLE_SLOTS
from hybridgym.resolvers.python_scopes import CAUGHT
from hybridgym.resolvers.python_values import Sort, Value, union, without_none


class PythonResolver:
    """Answers for all Python files of one repository."""

    def __init__(self, files: Mapping[str, FileFacts], all_paths: set[str], _build_files: Mapping[str, bytes]) -> None:
        self._inference = Inference(files, all_paths)
        self._index = self._inference.index
        self._classes = self._inference.classes
        self._answering: dict[str, bool] = {}

    def resolve(self, path: str) -> list[Resolution]:
        """Return a resolution for each reference of a file, in their order."""
        answers = []
        repeated: dict[tuple[int, str, bool], Resolution] = {}
        for reference in self._index.files[path].references:
            key = (reference.scope, reference.path, reference.raised)
            answer = repeated.get(key)
            if answer is None:
                answer = self._resolve(path, reference)
                if self._inference.is_same_everywhere(path, reference.scope, reference.path):
                    repeated[key] = answer
            answers.append(answer)
        return answers

    def bases(self, key: DefinitionKey) -> list[DefinitionKey]:
        """Return the classes of the repository that a class directly inherits from."""
        return [b for b in self._classes.bases(key) if isinstance(b, DefinitionKey)]

    def imported_files(self, path: str) -> list[tuple[str, DefinitionKey | None]]:
        """Return what a file imports from the repository: files, and definitions where they are named."""
        found: dict[tuple[str, DefinitionKey | None], None] = {}
        for imported in self._index.files[path].imports:
            module = self._inference.scopes.module_of(path, imported)
            if isinstance(module, str) and module in self._index.files:
                found[module, None] = None
            if imported.name not in ("", "*"):
                for value in self._inference.scopes.imported(path, imported):
                    if value.key is not None and value.sort in (Sort.FUNCTION, Sort.CLASS):
                        found[value.key.path, value.key] = None
                    elif value.sort is Sort.MODULE and value.name in self._index.files:
                        found[value.name, None] = None
        return list(found)

    def _resolve(self, path: str, reference: Reference) -> Resolution:
        values = without_none(self._inference.infer(path, reference.scope, reference.path, reference.start))
        if len(values) == 1:
            return self._answer(path, reference, values[0])
        answers = {self._answer(path, reference, v) for v in values}
        if len(answers) == 1:
            return answers.pop()
        outcomes = {a.outcome for a in answers}
        if Outcome.UNRESOLVED not in outcomes and len({a.target for a in answers}) == 1:
            return min(answers)
        return Resolution(Outcome.UNRESOLVED, None, "several targets")

    def _answer(self, path: str, reference: Reference, value: Value) -> Resolution:
        sort = value.sort
        if sort is Sort.FUNCTION and not reference.raised:
            return Resolution(Outcome.RESOLVED, value.key, value.how)
        if sort is Sort.UNKNOWN:
            return self._unknown_answer(path, reference, value)
        if sort is Sort.CLASS:
            if not value.exact and value.key is not None and self._classes.may_be_subclass(value.key):
                return Resolution(Outcome.UNRESOLVED, None, "class may be a subclass")
            return Resolution(Outcome.RESOLVED, value.key, value.how)
        if sort in (Sort.NOTHING, Sort.NEVER):
            return Resolution(Outcome.UNRESOLVED, None, "None is called" if sort is Sort.NOTHING else "no value")
        if reference.raised and sort is not Sort.EXTERNAL:
            return Resolution(Outcome.BUILTIN, None, "raised instance")
        if sort is Sort.INSTANCE:
            return self._instance_answer(value)
        if sort is Sort.EXTERNAL_INSTANCE and not value.exact:  # an annotation; whatever can be called fits many
            return Resolution(Outcome.UNRESOLVED, None, "outside object is called")
        if sort in (Sort.EXTERNAL, Sort.EXTERNAL_INSTANCE):
            return Resolution(Outcome.EXTERNAL, None, value.name)
        if sort in (Sort.MODULE, Sort.COROUTINE):
            return Resolution(Outcome.UNRESOLVED, None, f"{sort} is called")
        return Resolution(Outcome.BUILTIN, None, value.name or sort)

    def _instance_answer(self, value: Value) -> Resolution:
        called = union([self._inference.attributes.attribute(value, "__call__")])
        if len(called) == 1 and called[0].sort is Sort.FUNCTION:
            return Resolution(Outcome.RESOLVED, called[0].key, "call")
        if all(v.sort is Sort.EXTERNAL for v in called):
            return Resolution(Outcome.EXTERNAL, None, called[0].name)
        return Resolution(Outcome.UNRESOLVED, None, "instance is called")

    def _unknown_answer(self, path: str, reference: Reference, value: Value) -> Resolution:
        if reference.raised and value.name == CAUGHT:
            return Resolution(Outcome.BUILTIN, None, "raised instance")
        name = reference.path.rpartition(".")[2]
        is_attribute = all(part.endswith(f".{name}") for part in reference.path.split("|"))
        if is_attribute and name.isidentifier() and self._is_nobodys(path, name):
            return Resolution(Outcome.EXTERNAL, None, f"?.{name}")
        return Resolution(Outcome.UNRESOLVED, None, value.name)

    def _is_nobodys(self, path: str, name: str) -> bool:
        """Say whether no object of the repository can have an attribute of that name."""
        if name in self._index.bound_names or name in CALLABLE_SLOTS or (name[:2] == "__" == name[-2:]):
            return False
        return not self._answers_for_any(path)

    def _answers_for_any(self, path: str) -> bool:
        """Say whether a file, or one that it imports, has a class whose objects have any attribute."""
        known = self._answering.get(path)
        if known is None:
            modules = (self._inference.scopes.module_of(path, i) for i in self._index.files[path].imports)
            known = not self._index.answering_files.isdisjoint((path, *modules))
            self._answering[path] = known
        return known
