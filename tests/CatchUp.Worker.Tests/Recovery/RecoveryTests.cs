using System.Diagnostics;
using System.Text.Json;
using CatchUp.Contracts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Worker.Tests.Recovery;

public sealed class RecoveryTests : IDisposable
{
    private const int Limit = 60_000;

    private readonly TestFolder folder = new();
    private readonly TestCoordinator coordinator = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = Limit)]
    public async Task A_trainer_left_behind_is_ended_and_its_journal_shipped_from_the_stored_position()
    {
        var directory = folder.Of("attempts/7-2");
        using var left = StartTrainer(directory, "deaf");
        await Until.TrueAsync(() => LinesOf(directory) == 4);
        await File.AppendAllTextAsync(Path.Combine(directory, "journal.ndjson"), """{"kind":"points","number":5,"at":"2026-""", TestContext.Current.CancellationToken);
        coordinator.Know(7, 2, Enumerable.Range(1, 2).Select(number => new LogWritten { Number = number, Text = "stored before" }).ToArray<JournalEntry>());

        await using var worker = await TestWorker.StartAsync(folder, coordinator);
        var end = await coordinator.EndOfAsync(7, 2);

        await left.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((AttemptOutcome.Lost, "The worker was restarted.", 3), (end.Outcome, end.Cause, end.Step));
        Assert.Equal([2, 3], coordinator.Stored(7, 2).OfType<PointsLogged>().Select(points => points.Step));
        Assert.Equal(5, coordinator.Stored(7, 2).Count);
        await Until.TrueAsync(() => !Directory.Exists(directory));
    }

    [Fact(Timeout = Limit)]
    public async Task An_attempt_that_had_ended_is_shipped_as_it_ended_with_its_weights()
    {
        var directory = folder.Of("attempts/7-1");
        using (var trainer = StartTrainer(directory, "complete"))
        {
            await trainer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        coordinator.Know(7, 1);
        await using var worker = await TestWorker.StartAsync(folder, coordinator);

        Assert.Equal(AttemptOutcome.Completed, (await coordinator.EndOfAsync(7)).Outcome);
        await Until.TrueAsync(() => !Directory.Exists(directory));
        Assert.Equal(2, coordinator.Stored(7).OfType<CheckpointSaved>().Count(checkpoint => worker.Artifacts.Contains(checkpoint.Sha256)));
    }

    [Fact(Timeout = Limit)]
    public async Task Weights_whose_entries_were_stored_before_the_kill_are_still_stored_after_it()
    {
        var directory = folder.Of("attempts/7-1");
        using (var trainer = StartTrainer(directory, "complete"))
        {
            await trainer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var entries = (await File.ReadAllLinesAsync(Path.Combine(directory, "journal.ndjson"), TestContext.Current.CancellationToken))
            .Select(line => JsonSerializer.Deserialize<JournalEntry>(line, ContractJson.Options)!)
            .ToArray();
        coordinator.Know(7, 1, entries);
        await using var worker = await TestWorker.StartAsync(folder, coordinator);

        await Until.TrueAsync(() => !Directory.Exists(directory));
        Assert.True(worker.Artifacts.Contains(entries.OfType<CheckpointSaved>().First().Sha256));
    }

    [Fact(Timeout = Limit)]
    public async Task An_attempt_whose_trainer_never_wrote_is_ended()
    {
        Directory.CreateDirectory(folder.Of("attempts/7-1"));
        coordinator.Know(7, 1);

        await using var worker = await TestWorker.StartAsync(folder, coordinator);

        Assert.Equal(AttemptOutcome.Lost, (await coordinator.EndOfAsync(7)).Outcome);
    }

    [Fact(Timeout = Limit)]
    public async Task A_superseded_directory_goes_and_other_folders_stay()
    {
        Directory.CreateDirectory(folder.Of("attempts/7-1"));
        Directory.CreateDirectory(folder.Of("attempts/notes"));

        await using var worker = await TestWorker.StartAsync(folder, coordinator);

        await Until.TrueAsync(() => !Directory.Exists(folder.Of("attempts/7-1")));
        Assert.True(Directory.Exists(folder.Of("attempts/notes")));
    }

    [Fact(Timeout = Limit)]
    public async Task A_journal_shorter_than_what_is_stored_only_gets_its_end_stored()
    {
        Directory.CreateDirectory(folder.Of("attempts/7-1"));
        coordinator.Know(7, 1, Enumerable.Range(1, 9).Select(number => new LogWritten { Number = number, Text = "stored before the power went" }).ToArray<JournalEntry>());

        await using var worker = await TestWorker.StartAsync(folder, coordinator);

        Assert.Equal(10, (await coordinator.EndOfAsync(7)).Number);
        await Until.TrueAsync(() => !Directory.Exists(folder.Of("attempts/7-1")));
    }

    [Fact(Timeout = Limit)]
    public async Task A_name_that_is_given_out_anew_starts_with_an_empty_directory()
    {
        var directory = folder.Of("attempts/7-1");
        using (var trainer = StartTrainer(directory, "many"))
        {
            await trainer.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // The old attempt's shipment gets no answer before the name is given out; the new attempt must not inherit its journal.
        var refused = new TaskCompletionSource();
        coordinator.BeforeStoring = _ => refused.TrySetResult() ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        coordinator.AfterClaiming = _ => refused.Task;
        await using var worker = await TestWorker.StartAsync(folder, coordinator.Queue(7, "complete"), options => options.RetryInterval = TimeSpan.FromHours(1));

        await coordinator.EndOfAsync(7);
        Assert.Equal(5, coordinator.Stored(7).OfType<PointsLogged>().Count());
    }

    private static int LinesOf(string directory)
    {
        var journal = Path.Combine(directory, "journal.ndjson");
        return File.Exists(journal) ? File.ReadAllText(journal).Count(character => character == '\n') : 0;
    }

    /// <summary>A trainer as a killed worker would leave it, but for its standard input, which stays open here.</summary>
    private static Process StartTrainer(string directory, string behaviour)
    {
        Directory.CreateDirectory(directory);
        var run = Path.Combine(directory, "run.json");
        File.WriteAllText(run, JsonSerializer.Serialize(new RunFile { Run = 7, Name = behaviour, Specification = new RunSpecification() }, ContractJson.Indented));
        var start = new ProcessStartInfo(TestWorker.Trainer) { RedirectStandardInput = true };
        foreach (var argument in (string[])["train", run, "--out", directory, "--supervised"])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
