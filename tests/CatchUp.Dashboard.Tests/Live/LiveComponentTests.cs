using System.Collections.Concurrent;
using System.Diagnostics;
using Bunit;
using CatchUp.Dashboard.Live;
using CatchUp.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CatchUp.Dashboard.Tests.Live;

public sealed class LiveComponentTests
{
    [Fact]
    public async Task What_was_asked_for_last_is_shown_also_when_it_is_read_sooner()
    {
        await using var world = await PageWorld.CreateAsync();
        var shelf = new Shelf();
        shelf.Give("one");
        var page = world.Open<Reader>("/", parameters => parameters.Add(reader => reader.Shelf, shelf).Add(reader => reader.Wanted, "one"));
        page.WaitForAssertion(() => Assert.Equal("one", page.Markup));

        page.Render(parameters => parameters.Add(reader => reader.Wanted, "two"));
        page.Render(parameters => parameters.Add(reader => reader.Wanted, "three"));
        shelf.Give("three");
        shelf.Give("two");

        page.WaitForAssertion(() => Assert.Equal(3, page.Instance.Readings));
        page.Render();
        Assert.Equal("three", page.Markup);
    }

    [Fact]
    public async Task However_often_it_is_told_while_it_reads_it_reads_once_more()
    {
        await using var world = await PageWorld.CreateAsync();
        var shelf = new Shelf();
        var page = world.Open<Reader>("/", parameters => parameters.Add(reader => reader.Shelf, shelf).Add(reader => reader.Wanted, "one"));
        var told = Enumerable.Range(0, 5).Select(_ => page.InvokeAsync(page.Instance.TellAsync)).ToList();

        shelf.Give("one");

        await Task.WhenAll(told).WaitAsync(TimeSpan.FromMinutes(1), Xunit.TestContext.Current.CancellationToken);
        Assert.Equal(["one", "one"], shelf.Asked);
    }

    [Fact]
    public async Task News_is_not_read_before_the_browser_has_drawn_the_news_before()
    {
        var time = new FakeTimeProvider();
        var feed = new ChangeFeed(time, NullLogger<ChangeFeed>.Instance);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(feed).BuildServiceProvider();
        await using var browser = new SlowBrowser(services);
        var shelf = new Shelf();
        shelf.Give("one");
        var opened = browser.OpenAsync<Reader>(new Dictionary<string, object?> { [nameof(Reader.Shelf)] = shelf, [nameof(Reader.Wanted)] = "one" });
        await browser.DrawUntilAsync(() => opened.IsCompleted);
        var read = shelf.Asked.Count;

        feed.Publish(new(Run: new() { RunId = 1 }));
        await SlowBrowser.UntilAsync(() => shelf.Asked.Count == read + 1);
        for (var i = 0; i < 20; i++)
        {
            feed.Publish(new(Run: new() { RunId = 1 }));
            time.Advance(ChangeFeed.Throttle);
            await Task.Delay(10, Xunit.TestContext.Current.CancellationToken);
        }

        Assert.Equal(read + 1, shelf.Asked.Count);
        await browser.DrawUntilAsync(() =>
        {
            time.Advance(ChangeFeed.Throttle);
            return shelf.Asked.Count == read + 2;
        });
    }

#pragma warning disable BL0006 // The framework's own types: what a circuit waits for can be held back only there.
    /// <summary>A browser that says that it has drawn when the test lets it, as a circuit's does over the network.</summary>
    private sealed class SlowBrowser(IServiceProvider services) : Renderer(services, services.GetRequiredService<ILoggerFactory>())
    {
        private readonly ConcurrentQueue<TaskCompletionSource> _drawing = new();

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public Task OpenAsync<TPage>(IDictionary<string, object?> parameters)
            where TPage : IComponent => Dispatcher.InvokeAsync(() => RenderRootComponentAsync(AssignRootComponentId(InstantiateComponent(typeof(TPage))), ParameterView.FromDictionary(parameters)));

        public Task DrawUntilAsync(Func<bool> reached) => UntilAsync(() =>
        {
            while (_drawing.TryDequeue(out var drawing))
            {
                drawing.SetResult();
            }

            return reached();
        });

        public static async Task UntilAsync(Func<bool> reached)
        {
            for (var patience = Stopwatch.StartNew(); !reached(); await Task.Delay(5))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "It never happened.");
            }
        }

        protected override void HandleException(Exception exception) => throw exception;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
        {
            var drawing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _drawing.Enqueue(drawing);
            return drawing.Task;
        }
    }
#pragma warning restore BL0006

    /// <summary>Gives what it is asked for when the test lets it.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<string, TaskCompletionSource> _given = [];

        public List<string> Asked { get; } = [];

        public async Task<string> FindAsync(string name)
        {
            Asked.Add(name);
            await Place(name).Task;
            return name;
        }

        public void Give(string name) => Place(name).TrySetResult();

        private TaskCompletionSource Place(string name)
        {
            lock (_given)
            {
                return _given.TryGetValue(name, out var place) ? place : _given[name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private sealed class Reader : LiveComponent
    {
        private string? _read;
        private string? _found;

        [Parameter] public Shelf Shelf { get; set; } = null!;

        [Parameter] public string Wanted { get; set; } = "";

        // Only what the test says.
        protected override TimeSpan RefreshEvery => TimeSpan.FromHours(1);

        public int Readings { get; private set; }

        public Task TellAsync() => ReloadAsync();

        protected override bool Concerns(Change change) => true;

        protected override async Task OnParametersSetAsync()
        {
            if (Loaded && _read != Wanted)
            {
                await ReloadAsync();
            }
        }

        protected override async Task LoadAsync(CancellationToken cancellation)
        {
            _read = Wanted;
            _found = await Shelf.FindAsync(Wanted);
            Readings++;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, _found);
    }
}
