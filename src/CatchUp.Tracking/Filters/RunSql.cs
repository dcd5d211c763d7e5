using System.Globalization;
using System.Text;
using CatchUp.Tracking.Database;
using CatchUp.Tracking.Metrics;

namespace CatchUp.Tracking.Filters;

/// <summary>
/// Puts filters and terms into SQL over a run r and its sweep s, for one question. Only words of ours become SQL; whatever was written becomes a parameter.
/// Both providers understand it, but for what their dialects say.
/// </summary>
internal sealed class RunSql
{
    private readonly List<(string Name, object? Value)> _parameters = [];
    private readonly Dictionary<string, string> _joined = new(StringComparer.Ordinal);
    private readonly StringBuilder _joins = new();
    private readonly DatabaseDialect _dialect;
    private readonly DateTimeOffset _now;
    private bool _sweep;

    public RunSql(DatabaseDialect dialect, DateTimeOffset now)
    {
        _dialect = dialect;
        _now = now;
        _parameters.Add(("@now", now.UtcTicks));
    }

    /// <summary>What follows SELECT … : the tables, all of them for each run at most one row.</summary>
    /// <remarks>The sweep is there only where something of it is asked for: joined to every run, it costs as much as the rest of the question.</remarks>
    public string From => $"FROM runs r{(_sweep ? " JOIN sweeps s ON s.id = r.sweep_id" : "")}{_joins}";

    public (string Name, object? Value)[] Parameters => [.. _parameters];

