using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Tests.Support;

namespace CatchUp.Tracking.Tests.Annotations;

public sealed class AnnotationStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Tags_are_given_once_and_only_those_given_are_taken_back(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var runs = await world.QueueAsync(3);
        var store = world.Get<AnnotationStore>();
        await store.TagAsync([runs[0]], "night", Cancellation);

        var (outcome, changed) = await store.TagAsync([.. runs, 999], " night ", Cancellation);

        Assert.Equal((CommandResult.Accepted, "Tagged 2 runs night."), (outcome.Result, outcome.Message));
        Assert.Equal([runs[1], runs[2]], changed.Order());
        Assert.Equal(["night"], (await world.SummaryAsync(runs[2])).Tags);
        Assert.Equal(changed.Order(), (await store.UntagAsync(changed, "night", Cancellation)).Order());
        Assert.Equal(["night"], (await world.SummaryAsync(runs[0])).Tags);
        Assert.Empty((await world.SummaryAsync(runs[1])).Tags);
        Assert.Equal(["night"], (await store.TermsAsync(Cancellation)).Tags);

        for (var i = 0; i < AnnotationStore.MostTags + 1; i++)
        {
            outcome = (await store.TagAsync([runs[0]], $"tag {i}", Cancellation)).Outcome;
        }

        Assert.Equal(CommandResult.Refused, outcome.Result);
        Assert.Contains("has 20 tags already", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(AnnotationStore.MostTags, (await world.SummaryAsync(runs[0])).Tags.Count);
        foreach (var bad in new[] { "", " ", new string('x', 41), "a\nb", "a\"b" })
        {
            Assert.Equal(CommandResult.Refused, (await store.TagAsync(runs, bad, Cancellation)).Outcome.Result);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_note_can_be_written_changed_and_removed(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var run = (await world.QueueAsync())[0];
        var store = world.Get<AnnotationStore>();

        Assert.Null((await store.NoteAsync(run, " <b>first</b> ", Cancellation)).Before);
        Assert.Equal("<b>first</b>", (await world.SummaryAsync(run)).Note);
        Assert.Equal("<b>first</b>", (await store.NoteAsync(run, "", Cancellation)).Before);
        Assert.Null((await world.SummaryAsync(run)).Note);
        Assert.Equal(CommandResult.NotFound, (await store.NoteAsync(999, "x", Cancellation)).Outcome.Result);
        Assert.Equal(CommandResult.Refused, (await store.NoteAsync(run, new string('x', AnnotationStore.LongestNote + 1), Cancellation)).Outcome.Result);
    }

    [Theory, OnBothDatabases]
    public async Task Views_are_kept_by_name_replaced_and_deleted(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var store = world.Get<AnnotationStore>();
        await store.SaveViewAsync("b", "?q=x", "ada", Cancellation);
        await store.SaveViewAsync("a", "", null, Cancellation);
        await store.SaveViewAsync("b", "?q=y", "eve", Cancellation);

        var views = await store.ViewsAsync(Cancellation);

        Assert.Equal([("a", "", null), ("b", "?q=y", "eve")], views.Select(view => (view.Name, view.Address, view.Owner)));
        Assert.Equal("?q=y", (await store.DeleteViewAsync(views[1].Id, Cancellation))!.Address);
        Assert.Null(await store.DeleteViewAsync(views[1].Id, Cancellation));
        foreach (var (name, address) in new[] { ("", "?q=x"), ("x", "https://example.org"), ("x", "?" + new string('q', AnnotationStore.LongestAddress)), (new string('x', 81), "") })
        {
            Assert.Equal(CommandResult.Refused, (await store.SaveViewAsync(name, address, null, Cancellation)).Result);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_runs_have_can_be_chosen_from(DatabaseKind kind)
    {
        await using var world = await TestWorld.CreateAsync(kind);
        var (_, journal) = await world.RunningAsync();
        await journal.Started().Points(1, ("loss", 1), ("a/gradient", 2)).Evaluation(1, 10).Evaluation(1, 9, nfe: 8).Evaluation(2, 8, nfe: 8, snapshot: 'b').ShipAsync();

        var terms = await world.Get<AnnotationStore>().TermsAsync(Cancellation);

        Assert.Equal(["a/gradient", "loss"], terms.Metrics);
        Assert.Equal(["fid[euler, nfe=4]", "fid[euler, nfe=8]"], terms.Evaluations.Select(evaluation => evaluation.Text));
        Assert.All(terms.Evaluations, evaluation => Assert.Equal(evaluation, RunFilter.ReadTerm(evaluation.Text).Term));
    }
}
