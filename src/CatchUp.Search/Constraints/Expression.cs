namespace CatchUp.Search.Constraints;

/// <summary>A checked part of a constraint: its type is known, and it can only be computed.</summary>
internal abstract record Expression(TermType Type)
{
    public abstract Term Evaluate(Func<string, Term> lookUp);

    public sealed record Literal(Term Value) : Expression(Value.Type)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => Value;
    }

    public sealed record Reference(string Path, TermType Of) : Expression(Of)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => lookUp(Path);
    }

    public sealed record Arithmetic(string Sign, Expression Left, Expression Right) : Expression(TermType.Number)
    {
        public override Term Evaluate(Func<string, Term> lookUp)
        {
            var (left, right) = (Left.Evaluate(lookUp).Number, Right.Evaluate(lookUp).Number);
            return Term.Of(Sign switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => left / right,
                _ => left % right,
            });
        }
    }

    /// <summary>Comparisons of numbers that are not numbers do not hold, but for !=.</summary>
    public sealed record Comparison(string Sign, Expression Left, Expression Right) : Expression(TermType.Boolean)
    {
        public override Term Evaluate(Func<string, Term> lookUp)
        {
            var (left, right) = (Left.Evaluate(lookUp), Right.Evaluate(lookUp));
            return Term.Of(Sign switch
            {
                "==" => Same(left, right),
                "!=" => !Same(left, right),
                "<" => left.Number < right.Number,
                "<=" => left.Number <= right.Number,
                ">" => left.Number > right.Number,
                _ => left.Number >= right.Number,
            });
        }
    }

    public sealed record Membership(Expression Item, IReadOnlyList<Term> Items, bool Negated) : Expression(TermType.Boolean)
    {
        public override Term Evaluate(Func<string, Term> lookUp)
        {
            var item = Item.Evaluate(lookUp);
            return Term.Of(Items.Any(other => Same(item, other)) != Negated);
        }
    }

    public sealed record Both(Expression Left, Expression Right) : Expression(TermType.Boolean)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => Term.Of(Left.Evaluate(lookUp).IsTrue && Right.Evaluate(lookUp).IsTrue);
    }

    public sealed record Either(Expression Left, Expression Right) : Expression(TermType.Boolean)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => Term.Of(Left.Evaluate(lookUp).IsTrue || Right.Evaluate(lookUp).IsTrue);
    }

    public sealed record Not(Expression Inner) : Expression(TermType.Boolean)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => Term.Of(!Inner.Evaluate(lookUp).IsTrue);
    }

    public sealed record Call(Function Function, IReadOnlyList<Expression> Arguments) : Expression(TermType.Number)
    {
        public override Term Evaluate(Func<string, Term> lookUp) => Term.Of(Function.Compute([.. Arguments.Select(argument => argument.Evaluate(lookUp).Number)]));
    }

    private static bool Same(Term left, Term right) => left.Type == TermType.Text ? string.Equals(left.Text, right.Text, StringComparison.Ordinal) : left.Number == right.Number;
}
