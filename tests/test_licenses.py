import pytest

from hybridgym.licenses import UNKNOWN, license_of, license_of_text, spdx_expression
from hybridgym.metadata import Metadata, owner_and_name, read_metadata, upstream_of

MIT = """MIT License

Copyright (c) 2024 Someone

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
"""
BSD_2 = """Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
1. Redistributions of source code must retain the above copyright notice.
2. Redistributions in binary form must reproduce the above copyright notice.
EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
BSD_3 = BSD_2.replace(
    "EVEN IF",
    "3. Neither the name of the copyright holder nor the names of its contributors may be used to\n"
    "endorse or promote products derived from this software.\nEVEN IF",
)
BSD_4 = BSD_3.replace("3. Neither", "3. All advertising materials mentioning this must say so.\n4. Neither")
ISC = """Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above copyright notice appears.
"""
ZERO_BSD = """Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS"
"""
BOMB = (
    """<!DOCTYPE project [
<!ENTITY a "MIT">
"""
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">\n' for n in range(12))
    + """]>
<project><licenses><license><name>&m;</name></license></licenses></project>"""
)


def pom(*licenses: str) -> str:
    named = "".join(f"<license><name>\n{name}\n</name><url>x</url></license>" for name in licenses)
    return f"<project><name>demo</name><licenses>{named}</licenses></project>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(MIT, "MIT", id="mit"),
        pytest.param(BSD_2, "BSD-2-Clause", id="bsd-2"),
        pytest.param(BSD_3, "BSD-3-Clause", id="bsd-3"),
        pytest.param(BSD_4, "BSD-4-Clause", id="bsd-4"),
        pytest.param("# " + BSD_3.replace("\n", "\n# "), "BSD-3-Clause", id="as-a-comment"),
        pytest.param(f"{BSD_3}\n\nBundled:\n{MIT}", "BSD-3-Clause", id="own-before-bundled"),
        pytest.param("      Apache License\n  Version 2.0, January 2004\n", "Apache-2.0", id="apache"),
        pytest.param("GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991", "GPL-2.0-only", id="gpl-2"),
        pytest.param("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0-only", id="gpl-3"),
        pytest.param("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999", "LGPL-2.1-only", id="lgpl-2.1"),
        pytest.param("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007", "LGPL-3.0-only", id="lgpl-3"),
        pytest.param("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007", "AGPL-3.0-only", id="agpl-3"),
        pytest.param("Mozilla Public License Version 2.0\n====", "MPL-2.0", id="mpl"),
        pytest.param(ISC, "ISC", id="isc"),
        pytest.param(ZERO_BSD, "0BSD", id="0bsd"),
        pytest.param("PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2\n----", "PSF-2.0", id="psf"),
        pytest.param("This is free and unencumbered software released into the public domain.", "Unlicense", id="un"),
        pytest.param("1. The origin of this software must not be misrepresented;", "Zlib", id="zlib"),
        pytest.param("All rights reserved.", None, id="unknown"),
    ],
)
def test_licence_texts_are_recognised(text: str, expected: str | None) -> None:
    assert license_of_text(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("MIT", "MIT", id="identifier"),
        pytest.param("mit", "MIT", id="case"),
        pytest.param("GPL-3.0", "GPL-3.0-only", id="deprecated"),
        pytest.param("Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause", id="choice"),
        pytest.param(
            "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", id="with"
        ),
        pytest.param("MIT AND", None, id="unfinished"),
        pytest.param("(MIT", None, id="open-parenthesis"),
        pytest.param("BSD", None, id="family"),
        pytest.param("", None, id="empty"),
    ],
)
def test_spdx_expressions_are_normalised(written: str, expected: str | None) -> None:
    assert spdx_expression(written) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"PKG-INFO": "License-Expression: MIT\nLicense: Apache-2.0\n"}, "MIT", id="expression-first"),
        pytest.param({"PKG-INFO": "License: Apache License, Version 2.0\n"}, "Apache-2.0", id="name"),
        pytest.param({"PKG-INFO": "License: The MIT License\n"}, "MIT", id="name-with-article"),
        pytest.param(
            {"PKG-INFO": "License: BSD\nClassifier: License :: OSI Approved :: BSD License\n", "LICENSE": BSD_2},
            "BSD-2-Clause",
            id="a-family-is-settled-by-the-text",
        ),
        pytest.param({"PKG-INFO": "License: BSD\n"}, UNKNOWN, id="a-family-alone-is-unknown"),
        pytest.param({"PKG-INFO": "License: " + MIT.replace("\n", "\n        ")}, "MIT", id="text-in-the-field"),
        pytest.param(
            {"PKG-INFO": "Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: MIT License\n"},
            "MIT",
            id="classifier",
        ),
        pytest.param(
            {
                "PKG-INFO": "Classifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)\n",
                "COPYING": "GNU GENERAL PUBLIC LICENSE Version 3",
            },
            "GPL-3.0-or-later",
            id="classifier-says-or-later",
        ),
        pytest.param({"pyproject.toml": '[project]\nlicense = "ISC"\n'}, "ISC", id="pyproject-expression"),
        pytest.param({"pyproject.toml": '[project]\nlicense = {text = "MIT"}\n'}, "MIT", id="pyproject-text"),
        pytest.param({"pyproject.toml": '[tool.poetry]\nlicense = "MIT"\n'}, "MIT", id="poetry"),
        pytest.param({"setup.cfg": "[metadata]\nlicense = MPL-2.0\n"}, "MPL-2.0", id="setup-cfg"),
        pytest.param({"pyproject.toml": "[project\n", "LICENSE": MIT}, "MIT", id="broken-pyproject"),
        pytest.param({"pyproject.toml": "a = " + "[" * 100_000, "LICENSE": MIT}, "MIT", id="deep-pyproject"),
        pytest.param({"setup.cfg": "no section\n", "LICENSE": MIT}, "MIT", id="broken-setup-cfg"),
        pytest.param({"LICENSE.MIT": MIT, "LICENSE.BSD": BSD_3}, "BSD-3-Clause AND MIT", id="several-texts"),
        pytest.param({}, UNKNOWN, id="nothing"),
        pytest.param({"package.json": '{"license": "(mit OR Apache-2.0)"}'}, "MIT OR Apache-2.0", id="package-json"),
        pytest.param({"package.json": '\ufeff{"license": "MIT"}'}, "MIT", id="package-json-byte-order-mark"),
        pytest.param({"package.json": '{"license": {"type": "MIT", "url": "x"}}'}, "MIT", id="package-json-object"),
        pytest.param(
            {"package.json": '{"licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]}'},
            "MIT OR GPL-2.0-only",
            id="package-json-objects-are-a-choice",
        ),
        pytest.param({"package.json": '{"licenses": [{"type": "MIT"}, 7]}'}, UNKNOWN, id="package-json-odd"),
        pytest.param({"package.json": '{"license": "SEE LICENSE IN LICENSE"}', "LICENSE": ISC}, "ISC", id="see"),
        pytest.param({"package.json": '{"license": "UNLICENSED"}'}, UNKNOWN, id="package-json-private"),
        pytest.param({"package.json": '{"license": "ISC"}', "LICENSE": MIT}, "MIT", id="npm-init-s-default"),
        pytest.param({"package.json": "[" * 100_000, "LICENSE": MIT}, "MIT", id="deep-package-json"),
        pytest.param({"package.json": "7", "LICENSE": MIT}, "MIT", id="package-json-is-no-object"),
        pytest.param({"Cargo.toml": '[package]\nlicense = "MIT/Apache-2.0"\n'}, "MIT OR Apache-2.0", id="cargo"),
        pytest.param(
            {"Cargo.toml": '[workspace.package]\nlicense = "MIT"\n[package]\nlicense.workspace = true\n'},
            "MIT",
            id="cargo-workspace",
        ),
        pytest.param({"Cargo.toml": "[package\n", "LICENSE": MIT}, "MIT", id="broken-cargo"),
        pytest.param({"pom.xml": pom("The Apache Software License, Version 2.0")}, "Apache-2.0", id="pom"),
        pytest.param({"pom.xml": pom("MIT", "Apache-2.0"), "LICENSE": ISC}, "ISC", id="pom-of-several"),
        pytest.param({"pom.xml": "<project><licenses>", "LICENSE": MIT}, "MIT", id="broken-pom"),
        pytest.param({"pom.xml": "<a>" * 1_000_000, "LICENSE": MIT}, "MIT", id="deep-pom"),
        pytest.param({"pom.xml": f"<!DOCTYPE project>{pom('ISC')}", "LICENSE": MIT}, "MIT", id="pom-with-a-doctype"),
        pytest.param({"pom.xml": BOMB, "LICENSE": MIT}, "MIT", id="pom-with-an-entity-bomb"),
        pytest.param(
            {"pom.xml": pom("Apache-2.0").replace("<project>", '<p:project xmlns:p="x">').replace("</pr", "</p:pr")},
            "Apache-2.0",
            id="pom-with-a-prefix",
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nlicense = MIT\n", "Cargo.toml": '[package]\nlicense = "MIT"\n'},
            "MIT",
            id="ecosystems-that-agree",
        ),
        pytest.param(
            {"setup.cfg": "[metadata]\nlicense = MIT\n", "package.json": '{"license": "Apache-2.0"}'},
            UNKNOWN,
            id="ecosystems-that-do-not",
        ),
    ],
)
def test_a_project_s_licence(files: dict[str, str], expected: str) -> None:
    data = {name: text.encode() for name, text in files.items()}
    texts = [text for name, text in data.items() if name.startswith(("LICENSE", "COPYING"))]
    assert license_of(read_metadata(data), texts) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://github.com/pallets/click", "pallets/click", id="github"),
        pytest.param("https://github.com/pallets/click.git", "pallets/click", id="git-suffix"),
        pytest.param("https://github.com/pallets/click/issues?q=1#top", "pallets/click", id="page-below"),
        pytest.param("http://www.GitHub.com/pallets/click/", "pallets/click", id="host-in-other-case"),
        pytest.param("https://gitlab.com/owner/name/-/tree/main", "owner/name", id="gitlab"),
        pytest.param("https://git.sr.ht/~owner/name", "owner/name", id="sourcehut"),
        pytest.param("https://github.com/sponsors/someone", "", id="sponsors"),
        pytest.param("https://github.com/pallets", "", id="owner-only"),
        pytest.param("https://click.palletsprojects.com/en/stable", "", id="other-host"),
        pytest.param("https://github.com.evil.example/a/b", "", id="look-alike-host"),
        pytest.param("https://[broken/a/b", "", id="broken"),
        pytest.param("https://github.com/../..", "", id="dots"),
        pytest.param("git+https://github.com/owner/name.git#main", "owner/name", id="npm"),
        pytest.param("git@github.com:owner/name.git", "owner/name", id="short-ssh"),
        pytest.param("git+ssh://git@gitlab.com/owner/name", "owner/name", id="ssh"),
        pytest.param("https://github.com:443/owner/name", "owner/name", id="port"),
        pytest.param("me@example.org:owner/name.git", "", id="short-ssh-of-another-host"),
    ],
)
def test_links_into_code_hosts(url: str, expected: str) -> None:
    assert owner_and_name(url) == expected


def test_the_source_link_comes_before_other_links() -> None:
    text = (
        "Project-URL: Sponsor, https://github.com/sponsors/me\n"
        "Project-URL: Plugins, https://github.com/me/plugins\n"
        "Project-URL: Source Code, https://github.com/me/project\n"
    )
    assert upstream_of(read_metadata({"PKG-INFO": text.encode()})) == "me/project"


def test_the_homepage_may_be_the_source() -> None:
    assert upstream_of([Metadata(links=(("homepage", "https://codeberg.org/me/project"),))]) == "me/project"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("package.json", '{"repository": "me/project"}', "me/project", id="npm-short"),
        pytest.param("package.json", '{"repository": "gitlab:me/project"}', "me/project", id="npm-short-host"),
        pytest.param(
            "package.json", '{"repository": {"url": "git://github.com/me/project.git"}}', "me/project", id="npm-object"
        ),
        pytest.param(
            "package.json",
            '{"homepage": "https://github.com/me/page", "repository": "https://github.com/me/project"}',
            "me/project",
            id="npm-repository-before-homepage",
        ),
        pytest.param("package.json", '{"repository": 7, "homepage": []}', "", id="npm-odd"),
        pytest.param("Cargo.toml", '[package]\nrepository = "https://github.com/me/x"\n', "me/x", id="cargo"),
        pytest.param("go.mod", "// of\nmodule github.com/me/x/v2 // x\n\ngo 1.22\n", "me/x", id="go"),
        pytest.param("go.mod", 'module "gitlab.com/me/x"\n', "me/x", id="go-quoted"),
        pytest.param("go.mod", "module example.org/me/x\n", "", id="go-vanity"),
        pytest.param("go.mod", "module (\n", "", id="go-broken"),
        pytest.param(
            "pom.xml",
            "<project><parent><url>https://github.com/me/parent</url></parent>"
            "<scm><connection>scm:git:git@github.com:me/x.git</connection></scm></project>",
            "me/x",
            id="pom",
        ),
        pytest.param(
            "pom.xml", "<project><url>https://github.com/me/<![CDATA[x]]>&#121;</url></project>", "me/xy", id="pom-text"
        ),
        pytest.param("pom.xml", "<project><url>https://github.com/me/${name}</url></project>", "", id="pom-property"),
    ],
)
def test_where_a_project_says_it_lives(name: str, text: str, expected: str) -> None:
    assert upstream_of(read_metadata({name: text.encode()})) == expected


def test_of_a_release_the_file_of_its_registry_alone_counts() -> None:
    files = {"package.json": b'{"license": "ISC", "repository": "me/x"}', "setup.cfg": b"[metadata]\nlicense = MIT\n"}
    published = read_metadata(files, "package.json")
    assert (license_of(published, []), upstream_of(published)) == ("ISC", "me/x")
    assert (license_of(read_metadata(files, "PKG-INFO"), []), upstream_of(read_metadata(files, "PKG-INFO"))) == (
        "MIT",
        "",
    )
