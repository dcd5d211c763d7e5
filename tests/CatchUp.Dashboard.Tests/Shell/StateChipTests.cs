using Bunit;
using CatchUp.Contracts.Runs;
using CatchUp.Contracts.Workers;
using CatchUp.Dashboard.Shell;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class StateChipTests
{
    [Fact]
    public void Every_state_has_its_own_word_icon_and_colour()
    {
        var states = Enum.GetValues<RunState>();

        Assert.Equal(states.Length, states.Select(RunStateLook.Word).Distinct().Count());
        Assert.Equal(states.Length, states.Select(RunStateLook.Icon).Distinct().Count());
        Assert.Equal(states.Length, states.Select(RunStateLook.Class).Distinct().Count());
    }

    [Theory]
    [InlineData(OrderKind.Continue, "running")]
    [InlineData(OrderKind.Pause, "pausing")]
    [InlineData(OrderKind.Cancel, "cancelling")]
    public void Running_run_says_what_it_was_asked_to_do(OrderKind order, string word)
    {
        using var browser = new BunitContext();

        var chip = browser.Render<StateChip>(parameters => parameters.Add(chip => chip.State, RunState.Running).Add(chip => chip.Order, order));

        Assert.Equal(word, chip.Find(".state-running").TextContent);
    }
}
