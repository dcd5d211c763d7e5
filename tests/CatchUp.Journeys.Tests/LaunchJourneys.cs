using System.Text.RegularExpressions;
using CatchUp.Journeys.Tests.Browser;
using CatchUp.Journeys.Tests.Platform;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CatchUp.Journeys.Tests;

/// <summary>Launching a sweep with the keyboard alone, in a real Chromium against the real product.</summary>
public sealed partial class LaunchJourneys
{
    [Fact]
    public async Task Someone_new_launches_a_sensible_sweep_by_keyboard()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        await page.GotoAsync("/sweeps/new");
        await Expect(page.Locator("#form-name")).ToBeVisibleAsync();

        // The ready experiments unfold, and one fills the draft.
        await TabToAsync(page, "summary");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "button.ready-card");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".draft-note").First).ToContainTextAsync("ready experiment");
        var plan = page.GetByRole(AriaRole.Complementary, new() { Name = "Plan" });
        await Expect(plan).ToContainTextAsync("of checkpoints kept");

        // One field is changed, and the plan follows.
        await TabToAsync(page, "#form-replicates");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("2");
        await Expect(plan).ToContainTextAsync("2 replicates");
        await tab.AssertAccessibleAsync("new sweep with cards");

        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page).ToHaveURLAsync(SweepAddress(), new() { Timeout = 60_000 });
        tab.AssertNoComplaints();
    }

    [Fact]
    public async Task A_sweep_is_written_with_completion_and_its_comments_survive_the_form()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var home = new TemporaryFolder();
        await using var platform = new PlatformProcess(home.Path);
        await platform.StartAsync(cancellation);
        await using var browser = await ChromiumBrowser.StartAsync();
        await using var tab = await browser.OpenAsync(platform.Address);
        var page = tab.Page;
        await page.GotoAsync("/sweeps/new?tab=yaml");
        var yaml = page.GetByRole(AriaRole.Textbox, new() { NameRegex = Yaml() });
        await yaml.FillAsync("# mine\nname: typed\nbase:\n  preset: fashion-tiny # small\nsearch: { method: tpe, trials: 100000 }\nspace:\n  ");

        // A key of the space by its beginning, its form by its own, explained below.
        await yaml.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("optimizer.learn");
        var list = page.GetByRole(AriaRole.Listbox, new() { Name = "Completions" });
        await Expect(list.GetByRole(AriaRole.Option).First).ToContainTextAsync("optimizer.learningRate");
        await page.Keyboard.PressAsync("Tab");
        await Expect(yaml).ToHaveValueAsync(LearningRate());
        await page.Keyboard.TypeAsync("{ logU");
        await Expect(list.GetByRole(AriaRole.Option).First).ToContainTextAsync("each decade alike");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("[1e-4, 1e-2] }");
        await page.Keyboard.PressAsync("Escape");
        var plan = page.GetByRole(AriaRole.Complementary, new() { Name = "Plan" });

        // A hundred thousand trials are planned without being written out, and the page still answers.
        await Expect(plan).ToContainTextAsync("100,000 runs");
        await Expect(plan).ToContainTextAsync("not predicted for so many runs");
        await tab.AssertAccessibleAsync("new sweep as YAML");

        await page.GetByRole(AriaRole.Tab, new() { NameRegex = Form() }).ClickAsync();
        await page.GetByLabel("Trials", new() { Exact = true }).FillAsync("12");
        await Expect(plan).ToContainTextAsync("12 runs");
        await page.GetByRole(AriaRole.Tab, new() { NameRegex = Yaml() }).ClickAsync();
        await Expect(yaml).ToHaveValueAsync("# mine\nname: typed\nbase:\n  preset: fashion-tiny # small\nsearch: { method: tpe, trials: 12 }\nspace:\n  optimizer.learningRate: { logUniform: [1e-4, 1e-2] }");

        // Another program's search, with what is lost on the way.
        await page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("method: bayes\nprogram: train.py\nrun_cap: 6\nparameters:\n  lr: { distribution: log_uniform_values, min: 1e-4, max: 1e-2 }\n");
        await Expect(dialog.GetByRole(AriaRole.List, new() { Name = "What could not be kept" })).ToContainTextAsync("program");
        await tab.AssertAccessibleAsync("import");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make it the draft" }).ClickAsync();
        await Expect(yaml).ToHaveValueAsync(Imported());
        await Expect(plan).ToContainTextAsync("6 runs");

        // Far too large a file is refused in words, and the page lives on.
        await yaml.FillAsync("name: large\n# " + new string('x', 2_000_000));
        await Expect(page.GetByText("The sweep file is larger than 256 kB.").First).ToBeVisibleAsync();
        await yaml.FillAsync("name: small\nbase: { preset: fashion-tiny }\nreplicates: 7\n");
        await Expect(plan).ToContainTextAsync("7 runs");

        // The schema is there for editors.
        var schema = await page.APIRequest.GetAsync(new Uri(platform.Address, "/api/v1/schemas/sweep.json").ToString());
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (await schema.JsonAsync())!.Value.GetProperty("$schema").GetString());
        tab.AssertNoComplaints();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 150; presses++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not come to {selector}.");
    }

    [GeneratedRegex(@"/sweeps/\d+")]
    private static partial Regex SweepAddress();

    [GeneratedRegex("YAML")]
    private static partial Regex Yaml();

    [GeneratedRegex("Form")]
    private static partial Regex Form();

    [GeneratedRegex("optimizer.learningRate: $")]
    private static partial Regex LearningRate();

    [GeneratedRegex("^# Imported from Weights & Biases")]
    private static partial Regex Imported();
}
