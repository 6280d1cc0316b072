"""What a language model writes for tasks: issues of changes, tests of changes, descriptions of definitions.

Prompts are templates (task_templates/_prompts). What is written is taken only if nothing is given away by it
(spoilers.py); a model is told what was wrong and tries again, a bounded number of times. Whether tests tell right from
wrong, and whether a description fits one definition alone, is for those to prove who asked.
"""

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from hybridgym.descriptions import MASK, MIN_CONTENT_WORDS, content_words, masked
from hybridgym.languages.python import Python
from hybridgym.llm import Message, Model, NoAnswer
from hybridgym.parsing import parse_file
from hybridgym.render import prompt
from hybridgym.spoilers import Secrets, spoilers, words_of_code
from hybridgym.task import Tree, Value

SAMPLES: Final = 4
"""Texts that a model may try to write for one task."""
MAX_CALLS: Final = 3
MAX_TESTS: Final = 3
"""That are shown, as R2E-Gym does (arXiv 2504.07164, build_syn_issue)."""
MAX_DIFF: Final = 10_000
"""Characters; so are the others."""
MAX_BODIES: Final = 20_000
MAX_OUTPUT: Final = 7_000
MAX_SCRIPT: Final = 4_000
MAX_MESSAGE: Final = 2_000
MIN_ISSUE: Final = 80
MAX_ISSUE: Final = 8_000
MAX_MODULE: Final = 20_000
MAX_CODE: Final = 5_000
"""Of a definition, as Hybrid-Gym does (arXiv 2602.16819, convert_to_masked)."""
MAX_WORDS: Final = 90

