#define DEFINE(name) static int name##_made(int x) { return x; }
#define DEFINE_ONE() static int the_one(int x) { return x; }
#define template_name alias_target
int elsewhere(int x);
int uncertain(int x);
