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

static void PRINTFLIKE(3, 4)
printed(const char *text, ...)
{
}

static int
of_its_own_line
#ifdef OLD
    (x) int x;
#else
    (int x)
#endif
{
    return x;
}

char *strptime(const char *text, const char *format, struct tm *time) FOREACH(x)
{
    return 0;
}

EXPORT void (alone_in_parentheses) (int x,
                                    int y) {
    FOREACH (x) {
    }
}

static void *
#if !CHECKED
one_of_two_heads(int x)
#else
one_of_two_heads_checked(int x, int line)
#endif
{
    return 0;
}
