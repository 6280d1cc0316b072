/** Räumt den Kai auf, wenn niemand mehr anlegen möchte heute. */
int tidy(void)
{
    int brooms = 2;
    return brooms;
}
