"""The errors that end a command.

HybridGymError              everything this package raises on purpose
  + UsageError              a command or a call was given what it cannot use         exit 2
  |   + ManifestError       repos.yaml is wrong: every mistake at once
  |   + UnknownNameError    no task kind, language, exporter, … of that name
  |   + SuiteError          a suite, row or predictions file is wrong: file, row, key
  |   + TemplateError       a task template is wrong: file, key
  + RunError                a runtime could not run a command: why                   exit 1
  + SourceError             a repository could not be read                           exit 1
  + MissingDependencyError  an optional program or package is needed: which, how     exit 1

A rejected candidate, a syntax error in someone's repository and a wrong answer are values with a
reason, never exceptions.
"""


class HybridGymError(Exception):
    """Everything this package raises on purpose; `exit_code` is what the CLI ends with."""

    exit_code = 1


class UsageError(HybridGymError):
    """The user's input cannot be used; the message names file, key, expected and found."""

    exit_code = 2


class ManifestError(UsageError):
    """repos.yaml is wrong; the message lists every mistake with its line."""


class UnknownNameError(UsageError):
    """A name is not one of those known; the message lists them."""

    def __init__(self, *, what: str, name: str, known: list[str]) -> None:
        super().__init__(f"no {what} named {name!r}; known: {', '.join(sorted(known))}")


class SuiteError(UsageError):
    """A suite, a row of it or a predictions file cannot be read."""


class TemplateError(UsageError):
    """A folder of task_templates is incomplete or contradicts itself."""


class RunError(HybridGymError):
    """A runtime could not run a command; never what a command did once it ran."""


class SourceError(HybridGymError):
    """A repository could not be fetched or read."""


class MissingDependencyError(HybridGymError):
    """An optional program or package is missing; the message says how to install it."""
