using System.Security.Cryptography;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>Finds the weights that a card names, fetches them where the card gives an address, and refuses files with another hash.</summary>
internal static class ExtractorWeights
{
    private static readonly TimeSpan FetchingTime = TimeSpan.FromMinutes(30);

    /// <summary>Path of the weights.</summary>
    /// <exception cref="IOException">The file is not there, or its address does not answer.</exception>
    /// <exception cref="InvalidDataException">The file has another hash.</exception>
    public static string Find(ExtractorCard card, string home) => Uri.TryCreate(card.Weights, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
        ? Fetched(address, card.WeightsSha256, home)
        : Checked(Path.Combine(home, card.Weights), card.WeightsSha256);

    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">The file has another hash.</exception>
    public static string Checked(string path, string sha256)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} is not there.");
        }

        var found = HashOf(path);
        return string.Equals(found, sha256, StringComparison.OrdinalIgnoreCase)
            ? path
            : throw new InvalidDataException($"the SHA-256 of {Path.GetFileName(path)} is {found}, its card says {sha256}.");
    }

    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>A fetched file is named by its hash, so another card's file is never taken for it.</summary>
    private static string Fetched(Uri address, string sha256, string home)
    {
        var path = Path.Combine(home, $"{sha256.ToLowerInvariant()}{Path.GetExtension(address.AbsolutePath)}");
        if (File.Exists(path))
        {
            return Checked(path, sha256);
        }

        var part = $"{path}.{Guid.NewGuid():N}.part"; // other trainers may fetch at the same time
        try
        {
            using (var client = new HttpClient { Timeout = FetchingTime })
            using (var response = client.Send(new HttpRequestMessage(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead))
            using (var file = File.Create(part))
            {
                response.EnsureSuccessStatusCode();
                using var stream = response.Content.ReadAsStream();
                stream.CopyTo(file);
            }

            Checked(part, sha256);
            File.Move(part, path, overwrite: true);
            return path;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            throw new IOException($"{address} could not be fetched: {error.Message}", error);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
