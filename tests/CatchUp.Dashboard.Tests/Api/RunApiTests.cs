using System.Security.Cryptography;
using CatchUp.Contracts.Artifacts;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Workers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Api;

public sealed class RunApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string OneRun = "name: one\nbase: { preset: fashion-tiny, data: { dataset: synthetic }, training: { iterations: 300 } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_run_recorded_can_be_read()
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        var run = runs[0];
        var attempt = await ClaimAsync(run);
        var picture = await StoreAsync([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
        var weights = await StoreAsync([9, 8, 7]);
        var evaluation = new EvaluationMade
        {
            Step = 2, SnapshotSha256 = weights, Solver = "euler", Nfe = 4, Metric = "fid", Value = 12.5, Low = 12, High = 13, Samples = 500, Extractor = "fashion-mnist-cnn-2",
            ExtractorSha256 = new string('e', 64), Reference = "fashion-mnist train", ReferenceSha256 = new string('f', 64), Quantisation = "8 bit", NoiseBank = 1,
        };
        await ShipAsync(
            run, attempt,
            new AttemptStarted { Parameters = 1234, Environment = new Dictionary<string, string> { ["device"] = "cpu" } },
            new PointsLogged { Step = 1, Values = new Dictionary<string, double> { ["loss"] = 2.5, ["gradient"] = double.NaN } },
            new PointsLogged { Step = 2, Values = new Dictionary<string, double> { ["loss"] = 1.5, ["gradient"] = 3 } },
            new LogWritten { Text = "<b>hello</b>" },
            new SamplesSaved { Step = 2, Solver = "euler", Nfe = 8, NoiseBank = 1, Rows = 6, Columns = 6, CellWidth = 28, CellHeight = 28, File = "a.png", Sha256 = picture, Bytes = 7 },
            new CheckpointSaved { Type = CheckpointKind.Snapshot, Step = 2, File = "b", Sha256 = weights, Bytes = 3 },
            evaluation with { Gate = 100, Samples = 100, Value = 3, Low = null, High = null },
            evaluation);

        var details = (await host.GetAsync($"/api/v1/runs/{run}")).Json;
        Assert.Equal(("one", "running", 1, 2, 300), (details["name"]!.GetValue<string>(), details["state"]!.GetValue<string>(), details["attempt"]!.GetValue<int>(), details["step"]!.GetValue<int>(), details["steps"]!.GetValue<int>()));
        Assert.Equal(("fashion-tiny", "cpu", 1234), (details["specification"]!["preset"]!.GetValue<string>(), details["environment"]!["device"]!.GetValue<string>(), details["parameterCount"]!.GetValue<long>()));
        Assert.Equal("rectified-flow", details["specification"]!["objective"]!["kind"]!.GetValue<string>());
        Assert.Equal(12.5, details["best"]!["value"]!.GetValue<double>());

        var metrics = (await host.GetAsync($"/api/v1/runs/{run}/metrics?names=loss,gradient&from=0&to=2&buckets=10")).Json["items"]!.AsArray();
        var loss = metrics.Single(series => series!["name"]!.GetValue<string>() == "loss")!["buckets"]!.AsArray();
        Assert.Equal([(1, 2.5), (2, 1.5)], loss.Select(bucket => (bucket!["step"]!.GetValue<int>(), bucket["last"]!.GetValue<double>())));
        Assert.Equal(["count", "first", "last", "max", "min", "notFinite", "step"], loss[0]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal(1, metrics.Single(series => series!["name"]!.GetValue<string>() == "gradient")!["buckets"]![0]!["notFinite"]!.GetValue<int>());
        Assert.Equal(2, (await host.GetAsync($"/api/v1/runs/{run}/metrics")).Json["total"]!.GetValue<int>());

        var sample = (await host.GetAsync($"/api/v1/runs/{run}/samples")).Json["items"]!.AsArray().Single()!;
        Assert.Equal((2, 8, 1, 6), (sample["step"]!.GetValue<int>(), sample["nfe"]!.GetValue<int>(), sample["noiseBank"]!.GetValue<int>(), sample["rows"]!.GetValue<int>()));
        var png = await host.GetAsync(sample["url"]!.GetValue<string>());
        Assert.Equal((200, "image/png", 7), (png.Status, png.Type, png.Bytes.Length));

        var numbers = (await host.GetAsync($"/api/v1/runs/{run}/evaluations")).Json["items"]!.AsArray();
        Assert.Equal([(100, 100, 3.0), (0, 500, 12.5)], numbers.Select(made => (made!["gate"]!.GetValue<int>(), made["samples"]!.GetValue<int>(), made["value"]!.GetValue<double>())));
        var number = numbers[1]!;
        foreach (var name in new[] { "step", "solver", "nfe", "head", "metric", "extractor", "samples", "value", "low", "high" })
        {
            Assert.NotNull(number[name]);
        }

        var events = (await host.GetAsync($"/api/v1/runs/{run}/events")).Json["items"]!.AsArray();
        Assert.Equal(["queued", "running"], events.Where(entry => entry!["from"]?.GetValue<string>() != entry["to"]!.GetValue<string>()).Take(2).Select(entry => entry!["to"]!.GetValue<string>()));
        var log = (await host.GetAsync($"/api/v1/runs/{run}/log?limit=5")).Json["items"]!.AsArray();
        Assert.Equal("<b>hello</b>", log[^1]!["text"]!.GetValue<string>());
        Assert.Empty((await host.GetAsync($"/api/v1/runs/{run}/log?after={log[^1]!["id"]}")).Json["items"]!.AsArray());

        var checkpoint = (await host.GetAsync($"/api/v1/runs/{run}/checkpoints")).Json["items"]!.AsArray().Single()!;
        Assert.Equal(("snapshot", 2), (checkpoint["type"]!.GetValue<string>(), checkpoint["step"]!.GetValue<int>()));
        var file = await host.GetAsync(checkpoint["url"]!.GetValue<string>());
        Assert.Equal<byte>([9, 8, 7], file.Bytes);
        Assert.Equal($"run-{run}-snapshot-2.safetensors", file.Response.Content.Headers.ContentDisposition!.FileName);

        // What names another run's data is not found here.
        var (_, others) = await host.SubmitAsync(OneRun);
        (await host.GetAsync($"/api/v1/runs/{others[0]}/samples/{sample["id"]}.png")).IsProblem(404, null, "has no stored sample grid");
        (await host.GetAsync($"/api/v1/runs/{others[0]}/checkpoints/{checkpoint["id"]}")).IsProblem(404, null, "has no checkpoint");
        (await host.GetAsync($"/api/v1/runs/{run}/metrics?names=los")).IsProblem(400, "names", "Did you mean loss?");
        (await host.GetAsync($"/api/v1/runs/{run}/metrics?names={new string('x', 6000)}")).IsProblem(400, "names", "has no metric 'xxx");
        (await host.GetAsync($"/api/v1/runs/{run}/metrics?from=5&to=2")).IsProblem(400, "from", "Exchange them");
        (await host.GetAsync($"/api/v1/runs/{run}/metrics?buckets=2001")).IsProblem(400, "buckets", "between 1 and 2,000");
    }

    [Fact]
    public async Task Pictures_beside_a_grid_are_served_once_and_kept_by_browsers()
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        var (run, attempt) = (runs[0], await ClaimAsync(runs[0]));
        var (grid, near, way) = (await StoreAsync([1, 1, 1]), await StoreAsync([2, 2, 2, 2]), await StoreAsync([3, 3, 3, 3, 3]));
        var saved = new SamplesSaved { Step = 2, Solver = "euler", Nfe = 8, NoiseBank = 1, Rows = 1, Columns = 2, CellWidth = 28, CellHeight = 28, File = "a.png", Sha256 = grid, Bytes = 3 };
        await ShipAsync(
            run, attempt,
            new AttemptStarted(),
            saved with
            {
                Neighbours = new SampleNeighbours { File = "n.png", Sha256 = near, Bytes = 4, Extractor = "cnn", Dataset = "synthetic", Images = 320, Indices = [7, 9], Distances = [0.5, double.NaN], Typical = 1.5 },
                Trajectory = new SampleTrajectory { File = "t.png", Sha256 = way, Bytes = 5, Cells = 1, Times = [1, 0] },
            },
            saved with { Step = 3 });

        var items = (await host.GetAsync($"/api/v1/runs/{run}/samples")).Json["items"]!.AsArray();
        var details = (await host.GetAsync($"/api/v1/runs/{run}/samples/{items[0]!["id"]}")).Json;
        var picture = await host.GetAsync(items[0]!["neighboursUrl"]!.GetValue<string>());

        Assert.Null(items[1]!["neighboursUrl"]);
        Assert.Equal(("cnn", 320, 1.5), (details["neighbours"]!["extractor"]!.GetValue<string>(), details["neighbours"]!["images"]!.GetValue<int>(), details["neighbours"]!["typical"]!.GetValue<double>()));
        Assert.Equal([7, 9], details["neighbours"]!["indices"]!.AsArray().Select(index => index!.GetValue<int>()));
        Assert.Null(details["neighbours"]!["distances"]![1]);
        Assert.Equal([1.0, 0], details["trajectory"]!["times"]!.AsArray().Select(time => time!.GetValue<double>()));
        Assert.Equal((200, "image/png", 4), (picture.Status, picture.Type, picture.Bytes.Length));
        Assert.Equal(5, (await host.GetAsync(items[0]!["trajectoryUrl"]!.GetValue<string>())).Bytes.Length);

        // Of one address there is one picture, ever: a browser need not ask again, and when it does the bytes stay here.
        Assert.Equal($"\"{near}\"", picture.Response.Headers.ETag!.Tag);
        Assert.Contains("immutable", picture.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(items[0]!["neighboursUrl"]!.GetValue<string>(), UriKind.Relative));
        again.Headers.IfNoneMatch.Add(new($"\"{near}\""));
        using var answer = await host.Client.SendAsync(again, Cancellation);
        Assert.Equal(304, (int)answer.StatusCode);

        (await host.GetAsync($"/api/v1/runs/{run}/samples/{items[1]!["id"]}/neighbours.png")).IsProblem(404, null, "Set samples.neighbours to true");
        (await host.GetAsync($"/api/v1/runs/{run}/samples/{items[1]!["id"]}/trajectory.png")).IsProblem(404, null, "Set samples.trajectories");
        (await host.GetAsync($"/api/v1/runs/{run + 1}/samples/{items[0]!["id"]}")).IsProblem(404, null, "has no stored sample grid");
        (await host.GetAsync($"/api/v1/runs/{run}/samples/nonsense/neighbours.png")).IsProblem(400, "sample", "is no id");
    }

    [Fact]
    public async Task Cursors_walk_through_every_run_once()
    {
        var (sweep, runs) = await host.SubmitAsync("name: many\nreplicates: 25\nbase: { preset: fashion-tiny }");
        var seen = new List<long>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await host.GetAsync($"/api/v1/runs?filter=sweep:{sweep}&sort=created&limit=10{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}")).Json;
            Assert.Equal(25, page["total"]!.GetValue<int>());
            seen.AddRange(page["items"]!.AsArray().Select(run => run!["id"]!.GetValue<long>()));
            cursor = page["next"]?.GetValue<string>();
        }

        Assert.Equal(runs, seen);
    }

    [Fact]
    public async Task A_list_can_be_had_as_a_file_with_its_columns_and_order()
    {
        var (_, runs) = await host.SubmitAsync("name: =exported\nbase: { preset: fashion-tiny, data: { dataset: synthetic } }\nspace: { optimizer.learningRate: [1e-3, 1e-4] }");
        var attempt = await ClaimAsync(runs[0]);
        await ShipAsync(runs[0], attempt, new AttemptStarted(), new EvaluationMade
        {
            Step = 2, SnapshotSha256 = new string('a', 64), Solver = "euler", Nfe = 4, Metric = "fid", Value = 12.5, Low = 12, High = 13, Samples = 500, Extractor = "fashion-mnist-cnn-2",
            ExtractorSha256 = new string('e', 64), Reference = "fashion-mnist train", ReferenceSha256 = new string('f', 64), Quantisation = "8 bit", NoiseBank = 1,
        });
        const string List = "q=sweep%3D%22%3Dexported%22&sort=optimizer.learningRate&cols=name,optimizer.learningRate,fid[nfe=4],created,archived,tag";

        var csv = await host.GetAsync($"/api/v1/runs/export?{List}&format=csv");

        Assert.Equal((200, "text/csv"), (csv.Status, csv.Type));
        var lines = System.Text.Encoding.UTF8.GetString(csv.Bytes).TrimEnd().Split("\r\n");
        Assert.Equal("id,name,optimizer.learningRate,fid[nfe=4],fid[nfe=4] low,fid[nfe=4] high,fid[nfe=4] step,fid[nfe=4] protocol,created,archived,tags", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{runs[1]},", lines[1], StringComparison.Ordinal);
        Assert.Contains(",'=exported", lines[2], StringComparison.Ordinal);
        Assert.Contains(",0.001,12.5,12,13,2,\"fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train\",", lines[2].Replace(",fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train,", ",\"fashion-mnist-cnn-2 · 500 samples · vs fashion-mnist train\",", StringComparison.Ordinal), StringComparison.Ordinal);

        var parquet = await host.GetAsync($"/api/v1/runs/export?{List}&format=parquet");

        Assert.Equal((200, "application/vnd.apache.parquet"), (parquet.Status, parquet.Type));
        using var stream = new MemoryStream(parquet.Bytes);
        var reader = await Parquet.ParquetReader.CreateAsync(stream, cancellationToken: Cancellation);
        await using (reader)
        {
            Assert.Equal(lines[0].Split(','), reader.Schema.DataFields.Select(field => field.Name));
            using var group = reader.OpenRowGroupReader(0);
            Assert.Equal(2, group.RowCount);
            var rates = new double?[2];
            await group.ReadAsync<double>(reader.Schema.DataFields[2], rates, cancellationToken: Cancellation);
            Assert.Equal([1e-4, 1e-3], rates);
            var fids = new double?[2];
            await group.ReadAsync<double>(reader.Schema.DataFields[3], fids, cancellationToken: Cancellation);
            Assert.Equal([null, 12.5], fids);
        }

        var refused = await host.GetAsync("/api/v1/runs/export?format=xml&q=stat%3D1&cols=name,nonsense");
        Assert.Equal(400, refused.Status);
        Assert.Equal(["cols", "format", "q"], refused.Json["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("state:queued", 3)]
    [InlineData("state:running,failed", 0)]
    [InlineData("state:queued project:\"few step\"", 3)]
    [InlineData("project:few", 0)]
    [InlineData("FILTERED", 3)]
    [InlineData("\"filtered rk23\"", 0)]
    [InlineData("\"filtered/catch-up-rk23\"", 1)]
    [InlineData("archived:true", 0)]
    public async Task Filters_find_runs(string filter, int count)
    {
        var name = $"filtered";
        var existing = await host.GetAsync("/api/v1/sweeps?filter=filtered");
        var sweep = existing.Json["items"]!.AsArray() is [{ } found, ..]
            ? found["id"]!.GetValue<long>()
            : (await host.SubmitAsync($"name: {name}\nproject: few step\nspace:\n  objective: [{{kind: rectified-flow}}, {{kind: catch-up, order: rk12}}, {{kind: catch-up, order: rk23}}]")).Sweep;
        var answer = await host.GetAsync($"/api/v1/runs?filter={Uri.EscapeDataString($"sweep:{sweep} {filter}")}");
        Assert.Equal((200, count), (answer.Status, answer.Json["total"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("limit=0", "limit", "between 1 and")]
    [InlineData("limit=many", "limit", "'many' is not")]
    [InlineData("cursor=abc", "cursor", "is no cursor")]
    [InlineData("sort=nme", "sort", "Did you mean name?")]
    [InlineData("sort=;drop", "sort", "Runs have no ';drop'")]
    [InlineData("filter=state:runing", "filter", "Did you mean running?")]
    [InlineData("filter=stat:running", "filter", "Did you mean state?")]
    [InlineData("filter=step:abc", "filter", "step is a number")]
    [InlineData("filter=archived:maybe", "filter", "archived is true or false")]
    [InlineData("filtr=x", "filtr", "Did you mean filter?")]
    public async Task Query_parameters_that_mean_nothing_are_refused(string query, string field, string words) => (await host.GetAsync($"/api/v1/runs?{query}")).IsProblem(400, field, words);

    [Fact]
    public async Task Limits_beyond_a_thousand_are_cut_to_it()
    {
        var answer = await host.GetAsync("/api/v1/runs?limit=100000");
        Assert.True(answer.Json["items"]!.AsArray().Count <= 1000 && answer.Status == 200, answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/metrics")]
    [InlineData("/samples")]
    [InlineData("/evaluations")]
    [InlineData("/events")]
    [InlineData("/log")]
    [InlineData("/checkpoints")]
    public async Task A_run_that_does_not_exist_is_not_found_and_an_id_that_is_no_id_is_refused(string what)
    {
        (await host.GetAsync($"/api/v1/runs/123456{what}")).IsProblem(404, null, "There is no run 123456.");
        (await host.GetAsync($"/api/v1/runs/x12{what}")).IsProblem(400, "id", "'x12' is no id");
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("evaluate")]
    public async Task Commands_for_no_run_say_so(string command)
    {
        (await host.PostAsync($"/api/v1/runs/123456/{command}")).IsProblem(404, null, "no run 123456");
        (await host.PostAsync($"/api/v1/runs/-5/{command}")).IsProblem(400, "id", "is no id");
    }

    [Fact]
    public async Task A_run_is_paused_resumed_and_cancelled()
    {
        var (_, runs) = await host.SubmitAsync("name: commanded");
        await AssertStateAsync("pause", 200, "paused");
        await AssertStateAsync("resume", 200, "queued");
        await AssertStateAsync("cancel", 200, "cancelled");
        (await host.PostAsync($"/api/v1/runs/{runs[0]}/pause")).IsProblem(409, null, "cannot be paused");

        async Task AssertStateAsync(string command, int status, string state)
        {
            Assert.Equal(status, (await host.PostAsync($"/api/v1/runs/{runs[0]}/{command}")).Status);
            Assert.Equal(state, (await host.GetAsync($"/api/v1/runs/{runs[0]}")).Json["state"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_run_is_evaluated_again_by_a_run_of_its_own()
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        var answer = await host.PostAsync($"/api/v1/runs/{runs[0]}/evaluate", """{ "step": 200, "nfe": [3, 5], "samples": 100 }""", "application/json");

        Assert.True(answer.Status == 201, answer.Text);
        var listed = await host.GetAsync($"/api/v1/runs?filter=sweep:{answer.Json["id"]}");
        var queued = Assert.Single(listed.Json["items"]!.AsArray())!;
        Assert.Equal(("evaluate", runs[0], "Evaluate one"), (queued["kind"]!.GetValue<string>(), queued["parentRunId"]!.GetValue<long>(), queued["name"]!.GetValue<string>()));
        Assert.Contains("no snapshot", queued["cause"]!.GetValue<string>(), StringComparison.Ordinal);
        var specification = (await host.GetAsync($"/api/v1/runs/{queued["id"]}")).Json["specification"]!;
        Assert.Equal("[3,5]", specification["evaluation"]!["nfe"]!.ToJsonString());
        Assert.Equal((100, 200), (specification["evaluation"]!["samples"]!.GetValue<int>(), specification["initialRun"]!["step"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("[1]", "body")]
    [InlineData("{", "body")]
    [InlineData("""{ "nfe": [0] }""", "evaluation.nfe[0]")]
    [InlineData("""{ "nfee": [1] }""", "evaluation.nfee")]
    [InlineData("""{ "step": -3 }""", "base.initialRun.step")]
    public async Task An_evaluation_that_makes_no_sense_is_refused_at_its_key(string body, string field)
    {
        var (_, runs) = await host.SubmitAsync(OneRun);
        (await host.PostAsync($"/api/v1/runs/{runs[0]}/evaluate", body, "application/json")).IsProblem(400, field, "");
    }

    /// <summary>Asks for runs as a worker does until it gets this one.</summary>
    private async Task<int> ClaimAsync(long run)
    {
        var client = host.Services.GetRequiredService<IBus>().CreateRequestClient<RequestRun>();
        for (var slot = 0; slot < 200; slot++)
        {
            var answer = await client.GetResponse<RunAssigned, NothingToDo>(
                new RequestRun { Worker = "test", Incarnation = Guid.NewGuid(), Slot = slot, RequestId = Guid.NewGuid(), Capabilities = new WorkerCapabilities { Datasets = ["synthetic", "fashion-mnist-10k"] } }, Cancellation);
            if (answer.Is(out Response<RunAssigned>? assigned) && assigned.Message.RunId == run)
            {
                return assigned.Message.Attempt;
            }
        }

        throw new InvalidOperationException($"Run {run} was not handed out.");
    }

    private async Task ShipAsync(long run, int attempt, params JournalEntry[] entries)
    {
        var numbered = entries.Select((entry, index) => entry with { Number = index + 1, At = DateTimeOffset.UtcNow }).ToList();
        var answer = await host.Services.GetRequiredService<IBus>().CreateRequestClient<ShipJournal>()
            .GetResponse<JournalStored, AttemptSuperseded>(new ShipJournal { RunId = run, Attempt = attempt, Entries = numbered }, Cancellation);
        Assert.True(answer.Is(out Response<JournalStored>? stored) && stored.Message.Position == numbered.Count);
    }

    private async Task<string> StoreAsync(byte[] content)
    {
        var file = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, content, Cancellation);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        await host.Services.GetRequiredService<ArtifactDirectory>().StoreAsync(file, sha256, keepsReserve: false, Cancellation);
        return sha256;
    }
}
