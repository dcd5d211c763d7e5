using System.Globalization;
using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Parameters;

/// <summary>Runs that were measured, with numbers that follow from their configuration.</summary>
internal static class Trained
{
    /// <summary>Five rates, three orders, two seeds: 30 runs. FID is 10, 20 or 40 by order, and up to 4 more by the rate; the seed adds 0.1.</summary>
    public const string Sweep = "name: \"<b>rates</b>\"\nbase: { preset: fashion-tiny }\nspace: { objective.order: [rk12, rk23, rk34], optimizer.learningRate: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2] }\nreplicates: 2\nobjective: { metric: fid, solver: euler, nfe: 4 }\n";

    public static double FidOf(RunSummary run) =>
        (run.Parameters["objective.order"] switch { "rk12" => 40, "rk23" => 20, _ => 10 })
        + Math.Abs(Math.Log10(double.Parse(run.Parameters["optimizer.learningRate"], CultureInfo.InvariantCulture)) + 4) * 2
        + (0.1 * run.Replicate);

    /// <summary>Gives each run of a sweep its number, but for some, whose number was measured with fewer samples, and one, which has none.</summary>
    public static async Task<long> Async(PageWorld world, string file, int runs, int unlike = 0, int without = 0)
    {
        var sweep = await world.SubmitAsync(file);
        for (var index = 0; index < runs; index++)
        {
            var assigned = await world.ClaimAsync();
            var run = (await world.Services.GetRequiredService<RunStore>().FindAsync(assigned.RunId, PageWorld.Cancellation))!.Summary;
            var fid = PageWorld.Fid(FidOf(run));
            JournalEntry[] measured = index < without ? [] : [index < without + unlike ? fid with { Samples = 100, Value = 1 } : fid, fid with { Nfe = 1, Value = 100 - fid.Value }];
            await world.ShipAsync(assigned, [.. measured, new AttemptEnded { Outcome = AttemptOutcome.Completed, Step = 2 }]);
        }

        return sweep;
    }
}
