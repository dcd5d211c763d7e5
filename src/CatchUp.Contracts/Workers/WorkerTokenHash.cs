using System.Security.Cryptography;
using System.Text;

namespace CatchUp.Contracts.Workers;

/// <summary>How a worker's token is remembered and spoken of. A token is 256 random bits, so that one round of SHA-256 is enough.</summary>
public static class WorkerTokenHash
{
    /// <summary>What the server stores: 64 hexadecimal digits.</summary>
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>What names the token without giving it away: the hash's first 16 digits.</summary>
    public static string Fingerprint(string token) => Of(token)[..16];
}
