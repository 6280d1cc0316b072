/** Check that no bit was lost on its way through the cable between two offices. */
unsigned crc(const unsigned char *data, unsigned length)
{
    unsigned sum = 0;
    while (length--)
        sum = sum * 31 + *data++;
    return sum;
}
