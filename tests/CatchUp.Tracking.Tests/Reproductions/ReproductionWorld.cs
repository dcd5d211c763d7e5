using CatchUp.Contracts.Journal;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Reproductions;

/// <summary>What the tests of reproductions do again and again.</summary>
internal static class ReproductionWorld
{
    public static Dictionary<string, string> Environment { get; } = new()
    {
        ["device"] = "cpu", ["threads"] = "2", ["torch"] = "2.10.0", ["dataset"] = "synthetic", ["dataset_sha256"] = new string('d', 64), ["commit"] = new string('1', 40),
    };

    public static Journal Begun(this Journal journal, params (string Key, string? Value)[] changes)
    {
        var environment = new Dictionary<string, string>(Environment);
        foreach (var (key, value) in changes)
        {
            environment.Remove(key);
            if (value is not null)
            {
                environment[key] = value;
            }
        }

        return journal.Add(new AttemptStarted { Parameters = 1234, Environment = environment });
    }

    /// <summary>Queues the run again as a user does, and gives the new run to slot 0.</summary>
    public static async Task<(long Run, Journal Journal)> ReproduceAsync(this TestWorld world, long original)
    {
        var outcome = await world.Get<ReproductionStore>().QueueAsync(original, Guid.NewGuid(), null, TestWorld.Cancellation);
        var assigned = await world.ClaimAsync();
        Assert.Equal(outcome.Run, assigned!.RunId);
        return (assigned.RunId, new Journal(world, assigned.RunId, assigned.Attempt));
    }

    public static async Task<Certificate> CertificateAsync(this TestWorld world, long run) => (await world.Get<CertificateStore>().MakeAgainAsync(run, TestWorld.Cancellation))!.Certificate;
}
