using CatchUp.Tracking.Database;
using MassTransit;

namespace CatchUp.Dashboard.Api;

/// <summary>Turns what fails inside the API into problem details too; what exactly failed is in the server's log.</summary>
internal sealed partial class ApiFailures(ILogger<ApiFailures> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (BadHttpRequestException problem)
        {
            return ApiProblem.Create(problem.StatusCode, "The request cannot be read", problem.Message);
        }
        catch (QuestionTooLongException problem)
        {
            return ApiProblem.Bad("filter", problem.Message);
        }
        catch (Exception problem) when (problem is TimeoutException or RequestCanceledException && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            Log.Unanswered(logger, context.HttpContext.Request.Path, problem);
            return ApiProblem.Create(
                StatusCodes.Status503ServiceUnavailable, "No answer in time", "The coordinator has not answered; it may still do what was asked. Send the same request with the same Idempotency-Key again: it is not done twice.");
        }
#pragma warning disable CA1031 // The last one to catch it.
        catch (Exception problem) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Failed(logger, context.HttpContext.Request.Path, problem);
            return ApiProblem.Create(StatusCodes.Status500InternalServerError, "The server failed", "This is a fault of the server, not of the request; its log says more. The request may be repeated.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed")]
        public static partial void Failed(ILogger logger, string path, Exception problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A request to {Path} was not answered over the bus in time")]
        public static partial void Unanswered(ILogger logger, string path, Exception problem);
    }
}
