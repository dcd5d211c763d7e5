using CatchUp.Dashboard.Startup;
using CatchUp.Tracking.Retention;

namespace CatchUp.Dashboard.Storage;

/// <summary>The server's own retention policy, from its environment: <c>CATCHUP_RETENTION=last=2,best=1</c>. Without it everything is kept.</summary>
internal static class RetentionSetting
{
    private const string Variable = "CATCHUP_RETENTION";

    /// <exception cref="StartupException">It cannot be read.</exception>
    public static RetentionPolicy? Read()
    {
        try
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? RetentionPolicy.Parse(text) : null;
        }
        catch (FormatException problem)
        {
            throw new StartupException($"{Variable} cannot be read. {problem.Message}");
        }
    }
}
