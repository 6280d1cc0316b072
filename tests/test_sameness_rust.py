"""What documents a definition in Rust, and which edits beside it are refused."""

import pytest

from sameness_rows import Different, Documentation, Same, assert_different, assert_same

PLAIN = "fn f(x: u8) -> u8 {\n    x\n}\n"
IMPL = "struct A {\n    x: u8,\n}\n\nimpl A {\n    #[inline]\n    #[must_use]\n    pub fn f(&self) {}\n}\n"
NOTED = "// top\n\nfn f() { // behind\n    // above\n    g(); // end\n}\n\n// below\n"
TRAIT = "trait T {\n    fn f(&self);\n\n    fn g(&self) {}\n}\n"


def above(documentation: str) -> str:
    return f"{documentation}\n{PLAIN}"


def documented(definition: str) -> tuple[str, str]:
    return f"use a::b;\n{definition}\n", f"use a::b;\n/// D.\n{definition}\n"


SAME: Same = {
    # every way to write documentation
    "line": (PLAIN, above("/// Does it."), [("f", None, "Does it.")]),
    "lines": (PLAIN, above("/// Does it.\n///\n/// More."), [("f", None, "Does it.\n\nMore.")]),
    "without a blank": (PLAIN, above("///Does it."), [("f", None, "Does it.")]),
    "block": (PLAIN, above("/** Does it. */"), [("f", None, "Does it.")]),
    "block of lines": (PLAIN, above("/**\n * Does it.\n * More.\n */"), [("f", None, "Does it.\nMore.")]),
    "block in a block": (PLAIN, above("/** a /* b */ c */"), [("f", None, "a /* b */ c")]),
    "blocks in a block": (PLAIN, above("/** a /** b /* c */ d */ e */"), [("f", None, "a /** b /* c */ d */ e")]),
    "block and line": (PLAIN, above("/** Does it. */\n/// More."), [("f", None, "Does it.\nMore.")]),
    "on the line of the definition": (PLAIN, "/** Does it. */ " + PLAIN, [("f", None, "Does it.")]),
    "sections and code": (
        PLAIN,
        above("/// Does it.\n///\n/// # Examples\n///\n/// ```\n/// f(1);\n/// ```"),
        [("f", None, "Does it.\n\n# Examples\n\n```\nf(1);\n```")],
    ),
    "closing inside a line": (PLAIN, above("/// a */ b /* c"), [("f", None, "a */ b /* c")]),
    "quotes inside": (PLAIN, above('/// "a\' r#"'), [("f", None, '"a\' r#"')]),
    "other scripts": (PLAIN, above("/// größer 大小 ⚠️"), [("f", None, "größer 大小 ⚠️")]),
    "nothing in it": (PLAIN, above("///"), [("f", None, "")]),
    "blank lines below": (PLAIN, above("/// Does it.\n\n"), [("f", None, "Does it.")]),
    "blank lines between": (PLAIN, above("/// Does it.\n\n/// More."), [("f", None, "Does it.\nMore.")]),
    # what was there before
    "nothing": (PLAIN, PLAIN, []),
    "changed": (above("/// Old."), above("/// New."), [("f", "Old.", "New.")]),
    "removed": (above("/// Old."), PLAIN, [("f", "Old.", None)]),
    "only written differently": (above("/// Doc."), above("/** Doc. */"), []),
    "outer made inner": (above("/// D."), above("//! D."), [("", None, "D."), ("f", "D.", None)]),
    "inner made outer": (above("//! D."), above("/// D."), [("", "D.", None), ("f", None, "D.")]),
    # attributes
    "above attributes": (IMPL, IMPL.replace("    #[inline]", "    /// D.\n    #[inline]"), [("A.f", None, "D.")]),
    "among attributes": (IMPL, IMPL.replace("    #[must", "    /// D.\n    #[must"), [("A.f", None, "D.")]),
    "below attributes": (IMPL, IMPL.replace("    pub", "    /// D.\n    pub"), [("A.f", None, "D.")]),
    "around attributes": (
        IMPL,
        IMPL.replace("    #[inline]", "    /// D.\n    #[inline]").replace("    pub", "    /// E.\n    pub"),
        [("A.f", None, "D.\nE.")],
    ),
    "beside a doc attribute": ('#[doc = "x"]\n' + PLAIN, '#[doc = "x"]\n/// D.\n' + PLAIN, [("f", None, "D.")]),
    # places
    "module": (PLAIN, "//! D.\n" + PLAIN, [("", None, "D.")]),
    "module below attributes": (
        "#![no_std]\n#![allow(x)]\n" + PLAIN,
        "#![no_std]\n//! D.\n#![allow(x)]\n/*! E. */\n" + PLAIN,
        [("", None, "D.\nE.")],
    ),
    "struct": (IMPL, "/// D.\n" + IMPL, [("A", None, "D.")]),
    "tuple struct": (*documented("pub struct A(u8);"), [("A", None, "D.")]),
    "enum": (*documented("enum A { B, C(u8) }"), [("A", None, "D.")]),
    "union": (*documented("union A { x: u8 }"), [("A", None, "D.")]),
    "trait": (TRAIT, "/// D.\n" + TRAIT, [("T", None, "D.")]),
    "declared in a trait": (TRAIT, TRAIT.replace("    fn f", "    /// D.\n    fn f"), [("T.f", None, "D.")]),
    "default of a trait": (TRAIT, TRAIT.replace("    fn g", "    /// D.\n    fn g"), [("T.g", None, "D.")]),
    "of a trait for a type": (
        "impl<T> fmt::Display for a::Foo<T> {\n    fn fmt(&self) {}\n}\n",
        "impl<T> fmt::Display for a::Foo<T> {\n    /// D.\n    fn fmt(&self) {}\n}\n",
        [("Foo.fmt", None, "D.")],
    ),
    "in a module": (
        "mod m {\n    impl A {\n        fn f() {}\n    }\n}\n",
        "mod m {\n    impl A {\n        /// D.\n        fn f() {}\n    }\n}\n",
        [("m.A.f", None, "D.")],
    ),
    "in a function": (
        "fn f() {\n    fn g() {}\n}\n",
        "fn f() {\n    /// D.\n    fn g() {}\n}\n",
        [("f.g", None, "D.")],
    ),
    "unsafe, const, async, extern": (
        *documented('pub(crate) const unsafe extern "C" fn f() {}'),
        [("f", None, "D.")],
    ),
    "below a comment": (NOTED, NOTED.replace("\nfn", "\n/// D.\nfn"), [("f", None, "D.")]),
    "above a comment": ("// c\n" + PLAIN, "/// D.\n// c\n" + PLAIN, [("f", None, "D.")]),
    "second of one name": (PLAIN + PLAIN, PLAIN + "/// D.\n" + PLAIN, [("f", None, "D.")]),
    # layout
    "opened up": ("impl A { fn f() {} }\n", "impl A {\n    /// D.\n    fn f() {}\n}\n", [("A.f", None, "D.")]),
    "indentation": (PLAIN, PLAIN.replace("    x", "\tx"), []),
    "line breaks": (PLAIN, PLAIN.replace("(x: u8)", "(\n    x: u8\n)"), []),
    "line end at the end": (PLAIN.rstrip("\n"), PLAIN, []),
    "CRLF": (PLAIN.replace("\n", "\r\n"), above("/// D.\n/// E.").replace("\n", "\r\n"), [("f", None, "D.\nE.")]),
    "byte order mark": ("\ufeff" + PLAIN, "\ufeff" + above("/// D."), [("f", None, "D.")]),
    "below an interpreter": (
        "#!/usr/bin/env run\n" + PLAIN,
        "#!/usr/bin/env run\n" + above("/// D."),
        [("f", None, "D.")],
    ),
    "above an attribute that looks like one": (
        "#![no_std]\n" + PLAIN,
        "//! D.\n#![no_std]\n" + PLAIN,
        [("", None, "D.")],
    ),
}


