/* The grammar cannot read this file: what it defines is not known for sure. */
EXPORT int uncertain(int x) {
    return x;
}

EXPORT int certain(int x) {
    FOREACH (x) {
        certain(x);
    }
}

static inline FORMAT(1) const char *translated(const char *text)
{
    return text;
}
