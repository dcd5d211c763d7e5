using System.Globalization;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Datasets;
using CatchUp.Flow.Downloads;

namespace CatchUp.Trainer.Input;

/// <summary>The images that a specification names.</summary>
internal static class DatasetInput
{
    /// <exception cref="DatasetUnavailableException">They are not here, or not what they should be.</exception>
    public static ImageDataset Open(DataSpecification data, TrainerSettings settings) => settings.Datasets.Open(data.Dataset, data.Side, data.Channels);

    /// <summary>Opens them; when they are public, not here and the settings allow it, fetches them first.</summary>
    /// <param name="say">Receives a sentence now and then.</param>
    /// <param name="check">Called as bytes arrive; what it throws ends the download, which goes on from there the next time.</param>
    /// <exception cref="DatasetUnavailableException">They are not here, or not what they should be.</exception>
    /// <exception cref="DownloadFailedException">They could not be fetched.</exception>
    public static ImageDataset OpenOrFetch(DataSpecification data, TrainerSettings settings, Action<string> say, Action check)
    {
        try
        {
            return Open(data, settings);
        }
        catch (DatasetUnavailableException) when (settings is { MayDownload: true, DataFolder: not null } && DatasetSources.Find(data.Dataset) is not null)
        {
            Fetch(DatasetSources.Find(data.Dataset)!, settings.DataFolder, settings, say, check);
            return Open(data, settings);
        }
    }

    /// <summary>Fetches a data set into the data folder.</summary>
    /// <exception cref="DownloadFailedException">It could not be fetched.</exception>
    public static void Fetch(DatasetSource source, string dataFolder, TrainerSettings settings, Action<string> say, Action check)
    {
        using var download = new FileDownload(TimeProvider.System);
        var mirror = Mirror(settings);
        var (told, name) = (-1L, "");
        say($"Fetching {source.Name} from {mirror?.ToString() ?? source.Files[0].Remote.Address.Host} into {dataFolder}.");
        var folder = new DatasetDownload(download, dataFolder, mirror).FetchAsync(source, Tell, CancellationToken.None).GetAwaiter().GetResult();
        say($"{source.Name} is in {folder}.");

        void Tell(DownloadProgress progress)
        {
            check();
            // Every tenth part, and the beginning of each file.
            var tenth = progress.Total is { } total and > 0 ? 10 * progress.Bytes / total : 0;
            if (name != progress.Name || tenth > told)
            {
                (name, told) = (progress.Name, tenth);
                say(string.Create(CultureInfo.InvariantCulture, $"  {name}: {Mebibytes(progress.Bytes)} of {Mebibytes(progress.Total)} MiB"));
            }
        }
    }

    private static string Mebibytes(long? bytes) => bytes is { } known ? (known / (double)(1 << 20)).ToString("0.0", CultureInfo.InvariantCulture) : "?";

    private static Uri? Mirror(TrainerSettings settings) => settings.Mirror is null ? null
        : Uri.TryCreate(settings.Mirror, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address
        : throw new BadInputException($"CATCHUP_MIRROR is '{settings.Mirror}'; it must be an http or https address.");
}
