using System.Globalization;
using CatchUp.Contracts.Runs;
using CatchUp.Dashboard.Shell;
using CatchUp.Tracking.Filters;
using CatchUp.Tracking.Runs;

namespace CatchUp.Dashboard.Runs;

/// <summary>All that a list of runs shows, as its address says it: copying the address shares the view. What cannot be read is left out.</summary>
public sealed record RunsAddress
{
    private static readonly RunTerm Newest = RunTerm.Named("created");

    /// <summary>What is looked at from its largest value down.</summary>
    private static readonly string[] LargestFirst = ["created", "updated", "started", "ended", "step"];

    /// <summary>The parameters that a list's address has.</summary>
    private static readonly string[] Names = ["q", "state", "sweep", "project", "archived", "sort", "cols", "pin", "group", "selected"];

    public string Text { get; init; } = "";

    public IReadOnlyList<RunState> States { get; init; } = [];

    public long? Sweep { get; init; }

    public string? Project { get; init; }

    public bool Archived { get; init; }

    public RunTerm Sort { get; init; } = Newest;

    public bool Descending { get; init; } = true;

    /// <summary>The columns, as <see cref="RunColumn.Parse"/> reads them; null: the usual ones.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>How many columns from the left stay in sight when the others are scrolled.</summary>
    public int Pinned { get; init; } = 1;

    /// <summary>What the runs of a line are alike in; empty: a line a run.</summary>
    public IReadOnlyList<RunTerm> Groups { get; init; } = [];

    public IReadOnlyList<long> Selected { get; init; } = [];

    /// <summary>The order that the address need not say: the newest first in a long list, the order of the plan within a sweep.</summary>
    public bool NewestFirst { get; init; } = true;

    /// <summary>Something hides runs: an empty list then says so, and not that there are none.</summary>
    public bool IsFiltered => Text.Length > 0 || States.Count > 0 || Sweep is not null || Project is not null;

    public static RunsAddress Parse(string uri, bool newestFirst = true)
    {
        var query = new AddressQuery(uri);
        var sort = query.Value("sort");
        var column = sort is null ? null : RunFilter.ReadTerm(sort.StartsWith('-') ? sort[1..] : sort).Term;
        return new RunsAddress
        {
            Text = query.Value("q") ?? "",
            States = [.. Parts(query.Value("state")).Select(part => Enum.TryParse<RunState>(part, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : (RunState?)null).OfType<RunState>().Distinct()],
            Sweep = query.Id("sweep"),
            Project = query.Value("project"),
            Archived = query.Value("archived") is "1" or "true",
            Sort = column ?? Newest,
            Descending = column is null ? newestFirst : sort!.StartsWith('-'),
            NewestFirst = newestFirst,
            Columns = query.Value("cols") is { } columns ? RunTerms.Split(columns) : null,
            Pinned = Math.Min(query.Number("pin") ?? 1, RunColumn.Most),
            Groups = [.. RunTerms.Split(query.Value("group")).Select(text => RunFilter.ReadTerm(text).Term).OfType<RunTerm>().Where(term => term.Kind != TermKind.Tags).Distinct().Take(3)],
            Selected = ParseIds(query.Value("selected")),
        };
    }

    /// <summary>The path of the address with this list's query, and after it whatever else the address says: a page may show more than its list.</summary>
    public static string WithOthersOf(string uri, string query)
    {
        var address = new Uri(uri, UriKind.Absolute);
        var others = new AddressQuery(uri);
        var parts = others.Names.Where(name => !Names.Contains(name)).SelectMany(name => others.Values(name).Select(value => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}")).ToList();
        return parts.Count == 0 ? address.AbsolutePath + query : $"{address.AbsolutePath}{(query.Length == 0 ? "?" : query + "&")}{string.Join('&', parts)}";
    }

    /// <summary>Ids divided by commas; what is no id is left out.</summary>
    public static IReadOnlyList<long> ParseIds(string? ids) =>
        [.. Parts(ids).Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null).OfType<long>().Distinct()];

    /// <summary>The query part of the address, with its question mark; empty when everything is as at first.</summary>
    public string ToQueryString()
    {
        var parts = new List<string>();
        void Add(string key, string value) => parts.Add($"{key}={Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal)}");
        if (Text.Length > 0)
        {
            Add("q", Text);
        }

        if (States.Count > 0)
        {
            Add("state", string.Join(',', States.Order().Select(state => state.ToString().ToLowerInvariant())));
        }

        if (Sweep is { } sweep)
        {
            Add("sweep", sweep.ToString(CultureInfo.InvariantCulture));
        }

        if (Project is not null)
        {
            Add("project", Project);
        }

        if (Archived)
        {
            Add("archived", "1");
        }

        if (Sort != Newest || Descending != NewestFirst)
        {
            Add("sort", (Descending ? "-" : "") + Sort);
        }

        if (Columns is not null)
        {
            Add("cols", string.Join(',', Columns));
        }

        if (Pinned != 1)
        {
            Add("pin", Pinned.ToString(CultureInfo.InvariantCulture));
        }

        if (Groups.Count > 0)
        {
            Add("group", string.Join(',', Groups));
        }

        if (Selected.Count > 0)
        {
            Add("selected", string.Join(',', Selected));
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    public RunQuery ToQuery(int offset, int limit) => new()
    {
        SweepId = Sweep,
        Project = Project,
        States = States,
        Filter = RunFilter.Read(Text).Filter ?? RunFilter.None,
        Archived = Archived,
        Sort = Sort,
        Descending = Descending,
        Offset = offset,
        Limit = limit,
    };

    /// <summary>The same list by another column; the same column again turns the order round.</summary>
    public RunsAddress SortedBy(RunTerm sort) => this with
    {
        Sort = sort,
        Descending = Sort == sort ? !Descending : LargestFirst.Contains(sort.Text),
    };

    public RunsAddress Toggled(RunState state) => this with { States = States.Contains(state) ? [.. States.Where(other => other != state)] : [.. States, state] };

    private static string[] Parts(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
