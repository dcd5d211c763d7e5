using CatchUp.Dashboard.Parameters;
using CatchUp.Dashboard.Reports;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CatchUp.Dashboard.Startup;

internal static class AnswersRegistration
{
    /// <summary>What pages and the API answer with alike. Both ask for it, so that either can be hosted without the other.</summary>
    public static void AddAnswers(this IServiceCollection services)
    {
        services.TryAddSingleton<ForestAnswers>();
        services.TryAddSingleton<ParameterReading>();
        services.TryAddSingleton<ReportContents>();
        services.TryAddSingleton<ReportExport>();
    }
}
