/* Of this file the grammar makes nothing. */
int behind(int x)
    { } }}} (((
 static double
spread
 (int x)
{
    return x;
