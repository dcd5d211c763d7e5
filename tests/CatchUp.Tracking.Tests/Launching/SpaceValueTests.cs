using CatchUp.Tracking.Launching;
using CatchUp.Tracking.Sweeps;

namespace CatchUp.Tracking.Tests.Launching;

public sealed class SpaceValueTests
{
    [Theory]
    [InlineData("1e-4, 3e-4", "choice")]
    [InlineData("[1, 2], [1, 2, 4]", "choice")]
    [InlineData("{kind: rectified-flow}, {kind: catch-up, order: rk12}", "choice")]
    [InlineData("{logUniform: [1e-4, 1e-2]}", "logUniform")]
    [InlineData("{uniform: [0, 0.3], step: 0.05, when: {coupling.kind: learned}}", "uniform")]
    [InlineData("{integer: [8, 64], step: 8, log: true}", "integer")]
    [InlineData("{normal: [0.1, 0.02], step: 0.01, within: [0, 1]}", "normal")]
    [InlineData("{choice: [a, b], when: {coupling.kind: [learned, reflow], network.kind: adm}}", "choice")]
    [InlineData("{fixed: 3, when: {coupling.kind: learned}}", "written")]
    public void Row_reads_as_fields_and_writes_as_it_was(string text, string form)
    {
        var value = SpaceValue.Read(text);

        Assert.Equal((form, text), (value.Form, value.Write()));
    }

    [Fact]
    public void Range_of_fields_is_a_range_of_the_file()
    {
        var draft = new SweepDraft
        {
            Name = "a",
            Space =
            [
                new("coupling.kind", "independent, learned"),
                new("coupling.klWeight", new SpaceValue { Form = "logUniform", First = " 1 ", Second = "100", When = "coupling.kind: learned" }.Write()),
            ],
            Method = "random",
            Search = [new("trials", "4")],
        };

        Assert.Contains("coupling.klWeight: {logUniform: [1, 100], when: {coupling.kind: learned}}", draft.ToYaml(), StringComparison.Ordinal);
        Assert.Empty(new SweepPlanner().Plan(draft.ToYaml()).Problems);
    }
}
