using System.Globalization;
using System.Security.Cryptography;

namespace CatchUp.Tracking.Accounts;

/// <summary>Passwords are kept as PBKDF2 with SHA-512 and a salt of their own: "pbkdf2-sha512$iterations$salt$hash".</summary>
internal static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha512";

    // OWASP's advice for this function; the count is stored, so it can be raised.
    private const int Iterations = 210_000;
    private const int Bytes = 32;

    public static string Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Derive(password, salt, Iterations, Bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    public static bool Matches(string stored, string password)
    {
        var parts = stored.Split('$');
        if (parts is not [Scheme, var iterations, var salt, var hash])
        {
            throw new InvalidDataException("A stored password has a form this version does not know.");
        }

        var expected = Convert.FromBase64String(hash);
        var actual = Derive(password, Convert.FromBase64String(salt), int.Parse(iterations, CultureInfo.InvariantCulture), expected.Length);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    private static byte[] Derive(string password, byte[] salt, int iterations, int bytes) => Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, bytes);
}
