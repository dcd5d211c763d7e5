namespace CatchUp.Flow.Pictures;

/// <summary>What reading and writing PNG have in common.</summary>
internal static class PngFormat
{
    public const int HeaderLength = 13;

    private static readonly uint[] ChecksumTable = BuildChecksumTable();

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>CRC-32 of a chunk's type and data.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = 0xFFFFFFFF;
        foreach (var value in bytes)
        {
            checksum = ChecksumTable[(checksum ^ value) & 0xFF] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint[] BuildChecksumTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 1 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
