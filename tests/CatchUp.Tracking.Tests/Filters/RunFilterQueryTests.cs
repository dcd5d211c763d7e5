using CatchUp.Contracts.Specifications;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Filters;

public sealed class RunFilterQueryTests
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    /// <summary>Runs 0 to 3 of one sweep in four configurations, of which 0 and 1 were trained and measured; run 4 is another sweep's.</summary>
    private static async Task<(TestWorld World, IReadOnlyList<long> Runs)> WorldAsync(DatabaseKind kind)
    {
        var world = await TestWorld.CreateAsync(kind);
        RunSpecification Of(CatchUpOrder order, int batch, int seed) => new()
        {
            Seed = seed,
            Objective = new ObjectiveSpecification { Order = order },
            Training = new TrainingSpecification { Iterations = 1000, BatchSize = batch },
            Data = new DataSpecification { Dataset = "synthetic" },
        };
        var runs = new List<long>();
        runs.AddRange(await world.PlanAsync("orders", Of(CatchUpOrder.Rk12, 32, 0), Of(CatchUpOrder.Rk23, 32, 1), Of(CatchUpOrder.Rk23, 64, 2), Of(CatchUpOrder.Rk34, 64, 3)));
        foreach (var (run, loss, fid) in new[] { (0, 0.5, 30.0), (1, 0.25, 12.0) })
        {
            var assigned = await world.ClaimAsync(world.Request(run));
            Assert.Equal(runs[run], assigned!.RunId);
            await new Journal(world, runs[run], assigned.Attempt).Started()
                .Points(1, ("loss", 2 * loss)).Points(5, ("loss", loss)).Evaluation(5, fid).Evaluation(5, fid / 2, nfe: 8).Points(9, ("loss", 1.5 * loss)).Evaluation(9, fid + 1, snapshot: 'b').ShipAsync();
        }

        runs.AddRange(await world.PlanAsync("other 100%", Of(CatchUpOrder.Rk23, 128, 0)));
        await world.ExecuteAsync($"INSERT INTO run_tags (run_id, tag) VALUES ({runs[0]}, 'night'), ({runs[0]}, 'a'), ({runs[3]}, 'night-2')");
        await world.ExecuteAsync($"UPDATE runs SET note = 'Look at 100% of it' WHERE id = {runs[2]}");
        await world.ExecuteAsync($"UPDATE runs SET archived = {(kind == DatabaseKind.Sqlite ? "1" : "TRUE")} WHERE id = {runs[4]}");
        return (world, runs);
    }

    [Theory, OnBothDatabases]
    public async Task A_filter_finds_the_runs_it_means(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            (string Filter, int[] Expected)[] cases =
            [
                ("", [0, 1, 2, 3]),
                ("objective.order = rk23", [1, 2]),
                ("objective.order != rk23", [0, 3]),
                ("objective.order in [rk12, rk34]", [0, 3]),
                ("objective.order not in (rk12, rk34)", [1, 2]),
                ("objective.order:rk12,rk34", [0, 3]),
                ("objective.order ~ K2", [1, 2]),
                ("training.batchSize = 32", [0, 1]),
                ("training.batchSize > 32 and objective.order = rk23", [2]),
                ("training.batchSize > 32 objective.order = rk23", [2]),
                ("training.batchSize > 32 or objective.order = rk23", [1, 2, 3]),
                ("not (training.batchSize > 32 or seed = 0)", [1]),
                ("training.iterations = 1k", [0, 1, 2, 3]),
                ("seed >= 2", [2, 3]),
                ("state = running", [0, 1]),
                ("state:running,queued", [0, 1, 2, 3]),
                ("state != running", [2, 3]),
                ("tag:night", [0]),
                ("tag = night", [0]),
                ("tag != night", [1, 2, 3]),
                ("tag ~ night", [0, 3]),
                ("tag != none", [0, 3]),
                ("tag = none", [1, 2]),
                ("note ~ 100%", [2]),
                ("note:look", [2]),
                ("note != none", [2]),
                ("metric[loss] < 0.5", [1]),
                ("metric[loss] = 0.75", [0]),
                ("metric[loss, min] = 0.5", [0]),
                ("metric[loss, max] > 0.6", [0]),
                ("metric[loss, first] = 0.5", [1]),
                ("metric[loss, step=7] = 0.5", [0]),
                ("not metric[loss] < 0.5", [0, 2, 3]),
                ("metric[nothing] > 0", []),
                ("loss > 0", [0, 1]),
                ("fid[nfe=4] < 20", [1]),
                ("fid[euler, nfe=4] = 13", [1]),
                ("fid[euler, nfe=4, best] = 12", [1]),
                ("fid[nfe=4, step=5] = 30", [0]),
                ("fid[nfe=8] <= 15", [0, 1]),
                ("fid[heun, nfe=4] < 20", []),
                ("fid[nfe=4, head=2] < 20", []),
                ("fid[nfe=4] = none", [2, 3]),
                ("sweep:orders", [0, 1, 2, 3]),
                ("sweep = \"other 100%\"", []),
                ("sweep = \"other 100%\" archived:true", [4]),
                ("archived = true", [4]),
                ($"id:{runs[1]},{runs[4]}", [1, 4]),
                ("orders/1", [1]),
                ($"#{runs[3]}", [3]),
                ("created > -7d", [0, 1, 2, 3]),
                ("created < 2026-01-01", []),
                ("started > today", [0, 1]),
                ("duration < 1d", [0, 1]),
                ("deviceHours >= 0", [0, 1]),
                ("ended = none and started != none", [0, 1]),
                ("worker = test-worker", [0, 1]),
                ("'; DROP TABLE runs; --'", []),
                ("name = \"x' OR 1=1 --\"", []),
                ("metric[\"x') OR 1=1 --\"] > 0", []),
            ];
            foreach (var (filter, expected) in cases)
            {
                Assert.Equal((filter, string.Join(' ', expected)), (filter, string.Join(' ', (await FindAsync(world, filter)).Select(run => runs.Index().First(pair => pair.Item == run.Id).Index).Order())));
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_list_is_ordered_by_any_term_and_tells_its_columns(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            async Task<IEnumerable<int>> OrderAsync(string term, bool descending = false) =>
                (await world.Runs.ListAsync(new RunQuery { Sort = RunFilter.ReadTerm(term).Term!, Descending = descending }, TestWorld.Cancellation)).Items.Select(run => runs.Index().First(pair => pair.Item == run.Id).Index);

            Assert.Equal([0, 1, 2, 3], await OrderAsync("objective.order"));
            Assert.Equal([3, 2, 1, 0], await OrderAsync("training.batchSize", descending: true));
            Assert.Equal([1, 0, 2, 3], await OrderAsync("fid[nfe=4]"));
            Assert.Equal([0, 1, 3, 2], await OrderAsync("fid[nfe=4]", descending: true));
            Assert.Equal([1, 0, 2, 3], await OrderAsync("metric[loss, min]"));
            Assert.Equal([0, 3, 1, 2], await OrderAsync("tag"));

            string[] columns = ["objective.order", "training.batchSize", "fid[nfe=4, best]", "metric[loss]", "state", "tag", "created", "archived", "evaluation.nfe", "configuration", "duration"];
            var page = await world.Runs.ListAsync(new RunQuery { Columns = [.. columns.Select(column => RunFilter.ReadTerm(column).Term!)], Sort = RunTerm.Named("id"), Descending = false, Limit = 1 }, TestWorld.Cancellation);
            var values = columns.Select(column => page.Items.Single().Values[column]).ToList();
            Assert.Equal(["rk12", 32.0, 30.0, 0.75, "running", "a, night"], values.Take(6).Select(value => value.Value));
            Assert.Equal("fashion-mnist-cnn-2", values[2].Evaluation!.Extractor);
            Assert.Equal((5, 30.0), (values[2].Evaluation!.Step, values[2].Evaluation!.Value));
            Assert.IsType<DateTimeOffset>(values[6].Value);
            Assert.Equal(false, values[7].Value);
            Assert.Equal(string.Join(", ", new EvaluationSpecification().Nfe), values[8].Value);
            Assert.Equal(16, Assert.IsType<string>(values[9].Value).Length);
            Assert.IsType<double>(values[10].Value);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Numbers_measured_otherwise_are_not_ranked_among_the_others(DatabaseKind kind)
    {
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            await world.ExecuteAsync($"UPDATE runs SET state = 'Cancelled' WHERE id = {runs[4]}");
            var assigned = await world.ClaimAsync(world.Request(2));
            Assert.Equal(runs[2], assigned!.RunId);
            await new Journal(world, runs[2], assigned.Attempt).Started().Evaluation(5, 1, samples: 10).ShipAsync();

            var found = await world.Runs.ListAsync(new RunQuery { Sort = RunFilter.ReadTerm("fid[nfe=4]").Term!, Descending = false }, TestWorld.Cancellation);

            Assert.Equal([runs[1], runs[0], runs[2], runs[3]], found.Items.Select(run => run.Id));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_is_a_filter_is_a_question_the_database_answers(DatabaseKind kind)
    {
        var (world, _) = await WorldAsync(kind);
        await using (world)
        {
            var terms = new[] { "state", "name", "tag", "note", "loss", "seed", "sweep", "created", "duration", "archived", "best", "deviceHours", "objective.order", "training.batchSize", "network.classConditional", "evaluation.nfe", "metric[loss]", "metric[\"'\", min]", "metric[loss, step=3]", "fid[nfe=4]", "fid[euler, nfe=4, best]", "kid[nfe=1, step=3]" };
            var values = new[] { "running", "rk23", "3", "-7d", "2h", "true", "none", "'a\"b'", "\"';--\"", "x%_\\", "1e300", "2026-11-24" };
            string[] signs = ["=", "!=", "<", ">=", "~", "!~", ":"], joints = [" and ", " or ", " ", " and not "];
            var random = new Random(6);
            var asked = 0;
            for (var i = 0; i < 1000; i++)
            {
                var text = string.Join(Pick(joints), Enumerable.Range(0, 1 + random.Next(4)).Select(_ => $"({Pick(terms)} {Pick(signs)} {Pick(values)})"));
                if (RunFilter.Read(text).Filter is { } filter)
                {
                    asked++;
                    await world.Runs.ListAsync(new RunQuery { Filter = filter, Sort = RunFilter.ReadTerm(Pick(terms)).Term!, Limit = 5 }, TestWorld.Cancellation);
                }
            }

            string Pick(string[] from) => from[random.Next(from.Length)];

            Assert.InRange(asked, 100, 1000);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_is_typed_is_looked_for_and_never_understood_by_the_database(DatabaseKind kind)
    {
        string[] hostile =
        [
            "'; DROP TABLE runs; --", "x' OR '1'='1", "\" OR 1=1 --", "'||(SELECT name FROM accounts)||'", "1); DELETE FROM runs; --", "/* */", "%", "_", "\\", "\\%", "@f1", "@now", "$1", ":p0", "{0}", "?",
            "\0", "a\0b", "\u0001", "\ud800", "\u202e", "é", "İ", "\U0001F9E5", new string('%', 200), new string('(', 200),
        ];
        var (world, runs) = await WorldAsync(kind);
        await using (world)
        {
            foreach (var text in hostile)
            {
                var quote = text.Contains('"', StringComparison.Ordinal) ? '\'' : '"';
                foreach (var form in (string[])[$"{quote}{text}{quote}", text, $"name ~ {quote}{text}{quote}", $"note = {quote}{text}{quote}", $"tag = {quote}{text}{quote}", $"tag ~ {quote}{text}{quote}", $"worker ~ {quote}{text}{quote}", $"metric[{quote}{text}{quote}] > 0", $"metric[{quote}{text}{quote}, step=3] = none"])
                {
                    if (RunFilter.Read(form).Filter is { } filter)
                    {
                        var found = await world.Runs.ListAsync(new RunQuery { Filter = filter }, TestWorld.Cancellation);
                        await world.Runs.GroupsAsync(new RunQuery { Filter = filter, Groups = [RunTerm.Named("state")] }, TestWorld.Cancellation);

                        // No run is called, noted or tagged so, and no curve.
                        Assert.Equal(form.EndsWith("none", StringComparison.Ordinal) ? 4 : 0, found.Total);
                    }
                }

                await world.Runs.ListAsync(new RunQuery { Text = text }, TestWorld.Cancellation);
                if (RunFilter.ReadTerm($"metric[{quote}{text}{quote}]").Term is { } term)
                {
                    await world.Runs.ListAsync(new RunQuery { Sort = term, Columns = [term] }, TestWorld.Cancellation);
                }
            }

            Assert.Equal(runs.Take(4).Order(), (await FindAsync(world, "")).Select(run => run.Id).Order());
        }
    }

    [Theory, OnBothDatabases]
    public async Task Runs_of_an_earlier_version_are_indexed_at_the_start(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        Assert.Empty(await FindAsync(world, "training.iterations = 1000"));

        await world.Get<DatabaseMigrator>().MigrateAsync(TestWorld.Cancellation);

        Assert.Equal(runs.Order(), (await FindAsync(world, "training.iterations = 1000")).Select(run => run.Id).Order());
        Assert.Single((await FindAsync(world, "")).Select(run => run.Configuration).Distinct());
    }

    [Theory, OnBothDatabases]
    public async Task What_takes_too_long_is_given_up(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);

        var problem = await Assert.ThrowsAsync<QuestionTooLongException>(() => world.Get<TrackingDatabase>().ReadAsync(
            (context, cancellation) => Sql.NumberAsync(context, Endless, cancellation), TimeSpan.FromMilliseconds(200), TestWorld.Cancellation));

        Assert.Contains("Make the filter narrower", problem.Message, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_its_asker_breaks_off_is_known_by_their_token(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(TestWorld.Cancellation);
        left.CancelAfter(TimeSpan.FromMilliseconds(200));

        var problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Get<TrackingDatabase>().ReadAsync(
            (context, cancellation) => Sql.NumberAsync(context, Endless, cancellation), TimeSpan.FromMinutes(1), left.Token));

        Assert.Equal(left.Token, problem.CancellationToken);
    }

    private static async Task<IReadOnlyList<RunSummary>> FindAsync(TestWorld world, string filter)
    {
        var (read, problem) = RunFilter.Read(filter);
        Assert.Null(problem);
        return (await world.Runs.ListAsync(new RunQuery { Filter = read! }, TestWorld.Cancellation)).Items;
    }
}
