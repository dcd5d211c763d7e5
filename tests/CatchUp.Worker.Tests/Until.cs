namespace CatchUp.Worker.Tests;

internal static class Until
{
    /// <summary>Waits for what must come; a test's own time limit ends what never does.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
