"""descriptions.py: from documentation to sentences that do not say the name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridgym.descriptions import MASK, MAX_WORDS, content_words, masked, prose_of
from hybridgym.languages import LANGUAGES
from hybridgym.markup import CLEANERS

LONG = "This sentence has exactly seven plain words."


@pytest.mark.parametrize(
    ("documentation", "expected"),
    [
        pytest.param("Boil water.", "Boil water.", id="one line"),
        pytest.param("\n    Boil water\n    in a pot.\n    ", "Boil water in a pot.", id="several lines"),
        pytest.param("Boil water", "Boil water.", id="a full stop is added"),
        pytest.param("Boil water:\n\n* hot\n* cold", "Boil water.", id="a list is left out"),
        pytest.param("Boil water.\n\nMind the lid.", "Boil water. Mind the lid.", id="two paragraphs"),
        pytest.param("Boil water.\n\nArgs:\n    pot: A pot.", "Boil water.", id="google sections"),
        pytest.param("Boil water.\n\nParameters\n----------\npot : Pot", "Boil water.", id="numpy sections"),
        pytest.param("Boil water.\n\n:param pot: a pot\n:returns: steam", "Boil water.", id="sphinx fields"),
        pytest.param("Boil water.\n:param pot: a pot", "Boil water.", id="sphinx fields without a blank line"),
        pytest.param("Boil water.\n\n>>> boil()\n100", "Boil water.", id="doctest"),
        pytest.param("Boil water.\n\n    indented()\n\nMore.", "Boil water.", id="an indented example and all below"),
        pytest.param("Boil water.\n\n.. versionadded:: 2.0\n\nMore.", "Boil water.", id="a directive"),
        pytest.param("Parameters\n----------\npot : Pot", "", id="nothing but sections"),
        pytest.param("", "", id="nothing"),
        pytest.param("Boil ``water`` in :class:`~kitchen.Pot`.", "Boil water in kitchen.Pot.", id="markup"),
        pytest.param("Boil `the pot <https://x.example/pot>`_.", "Boil the pot.", id="a named link"),
        pytest.param("Boil `the pot <https://x.example/pot>`__ twice.", "Boil the pot twice.", id="an anonymous link"),
        pytest.param("Boil [the pot](https://x.example/pot).", "Boil the pot.", id="a Markdown link"),
        pytest.param("Boil it as on https://x.example/p?q=1.", "Boil it as on .", id="an address"),
        pytest.param("Boil it <https://x.example/> well.", "Boil it well.", id="an address in angle brackets"),
        pytest.param("Boil *all* **the** water.", "Boil all the water.", id="emphasis"),
        pytest.param("Boil water.\r\n\r\nArgs:\r\n    pot: A pot.\r\n", "Boil water.", id="CRLF"),
    ],
)
def test_prose(documentation: str, expected: str) -> None:
    assert prose_of(documentation) == expected


@pytest.mark.parametrize(
    ("markup", "documentation", "expected"),
    [
        pytest.param("javadoc", "Boil {@code List<Pot>} now.", "Boil List<Pot> now.", id="javadoc code"),
        pytest.param("javadoc", "Boil {@code {a}} now.", "Boil {a} now.", id="javadoc braces in code"),
        pytest.param("javadoc", "Boil a {@link kitchen.Pot}.", "Boil a kitchen.Pot.", id="javadoc link"),
        pytest.param(
            "javadoc", "Boil {@link Pot#fill(int, Lid) a pot}.", "Boil a pot.", id="javadoc link with a label"
        ),
        pytest.param("javadoc", "See {@link #fill(int)}.", "See fill.", id="javadoc link to a member"),
        pytest.param("javadoc", "Boil.<p>Mind the lid.", "Boil. Mind the lid.", id="javadoc paragraphs"),
        pytest.param("javadoc", "Boil.\n<p>\n   Mind the lid.", "Boil. Mind the lid.", id="javadoc indentation"),
        pytest.param("javadoc", "Boil <code>x</code> <b>now</b>.", "Boil x now.", id="javadoc tags"),
        pytest.param("javadoc", 'Boil <a href="x">it</a>.', "Boil it.", id="javadoc anchor"),
        pytest.param("javadoc", "Boil it: <ul><li>hot</ul>", "Boil it.", id="javadoc list"),
        pytest.param("javadoc", "Boil it.\n<pre>boil();</pre>\nMore.", "Boil it.", id="javadoc example"),
        pytest.param("javadoc", "Boil &lt;it&gt; &amp; stir.", "Boil <it> & stir.", id="javadoc entities"),
        pytest.param("javadoc", "Boil it.\n@param pot a pot\n@return it", "Boil it.", id="javadoc fields"),
        pytest.param("javadoc", "{@inheritDoc}", "", id="javadoc inherited"),
        pytest.param("javadoc", "Boil it. {@snippet : boil(); }", "Boil it.", id="javadoc snippet"),
        pytest.param("javadoc", "Boil List<Pot> and a <div x", "Boil List<Pot> and a <div x.", id="javadoc no tags"),
        pytest.param("jsdoc", "Boil it.\n@param {Pot} pot", "Boil it.", id="jsdoc fields"),
        pytest.param("jsdoc", "@description Boil it.\n@param x", "Boil it.", id="jsdoc description"),
        pytest.param("jsdoc", "@function\n@description\nBoil it.", "Boil it.", id="jsdoc description below a tag"),
        pytest.param("jsdoc", "Boil {@link Pot|a pot}.", "Boil a pot.", id="jsdoc link with a label"),
        pytest.param("jsdoc", "Boil a {@link kitchen~Pot#lid}.", "Boil a kitchen.Pot.lid.", id="jsdoc link"),
        pytest.param("jsdoc", "Fill `<b>` by Array<Pot>.", "Fill <b> by Array<Pot>.", id="jsdoc literals"),
        pytest.param("jsdoc", "Boil it.\n\n```js\nboil()\n```", "Boil it.", id="jsdoc example"),
        pytest.param("jsdoc", "Boil it.\n\n    boil()\n\nMore.", "Boil it.", id="jsdoc indented example"),
        pytest.param("rustdoc", "Boil a [`Pot`].", "Boil a Pot.", id="rustdoc link"),
        pytest.param("rustdoc", "Boil [a pot][Pot], [it](Pot::fill).", "Boil a pot, it.", id="rustdoc named links"),
        pytest.param("rustdoc", "Boil [struct@Pot] or [`fn@f`].", "Boil Pot or f.", id="rustdoc disambiguators"),
        pytest.param("rustdoc", "Boil it.\n\n[`Pot`]: crate::Pot", "Boil it.", id="rustdoc link definition"),
        pytest.param(
            "rustdoc",
            "Boil as RFC 3548[1] says, or `pots[0]`.",
            "Boil as RFC 3548[1] says, or pots[0].",
            id="rustdoc note",
        ),
        pytest.param("rustdoc", "Boil kitchen::Pot::fill.", "Boil kitchen.Pot.fill.", id="rustdoc path"),
        pytest.param("rustdoc", "Boil it.\n\n# Panics\n\nNever.", "Boil it.", id="rustdoc section"),
        pytest.param("godoc", "Boil does it.\n\nMore.", "Boil does it. More.", id="godoc paragraphs"),
        pytest.param("godoc", "Boil a [kitchen.Pot] or [*Lid].", "Boil a kitchen.Pot or Lid.", id="godoc links"),
        pytest.param("godoc", "Boil it.\n\tboil()\nMore.", "Boil it.", id="godoc example"),
        pytest.param("godoc", "Boil it:\n  - hot\n  - cold", "Boil it.", id="godoc list"),
        pytest.param("godoc", "Boil it.\n\nDeprecated: Use Stir.", "Boil it.", id="godoc deprecated"),
        pytest.param("godoc", "Boil it.\n\n# Heat\n\nMuch.", "Boil it.", id="godoc heading"),
        pytest.param("godoc", "Boil [it].\n\n[it]: https://x.example", "Boil it.", id="godoc link definition"),
    ],
)
def test_prose_of_a_language(markup: str, documentation: str, expected: str) -> None:
    assert prose_of(documentation, markup) == expected


def test_every_language_names_a_markup_that_is_known() -> None:
    assert {language.markup for language in LANGUAGES.values()} == {"", *CLEANERS}


def test_long_prose_ends_with_a_whole_sentence() -> None:
    prose = prose_of(" ".join([LONG] * 30))
    assert prose == " ".join([LONG] * (MAX_WORDS // 7))


@pytest.mark.parametrize(
    ("prose", "name", "around", "expected"),
    [
        pytest.param("Call boil() twice.", "boil", [], f"Call {MASK} twice.", id="called"),
        pytest.param("Boil it.", "boil", [], f"{MASK} it.", id="in another case"),
        pytest.param(
            "It boils, boiled and is boiling.", "boil", [], f"It {MASK}, {MASK} and is {MASK}.", id="inflected"
        ),
        pytest.param("While baking.", "bake", [], f"While {MASK}.", id="inflected without its e"),
        pytest.param("Set the reset flag.", "set", [], f"{MASK} the reset flag.", id="whole words only"),
        pytest.param("Use kitchen.Pot.boil here.", "boil", [], f"Use {MASK} here.", id="qualified"),
        pytest.param(
            "A Pot in a pot.", "boil", ["Pot"], f"A {MASK} in a pot.", id="names around it as they are written"
        ),
        pytest.param("Pot.boil.", "boil", ["Pot.boil", "Pot"], f"{MASK}.", id="a qualified name at once"),
        pytest.param("Use to_kilo for kilo.", "to_kilo", [], f"Use {MASK} for kilo.", id="with an underscore"),
        pytest.param("Nothing to hide.", "boil", ["Pot"], "Nothing to hide.", id="not mentioned"),
    ],
)
def test_names_are_masked(prose: str, name: str, around: list[str], expected: str) -> None:
    assert masked(prose, name, around) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        pytest.param("Return the value of it.", [], id="words without content"),
        pytest.param("Boil water, boil more Water.", ["boil", "water"], id="each once"),
        pytest.param(f"{MASK} kettles 42", ["kettles"], id="no marks and no numbers"),
    ],
)
def test_content_words(description: str, expected: list[str]) -> None:
    assert content_words(description) == expected


NAMES = st.from_regex(r"[A-Za-z_ä][A-Za-z0-9_]{0,6}", fullmatch=True)


@given(NAMES, st.lists(NAMES, max_size=3), st.data())
def test_no_name_is_left_as_a_word(name: str, around: list[str], data: st.DataObject) -> None:
    forms = [name, name.upper(), f"{name}()", f"x.{name}", f"{name}.y", f"({name})", "pot", *around]
    said = " ".join(data.draw(st.lists(st.sampled_from(forms), max_size=8)))
    text = masked(said, name, around).replace(MASK, " ")
    assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is None
    assert not any(re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text) for other in around)
