using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CatchUp.Journeys.Tests.Browser;

/// <summary>A tab that remembers every console error, every page error and every request to another host.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public WatchedPage(IBrowserContext context, IPage page, Uri address)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"page error: {error}");
        page.Request += (_, request) =>
        {
            var target = new Uri(request.Url);
            if (target.Scheme is not ("data" or "blob") && target.Authority != address.Authority)
            {
                _complaints.Enqueue($"request outside the host: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public void AssertNoComplaints() => Assert.Empty(_complaints);

    public void ForgetComplaints() => _complaints.Clear();

    /// <summary>Nothing that axe calls serious or critical.</summary>
    public async Task AssertAccessibleAsync(string where)
    {
        // Of what is right only that it is: its places are most of the answer.
        var results = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        var serious = results.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{where}: {violation.Id} ({violation.Impact}): {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(Describe))}");
        Assert.True(!serious.Any(), string.Join('\n', serious));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static string Describe(AxeResultNode node) => node.Html.Length > 200 ? node.Html[..200] : node.Html;
}
