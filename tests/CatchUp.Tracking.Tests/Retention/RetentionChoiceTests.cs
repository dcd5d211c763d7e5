using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Runs;
using CatchUp.Tracking.Retention;
using CatchUp.Tracking.Runs;

namespace CatchUp.Tracking.Tests.Retention;

public sealed class RetentionChoiceTests
{
    [Theory]
    [InlineData(RunState.Completed, "c300")]
    [InlineData(RunState.Failed, "c200 c300")]
    [InlineData(RunState.Cancelled, "c200 c300")]
    [InlineData(RunState.Pruned, "c200 c300")]
    [InlineData(RunState.Paused, "c100 c200 c300")]
    [InlineData(RunState.Queued, "c100 c200 c300")]
    public void Run_that_may_be_tried_again_keeps_the_newest_checkpoint_that_has_arrived(RunState state, string kept)
        => Assert.Equal(kept, Kept(state, new RetentionPolicy(1, 0), [Checkpoint(1, 100), Checkpoint(2, 200), Checkpoint(3, 300)], stored: "c200"));

    [Fact]
    public void Steps_count_and_not_files_and_each_kind_by_itself()
        => Assert.Equal("c200 c200b c300 s200 s50", Kept(RunState.Completed, new RetentionPolicy(2, 0), [Checkpoint(1, 100), Checkpoint(2, 200), Checkpoint(3, 200, "c200b"), Checkpoint(4, 300), Snapshot(5, 50), Snapshot(6, 200)]));

    [Fact]
    public void Best_are_snapshots_in_the_order_of_the_ranking()
        => Assert.Equal("s100 s300 s400", Kept(RunState.Completed, new RetentionPolicy(1, 2), [Snapshot(1, 100), Snapshot(2, 200), Snapshot(3, 300), Snapshot(4, 400)], ranking: ["s300", "s100", "s200"]));

    [Fact]
    public void Newest_snapshot_is_meant_by_a_child_that_names_no_step()
        => Assert.Equal("c300 s200", Kept(RunState.Completed, new RetentionPolicy(1, 0), [Checkpoint(1, 300), Snapshot(2, 100), Snapshot(3, 200)], needed: [0]));

    [Fact]
    public void What_the_trainer_dropped_does_not_count_as_one_of_the_last()
        => Assert.Equal("c100", Kept(RunState.Completed, new RetentionPolicy(1, 0), [Checkpoint(1, 100), Checkpoint(2, 200, removed: true)]));

    [Theory]
    [InlineData("last=2,best=3", "last 2, best 3")]
    [InlineData("last=2", "last 2, best 1")]
    [InlineData(" best=0 ", "last 1")]
    [InlineData("all", "everything")]
    public void Policy_of_a_server_is_read(string text, string words) => Assert.Equal(words, RetentionPolicy.Words(RetentionPolicy.Parse(text)));

    [Theory]
    [InlineData("")]
    [InlineData("last=0")]
    [InlineData("last=-1")]
    [InlineData("best=1001")]
    [InlineData("first=2")]
    [InlineData("last=2;best=1")]
    public void Policy_that_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => RetentionPolicy.Parse(text));

    private static string Kept(RunState state, RetentionPolicy policy, CheckpointEntity[] files, string[]? ranking = null, int[]? needed = null, string? stored = null)
    {
        var free = RetentionChoice.Free(state, policy, files, ranking ?? [], needed ?? [], sha256 => stored is null || sha256 == stored);
        return string.Join(' ', files.Except(free).Select(file => file.Sha256).Order(StringComparer.Ordinal));
    }

    private static CheckpointEntity Checkpoint(long id, int step, string? name = null, bool removed = false) => new() { Id = id, Type = CheckpointKind.Checkpoint, Step = step, Sha256 = name ?? $"c{step}", Removed = removed };

    private static CheckpointEntity Snapshot(long id, int step) => new() { Id = id, Type = CheckpointKind.Snapshot, Step = step, Sha256 = $"s{step}" };
}
