namespace CatchUp.Search.Constraints;

/// <summary>
/// A condition that configurations must meet, in a small language of our own: numbers, texts, true and false, parameter paths,
/// <c>+ - * / %</c>, comparisons, <c>and or not</c>, <c>in [a, b]</c>, and a dozen functions of numbers. It is read into typed parts
/// and computed; nothing in it is ever run as code. A constraint that names a parameter which a configuration lacks does not bind it.
/// </summary>
public sealed class Constraint
{
    /// <summary>Most characters of a constraint.</summary>
    public const int Longest = 500;

    private readonly Expression _expression;

    private Constraint(string text, Expression expression, IReadOnlyList<string> paths)
    {
        Text = text;
        _expression = expression;
        Paths = paths;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The parameters it names.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Reads a constraint and checks its types.</summary>
    /// <param name="text">At most <see cref="Longest"/> characters.</param>
    /// <param name="types">The paths that may be named, with what they are.</param>
    /// <param name="problem">What is wrong, where, and how to mend it; null when the constraint is good.</param>
    public static Constraint? Parse(string text, IReadOnlyDictionary<string, TermType> types, out ConstraintProblem? problem)
    {
        if (text.Length > Longest)
        {
            problem = new(Longest, $"A constraint has at most {Longest} characters. Write two: all must hold.");
            return null;
        }

        try
        {
            var parser = new ConstraintParser(text, types);
            var expression = parser.Parse();
            problem = null;
            return new Constraint(text, expression, [.. parser.Paths]);
        }
        catch (ConstraintParser.ParseException wrong)
        {
            problem = wrong.Problem;
            return null;
        }
    }

    internal bool Holds(Func<string, Term?> lookUp)
    {
        foreach (var path in Paths)
        {
            if (lookUp(path) is null)
            {
                return true;
            }
        }

        return _expression.Evaluate(path => lookUp(path)!.Value).IsTrue;
    }
}
