"""Licences as SPDX expressions: what a project declares, or what its licence file plainly is."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from boolean.boolean import ParseError
from license_expression import ExpressionError, Licensing, get_spdx_licensing

from hybridgym.metadata import Metadata

UNKNOWN: Final = "NOASSERTION"
"""SPDX's word for a licence that nobody stated."""

# What people write where an SPDX identifier belongs. "BSD", "GPL" or "Apache" alone do not say which version.
_ALIASES: Final = {
    "mit license (mit)": "MIT",
    "expat": "MIT",
    "apache 2": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license 2.0": "Apache-2.0",
    "apache software license, version 2.0": "Apache-2.0",
    "apache software license version 2.0": "Apache-2.0",
    "bsd 2-clause": "BSD-2-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "simplified bsd": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "3-clause bsd": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "modified bsd": "BSD-3-Clause",
    "eclipse public license 2.0": "EPL-2.0",
    "eclipse public license v2.0": "EPL-2.0",
    "eclipse public license - v 2.0": "EPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "mozilla public license 2.0": "MPL-2.0",
    "lgplv2.1": "LGPL-2.1-only",
    "lgplv2.1+": "LGPL-2.1-or-later",
    "lgplv3": "LGPL-3.0-only",
    "lgplv3+": "LGPL-3.0-or-later",
    "gplv2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later",
    "agplv3": "AGPL-3.0-only",
    "agplv3+": "AGPL-3.0-or-later",
    "python software foundation": "PSF-2.0",
    "psf": "PSF-2.0",
    "psfl": "PSF-2.0",
    "unlicense (unlicense)": "Unlicense",
}

# Trove classifiers that name one licence. "BSD License" and "Apache Software License" do not.
_CLASSIFIERS: Final = {
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
}
_LICENSE_CLASSIFIER: Final = "License ::"

_LONGEST_NAME: Final = 300
"""Characters; what is longer is a licence's text."""

# A licence is recognised by words that only its own text holds, in lower case with single spaces.
_GRANT: Final = "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"
_BSD: Final = "redistribution and use in source and binary forms"
_PHRASES: Final = (
    ("MIT", "permission is hereby granted, free of charge, to any person obtaining a copy of this software and"),
    ("Apache-2.0", "apache license version 2.0, january 2004"),
    ("Apache-2.0", "licensed under the apache license, version 2.0"),
    ("AGPL-3.0-only", "gnu affero general public license version 3"),
    ("LGPL-2.0-only", "gnu library general public license version 2"),
    ("LGPL-2.1-only", "gnu lesser general public license version 2.1"),
    ("LGPL-3.0-only", "gnu lesser general public license version 3"),
    ("GPL-2.0-only", "gnu general public license version 2"),
    ("GPL-3.0-only", "gnu general public license version 3"),
    ("MPL-2.0", "mozilla public license version 2.0"),
    ("MPL-2.0", "mozilla public license, version 2.0"),
    ("ISC", f"{_GRANT} is hereby granted, provided that the above copyright notice"),
    ("ISC", "permission to use, copy, modify, and distribute this software for any purpose with or without fee is"),
    ("0BSD", f"{_GRANT} is hereby granted. the software is provided"),
    ("PSF-2.0", "python software foundation license version 2"),
    ("Unlicense", "this is free and unencumbered software released into the public domain"),
    ("Zlib", "the origin of this software must not be misrepresented"),
    ("BSD", _BSD),
)


def license_of(statements: Iterable[Metadata], texts: Iterable[bytes]) -> str:
    """Return the SPDX expression of a project, from its metadata or else its licence files' texts.

    Ecosystems that state different licences prove none of them. Files with different licences all apply: the
    expression joins them by AND. `NOASSERTION` where nothing is known.
    """
    stated = {expression for metadata in statements if (expression := _license_stated(metadata)) is not None}
    if len(stated) == 1:
        return stated.pop()
    found = (license_of_text(text.decode("utf-8", "replace")) for text in texts)
    return " AND ".join(sorted({name for name in found if name is not None})) or UNKNOWN


def _license_stated(metadata: Metadata) -> str | None:
    for stated in metadata.licenses:
        expression = _license_named(stated) or license_of_text(stated)
        if expression is not None:
            return expression
    classified = [c for c in metadata.classifiers if c.startswith(_LICENSE_CLASSIFIER)]
    # Several classifiers do not say whether all of them apply or one is to be chosen.
    names = {_CLASSIFIERS.get(c.rpartition(" :: ")[2]) for c in classified if c.count(" :: ") > 1}
    return names.pop() if len(names) == 1 else None


def spdx_expression(text: str) -> str | None:
    """Normalise an SPDX expression, or return None where it is not one."""
    try:
        parsed = _licensing().parse(text, validate=True, strict=True)
    except (ExpressionError, ParseError, RecursionError):
        return None
    return None if parsed is None else str(parsed)


def license_of_text(text: str) -> str | None:
    """Name the licence whose text this is, by the first of the known phrases in it; None where none is.

    A copy of the GPL does not say whether later versions are allowed: it is `-only` unless the metadata says more.
    """
    words = re.sub(r"[\s*#]+", " ", text.lower())
    found = [(position, name) for name, phrase in _PHRASES if (position := words.find(phrase)) >= 0]
    if not found:
        return None
    name = min(found)[1]
    return _bsd_variant(words) if name == "BSD" else name


def _bsd_variant(words: str) -> str:
    own = words[words.find(_BSD) :].partition("possibility of such damage")[0]
    if "all advertising materials" in own:
        return "BSD-4-Clause"
    return "BSD-3-Clause" if "endorse or promote" in own else "BSD-2-Clause"


def _license_named(stated: str) -> str | None:
    if len(stated) > _LONGEST_NAME:
        return None
    name = " ".join(stated.lower().split()).removeprefix("the ").removesuffix(" license")
    return spdx_expression(stated) or _ALIASES.get(name) or spdx_expression(name)


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()
