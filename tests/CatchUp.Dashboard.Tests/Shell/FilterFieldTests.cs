using Bunit;
using CatchUp.Dashboard.Shell;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace CatchUp.Dashboard.Tests.Shell;

public sealed class FilterFieldTests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly BunitContext _browser = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];

    public FilterFieldTests()
    {
        _browser.JSInterop.Mode = JSRuntimeMode.Loose;
        _browser.Services.AddMudServices();
        _browser.Services.AddSingleton<TimeProvider>(_time);
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task The_list_is_told_once_when_typing_pauses()
    {
        var field = Open();

        Type(field, "ni");
        await WaitAsync(Pause / 2);
        Type(field, "night ");
        await WaitAsync(Pause / 2);
        Assert.Empty(_told);
        await WaitAsync(Pause / 2);

        field.WaitForAssertion(() => Assert.Equal(["night"], _told));
        Assert.Equal("night ", Text(field));
    }

    [Fact]
    public async Task What_is_typed_stays_whatever_the_page_draws_meanwhile()
    {
        var field = Open();

        Type(field, "night");
        Give(field, "");
        Assert.Equal("night", Text(field));
        await WaitAsync(Pause);
        field.WaitForAssertion(() => Assert.Equal(["night"], _told));

        // The page draws once more before the new address has come back, then with it, when more has been typed.
        Give(field, "");
        Type(field, "night 2");
        Give(field, "night");

        Assert.Equal("night 2", Text(field));
    }

    [Fact]
    public async Task Text_from_elsewhere_replaces_what_is_typed()
    {
        var field = Open();

        Type(field, "night");
        Give(field, "morning");
        await WaitAsync(Pause);

        Assert.Equal("morning", Text(field));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Field_that_is_left_tells_nothing_more()
    {
        Type(Open(), "night");

        await _browser.DisposeComponentsAsync();
        await WaitAsync(Pause);

        Assert.Empty(_told);
    }

    private IRenderedComponent<FilterField> Open() => _browser.Render<FilterField>(parameters => parameters
        .Add(field => field.Value, "")
        .Add(field => field.ValueChanged, _told.Add)
        .Add(field => field.Label, "Name")
        .Add(field => field.Id, "name"));

    private static void Give(IRenderedComponent<FilterField> field, string value) => field.Render(parameters => parameters.Add(shown => shown.Value, value));

    private static void Type(IRenderedComponent<FilterField> field, string text) => field.Find("input").Input(text);

    private static string? Text(IRenderedComponent<FilterField> field) => field.Find("input").GetAttribute("value");

    private Task WaitAsync(TimeSpan time)
    {
        _time.Advance(time);
        // What the end of the wait began stands before this in the same line.
        return _browser.Renderer.Dispatcher.InvokeAsync(() => { });
    }
}
