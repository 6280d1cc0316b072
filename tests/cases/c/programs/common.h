void fail(const char *text);
int shared(void);
int usage(void);
