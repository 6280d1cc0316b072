//! Attributes: the language's own change nothing, an unknown macro may rewrite what it stands on.

#[inline]
#[must_use = "because"]
#[allow(dead_code, clippy::all)]
fn plain() -> u32 { //= none
    1
}

#[cfg_attr(docsrs, doc(cfg(feature = "x")))]
#[rustfmt::skip]
#[doc = "Text."]
fn still_plain() -> u32 { //= attributes.rs::plain
    plain() //> attributes.rs::plain
}

#[instrument(skip(self))]
fn rewritten() -> u32 { //= open
    plain() //> attributes.rs::plain
}

#[cfg_attr(feature = "tracing", instrument)]
fn perhaps_rewritten() -> u32 { //= open
    plain() //> attributes.rs::plain
}

fn calls_it() -> u32 { //= attributes.rs::rewritten
    rewritten() //> attributes.rs::rewritten
}

struct Server;

#[async_trait]
impl Server {
    async fn serve(&self) -> u32 { //= open
        plain() //> attributes.rs::plain
    }
}

#[wrapped]
mod inside {
    fn here() -> u32 { //= open
        super::plain() //> attributes.rs::plain
    }
}

fn on_a_statement() -> u32 { //= attributes.rs::plain
    #[allow(unused)]
    let n = plain(); //> attributes.rs::plain
    n
}