_CUT: Final = "\n[…]\n"
_FENCE: Final = re.compile(r"\A```\w*\n(.*?)\n?```\Z", re.DOTALL)
_TEST: Final = re.compile(r"^\s*(?:async\s+)?def test_\w+\(", re.MULTILINE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Call(Value, frozen=True, kw_only=True):
    """A program through which a user meets a problem."""

    script: str
    expected: str = ""
    """What it gives after the change: output, or an exception; empty where nobody knows."""
    observed: str = ""
    """What it gives before."""


class FailingTest(Value, frozen=True, kw_only=True):
    """A test that fails before a change and passes after it."""

    body: str
    output: str = ""
    """What the runner says of it before the change."""


class FixFacts(Value, frozen=True, kw_only=True):
    """What is known of a change that an issue or tests are to be written for; what is too long is shown in part."""

    project: str = ""
    """Its name, as users say it."""
    message: str = ""
    """Of the commit."""
    diff: str
    """Without tests."""
    calls: tuple[Call, ...] = ()
    tests: tuple[FailingTest, ...] = ()
    examples: tuple[str, ...] = ()
    """Tests of the same code that pass before and after, to write others like them."""
    issue: str = ""
    """That tests are to be written for, where there is one."""

    @property
    def public(self) -> frozenset[str]:
        """The names that a user may have to know: tests and programs use them, or the output has them."""
        said = [part for call in self.calls for part in (call.script, call.expected, call.observed)]
        return words_of_code("\n".join([*said, *(test.body for test in self.tests)]))


class Described(Value, frozen=True, kw_only=True):
    """A definition that is to be described anew."""

    kind: str
    """What its language calls it."""
    language: str
    name: str
    around: tuple[str, ...] = ()
    """Names of its classes and its module, which may not show as they are written."""
    description: str
    facts: tuple[str, ...] = ()
    """What the statement says besides."""
    code: str


def written_issue(
    model: Model, facts: FixFacts, start: Tree, secrets: Secrets, samples: int = SAMPLES
) -> str | NoAnswer:
    """Return the issue that a user would have opened before a change, Markdown with a title, or why there is none.

    `secrets` are those of the change; names that its tests use may be said.
    """
    known = replace(secrets, public=secrets.public | facts.public)

    def problem(text: str) -> str:
        if _CONTROL.search(text) or text.count("```") % 2:
            return "it has characters or a block of code that cannot be shown"
        if not MIN_ISSUE <= len(text) <= MAX_ISSUE:
            return f"it has {len(text)} characters, and {MIN_ISSUE} to {MAX_ISSUE} are allowed"
        return _given_away(text, start, known)

    return _written(model, prompt("issue", facts=_bounded(facts)), "ISSUE", samples, problem)


def written_tests(model: Model, facts: FixFacts, samples: int = SAMPLES) -> tuple[str, ...] | NoAnswer:
    """Return modules of pytest tests for a change, each in another sample, or why there is none.

    They parse and have tests; nothing else is known of them before they have run.
    """
    question = prompt("tests", facts=_bounded(facts))
    found: dict[str, None] = {}
    reason = NoAnswer(reason="no sample is a module with tests")
    for sample in range(samples):
        answer = model.ask(question, sample)
        if isinstance(answer, NoAnswer):
            reason = answer
            break
        module = _between(answer, "TESTS")
        if len(module) <= MAX_MODULE and _TEST.search(module) and _parses(module):
            found[f"{module}\n"] = None
    return tuple(found) or reason


def written_description(
    model: Model, subject: Described, start: Tree, secrets: Secrets, samples: int = SAMPLES
) -> str | NoAnswer:
    """Return a description of a definition in one paragraph that does not name it, or why there is none.

    `start` is a state without the definition's code, which `secrets` hold: what only that code has may not show.
    """
    known = replace(secrets, public=secrets.public | words_of_code("\n".join([subject.description, *subject.facts])))
    shown = replace(subject, code=_shortened(subject.code, MAX_CODE))

    def problem(text: str) -> str:
        if _CONTROL.search(text) or "`" in text:
            return "it has code or characters that cannot be shown"
        if len(text.split()) > MAX_WORDS or len(content_words(text)) < MIN_CONTENT_WORDS:
            return f"it has to have {MIN_CONTENT_WORDS} different words with a meaning, and {MAX_WORDS} words at most"
        if masked(text, subject.name, subject.around).count(MASK) > text.count(MASK):
            return "it says the name, a form of it, or the name of what it is in"
        return _given_away(text, start, known)

    def in_one_line(text: str) -> str:
        return " ".join(text.split())

    question = prompt("description", subject=shown, most_words=MAX_WORDS)
    return _written(model, question, "DESCRIPTION", samples, problem, in_one_line)


def _written(
    model: Model,
    question: str,
    tag: str,
    samples: int,
    problem: Callable[[str], str],
    form: Callable[[str], str] = str.strip,
) -> str | NoAnswer:
    """Ask until there is nothing wrong with what stands between the tags."""
    first = Message(role="user", content=question)
    conversation = [first]
    wrong = "it was not asked"
    for sample in range(samples):
        answer = model.ask(conversation, sample)
        if isinstance(answer, NoAnswer):
            return answer
        text = form(_between(answer, tag))
        wrong = problem(text) if text else f"there is nothing between [{tag}] and [/{tag}]"
        if not wrong:
            return text
        again = Message(role="user", content=prompt("again", problem=wrong, tag=tag))
        conversation = [first, Message(role="assistant", content=answer), again]
    return NoAnswer(reason=f"none of {samples} texts can be used; of the last: {wrong}")


def _between(answer: str, tag: str) -> str:
    """Return what stands in the last pair of tags, without a fence around all of it; empty where there is none."""
    # A model that thinks aloud may say the tags before it uses them.
    start = answer.rfind(f"[{tag}]")
    text, end, _ = answer[start + len(tag) + 2 :].partition(f"[/{tag}]")
    if start < 0 or not end:
        return ""
    text = text.strip()
    fenced = _FENCE.match(text)
    return fenced[1].strip() if fenced and "```" not in fenced[1] else text


def _given_away(text: str, start: Tree, secrets: Secrets) -> str:
    found = spoilers(text, start, secrets)
    return f"it gives away {'; '.join(map(str, found))}" if found else ""


def _parses(module: str) -> bool:
    return "error" not in parse_file(Python, module.encode(errors="replace")).flags


def _bounded(facts: FixFacts) -> FixFacts:
    """Return facts with what is too long cut."""
    room = MAX_BODIES
    tests = []
    for test in facts.tests[:MAX_TESTS]:
        body = _shortened(test.body, room)
        room -= len(body)
        tests.append(replace(test, body=body, output=_shortened(test.output, MAX_OUTPUT)))
    calls = [
        Call(
            script=_shortened(call.script, MAX_SCRIPT),
            expected=_shortened(call.expected, MAX_SCRIPT),
            observed=_shortened(call.observed, MAX_SCRIPT),
        )
        for call in facts.calls[:MAX_CALLS]
    ]
    return replace(
        facts,
        message=_shortened(facts.message, MAX_MESSAGE),
        diff=_shortened(facts.diff, MAX_DIFF),
        calls=tuple(calls),
        tests=tuple(test for test in tests if test.body.strip(_CUT)),
        examples=tuple(_shortened(example, MAX_SCRIPT) for example in facts.examples[:MAX_TESTS]),
        issue=_shortened(facts.issue, MAX_ISSUE),
    )


def _shortened(text: str, most: int) -> str:
    """Return the beginning and the end of a text that has more characters than that."""
    text = text.strip("\n")
    if len(text) <= most:
        return text
    half = max(most // 2, 0)
    return f"{text[:half]}{_CUT}{text[len(text) - half :]}" if half else ""
