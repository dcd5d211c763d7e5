using Bunit;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Dashboard.Workers;
using CatchUp.Tracking.Workers;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace CatchUp.Dashboard.Tests.Workers;

public sealed class WorkersPageTests
{
    [Fact]
    public async Task Worker_is_listed_with_its_slot_data_sets_and_run()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: work\nbase: { preset: fashion-tiny }\n");
        await world.BeatAsync(null);
        var run = await world.ClaimAsync();
        await world.BeatAsync(run);

        var page = world.Open<WorkersPage>("/workers");

        page.WaitForAssertion(() => Assert.Contains(run.Name, page.Find(".slot-run").TextContent, StringComparison.Ordinal));
        var words = page.Find(".worker").TextContent;
        Assert.Contains("test-worker", words, StringComparison.Ordinal);
        Assert.Contains("busy", words, StringComparison.Ordinal);
        Assert.Contains("1 of 1 slot taken", words, StringComparison.Ordinal);
        Assert.Contains("1.2.3", words, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist-10k", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_without_workers_says_what_to_expect()
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<WorkersPage>("/workers");

        page.WaitForAssertion(() => Assert.Contains("No worker has reported yet.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("CATCHUP_WORKER_TOKEN=a token made here", page.Find(".worker-command").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_is_drained_after_a_question_and_takes_runs_again()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.BeatAsync(null);
        var dialogs = world.Open<MudDialogProvider>("/workers");
        var page = world.Open<WorkersPage>("/workers");
        page.WaitForAssertion(() => Assert.Equal("ready", page.Find(".presence").TextContent));

        await page.InvokeAsync(() => page.FindComponent<WorkerActions>().FindComponent<MudMenu>().Instance.OpenMenuAsync(EventArgs.Empty));
        var menu = world.Open<MudPopoverProvider>("/workers");
        menu.WaitForAssertion(() => Assert.NotEmpty(menu.FindAll(".mud-menu-item")));
        var items = menu.FindAll(".mud-menu-item");
        Assert.Equal(["Drain: end its runs", "Remove"], items.Select(item => item.TextContent.Trim()));
        // Ends with the dialog that it opens.
        var drained = items[0].ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        dialogs.WaitForAssertion(() => Assert.Contains("test-worker gets no more runs until it is told to take them again", dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal("ready", page.Find(".presence").TextContent);
        await dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Drain").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

        await drained;
        page.WaitForAssertion(() => Assert.Equal("draining", page.Find(".presence").TextContent));
        await world.Services.GetRequiredService<WorkerStore>().UndrainAsync(world.Incarnation, PageWorld.Cancellation);
        page.WaitForAssertion(() => Assert.Equal("ready", page.Find(".presence").TextContent));
    }

    [Fact]
    public async Task Token_is_made_in_a_dialog_and_shown_there_alone()
    {
        await using var world = await PageWorld.CreateAsync();
        var dialogs = world.Open<MudDialogProvider>("/workers");
        var page = world.Open<WorkersPage>("/workers");
        page.WaitForAssertion(() => Assert.NotNull(page.FindComponent<WorkerTokens>()));

        // Ends with the dialog that it opens.
        var made = page.FindAll("button").Single(button => button.TextContent.Trim() == "Make a token").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        dialogs.WaitForAssertion(() => Assert.NotNull(dialogs.Find("input")));
        await dialogs.Find("input").InputAsync("lab-3");
        await dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Make the token").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        dialogs.WaitForAssertion(() => Assert.StartsWith("catchup_worker_", dialogs.Find("input").GetAttribute("value"), StringComparison.Ordinal));
        var secret = dialogs.Find("input").GetAttribute("value")!;
        Assert.Contains($"CATCHUP_WORKER_TOKEN={secret}", dialogs.Markup, StringComparison.Ordinal);
        await dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "I have copied it").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());

        await made;
        page.WaitForAssertion(() => Assert.Contains("lab-3", page.Find(".worker-tokens").TextContent, StringComparison.Ordinal));
        Assert.Contains("never", page.Find(".worker-tokens").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.NotNull(await world.Services.GetRequiredService<WorkerTokenStore>().FindAsync(secret, PageWorld.Cancellation));
    }
}
