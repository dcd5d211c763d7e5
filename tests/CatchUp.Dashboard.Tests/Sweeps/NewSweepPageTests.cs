using AngleSharp.Dom;
using Bunit;
using CatchUp.Contracts.Presets;
using CatchUp.Dashboard.Sweeps;
using CatchUp.Dashboard.Tests.Support;
using CatchUp.Tracking.Sweeps;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Sweeps;

public sealed class NewSweepPageTests
{
    [Fact]
    public async Task Draft_that_is_typed_into_the_form_is_stored_as_it_was_planned()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new");
        page.WaitForAssertion(() => Assert.False(Launch(page).HasAttribute("disabled")));

        // On the page's own dispatcher, here and below, so that no drawing comes between finding a thing and using it.
        await page.InvokeAsync(() =>
        {
            page.Find("#form-name").Input("from the form");
            page.Find("#form-name").Blur();
        });
        page.WaitForAssertion(() => Assert.Equal("from the form", page.FindComponent<SweepForm>().Instance.Draft.Name));
        await page.InvokeAsync(() => Choice(page, "Catch-up RK12").Change(true));
        page.WaitForAssertion(() => Assert.Contains("2 trials", Words(page.Find(".plan-figures")), StringComparison.Ordinal));
        await page.InvokeAsync(() => Launch(page).Click());

