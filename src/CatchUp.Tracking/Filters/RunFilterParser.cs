using System.Globalization;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>
/// Recursive descent, a method for each level of binding, loosest first: or, and, not, comparison. Parts that stand side by side are joined by and.
/// A word that nothing is said about is looked for in names.
/// </summary>
internal sealed class RunFilterParser(string text)
{
    public const int Longest = 2000;

    /// <summary>Terms, values and words together: each may cost the database a look at every run.</summary>
    public const int MostParts = 100;

    private const int Deepest = 32;

    private static readonly string[] Signs = ["<=", ">=", "==", "!=", "!~", "<", ">", "=", "~", ":"];

    private static readonly string[] Joining = ["and", "or", "not", "in"];

    private int _position, _depth, _parts;

    /// <exception cref="FilterException">It is no filter.</exception>
    public FilterExpression? Parse()
    {
        if (text.Length > Longest)
        {
            throw At(Longest, text.Length - Longest, $"A filter has at most {Longest:N0} characters, and this has {text.Length:N0}.");
        }

        RefuseUnwritable();
        Skip();
        if (_position == text.Length)
        {
            return null;
        }

        var expression = ReadOr();
        return _position == text.Length ? expression : throw At(_position, 1, $"'{text[_position]}' closes nothing.");
    }

    /// <exception cref="FilterException">It is no term.</exception>
    public RunTerm ParseTerm()
    {
        RefuseUnwritable();
        Skip();
        var at = _position;
        var name = text.Length <= Longest ? Name() : "";
        var term = name.Length == 0 ? null : ReadTerm(name, at);
        Skip();
        return term is not null && _position == text.Length ? term : throw At(at, text.Length - at, Unknown(text.Trim(), out var closest), closest);
    }

