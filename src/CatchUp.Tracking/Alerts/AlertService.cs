using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CatchUp.Tracking.Alerts;

/// <summary>Writes messages that are due and sends those that are to be sent, again and again, beside any other server that does the same.</summary>
internal sealed partial class AlertService(AlertOutbox outbox, WebhookSender sender, TrackingOptions options, TimeProvider time, ILogger<AlertService> logger) : BackgroundService
{
    private const int AtOnce = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Recurring.RunAsync(options.AlertEvery, time, LookAsync, problem => Log.Failed(logger, problem), stoppingToken);

    private async Task LookAsync(CancellationToken cancellation)
    {
        await outbox.WriteAsync(cancellation);
        await Task.WhenAll((await outbox.ClaimAsync(AtOnce, cancellation)).Select(delivery => SendAsync(delivery, cancellation)));
    }

    private async Task SendAsync(AlertOutbox.Delivery delivery, CancellationToken cancellation)
    {
        var result = await sender.SendAsync(delivery.Url, delivery.Secret, delivery.Kind, delivery.Message, delivery.Body, cancellation);
        if (result.Problem is { } problem)
        {
            Log.NotDelivered(logger, delivery.Id, delivery.Tries, problem);
        }

        await outbox.EndAsync(delivery, result, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Delivery} was not taken at try {Try}: {Problem}")]
        public static partial void NotDelivered(ILogger logger, long delivery, int @try, string problem);

        [LoggerMessage(Level = LogLevel.Error, Message = "Could not look for messages to send; trying again. None is lost by it")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
