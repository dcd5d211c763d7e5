using CatchUp.Dashboard.Sweeps;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Dashboard.Tests.Sweeps;

public sealed class ObjectiveChoicesTests
{
    public static TheoryData<string> EverySet() =>
        new(Enumerable.Range(1, 15).Select(bits => string.Join(' ', ObjectiveChoices.All.Where((_, index) => (bits >> index & 1) == 1))));

    [Theory]
    [MemberData(nameof(EverySet))]
    public void Choices_that_went_through_the_file_are_the_same_and_each_is_one_trial(string set)
    {
        var chosen = set.Split(' ');
        var yaml = ObjectiveChoices.Apply(new SweepDraft { Name = "objectives", Preset = "fashion-tiny" }, chosen).ToYaml();

        var reading = SweepDraft.FromYaml(yaml);
        var plan = new SweepPlanner().Plan(yaml);

        Assert.NotNull(reading.Draft);
        var choices = ObjectiveChoices.Of(reading.Draft);
        Assert.True(choices.IsPlain);
        Assert.Equal(ObjectiveChoices.All.Where(chosen.Contains), choices.Chosen);
        Assert.Empty(plan.Problems);
        Assert.Equal(chosen.Length, plan.Trials);
    }

    [Fact]
    public void Choices_of_the_demo_are_all_four()
    {
        var demo = new SweepDraft { Space = [new DraftEntry("objective", "[{kind: rectified-flow}, {kind: catch-up, order: rk12}, {kind: catch-up, order: rk23}, {order: rk34, kind: catch-up}]")] };

        Assert.Equal(ObjectiveChoices.All, ObjectiveChoices.Of(demo).Chosen);
    }

    [Theory]
    [InlineData("objective", "{kind: catch-up, order: rk12, delta: rule}, {kind: rectified-flow}")]
    [InlineData("objective", "rectified-flow")]
    [InlineData("objective", "{kind: catch-up")]
    [InlineData("objective.order", "rk12, rk23")]
    [InlineData("objective.kind", "{ sample: 3 }")]
    public void Choices_do_not_pretend_to_hold_what_boxes_cannot_say(string path, string text)
    {
        // Rectified flow beside several orders would be runs that differ in nothing.
        var choices = ObjectiveChoices.Of(new SweepDraft { Space = [new DraftEntry(path, text)] });

        Assert.False(choices.IsPlain);
    }

    [Fact]
    public void Choosing_leaves_the_other_keys_alone()
    {
        var draft = new SweepDraft { Overrides = [new DraftEntry("training.iterations", "600"), new DraftEntry("objective.delta", "rule")], Space = [new DraftEntry("optimizer.learningRate", "1e-4, 1e-3")] };

        var changed = ObjectiveChoices.Apply(ObjectiveChoices.Apply(draft, ["rk12", "rk34"]), ["rectified-flow"]);

        Assert.Contains(new DraftEntry("objective.delta", "rule"), changed.Overrides);
        Assert.Contains(new DraftEntry("training.iterations", "600"), changed.Overrides);
        Assert.Equal(draft.Space, changed.Space);
    }
}
