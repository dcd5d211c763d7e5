using CatchUp.Tracking;
using CatchUp.Tracking.Alerts;

namespace CatchUp.Dashboard.Startup;

/// <summary>What the environment says about messages to webhooks.</summary>
internal static class AlertSettings
{
    /// <exception cref="StartupException">A variable has a value that cannot be.</exception>
    public static void Read(TrackingOptions options)
    {
        options.WebhookAllow = Environment.GetEnvironmentVariable("CATCHUP_WEBHOOK_ALLOW");
        try
        {
            WebhookTargets.Parse(options.WebhookAllow);
        }
        catch (FormatException problem)
        {
            throw new StartupException(problem.Message);
        }

        if (Environment.GetEnvironmentVariable("CATCHUP_PUBLIC_URL") is { Length: > 0 } pages)
        {
            options.PublicUrl = Uri.TryCreate(pages, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                ? address
                : throw new StartupException($"CATCHUP_PUBLIC_URL: '{pages}' is no web address. Write where people find the pages, as in https://catchup.example.org.");
        }
    }
}