@pytest.mark.parametrize(("before", "after", "documentation"), SAME.values(), ids=SAME.keys())
def test_same_code(before: str, after: str, documentation: Documentation) -> None:
    assert_same("rust", before, after, documentation)


MACRO = "macro_rules! m {\n    ($x:ident) => {\n        /// Kept.\n        fn $x() {}\n    };\n}\n\nfn f() {}\n"

DIFFERENT: Different = {
    # code
    "token changed": (PLAIN, PLAIN.replace("    x", "    y"), "code changed"),
    "semicolon added": (PLAIN, PLAIN.replace("    x", "    x;"), "code"),
    "item added": (PLAIN, PLAIN + "fn g() {}\n", "code added"),
    "item removed": (IMPL, IMPL.replace("struct A {\n    x: u8,\n}\n", ""), "code changed"),
    "code behind the comment": (PLAIN, above("/** D. */ fn g() {}"), "code"),
    "comment that ends early": (PLAIN, above("/** D. */ fn g() {} /** */"), "code"),
    "attribute added": (PLAIN, above("#[inline]"), "code changed"),
    "attribute removed": (IMPL, IMPL.replace("    #[inline]\n", ""), "code"),
    "attributes swapped": (
        IMPL,
        IMPL.replace("    #[inline]\n    #[must_use]", "    #[must_use]\n    #[inline]"),
        "code changed",
    ),
    "documentation as an attribute": (PLAIN, above('#[doc = "D."]'), "code changed"),
    "attribute for the file": (PLAIN, "#![allow(x)]\n" + PLAIN, "code"),
    "string": ('const S: &str = "a";\n', 'const S: &str = "b";\n', "code changed"),
    "blank in a raw string": ('const S: &str = r#"a\n b"#;\n', 'const S: &str = r#"a\n  b"#;\n', "code changed"),
    "comment in a raw string": ('const S: &str = r"a\nb";\n', 'const S: &str = r"a\n/// c\nb";\n', "code changed"),
    "lifetime": ("fn f<'a>(x: &'a u8) {}\n", "fn f<'a>(x: &u8) {}\n", "code"),
    "visibility": (IMPL, IMPL.replace("pub fn", "fn"), "code changed"),
    "macro's argument": ('fn f() { p!("a", x) }\n', 'fn f() { p!("a", y) }\n', "code changed"),
    "blanks in a macro": ("fn f() { p!(a b) }\n", "fn f() { p!(a  b) }\n", "code changed"),
    "type of an impl": ("impl A { fn f() {} }\n", "impl B { fn f() {} }\n", "code changed"),
    "operators joined": ("fn f() { a & &b; }\n", "fn f() { a && b; }\n", ""),
    "emptied": (PLAIN, "", "code removed"),
    # comments
    "line comment": (PLAIN, above("// Does it."), "comment added"),
    "four slashes": (PLAIN, above("//// Does it."), "comment added"),
    "plain block": (PLAIN, above("/* Does it. */"), "comment added"),
    "three stars": (PLAIN, above("/*** Does it. */"), "comment added"),
    "empty block": (PLAIN, above("/**/"), "comment added"),
    "inside the function": (PLAIN, PLAIN.replace("    x\n", "    //! D.\n    x\n"), "comment added"),
    "in the body": (PLAIN, PLAIN.replace("    x\n", "    /// D.\n    x\n"), "comment added"),
    "behind the visibility": (IMPL, IMPL.replace("pub fn", "pub /** D. */ fn"), "comment added"),
    "on a field": (IMPL, IMPL.replace("    x", "    /// D.\n    x"), "comment added"),
    "on a variant": ("enum A {\n    B,\n}\n", "enum A {\n    /// D.\n    B,\n}\n", "comment added"),
    "on an impl block": ("impl A {}\n", "/// D.\nimpl A {}\n", "comment added"),
    "on a module": ("mod m {}\n", "/// D.\nmod m {}\n", "comment added"),
    "inside a module": ("mod m {\n}\n", "mod m {\n    //! D.\n}\n", "comment added"),
    "in a foreign block": (
        'extern "C" {\n    fn f();\n}\n',
        'extern "C" {\n    /// D.\n    fn f();\n}\n',
        "comment added",
    ),
    "on a constant": ("const A: u8 = 1;\n", "/// D.\nconst A: u8 = 1;\n", "comment added"),
    "on a use": ("use a::b;\n", "/// D.\nuse a::b;\n", "comment added"),
    "on a macro": (MACRO, "/// D.\n" + MACRO, "comment added"),
    "in a macro": (MACRO, MACRO.replace("Kept", "Changed"), "code changed"),
    "in a call of a macro": ("m! {\n    fn f() {}\n}\n", "m! {\n    /// D.\n    fn f() {}\n}\n", "code changed"),
    "in an attribute": (IMPL, IMPL.replace("#[inline]", "#[inline /** D. */]"), "comment added"),
    "module's documentation below code": (PLAIN, PLAIN + "//! D.\n", "comment added"),
    "comment removed": (NOTED, NOTED.replace("    // above\n", ""), "comment removed"),
    "comment changed": (NOTED, NOTED.replace("end", "other"), "comment changed"),
    "comment made documentation": (NOTED, NOTED.replace("// top", "/// top"), "comment removed"),
    "documentation made a comment": (above("/// D."), above("// D."), "comment added"),
    "block that swallows code": (PLAIN + "fn g() {}\n", "/** D. /* */\n" + PLAIN + "fn g() {} // */\n", "code removed"),
    "documentation moved to another": (
        "/// D.\nfn f() {}\nfn g() {}\n",
        "fn f() {}\n/// D.\nfn g() { h() }\n",
        "code",
    ),
    "coverage switched off": (PLAIN, above("/// D. LCOV_EXCL_START"), "documentation"),
    # head and hidden characters
    "interpreter added": (PLAIN, "#!/usr/bin/env run\n" + PLAIN, "first line"),
    "byte order mark added": (PLAIN, "\ufeff" + PLAIN, "encoding"),
    "not UTF-8": (PLAIN.encode(), above("/// D.").encode().replace(b"D.", b"\xff"), "encoding"),
    "bare CR": (PLAIN, above("/// a\rfn g() {}"), "hidden"),
    "right to left": (PLAIN, above("/// a\u202eb"), "hidden"),
    "zero width": (PLAIN, above("/// a\u200bb"), "hidden"),
    # what does not parse
    "unterminated": (PLAIN, above("/** Does it. /* a */"), "syntax"),
    "nothing to document": (PLAIN, PLAIN + "/// D.\n", "comment added"),
    "syntax error": (PLAIN, PLAIN + "fn {\n", "syntax"),
    "start state does not parse": (PLAIN + "fn {\n", above("/// D.") + "fn {\n", "syntax"),
}


@pytest.mark.parametrize(("before", "after", "rule"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_other_code(before: str | bytes, after: str | bytes, rule: str) -> None:
    assert_different("rust", before, after, rule)
