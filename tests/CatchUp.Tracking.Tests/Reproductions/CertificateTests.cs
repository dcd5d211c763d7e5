using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CatchUp.Contracts.Journal;
using CatchUp.Flow.Pictures;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CatchUp.Tracking.Tests.Reproductions;

public sealed class CertificateTests
{
    [Theory, OnBothDatabases]
    public async Task Same_points_evaluations_weights_and_samples_are_the_same_bits(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await WriteAsync(world, original);
        var (again, reproduction) = await world.ReproduceAsync(run);
        await WriteAsync(world, reproduction);

        // Speed and machine are never the same.
        var certificate = await world.CertificateAsync(again);

        Assert.Equal(CertificateResult.SameBits, certificate.Result);
        Assert.Equal("Same bits: 24 points, 2 evaluations, 1 snapshot and 1 sample grid are identical.", certificate.Verdict);
        Assert.Equal(["loss", "odd"], certificate.Points.Metrics.Select(metric => metric.Name));
        Assert.Equal((run, again, true), (certificate.Original.Id, certificate.Reproduction.Id, certificate.Final));
        Assert.Equal(certificate.Original.SpecificationSha256, certificate.Reproduction.SpecificationSha256);
        Assert.Empty(certificate.Environment);
        Assert.Equal(ReproductionWorld.Environment.Count, certificate.SameEnvironment);
        Assert.Null(await world.Get<CertificateStore>().FindAsync(run, TestWorld.Cancellation));
    }

    [Theory, OnBothDatabases]
    public async Task One_changed_point_is_found_with_its_step_and_distance(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await WriteAsync(world, original);
        var (again, reproduction) = await world.ReproduceAsync(run);
        await WriteAsync(world, reproduction);
        await world.ExecuteAsync($"UPDATE points SET value = value * 1.25 WHERE run_id = {again} AND step = 7 AND metric_id = (SELECT id FROM metrics WHERE name = 'loss')");

        var certificate = await world.CertificateAsync(again);

        Assert.Equal(CertificateResult.Different, certificate.Result);
        var loss = certificate.Points.Metrics[0];
        Assert.Equal(("loss", 11, 1, 7L, 7L), (loss.Name, (int)loss.Identical, (int)loss.Different, loss.FirstStep, loss.LargestRelativeStep));
        Assert.Equal(0.25 / 7, loss.LargestAbsolute!.Value, 1e-12);
        Assert.Equal(0.2, loss.LargestRelative!.Value, 1e-12);
        Assert.Equal(
            "Not the same bits: 1 of 24 points differ. The first difference is in loss at step 7. The largest relative distance of points is 0.2, in loss at step 7. Nothing that is recorded of the two environments differs, so either something is computed in another order each time, or what was recorded has been changed since.",
            certificate.Verdict);
    }

    [Theory, OnBothDatabases]
    public async Task Other_threads_are_named_as_the_likely_cause(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 5).Evaluation(5, 12).Ended(AttemptOutcome.Completed, 5).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun(("threads", "4"), ("os", "another")).Losses(1, 5, step => step < 3 ? 1.0 / step : 1.001 / step).Evaluation(5, 12.5, snapshot: 'b').Ended(AttemptOutcome.Completed, 5).ShipAsync();

        var certificate = await world.CertificateAsync(again);

        Assert.StartsWith("Not the same bits: 3 of 5 points differ, 1 of 1 evaluations differ, 1 of 1 snapshots differ.", certificate.Verdict, StringComparison.Ordinal);
        Assert.EndsWith("Likely because threads 2 ≠ 4.", certificate.Verdict, StringComparison.Ordinal);
        Assert.Equal(["threads", "os"], certificate.Environment.Select(entry => entry.Key));
        Assert.Equal((5, 12.0, 12.5), certificate.Evaluations.Differences.Select(made => (made.Step, made.Original!.Value, made.Reproduction!.Value)).Single());
        Assert.Equal(0.04, certificate.Evaluations.LargestRelative!.Value, 1e-12);

