int checked(int x);
int declared_here(int x);
