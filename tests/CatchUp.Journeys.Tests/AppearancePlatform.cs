using CatchUp.Journeys.Tests.Chaos;
using CatchUp.Journeys.Tests.Platform;

namespace CatchUp.Journeys.Tests;

/// <summary>
/// A product with something on every page: a finished sweep (runs 1 and 2), a failed run (3), one that its worker is not given again (4),
/// one that runs and some that wait for it, for a window and for a worker nobody has, or reproduce run 1; a webhook, a token and a report.
/// </summary>
public sealed class AppearancePlatform : IAsyncLifetime
{
    /// <summary>Every kind of block, one that cannot be read, and what Markdown has.</summary>
    private const string ReportText = """
        {
          "title": "What <b>came</b> of it",
          "text": "Text with **bold**, `code` and [a link](/runs/1).\n\n## Training\n\n```chart\ntitle: Loss\nruns: [1, 2]\nmetric: loss\nsmoothing: 10\n```\n\n```chart\nruns: [1, 2]\nmetric: fid\nover: nfe\n```\n\n```matrix\nruns: [1, 2, 99]\nzoom: 2\n```\n\n```table\nfilter: id <= 4\ncolumns: name, state, objective.kind, metric[loss], fid[euler, nfe=2], duration, created\n```\n\n> a quote\n\n| what | how many |\n|---|--:|\n| runs | 4 |\n\n1. one\n2. two\n\n```chart\nruns: [1]\nmetrik: loss\n```\n"
        }
        """;

    private readonly TemporaryFolder _home = new();
    private PlatformProcess? _platform;

    internal Uri Address => _platform!.Address;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _platform = new PlatformProcess(_home.Path);
        await _platform.StartAsync(cancellation);
        await _platform.Api.SubmitAsync(TinySweep.TwoRuns(name: "\"<script>alert('name')</script>\"", iterations: 40), cancellation);
        await KillTrainerAsync(TinySweep.OneRun("fails", 50_000) + "\nschedule: { restarts: { lost: 0 } }", 3, cancellation);
        await _platform.Api.WaitForEndAsync(TimeSpan.FromMinutes(4), cancellation);
        await KillTrainerAsync(TinySweep.OneRun("excluded", 50_000) + "\nschedule: { restarts: { onLog: [{ match: \".\", action: exclude-worker }] } }", 4, cancellation);
        while ((await _platform.Api.GetAsync("/api/v1/runs/4", cancellation))["exclusions"]!.AsArray().Count == 0)
        {
            await Task.Delay(200, cancellation);
        }

        await _platform.Api.SubmitAsync(TinySweep.OneRun("a rather long name of a sweep that waits for the depth of the night", 50) + "\nschedule: { window: \"03:00-03:05 Pacific/Auckland\", deadline: 2099-12-01T07:00Z, priority: 3 }", cancellation);
        await _platform.Api.SubmitAsync(TinySweep.OneRun("needs what nobody has", 50) + "\nschedule: { requires: { labels: [a100], memory: 80GiB } }\nretention: { last: 1 }", cancellation);
        await _platform.Api.PostAsync("/api/v1/webhooks", """{ "name": "team", "url": "https://hooks.invalid/abc", "events": ["run-failed"], "digestAt": "07:30", "digestZone": "Europe/Berlin" }""", cancellation);
        await _platform.Api.PostAsync("/api/v1/webhooks/1/test", "", cancellation);
        await _platform.Api.PostAsync("/api/v1/reports", ReportText, cancellation);
        await _platform.Api.PostAsync("/api/v1/reports/1/blocks/1/freeze?version=1", "", cancellation);
        await _platform.Api.PostAsync("/api/v1/workers/tokens", """{ "name": "a machine in the laboratory" }""", cancellation);
        await _platform.Api.SubmitAsync(TinySweep.TwoRuns(name: "endless", iterations: 50_000, checkpointEvery: 10_000), cancellation);
        await _platform.Api.PostAsync("/api/v1/runs/1/reproduce", "", cancellation);
    }

    /// <summary>Submits a sweep of one run and kills its trainer as soon as there is one.</summary>
    private async Task KillTrainerAsync(string document, long run, CancellationToken cancellation)
    {
        await _platform!.Api.SubmitAsync(document, cancellation);
        while (AttemptWatch.Directories(Path.Combine(_home.Path, "attempts"), new HashSet<long> { run }).FirstOrDefault() is not { } directory || !await WorkerProcess.KillTrainerAsync(directory))
        {
            await Task.Delay(100, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        _home.Dispose();
    }
}
