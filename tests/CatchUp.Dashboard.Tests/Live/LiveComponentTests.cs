using Bunit;
using CatchUp.Dashboard.Live;
using CatchUp.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

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

        protected override bool Concerns(Change change) => false;

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
