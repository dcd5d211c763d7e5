using System.Security.Cryptography;
using CatchUp.Flow.Downloads;

namespace CatchUp.Flow.Evaluation.Extractors;

/// <summary>Finds the weights that a card names, fetches them where the card gives an address, and refuses files with another hash.</summary>
internal static class ExtractorWeights
{
    private const long MaximumBytes = 2L << 30;

    /// <summary>Path of the weights.</summary>
    /// <exception cref="IOException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">The file has another hash.</exception>
    /// <exception cref="DownloadFailedException">It could not be fetched from its address.</exception>
    public static string Find(ExtractorCard card, string home) => Uri.TryCreate(card.Weights, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
        ? Fetched(address, card, home)
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
    private static string Fetched(Uri address, ExtractorCard card, string home)
    {
        var hash = card.WeightsSha256.ToLowerInvariant();
        var path = Path.Combine(home, hash + Path.GetExtension(address.AbsolutePath));
        if (!File.Exists(path))
        {
            using var download = new FileDownload(TimeProvider.System);
            var file = new RemoteFile(address, hash, MaximumBytes) { OtherHosts = card.WeightsHosts, Advice = "Download it by hand, and let the card name the file." };
            download.FetchAsync(file, path, null, CancellationToken.None).GetAwaiter().GetResult();
        }

        return Checked(path, hash);
    }
}
