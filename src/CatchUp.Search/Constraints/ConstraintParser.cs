using System.Globalization;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Search.Constraints;

/// <summary>
/// Recursive descent, a method for each level of binding, loosest first: or, and, not, comparison, sum, product, sign, single terms.
/// Types are checked as terms meet.
/// </summary>
internal sealed class ConstraintParser(string text, IReadOnlyDictionary<string, TermType> types)
{
    private const int Deepest = 32;

    private static readonly string[] Comparisons = ["<=", ">=", "==", "!=", "<", ">", "="];

    private static readonly string[] Words = ["and", "or", "not", "in", "true", "false"];

    private int _position, _depth;

    public SortedSet<string> Paths { get; } = new(StringComparer.Ordinal);

    public Expression Parse()
    {
        var expression = ReadOr();
        Skip();
        if (_position < text.Length)
        {
            throw At(_position, $"'{Rest()}' is one part too many here. Join parts by and, or, a comparison or a sign.");
        }

        return expression.Type == TermType.Boolean
            ? expression
            : throw At(0, $"A constraint says something that holds or does not, and this is {Name(expression.Type)}. Compare it, as in {text.Trim()} {(expression.Type == TermType.Number ? "<= 10" : "== \"word\"")}.");
    }

    private Expression ReadOr()
    {
        var left = ReadAnd();
        while (Word("or") is { } at)
        {
            var right = ReadAnd();
            Demand(left, TermType.Boolean, at, "or");
            Demand(right, TermType.Boolean, at, "or");
            left = new Expression.Either(left, right);
        }

        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (Word("and") is { } at)
        {
            var right = ReadNot();
            Demand(left, TermType.Boolean, at, "and");
            Demand(right, TermType.Boolean, at, "and");
            left = new Expression.Both(left, right);
        }

        return left;
    }

    private Expression ReadNot()
    {
        if (Word("not") is not { } at)
        {
            return ReadComparison();
        }

        Enter(at);
        var inner = ReadNot();
        _depth--;
        Demand(inner, TermType.Boolean, at, "not");
        return new Expression.Not(inner);
    }

    private Expression ReadComparison()
    {
        var left = ReadSum();
        Skip();
        var at = _position;
        if (Word("not") is not null)
        {
            return Word("in") is not null ? ReadMembership(left, at, negated: true) : throw At(at, "After a value, not is followed by in and a list, as in x not in [1, 2].");
        }

        if (Word("in") is not null)
        {
            return ReadMembership(left, at, negated: false);
        }

        if (Sign(Comparisons) is not { } sign)
        {
            return left;
        }

        sign = sign == "=" ? "==" : sign;
        var right = ReadSum();
        if (left.Type != right.Type)
        {
            throw At(at, $"{sign} compares {Name(left.Type)} with {Name(right.Type)}. {(left.Type == TermType.Text || right.Type == TermType.Text ? "Words are written in quotes, numbers without." : "Compare two of the same kind.")}");
        }

        if (sign is not ("==" or "!=") && left.Type != TermType.Number)
        {
            throw At(at, $"{sign} orders numbers, and this is {Name(left.Type)}. Use == or !=, or in with a list.");
        }

        Skip();
        var next = _position;
        if (Sign(Comparisons) is { } second)
        {
            throw At(next, $"A second comparison cannot follow directly. Write the two with and: a {sign} b and b {second} c.");
        }

        return new Expression.Comparison(sign, left, right);
    }

    private Expression.Membership ReadMembership(Expression item, int at, bool negated)
    {
        Skip();
        if (Sign("[") is null)
        {
            throw At(_position, "in is followed by a list, as in x in [1, 2, 4].");
        }

        var items = new List<Term>();
        do
        {
            Skip();
            var place = _position;
            var literal = ReadSign() is Expression.Literal value ? value.Value : throw At(place, "A list holds numbers, words in quotes, true or false.");
            if (literal.Type != item.Type)
            {
                throw At(place, $"The list is compared with {Name(item.Type)}, and this is {Name(literal.Type)}. {(literal.Type == TermType.Number || item.Type == TermType.Number ? "Words are written in quotes, numbers without." : "Write values of the same kind.")}");
            }

            items.Add(literal);
        }
        while (Sign(",") is not null);

        if (Sign("]") is null)
        {
            throw At(at, "This list has no end. Close it with ].");
        }

        return new Expression.Membership(item, items, negated);
    }

    private Expression ReadSum()
    {
        var left = ReadProduct();
        while (Sign("+", "-") is { } sign)
        {
            left = Arithmetic(sign, left, ReadProduct());
        }

        return left;
    }

    private Expression ReadProduct()
    {
        var left = ReadSign();
        while (Sign("*", "/", "%") is { } sign)
        {
            left = Arithmetic(sign, left, ReadSign());
        }

        return left;
    }

    private Expression.Arithmetic Arithmetic(string sign, Expression left, Expression right)
    {
        Demand(left, TermType.Number, _position, sign);
        Demand(right, TermType.Number, _position, sign);
        return new Expression.Arithmetic(sign, left, right);
    }

    private Expression ReadSign()
    {
        Skip();
        var at = _position;
        if (Sign("-") is null)
        {
            return ReadTerm();
        }

        Enter(at);
        var inner = ReadSign();
        _depth--;
        Demand(inner, TermType.Number, at, "-");
        return inner is Expression.Literal literal ? new Expression.Literal(Term.Of(-literal.Value.Number)) : new Expression.Arithmetic("-", new Expression.Literal(Term.Of(0.0)), inner);
    }

    private Expression ReadTerm()
    {
        Skip();
        var at = _position;
        if (at >= text.Length)
        {
            throw At(at, "Something is missing at the end: a number, a word in quotes or a parameter.");
        }

        if (Sign("(") is not null)
        {
            Enter(at);
            var inner = ReadOr();
            _depth--;
            return Sign(")") is not null ? inner : throw At(at, "This bracket is never closed. Add ).");
        }

        var first = text[at];
        if (first is '"' or '\'')
        {
            var end = text.IndexOf(first, at + 1);
            if (end < 0)
            {
                throw At(at, $"This word has no end. Close it with {first}.");
            }

            _position = end + 1;
            return new Expression.Literal(Term.Of(text[(at + 1)..end]));
        }

        if (char.IsAsciiDigit(first) || first == '.')
        {
            return ReadNumber(at);
        }

        return char.IsAsciiLetter(first) || first == '_' ? ReadName(at) : throw At(at, $"'{first}' has no meaning here. Write a number, a word in quotes or a parameter such as training.batchSize.");
    }

    private Expression.Literal ReadNumber(int at)
    {
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '.' || (text[_position] is '+' or '-' && text[_position - 1] is 'e' or 'E')))
        {
            _position++;
        }

        var written = text[at.._position];
        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Expression.Literal(Term.Of(number))
            : throw At(at, $"'{written}' is no number. Write it as 0.001 or 1e-3.");
    }

    private Expression ReadName(int at)
    {
        var name = Peek();
        _position += name.Length;
        if (name is "true" or "false")
        {
            return new Expression.Literal(Term.Of(name == "true"));
        }

        if (Words.Contains(name))
        {
            throw At(at, $"'{name}' stands where a value is expected. Write a value to each side of it.");
        }

        if (Sign("(") is not null)
        {
            return ReadCall(name, at);
        }

        if (types.TryGetValue(name, out var type))
        {
            Paths.Add(name);
            return new Expression.Reference(name, type);
        }

        var closest = ClosestWord.Find(name, types.Keys);
        throw At(at, closest is not null ? $"'{name}' is no parameter of this space. Did you mean {closest}?"
            : $"'{name}' is no parameter of this space. {(name.Contains('.', StringComparison.Ordinal) ? $"There are {string.Join(", ", types.Keys.Take(10))}." : $"A word to compare with is written in quotes: \"{name}\".")}", closest);
    }

    private Expression.Call ReadCall(string name, int at)
    {
        if (!Function.All.TryGetValue(name, out var function))
        {
            var closest = ClosestWord.Find(name, Function.All.Keys);
            throw At(at, $"There is no function {name}. {(closest is null ? $"There are {string.Join(", ", Function.All.Keys)}." : $"Did you mean {closest}?")}", closest);
        }

        Enter(at);
        var arguments = new List<Expression>();
        do
        {
            arguments.Add(ReadOr());
            Demand(arguments[^1], TermType.Number, at, name);
        }
        while (Sign(",") is not null && arguments.Count <= function.Most);

        _depth--;
        if (Sign(")") is null && arguments.Count <= function.Most)
        {
            throw At(at, $"The bracket after {name} is never closed. Add ).");
        }

        return arguments.Count >= function.Least && arguments.Count <= function.Most
            ? new Expression.Call(function, arguments)
            : throw At(at, $"{name} takes {(function.Least == function.Most ? $"{function.Least} number{(function.Least == 1 ? "" : "s")}" : $"{function.Least} to {function.Most} numbers")}, not {arguments.Count}.");
    }

    private void Enter(int at)
    {
        if (++_depth > Deepest)
        {
            throw At(at, $"Brackets and signs are nested more than {Deepest} deep. Write several constraints: all must hold.");
        }
    }

    private void Skip()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
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

    /// <summary>The place of a word that comes next; null when something else does.</summary>
    private int? Word(string word)
    {
        Skip();
        if (Peek() != word)
        {
            return null;
        }

        var at = _position;
        _position += word.Length;
        return at;
    }

    /// <summary>The name that begins here, dots included.</summary>
    private string Peek()
    {
        var end = _position;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '.'))
        {
            end++;
        }

        return end > _position && (char.IsAsciiLetter(text[_position]) || text[_position] == '_') ? text[_position..end] : "";
    }

    private string Rest() => text.Length - _position > 20 ? $"{text[_position..(_position + 20)]}…" : text[_position..];

    private static void Demand(Expression expression, TermType type, int at, string by)
    {
        if (expression.Type != type)
        {
            throw At(at, $"{by} needs {(type == TermType.Number ? "numbers" : "statements that hold or not")}, and this is {Name(expression.Type)}. {(type == TermType.Number ? "Words can only be compared by ==, != and in." : "Compare it, as in x == 4.")}");
        }
    }

    private static string Name(TermType type) => type switch
    {
        TermType.Number => "a number",
        TermType.Text => "a word",
        _ => "a truth value",
    };

    private static ParseException At(int position, string message, string? suggestion = null) => new(new ConstraintProblem(position, message, suggestion));

    /// <summary>Unwinds the descent; never leaves <see cref="Constraint.Parse"/>.</summary>
    internal sealed class ParseException(ConstraintProblem problem) : Exception(problem.Message)
    {
        public ConstraintProblem Problem { get; } = problem;
    }
}