    /// <summary>What no text that is stored can have in it, and PostgreSQL refuses in a question: control characters and halves of characters.</summary>
    private void RefuseUnwritable()
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogatePair(text, at))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]) || (char.IsControl(text[at]) && !char.IsWhiteSpace(text[at])))
            {
                throw At(at, 1, "Here is a character that cannot be seen and that no text has. Take it out.");
            }
        }
    }

    private FilterExpression ReadOr()
    {
        var left = ReadAnd();
        while (Word("or"))
        {
            left = new FilterExpression.Either(left, ReadAnd());
        }

        return left;
    }

    private FilterExpression ReadAnd()
    {
        var left = ReadNot();
        while (true)
        {
            Skip();
            if (Word("and"))
            {
                left = new FilterExpression.Both(left, ReadNot());
            }
            else if (_position < text.Length && text[_position] != ')' && PeekName() != "or")
            {
                left = new FilterExpression.Both(left, ReadNot());
            }
            else
            {
                return left;
            }
        }
    }

    private FilterExpression ReadNot()
    {
        Skip();
        var at = _position;
        if (!Word("not"))
        {
            return ReadPart();
        }

        Enter(at);
        var inner = ReadNot();
        _depth--;
        return new FilterExpression.Not(inner);
    }

    private FilterExpression ReadPart()
    {
        Skip();
        var at = _position;
        if (at == text.Length)
        {
            throw At(at, 0, "Something is missing at the end: a comparison such as state = running, or a word to look for.");
        }

        if (Sign("(") is not null)
        {
            Enter(at);
            var inner = ReadOr();
            _depth--;
            return Sign(")") is not null ? inner : throw At(at, 1, "This bracket is never closed. Add ).");
        }

        if (text[at] is '"' or '\'')
        {
            return Search(Quoted(), at);
        }

        var name = Name();
        if (name.Length == 0)
        {
            var word = Bare();
            return word.Length > 0 ? Search(word, at) : throw At(at, 1, $"'{text[at]}' has no meaning here. Write a comparison such as objective.order = rk23, or a word to look for.");
        }

        if (Joining.Contains(name))
        {
            throw At(at, name.Length, $"'{name}' stands where a comparison is expected. Write one to each side of it, or put it in quotes to look for it.");
        }

        Skip();
        var bracket = _position < text.Length && text[_position] == '[';
        var compared = PeekSign() is not null || PeekName() == "in" || (PeekName() == "not" && FollowedByIn());
        if (!bracket && !compared)
        {
            // No comparison: a word to look for, with whatever follows without a space (a date, a path, a name with brackets).
            _position = at;
            return Search(Bare(), at);
        }

        var term = ReadTerm(name, at);
        if (term is null)
        {
            throw At(at, name.Length, Unknown(name, out var closest), closest);
        }

        return ReadComparison(term, at);
    }

    private FilterExpression ReadComparison(RunTerm term, int at)
    {
        Skip();
        var signAt = _position;
        if (Word("not"))
        {
            return Word("in") ? new FilterExpression.Not(ReadList(term)) : throw At(signAt, 3, "After a term, not is followed by in and a list, as in seed not in [0, 1].");
        }

        if (Word("in"))
        {
            return ReadList(term);
        }

        var sign = Sign(Signs) ?? throw At(signAt, 0, $"Say what {term} is compared with, as in {Example(term)}.");
        if (sign == ":")
        {
            return ReadShort(term, signAt);
        }

        Count(at);
        if (sign is "~" or "!~")
        {
            if (term.Kind is not (TermKind.Text or TermKind.Choice or TermKind.Tags))
            {
                throw At(signAt, sign.Length, $"{sign} looks for a part of a text, and {term} is {NameOf(term.Kind)}. Write {Example(term)}.");
            }

            Skip();
            var part = ReadWord(_position, term);
            return sign == "~" ? new FilterExpression.Containment(term, part) : new FilterExpression.Not(new FilterExpression.Containment(term, part));
        }

        sign = sign == "==" ? "=" : sign;
        if (sign is not ("=" or "!=") && term.Kind is TermKind.Text or TermKind.Choice or TermKind.Truth or TermKind.Tags)
        {
            throw At(signAt, sign.Length, $"{sign} orders numbers and times, and {term} is {NameOf(term.Kind)}. Write {Example(term)}.");
        }

        Skip();
        if (PeekName() == "none" && sign is "=" or "!=")
        {
            Name();
            return sign == "!=" ? new FilterExpression.Presence(term) : new FilterExpression.Not(new FilterExpression.Presence(term));
        }

        var value = ReadValue(term);
        return new FilterExpression.Comparison(term, sign, value);
    }

    private FilterExpression.Membership ReadList(RunTerm term)
    {
        Skip();
        var at = _position;
        var close = Sign("[") is not null ? "]" : Sign("(") is not null ? ")" : throw At(at, 0, "in is followed by a list, as in seed in [0, 1, 2].");
        var values = new List<FilterValue>();
        do
        {
            Count(_position);
            values.Add(ReadValue(term));
        }
        while (Sign(",") is not null);

        return Sign(close) is not null ? new FilterExpression.Membership(term, values) : throw At(at, 1, $"This list is never closed. Add {close}.");
    }

    /// <summary><c>state:running,queued</c>; for what is written freely, a part of it: <c>name:rk</c>.</summary>
    private FilterExpression ReadShort(RunTerm term, int at)
    {
        Count(at);
        Skip();
        if (term is RunTerm.Field { Of.Name: "name" or "note" })
        {
            return new FilterExpression.Containment(term, ReadWord(_position, term));
        }

        var values = new List<FilterValue> { ReadValue(term) };
        while (_position < text.Length && text[_position] == ',')
        {
            _position++;
            Count(_position);
            values.Add(ReadValue(term));
        }

        return new FilterExpression.Membership(term, values);
    }

    /// <returns>Null when nothing is called so.</returns>
    private RunTerm? ReadTerm(string name, int at)
    {
        Count(at);
        Skip();
        if (_position == text.Length || text[_position] != '[')
        {
            if (FilterNames.Evaluations.Contains(name))
            {
                throw At(at, name.Length, $"Say at which NFE: {name}[nfe=4].", $"{name}[nfe=4]");
            }

            return name == "metric" ? throw At(at, name.Length, "Say which metric: metric[loss].", "metric[loss]") : FilterNames.Find(name);
        }

        if (name == "metric")
        {
            return ReadMetric();
        }

        if (FilterNames.Evaluations.Contains(name))
        {
            return ReadEvaluation(name, at);
        }

        var closest = ClosestWord.Find(name, [.. FilterNames.Evaluations, "metric"]);
        throw At(at, name.Length, $"'{name}' takes no brackets. Brackets follow metric and {string.Join(", ", FilterNames.Evaluations)}.", closest);
    }

    private RunTerm.Metric ReadMetric()
    {
        var open = _position++;
        Skip();
        var at = _position;
        var metric = at < text.Length && text[at] is '"' or '\'' ? Quoted() : Bare();
        if (metric.Length == 0)
        {
            throw At(at, 0, "A metric's name belongs here, as in metric[loss].");
        }

        var term = new RunTerm.Metric(metric, CurvePart.Last);
        if (Sign(",") is not null)
        {
            Skip();
            at = _position;
            var part = Name();
            term = part switch
            {
                "last" => term,
                "first" => term with { Part = CurvePart.First },
                "min" => term with { Part = CurvePart.Min },
                "max" => term with { Part = CurvePart.Max },
                "step" => term with { Part = CurvePart.At, Step = ReadWhole("step", 0, int.MaxValue) },
                _ => throw At(at, part.Length, "A metric's last, first, min, max or step=100 belongs here.", ClosestWord.Find(part, ["last", "first", "min", "max", "step"])),
            };
        }

        Close(open);
        return term;
    }

    private RunTerm.Evaluation ReadEvaluation(string name, int nameAt)
    {
        var open = _position++;
        string? solver = null;
        int? nfe = null;
        var (head, part, step) = (1, EvaluationPart.Last, (int?)null);
        do
        {
            Skip();
            var at = _position;
            var word = Name();
            switch (word)
            {
                case "nfe":
                    nfe = ReadWhole("nfe", 1, 100_000);
                    break;
                case "head":
                    head = ReadWhole("head", 0, 100);
                    break;
                case "step":
                    (part, step) = (EvaluationPart.At, ReadWhole("step", 0, int.MaxValue));
                    break;
                case "last":
                    (part, step) = (EvaluationPart.Last, null);
                    break;
                case "best":
                    (part, step) = (EvaluationPart.Best, null);
                    break;
                case var known when FilterNames.Solvers.Contains(known):
                    solver = known;
                    break;
                default:
                    var closest = ClosestWord.Find(word, [.. FilterNames.Solvers, "nfe", "head", "step", "last", "best"]);
                    throw At(at, Math.Max(word.Length, 0), $"Write a solver ({string.Join(", ", FilterNames.Solvers)}), nfe=4, head=1, and last, best or step=300.", closest);
            }
        }
        while (Sign(",") is not null);

        Close(open);
        return nfe is { } count ? new RunTerm.Evaluation(name, solver, count, head, part, step) : throw At(nameAt, _position - nameAt, $"Say at which NFE: {name}[nfe=4].");
    }

    private int ReadWhole(string name, int least, int most)
    {
        Skip();
        var at = _position;
        if (Sign("=") is null)
        {
            throw At(at, 0, $"{name} needs a number: {name}={Math.Max(least, 4)}.");
        }

        Skip();
        at = _position;
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
        {
            _position++;
        }

        return int.TryParse(text.AsSpan(at, _position - at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw At(at, _position - at, $"{name} is a whole number from {least:N0} to {most:N0}.");
    }

    private void Close(int open)
    {
        if (Sign("]") is null)
        {
            throw At(open, 1, "This bracket is never closed. Add ].");
        }
    }

    private FilterValue ReadValue(RunTerm term)
    {
        Skip();
        var at = _position;
        var quoted = at < text.Length && text[at] is '"' or '\'';
        var word = ReadWord(at, term);
        return FilterValues.Read(term, word, quoted, out var closest) ?? throw At(at, _position - at, FilterValues.Refusal(term, word, closest), closest);
    }

    private string ReadWord(int at, RunTerm term)
    {
        var word = at < text.Length && text[at] is '"' or '\'' ? Quoted() : Bare();
        return word.Length > 0 || _position > at ? word : throw At(at, 0, $"A value is missing: {Example(term)}.");
    }

    private FilterExpression.Search Search(string words, int at)
    {
        Count(at);
        return new FilterExpression.Search(words);
    }

    private void Count(int at)
    {
        if (++_parts > MostParts)
        {
            throw At(at, 0, $"A filter has at most {MostParts} terms, values and words.");
        }
    }

    private void Enter(int at)
    {
        if (++_depth > Deepest)
        {
            throw At(at, 1, $"Brackets and not are nested more than {Deepest} deep.");
        }
    }

    private string Quoted()
    {
        var (at, quote) = (_position, text[_position]);
        var end = text.IndexOf(quote, at + 1);
        if (end < 0)
        {
            throw At(at, 1, $"These quotes are never closed. Add {quote}.");
        }

        _position = end + 1;
        return text[(at + 1)..end];
    }

    /// <summary>All up to a space, a bracket, a comma or quotes.</summary>
    private string Bare()
    {
        var at = _position;
        while (_position < text.Length && !char.IsWhiteSpace(text[_position]) && text[_position] is not ('(' or ')' or '[' or ']' or ',' or '"' or '\''))
        {
            _position++;
        }

        return text[at.._position];
    }

    private string Name()
    {
        var name = PeekName();
        _position += name.Length;
        return name;
    }

    /// <summary>The name that begins here, after spaces: letters, digits, dots, underscores, and hyphens within.</summary>
    private string PeekName()
    {
        Skip();
        var end = _position;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.' or '-'))
        {
            end++;
        }

        return end > _position && char.IsAsciiLetter(text[_position]) ? text[_position..end] : "";
    }

    private bool FollowedByIn()
    {
        var at = _position;
        Name();
        var follows = PeekName() == "in";
        _position = at;
        return follows;
    }

    private bool Word(string word)
    {
        if (PeekName() != word)
        {
            return false;
        }

        Name();
        return true;
    }

    private string? PeekSign()
    {
        var at = _position;
        var sign = Sign(Signs);
        _position = at;
        return sign;
    }

    private string? Sign(params ReadOnlySpan<string> signs)
    {
        Skip();
        foreach (var sign in signs)
        {
            if (text.AsSpan(_position).StartsWith(sign, StringComparison.Ordinal))
            {
                _position += sign.Length;
                return sign;
            }
        }

        return null;
    }

    private void Skip()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }

    private static string Unknown(string name, out string? closest)
    {
        closest = FilterNames.Closest(name);
        var shown = name.Length > 60 ? $"{name[..60]}…" : name;
        return $"Runs have no '{shown}'. {(closest is null ? "Write a field (state, sweep, step, loss, best, tag …), a key of the configuration (objective.order), metric[loss] or fid[nfe=4]." : $"Did you mean {closest}?")}";
    }

    private static string Example(RunTerm term) => term.Kind switch
    {
        TermKind.Number => $"{term} < 20",
        TermKind.Time => $"{term} > -7d",
        TermKind.Duration => $"{term} > 30min",
        TermKind.Truth => $"{term} = true",
        TermKind.Choice => $"{term} = {term.Choices[0]}",
        TermKind.Tags => $"{term} = night",
        _ => $"{term} = word, or {term} ~ part",
    };

    private static string NameOf(TermKind kind) => kind switch
    {
        TermKind.Number => "a number",
        TermKind.Time => "a time",
        TermKind.Duration => "a duration",
        TermKind.Truth => "true or false",
        TermKind.Choice => "one of a few words",
        TermKind.Tags => "a set of tags",
        _ => "a text",
    };

    private static FilterException At(int position, int length, string message, string? suggestion = null) => new(new FilterProblem(position, length, message, suggestion));
}