        // The files of the weights never came: their hashes are all there is to say.
        var snapshot = Assert.Single(certificate.Snapshots.Differences);
        Assert.Equal((new string('a', 64), new string('b', 64), null), (snapshot.OriginalSha256, snapshot.ReproductionSha256, snapshot.LargestAbsolute));
        Assert.Contains(certificate.NotCompared, note => note.Contains("is not stored any more, only its hash", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task Points_that_only_one_run_has_are_a_difference_and_numbers_that_are_none_have_no_distance(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Points(1, ("loss", 1), ("nan", double.NaN)).Points(2, ("loss", 2), ("nan", 1)).Points(4, ("loss", 4)).Ended(AttemptOutcome.Completed, 4).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun().Points(1, ("loss", 1), ("nan", double.NaN)).Points(2, ("loss", 2), ("nan", double.PositiveInfinity)).Points(3, ("loss", 3), ("more", 0)).Points(4, ("loss", 4)).Ended(AttemptOutcome.Completed, 4).ShipAsync();

        var metrics = (await world.CertificateAsync(again)).Points.Metrics.ToDictionary(metric => metric.Name);

        Assert.Equal((3L, 0L, 0L, 1L, 3L), (metrics["loss"].Identical, metrics["loss"].Different, metrics["loss"].OnlyOriginal, metrics["loss"].OnlyReproduction, metrics["loss"].FirstStep));
        Assert.Equal((1L, 1L, 1L, null), (metrics["nan"].Identical, metrics["nan"].Different, metrics["nan"].NoDistance, metrics["nan"].LargestAbsolute));
        Assert.Equal((0L, 1L), (metrics["more"].Identical, metrics["more"].OnlyReproduction));
    }

    [Theory, OnBothDatabases]
    public async Task Comparison_grows_with_the_reproduction_and_is_kept_when_it_has_ended(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<CertificateStore>();
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 10).Evaluation(10, 12).Ended(AttemptOutcome.Completed, 10).ShipAsync();
        var queued = await world.Get<ReproductionStore>().QueueAsync(run, Guid.NewGuid(), null, TestWorld.Cancellation);
        var again = queued.Run!.Value;
        Assert.Equal((CertificateResult.Pending, "Nothing to compare yet: the runs have recorded nothing in common."), await SaysAsync(world, again));

        var reproduction = new Journal(world, again, (await world.ClaimAsync())!.Attempt);
        await reproduction.Begun().Losses(1, 6).ShipAsync();
        Assert.Equal((CertificateResult.Pending, "The same bits so far: 6 points are identical. It is not finished."), await SaysAsync(world, again));
        Assert.Equal(0, await store.MakeDueAsync(TestWorld.Cancellation));

        await reproduction.Losses(7, 10).Evaluation(10, 12).Ended(AttemptOutcome.Completed, 10).ShipAsync();
        Assert.Equal(1, await store.MakeDueAsync(TestWorld.Cancellation));
        Assert.Equal(0, await store.MakeDueAsync(TestWorld.Cancellation));
        var kept = (await store.FindAsync(again, TestWorld.Cancellation))!;
        Assert.Equal("Same bits: 10 points, 1 evaluation and 1 snapshot are identical.", kept.Certificate.Verdict);
        Assert.Equal(kept.Sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kept.Content))));

        // What is kept stays when the original goes, and is made anew when the reproduction ends anew.
        await world.Runs.DeleteAsync([run], TestWorld.Cancellation);
        Assert.Equal(0, await store.MakeDueAsync(TestWorld.Cancellation));
        Assert.Equal(kept.Sha256, (await store.FindAsync(again, TestWorld.Cancellation))!.Sha256);
        await store.MakeAgainAsync(again, TestWorld.Cancellation);
        Assert.Equal(kept.Sha256, (await store.FindAsync(again, TestWorld.Cancellation))!.Sha256);
    }

    [Theory, OnBothDatabases]
    public async Task Another_end_of_the_original_makes_the_certificate_stale(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<CertificateStore>();
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 4).Ended(AttemptOutcome.Failed, 4, "It broke.").ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun().Losses(1, 6).Ended(AttemptOutcome.Completed, 6).ShipAsync();
        await store.MakeDueAsync(TestWorld.Cancellation);
        var partial = (await store.FindAsync(again, TestWorld.Cancellation))!.Certificate;
        Assert.Equal(CertificateResult.Partial, partial.Result);
        Assert.Equal(["What comes after step 4: run 1 is failed there."], partial.NotCompared.Select(note => note.Replace($"run {run} ", "run 1 ", StringComparison.Ordinal)));

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.Runs.RetryAsync(run, fromZero: true, TestWorld.Cancellation);
        var second = new Journal(world, run, (await world.ClaimAsync())!.Attempt);
        await second.Begun().Losses(1, 6).Ended(AttemptOutcome.Completed, 6).ShipAsync();

        Assert.Equal(1, await store.MakeDueAsync(TestWorld.Cancellation));
        Assert.Equal("Same bits: 6 points are identical.", (await store.FindAsync(again, TestWorld.Cancellation))!.Certificate.Verdict);
    }

    [Theory, OnBothDatabases]
    public async Task Original_that_was_deleted_beforehand_leaves_nothing_to_compare(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 4).Ended(AttemptOutcome.Completed, 4).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await world.Runs.DeleteAsync([run], TestWorld.Cancellation);
        await reproduction.Begun().Losses(1, 4).Ended(AttemptOutcome.Completed, 4).ShipAsync();

        Assert.Equal(1, await world.Get<CertificateStore>().MakeDueAsync(TestWorld.Cancellation));
        Assert.Equal(0, await world.Get<CertificateStore>().MakeDueAsync(TestWorld.Cancellation));

        Assert.Equal((CertificateResult.Nothing, $"Nothing was compared: run {run} was deleted before."), await SaysAsync(world, again));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_measured_later_in_another_way_is_not_asked_of_the_reproduction(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 2).Evaluation(2, 12).Evaluation(2, 11, samples: 5000).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun().Losses(1, 2).Evaluation(2, 12).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        await world.ExecuteAsync($"UPDATE evaluations SET fingerprint = 'another' WHERE run_id = {again}");

        var unlike = await world.CertificateAsync(again);
        Assert.Equal((CertificateResult.Partial, 0, 1, 1), (unlike.Result, unlike.Evaluations.Identical, unlike.Evaluations.Unlike, unlike.Evaluations.Extra));

        await world.ExecuteAsync($"DELETE FROM evaluations WHERE run_id = {again}");
        var missing = await world.CertificateAsync(again);
        Assert.Equal((CertificateResult.Different, 1, 1), (missing.Result, missing.Evaluations.Missing, missing.Evaluations.Extra));
        Assert.Contains("1 evaluation is with one of the runs only", missing.Verdict, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Weights_and_pictures_that_differ_are_measured(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        byte[] grey = [0, 50, 100, 150];
        var (run, original) = await world.RunningAsync();
        await WriteAsync(world, original, weights: SafeTensors("1", 1, 2, 3), picture: Png(grey));
        var (again, reproduction) = await world.ReproduceAsync(run);
        await WriteAsync(world, reproduction, weights: SafeTensors("2", 1, 2.5f, 3), picture: Png([0, 50, 100, 158]));

        var certificate = await world.CertificateAsync(again);

        var snapshot = Assert.Single(certificate.Snapshots.Differences);
        Assert.Equal((0.5, 1L, 3L), (snapshot.LargestAbsolute, snapshot.Differing, snapshot.Weights));
        var grid = Assert.Single(certificate.Samples.Differences);
        Assert.Equal((2.0, 0.75), (grid.MeanAbsolute, grid.EqualShare));
    }

    [Theory, OnBothDatabases]
    public async Task Same_weights_in_a_file_that_says_something_else_of_its_run_are_the_same_weights(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await WriteAsync(world, original, weights: SafeTensors("1", 1, 2));
        var (again, reproduction) = await world.ReproduceAsync(run);
        await WriteAsync(world, reproduction, weights: SafeTensors("another", 1, 2));

        var certificate = await world.CertificateAsync(again);

        Assert.Equal((CertificateResult.SameBits, 1, 0), (certificate.Result, certificate.Snapshots.Identical, certificate.Snapshots.Different));
    }

    [Theory, OnBothDatabases]
    public async Task Weights_that_retention_freed_are_told_of(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 9).Checkpoint(4, new string('a', 64), type: CheckpointKind.Snapshot).Checkpoint(8, new string('b', 64), type: CheckpointKind.Snapshot).Ended(AttemptOutcome.Completed, 9).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun().Losses(1, 9).Checkpoint(4, new string('a', 64), type: CheckpointKind.Snapshot).Checkpoint(8, new string('b', 64), type: CheckpointKind.Snapshot).Ended(AttemptOutcome.Completed, 9).ShipAsync();
        await world.ExecuteAsync($"DELETE FROM checkpoints WHERE run_id = {run} AND step = 4");

        var certificate = await world.CertificateAsync(again);

        Assert.Equal((CertificateResult.Partial, 1), (certificate.Result, certificate.Snapshots.Identical));
        Assert.Equal([$"The weights of run {again} at step 4: those of run {run} were freed by retention or replaced by later ones."], certificate.NotCompared);
    }

    [Theory, OnBothDatabases]
    public async Task Long_curves_are_compared_in_stretches_without_holding_them(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (run, original) = await world.RunningAsync();
        await original.Begun().Losses(1, 2).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        var (again, reproduction) = await world.ReproduceAsync(run);
        await reproduction.Begun().Losses(1, 2).Ended(AttemptOutcome.Completed, 2).ShipAsync();
        var loss = await world.ReadAsync(context => context.Metrics.Where(metric => metric.Name == "loss").Select(metric => metric.Id).SingleAsync(TestWorld.Cancellation));
        foreach (var id in new[] { run, again })
        {
            // As many as three stretches hold, and some more.
            await world.ExecuteAsync($"""
                INSERT INTO points (run_id, metric_id, step, value, kind, at)
                WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 35000) SELECT {id}, {loss}, i, i * 0.5, 0, 0 FROM n
                """);
            await world.ExecuteAsync($"UPDATE runs SET step = 35000 WHERE id = {id}");
        }

        await world.ExecuteAsync($"UPDATE points SET value = value + 1 WHERE run_id = {again} AND step IN (10001, 30000)");
        await world.ExecuteAsync($"DELETE FROM points WHERE run_id = {again} AND step = 20002");

        var metric = Assert.Single((await world.CertificateAsync(again)).Points.Metrics);

        Assert.Equal((34_997L, 2L, 1L, 10_001L, 10_001L), (metric.Identical, metric.Different, metric.OnlyOriginal, metric.FirstStep, metric.LargestRelativeStep));
        Assert.Equal(1, metric.LargestAbsolute);
    }

    private static async Task<(CertificateResult, string)> SaysAsync(TestWorld world, long run)
    {
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var certificate = (await world.Get<CertificateStore>().FindAsync(run, TestWorld.Cancellation))!.Certificate;
        return (certificate.Result, certificate.Verdict);
    }

    /// <summary>A run of 12 steps with a bit of everything, to its end.</summary>
    private static async Task WriteAsync(TestWorld world, Journal journal, byte[]? weights = null, byte[]? picture = null)
    {
        var (snapshot, grid) = (await world.StoreArtifactAsync(weights ?? [1, 2, 3]), await world.StoreArtifactAsync(picture ?? [4, 5, 6]));
        journal.Begun();
        for (var step = 1; step <= 12; step++)
        {
            journal.Points(step, ("loss", 1.0 / step), ("odd", step % 2 == 0 ? double.NaN : -step), ("throughput/images_per_second", journal.Run * 1000 + step));
        }

        await journal.Checkpoint(12, snapshot.Sha256, snapshot.Bytes, CheckpointKind.Snapshot).Samples(12, grid.Sha256, bytes: grid.Bytes)
            .Add(Evaluation(12, 12.5, 1, snapshot.Sha256)).Add(Evaluation(12, 11.5, 4, snapshot.Sha256)).Ended(AttemptOutcome.Completed, 12).ShipAsync();
        await world.BeatAsync(null, null);
    }

    private static EvaluationMade Evaluation(int step, double value, int nfe, string snapshot) => new()
    {
        Step = step, SnapshotSha256 = snapshot, Solver = "euler", Nfe = nfe, Metric = "fid", Value = value, Samples = 500, Extractor = "fashion-mnist-cnn-2",
        ExtractorSha256 = new string('e', 64), Reference = "fashion-mnist train", ReferenceSha256 = new string('f', 64), Quantisation = "8 bit", NoiseBank = 1,
    };

    /// <summary>A file of one tensor.</summary>
    private static byte[] SafeTensors(string about, params float[] weights)
    {
        var header = Encoding.UTF8.GetBytes($$$"""{"__metadata__":{"run":"{{{about}}}"},"w":{"dtype":"F32","shape":[{{{weights.Length}}}],"data_offsets":[0,{{{weights.Length * 4}}}]}}""");
        var file = new byte[8 + header.Length + (weights.Length * 4)];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        for (var i = 0; i < weights.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + header.Length + (i * 4)), weights[i]);
        }

        return file;
    }

    private static byte[] Png(byte[] grey) => PngEncoder.Encode(grey, 2, 2, 1);
}
