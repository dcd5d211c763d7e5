using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CatchUp.Dashboard.Artifacts;

internal static class ArtifactRegistration
{
    /// <summary>Takes uploads of workers. Needs the artifact directory.</summary>
    public static IServiceCollection AddArtifactUploads(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ArtifactLimits>()
            .Configure<IConfiguration>((limits, configuration) =>
            {
                if (configuration[ArtifactLimits.Key] is { Length: > 0 } text)
                {
                    limits.MaximumBytes = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var gibibytes) ? (long)gibibytes << 30 : 0;
                }
            })
            .Validate(limits => limits.MaximumBytes > 0, $"{ArtifactLimits.Key} is a whole number of GiB from 1: the largest file of weights that a worker may upload.")
            .ValidateOnStart();
        services.AddSingleton<UploadStaging>();
        services.AddHostedService<UploadCleaner>();
        return services;
    }
}