        page.WaitForAssertion(() => Assert.Equal("sweeps/1", world.Address));
        var stored = await world.Services.GetRequiredService<SweepStore>().FindAsync(1, PageWorld.Cancellation);
        Assert.Equal("from the form", stored!.Summary.Name);
        Assert.Equal(2, stored.Summary.Runs);
    }

    [Theory]
    [InlineData("ada", "name: mine\n", "ada")]
    [InlineData("ada", "name: for another\nowner: grace\n", "grace")]
    [InlineData(null, "name: nobody's\n", null)]
    public async Task Sweep_belongs_to_who_has_signed_in_unless_its_file_says_whose_it_is(string? name, string file, string? owner)
    {
        await using var world = await PageWorld.CreateAsync();
        if (name is not null)
        {
            world.Access.SetAuthorized(name);
        }

        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        await TypeAsync(page, file);
        page.WaitForAssertion(() => Assert.Equal(file, page.FindComponent<YamlEditor>().Instance.Text));
        await page.InvokeAsync(() => Launch(page).Click());

        page.WaitForAssertion(() => Assert.Equal("sweeps/1", world.Address));
        Assert.Equal(owner, (await world.Services.GetRequiredService<SweepStore>().FindAsync(1, PageWorld.Cancellation))!.Summary.Owner);
        var sweep = world.Open<SweepPage>("/sweeps/1", parameters => parameters.Add(one => one.Id, 1));
        sweep.WaitForAssertion(() => Assert.Equal(owner, sweep.FindAll(".facts div").SingleOrDefault(fact => fact.QuerySelector("dt")!.TextContent == "Owner")?.QuerySelector("dd")!.TextContent));
    }

    [Fact]
    public async Task Schedule_that_is_typed_into_the_form_is_in_the_file_and_what_the_file_says_is_in_the_form()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        await TypeAsync(page, "name: night\nschedule:\n  window: 22:00-07:00 Europe/Berlin\n  requires:\n    labels: [a100, big]\n  restarts:\n    onLog: [{match: ECC, action: exclude-worker}]\nretention:\n  last: 2\n");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());

        page.WaitForAssertion(() => Assert.Equal("22:00-07:00 Europe/Berlin", Value("form-window")));
        Assert.Equal(("a100, big", "{match: ECC, action: exclude-worker}", "2", ""), (Value("form-labels"), Value("form-rules"), Value("form-last"), Value("form-memory")));

        await TypeIntoAsync("form-memory", "20GiB");
        await TypeIntoAsync("form-window", "now");
        page.WaitForAssertion(() => Assert.Contains("window", Words(page.Find(".problems")), StringComparison.Ordinal));
        await TypeIntoAsync("form-window", "");
        await page.InvokeAsync(() => page.Find("#form-keep").Change("all"));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#form-last")));

        Assert.Equal("name: night\nschedule:\n  requires:\n    labels: [a100, big]\n    memory: \"20GiB\"\n  restarts:\n    onLog: [{match: ECC, action: exclude-worker}]\nretention:\n  keep: all\n", await TextAsync(page));

        string? Value(string id) => page.Find($"#{id}").GetAttribute("value");

        async Task TypeIntoAsync(string id, string text)
        {
            await page.InvokeAsync(() =>
            {
                page.Find($"#{id}").Input(text);
                page.Find($"#{id}").Blur();
            });
            page.WaitForAssertion(() => Assert.Equal(text, Value(id) ?? ""));
        }
    }

    [Fact]
    public async Task File_with_an_unknown_key_shows_its_line_and_the_right_key_and_cannot_be_launched()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));

        await TypeAsync(page, "name: broken\nbase:\n  preset: fashion-tiny\n  trainnig: { iterations: 600 }\n");

        page.WaitForAssertion(() =>
        {
            var problem = Words(page.Find(".problems"));
            Assert.Contains("line 4", problem, StringComparison.Ordinal);
            Assert.Contains("training", problem, StringComparison.Ordinal);
            Assert.True(Launch(page).HasAttribute("disabled"));
        });
        Assert.Contains(4, page.FindComponent<YamlEditor>().Instance.ProblemLines);
    }

    [Fact]
    public async Task File_edited_as_yaml_fills_the_form()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));

        await TypeAsync(page, "name: by hand\nbase:\n  preset: fashion-tiny\n  training: { iterations: 77 }\nspace:\n  optimizer.learningRate: [1e-4, 1e-3]\n");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());

        page.WaitForAssertion(() => Assert.Equal("by hand", page.Find("#form-name").GetAttribute("value")));
        Assert.Equal("77", page.Find("[id='form-training.iterations']").GetAttribute("value"));
        Assert.Equal("optimizer.learningRate", page.Find("#space-key-0").GetAttribute("value"));
    }

    [Fact]
    public async Task Broken_yaml_leaves_a_way_out_of_the_form()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));

        await TypeAsync(page, "name: [unclosed\n  - : {");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());

        page.WaitForAssertion(() => Assert.Contains("Open the YAML", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("#form-name"));
    }

    [Fact]
    public async Task Draft_of_a_stored_sweep_is_its_file()
    {
        await using var world = await PageWorld.CreateAsync();
        const string File = "# why\nname: again\nbase: { preset: fashion-tiny }\n";
        var sweep = await world.SubmitAsync(File);

        var page = world.Open<NewSweepPage>($"/sweeps/new?fromSweep={sweep}");

        page.WaitForAssertion(() => Assert.Contains("A copy of the file of sweep again", page.Markup, StringComparison.Ordinal));
        Assert.Equal(File, await TextAsync(page));
    }

    [Fact]
    public async Task Draft_of_an_evaluation_names_the_run_and_repeats_its_protocol()
    {
        await using var world = await PageWorld.CreateAsync();
        await world.SubmitAsync("name: trained\nbase: { preset: fashion-tiny }\nevaluation: { nfe: [1, 2], samples: 300 }");

        var page = world.Open<NewSweepPage>("/sweeps/new?evaluate=1");

        page.WaitForAssertion(() => Assert.Contains("The results join those of that run", page.Markup, StringComparison.Ordinal));
        Assert.Equal(
            """
            name: Evaluate trained
            project: default
            base:
              kind: evaluate
              initialRun:
                run: "1"
            evaluation:
              solvers: [euler]
              nfe: [1, 2]
              heads: [1]
              metrics: [fid]
              samples: 300
              extractor: fashion-mnist-cnn-2

            """.ReplaceLineEndings("\n"),
            await TextAsync(page));
    }

    [Theory]
    [InlineData("evaluate=77")]
    [InlineData("fromSweep=77")]
    [InlineData("fromRun=77")]
    [InlineData("fromRun=no-id")]
    public async Task Draft_of_what_does_not_exist_says_so(string query)
    {
        await using var world = await PageWorld.CreateAsync();

        var page = world.Open<NewSweepPage>($"/sweeps/new?{query}");

        page.WaitForAssertion(() => Assert.Contains("may have been deleted", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Form_edits_the_file_and_keeps_its_comments()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        const string File = "# why\nname: mine   # short\nbase: { preset: fashion-tiny, training: { iterations: 77 } } # one line\nspace:\n  # the question\n  optimizer.learningRate: { logUniform: [1e-4, 1e-2] }\nsearch: { method: random, trials: 4 }\n";
        await TypeAsync(page, File);
        await page.InvokeAsync(() => page.Find("#tab-form").Click());
        page.WaitForAssertion(() => Assert.Equal("4", page.Find("#form-trials").GetAttribute("value")));
        Assert.Equal(("logUniform", "1e-4", "1e-2"), (page.Find("#space-form-0").GetAttribute("value"), page.Find("#space-first-0").GetAttribute("value"), page.Find("#space-second-0").GetAttribute("value")));

        await TypeIntoAsync(page, "form-trials", "8");
        await TypeIntoAsync(page, "space-second-0", "1e-1");
        page.WaitForAssertion(() => Assert.Contains("8 trials", Words(page.Find(".plan-figures")), StringComparison.Ordinal));

        Assert.Equal(File.Replace("trials: 4", "trials: 8", StringComparison.Ordinal).Replace("{ logUniform: [1e-4, 1e-2] }", "{ logUniform: [1e-4, 1e-1] }", StringComparison.Ordinal), await TextAsync(page));
    }

    [Fact]
    public async Task Range_condition_and_constraint_are_typed_into_rows_and_a_mistake_is_said_at_its_field()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        await TypeAsync(page, "name: a\nbase: { preset: fashion-tiny }\nspace:\n  coupling.kind: [independent, learned]\n  coupling.klWeight: [1, 100]\n");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#space-form-1")));

        await page.InvokeAsync(() => page.Find("#form-method").Change("tpe"));
        await page.InvokeAsync(() => page.Find("#space-form-1").Change("logUniform"));
        page.WaitForAssertion(() => Assert.Equal("100", page.Find("#space-second-1").GetAttribute("value")));
        await TypeIntoAsync(page, "space-when-1", "coupling.kind: lerned");
        page.WaitForAssertion(() => Assert.Contains("lerned", Words(page.Find(".space-row:nth-of-type(2) .conditions")), StringComparison.Ordinal));
        await TypeIntoAsync(page, "space-when-1", "coupling.kind: learned");
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Contains("Add a constraint", StringComparison.Ordinal)).Click());
        await TypeIntoAsync(page, "constraint-0", "coupling.klWeight <");
        page.WaitForAssertion(() => Assert.NotEqual("", Words(page.Find(".constraint")).Replace("Constraint 1", "", StringComparison.Ordinal)));
        await TypeIntoAsync(page, "constraint-0", "coupling.klWeight < 50");

        page.WaitForAssertion(() => Assert.Contains("32 trials", Words(page.Find(".plan-figures")), StringComparison.Ordinal));
        var text = await TextAsync(page);
        Assert.Contains("  coupling.klWeight: {logUniform: [1, 100], when: {coupling.kind: learned}}\n", text, StringComparison.Ordinal);
        Assert.Contains("constraints:\n  - \"coupling.klWeight < 50\"\n", text, StringComparison.Ordinal);
        Assert.Contains("method: tpe", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rungs_over_samples_are_chosen_with_their_gates_and_taken_back()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        await TypeAsync(page, "name: a\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-2] } }\nevaluation: { samples: 1000 }\nsearch: { method: random, trials: 8, stopping: { first: 100 } }\n");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());
        page.WaitForAssertion(() => Assert.Equal("100", page.Find("#form-first").GetAttribute("value")));

        await page.InvokeAsync(() => page.Find("#form-resource").Change("samples"));
        page.WaitForAssertion(() => Assert.Equal("100", page.Find("#form-gates").GetAttribute("value")));
        Assert.Empty(page.FindAll("#form-first"));
        page.WaitForAssertion(() => Assert.False(Launch(page).HasAttribute("disabled")));
        await TypeIntoAsync(page, "form-gates", "50, 2000");
        page.WaitForAssertion(() => Assert.Contains("2000 is not below the 1000", page.Markup, StringComparison.Ordinal));
        await TypeIntoAsync(page, "form-gates", "50, 200");
        page.WaitForAssertion(() => Assert.False(Launch(page).HasAttribute("disabled")));
        var text = await TextAsync(page);
        Assert.Contains("gates: [50, 200]", text, StringComparison.Ordinal);
        Assert.Contains("resource: samples", text, StringComparison.Ordinal);
        Assert.DoesNotContain("first", text, StringComparison.Ordinal);

        // Edited in the file, it is in the form; without such rungs the gates are a row like any other key.
        await TypeAsync(page, text.Replace("[50, 200]", "[40]", StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find("#tab-form").Click());
        page.WaitForAssertion(() => Assert.Equal("40", page.Find("#form-gates").GetAttribute("value")));
        Assert.DoesNotContain(page.FindComponents<KeyRows>().SelectMany(rows => rows.Instance.Rows), row => row.Path == "evaluation.gates");
        await page.InvokeAsync(() => page.Find("#form-resource").Change(""));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#form-first")));
        text = await TextAsync(page);
        Assert.DoesNotContain("gates", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resource", text, StringComparison.Ordinal);
        await TypeAsync(page, "name: a\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: { logUniform: [1e-4, 1e-2] } }\nevaluation: { gates: [30] }\nsearch: { method: random, trials: 8, stopping: { first: 100 } }\n");
        await page.InvokeAsync(() => page.Find("#tab-form").Click());
        page.WaitForAssertion(() => Assert.Contains(page.FindComponents<KeyRows>().SelectMany(rows => rows.Instance.Rows), row => row.Path == "evaluation.gates"));
        await page.InvokeAsync(() => page.Find("#form-resource").Change("samples"));
        page.WaitForAssertion(() => Assert.Equal("30", page.Find("#form-gates").GetAttribute("value")));
        Assert.DoesNotContain(page.FindComponents<KeyRows>().SelectMany(rows => rows.Instance.Rows), row => row.Path == "evaluation.gates");
    }

    [Fact]
    public async Task Plan_warns_names_the_sweep_that_tried_the_same_and_lets_launch_all_the_same()
    {
        await using var world = await PageWorld.CreateAsync();
        const string File = "name: few\nbase: { preset: fashion-tiny }\nevaluation: { samples: 20 }\n";
        var sweep = await world.SubmitAsync(File);
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));

        await TypeAsync(page, File.Replace("few", "another", StringComparison.Ordinal));

        page.WaitForAssertion(() => Assert.Contains("evaluation.samples", Words(page.Find(".warnings")), StringComparison.Ordinal));
        Assert.Equal($"/sweeps/{sweep}", page.Find(".twins a").GetAttribute("href"));
        Assert.False(Launch(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task Ready_experiment_fills_the_draft_and_the_draft_before_it_can_be_had_back()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#form-name")));
        await TypeIntoAsync(page, "form-name", "my own");
        page.WaitForAssertion(() => Assert.Equal("my own", page.FindComponent<SweepForm>().Instance.Draft.Name));

        await page.InvokeAsync(() => page.FindAll("button.ready-card").Single(card => card.TextContent.Trim() == "rk-orders").Click());
        page.WaitForAssertion(() => Assert.Contains("18 runs", Words(page.Find(".plan-figures")), StringComparison.Ordinal));
        Assert.StartsWith("# Does a higher order pay?", await TextAsync(page), StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".draft-note button").First(button => button.TextContent.Contains("Open that draft", StringComparison.Ordinal)).Click());

        Assert.Contains("name: my own", await TextAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_say_what_a_run_costs_measured_or_estimated()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new");

        page.WaitForAssertion(() => Assert.Equal(PresetCatalog.All.Count, page.FindAll(".card .card-cost").Count));
        Assert.All(page.FindAll(".card .card-cost"), cost => Assert.Contains("estimated", cost.TextContent, StringComparison.Ordinal));
        Assert.All(page.FindAll(".ready li"), card => Assert.True(card.QuerySelector(".card-text")!.TextContent.Length > 20, card.TextContent));
    }

    [Fact]
    public async Task Draft_of_a_hundred_thousand_trials_is_planned_without_them()
    {
        await using var world = await PageWorld.CreateAsync();
        var page = world.Open<NewSweepPage>("/sweeps/new?tab=yaml");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));

        await TypeAsync(page, "name: many\nbase: { preset: fashion-tiny }\nspace: { optimizer.learningRate: { logUniform: [1e-5, 1e-2] } }\nsearch: { method: tpe, trials: 100000 }\n");

        page.WaitForAssertion(() => Assert.Contains("100,000 runs", Words(page.Find(".plan-figures")), StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("not predicted for so many runs", Words(page.Find(".plan-facts")), StringComparison.Ordinal));
        Assert.Equal(10, page.FindAll(".plan-table tbody tr").Count);
        Assert.Contains("Would begin with", page.Markup, StringComparison.Ordinal);
    }

    private static async Task TypeIntoAsync(IRenderedComponent<NewSweepPage> page, string id, string text)
    {
        await page.InvokeAsync(() =>
        {
            page.Find($"#{id}").Input(text);
            page.Find($"#{id}").Blur();
        });
        page.WaitForAssertion(() => Assert.Equal(text, page.Find($"#{id}").GetAttribute("value") ?? ""));
    }

    /// <summary>The text that would be launched, as the editor has it.</summary>
    private static async Task<string> TextAsync(IRenderedComponent<NewSweepPage> page)
    {
        await page.InvokeAsync(() => page.Find("#tab-yaml").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#sweep-yaml")));
        return page.FindComponent<YamlEditor>().Instance.Text;
    }

    private static Task TypeAsync(IRenderedComponent<NewSweepPage> page, string text)
    {
        var editor = page.FindComponent<YamlEditor>();
        return editor.InvokeAsync(() => editor.Instance.TextChanged.InvokeAsync(text));
    }

    private static IElement Launch(IRenderedComponent<NewSweepPage> page) => page.Find("button.launch");

    private static IElement Choice(IRenderedComponent<NewSweepPage> page, string title) =>
        page.FindAll("label.choice").Single(label => label.TextContent.Contains(title, StringComparison.Ordinal)).QuerySelector("input")!;

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