    public string Parameter(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@f{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }

    /// <summary>The term's value: a number, ticks for times, seconds for durations, a text for the others; NULL where the run has none.</summary>
    public string Value(RunTerm term) => term switch
    {
        RunTerm.Field { Of.Kind: TermKind.Tags } => throw new InvalidOperationException("Tags are a set."),
        RunTerm.Field field => Field(field.Of.Sql),
        RunTerm.Key key => $"(CASE WHEN {Key(key)}.run_id IS NULL THEN {Key(key)}s.{Column(key)} ELSE {Key(key)}.{Column(key)} END)",
        RunTerm.Metric metric => Metric(metric),
        RunTerm.Evaluation evaluation => $"{Evaluation(evaluation)}.value",
        _ => throw new InvalidOperationException($"There is no SQL for {term}."),
    };

    /// <summary>The alias of the evaluations' row that the term is about, for its interval and protocol.</summary>
    public string Evaluation(RunTerm.Evaluation term)
    {
        if (_joined.TryGetValue(term.Text, out var alias))
        {
            return alias;
        }

        alias = Alias(term.Text, "e");
        var (name, nfe, head) = (Parameter(term.Name), Parameter(term.Nfe), Parameter(term.Head));
        var solver = term.Solver is null ? null : Parameter(term.Solver);
        var conditions = Conditions("x");
        var (also, order) = term.Part switch
        {
            EvaluationPart.At => ($" AND x.step = {Parameter(term.Step)}", "x.id DESC"),
            EvaluationPart.Last => ("", "x.step DESC, x.id DESC"),

            // Of the kind of number measured last: unlike ones are not ranked together.
            _ => ($" AND x.fingerprint = (SELECT y.fingerprint FROM evaluations y WHERE {Conditions("y")} ORDER BY y.id DESC LIMIT 1)", $"x.value{(term.LargerIsBetter ? " DESC" : "")}, x.id"),
        };
        _joins.Append(' ').Append(_dialect.LeftJoinFirst("evaluations", alias, $"FROM evaluations x WHERE {conditions}{also} ORDER BY {order}"));
        return alias;

        string Conditions(string e) => $"{e}.run_id = r.id AND {e}.metric = {name} AND {e}.nfe = {nfe} AND {e}.head = {head}{(solver is null ? "" : $" AND {e}.solver = {solver}")} AND {e}.gate = 0 AND {e}.value IS NOT NULL";
    }

    /// <summary>What holds for the runs that are meant.</summary>
    public string Condition(FilterExpression expression) => expression switch
    {
        FilterExpression.Both both => $"({Condition(both.Left)} AND {Condition(both.Right)})",
        FilterExpression.Either either => $"({Condition(either.Left)} OR {Condition(either.Right)})",

        // What cannot be said of a run, for it lacks the value, does not hold; so the opposite does.
        FilterExpression.Not not => $"NOT COALESCE({Condition(not.Inner)}, FALSE)",
        FilterExpression.Presence { Term: RunTerm.Field { Of.Kind: TermKind.Tags } } => "EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id)",
        FilterExpression.Presence presence => $"{Value(presence.Term)} IS NOT NULL",
        FilterExpression.Comparison comparison => Comparison(comparison.Term, comparison.Sign, comparison.Value),
        FilterExpression.Membership membership => $"({string.Join(" OR ", membership.Values.Select(value => Comparison(membership.Term, "=", value)))})",
        FilterExpression.Containment containment => Containment(containment.Term, containment.Part),
        FilterExpression.Search search => Search(search.Words),
        _ => throw new InvalidOperationException("There is no SQL for this filter."),
    };

    private string Comparison(RunTerm term, string sign, FilterValue value)
    {
        if (term.Kind == TermKind.Tags)
        {
            return $"{(sign == "!=" ? "NOT " : "")}EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id AND t.tag = {Parameter(((FilterValue.Text)value).Value)})";
        }

        var right = value switch
        {
            FilterValue.Number number => number.Value,
            FilterValue.Text word => Stored(term, word.Value),
            FilterValue.Truth truth when term is RunTerm.Field => truth.Value,
            FilterValue.Truth truth => truth.Value ? "true" : "false",
            FilterValue.Moment moment => moment.At.UtcTicks,
            FilterValue.Before before => (object)(before.Days ? new DateTimeOffset(_now.UtcDateTime.Date, TimeSpan.Zero) - before.Now : _now - before.Now).UtcTicks,
            _ => throw new InvalidOperationException("There is no SQL for this value."),
        };
        var left = value is FilterValue.Number && term is RunTerm.Field { Of.Identity: { } identity } ? identity : Value(term);
        return $"{left} {(sign == "!=" ? "<>" : sign)} {Parameter(right)}";
    }

    private string Containment(RunTerm term, string part)
    {
        var pattern = Parameter(SearchText.Pattern(part));
        return term.Kind == TermKind.Tags
            ? $"EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id AND LOWER(t.tag) LIKE {pattern} ESCAPE '\\')"
            : $"LOWER({Value(term)}) LIKE {pattern} ESCAPE '\\'";
    }

    private string Field(string sql)
    {
        _sweep |= sql.StartsWith("s.", StringComparison.Ordinal);
        return sql;
    }

    private string Search(string words)
    {
        _sweep = true;
        var pattern = Parameter(SearchText.Pattern(words));
        var id = long.TryParse(words.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"r.id = {Parameter(number)} OR " : "";
        return $"({id}LOWER(r.name) LIKE {pattern} ESCAPE '\\' OR LOWER(s.name) LIKE {pattern} ESCAPE '\\' OR LOWER(r.project) LIKE {pattern} ESCAPE '\\' OR EXISTS (SELECT 1 FROM run_tags t WHERE t.run_id = r.id AND LOWER(t.tag) LIKE {pattern} ESCAPE '\\'))";
    }

    private static string Stored(RunTerm term, string word) => term is RunTerm.Field { Of.Kind: TermKind.Choice } field ? field.Of.Words[word] : word;

    private static string Column(RunTerm.Key key) => key.Kind == TermKind.Number ? "number" : "text";

    /// <summary>The run's own value of the key, where it differs from its sweep's first run; else that one's (see <see cref="Configurations.ConfigurationIndex"/>).</summary>
    private string Key(RunTerm.Key term)
    {
        if (_joined.TryGetValue(term.Text, out var alias))
        {
            return alias;
        }

        alias = Alias(term.Text, "k");
        var key = $"(SELECT id FROM configuration_keys WHERE path = {Parameter(term.Of.Path)})";
        _joins.Append(CultureInfo.InvariantCulture, $" LEFT JOIN run_values {alias} ON {alias}.run_id = r.id AND {alias}.key_id = {key} LEFT JOIN sweep_values {alias}s ON {alias}s.sweep_id = r.sweep_id AND {alias}s.key_id = {key}");
        return alias;
    }

    private string Metric(RunTerm.Metric term)
    {
        var metric = $"(SELECT id FROM metrics WHERE name = {Parameter(term.Name)})";
        if (term.Part == CurvePart.At)
        {
            return $"(SELECT p.value FROM points p WHERE p.run_id = r.id AND p.metric_id = {metric} AND p.step <= {Parameter(term.Step)} ORDER BY p.step DESC LIMIT 1)";
        }

        var buckets = $"FROM buckets b WHERE b.run_id = r.id AND b.level = {Parameter(Rollup.Levels)} AND b.metric_id = {metric} AND b.last_step IS NOT NULL";
        return term.Part switch
        {
            CurvePart.Min => $"(SELECT MIN(b.minimum) {buckets})",
            CurvePart.Max => $"(SELECT MAX(b.maximum) {buckets})",
            CurvePart.First => $"(SELECT b.first_value {buckets} ORDER BY b.bucket LIMIT 1)",
            _ => $"(SELECT b.last_value {buckets} ORDER BY b.bucket DESC LIMIT 1)",
        };
    }

    private string Alias(string term, string kind) => _joined[term] = string.Create(CultureInfo.InvariantCulture, $"{kind}{_joined.Count}");
}
