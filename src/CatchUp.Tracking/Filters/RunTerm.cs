using System.Globalization;
using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;

namespace CatchUp.Tracking.Filters;

/// <summary>
/// Something that a run has a value of: <c>state</c>, <c>objective.order</c>, <c>metric[loss, min]</c>, <c>fid[euler, nfe=4]</c>.
/// Filters compare terms; lists have them as columns, sort and group by them.
/// </summary>
public abstract record RunTerm
{
    private RunTerm()
    {
    }

    public abstract TermKind Kind { get; }

    /// <summary>As it is written; two terms are the same when this is.</summary>
    public abstract string Text { get; }

    public abstract string Description { get; }

    /// <summary>The words of a choice.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>The field of this name.</summary>
    public static RunTerm Named(string field) => new Field(RunField.Find(field) ?? throw new ArgumentException($"There is no field {field}.", nameof(field)));

    public sealed override string ToString() => Text;

    /// <summary>A field that every run has.</summary>
    public sealed record Field(RunField Of) : RunTerm
    {
        public override TermKind Kind => Of.Kind;

        public override string Text => Of.Name;

        public override string Description => Of.Description;

        public override IReadOnlyList<string> Choices => Of.Choices;
    }

    /// <summary>A key of the configuration.</summary>
    public sealed record Key(SpecificationKey Of) : RunTerm
    {
        public override TermKind Kind => Of.Kind switch
        {
            KeyKind.Number or KeyKind.WholeNumber => TermKind.Number,
            KeyKind.Boolean => TermKind.Truth,
            KeyKind.Choice => TermKind.Choice,
            _ => TermKind.Text,
        };

        public override string Text => Of.Path;

        public override string Description => Of.Description;

        public override IReadOnlyList<string> Choices => Of.Choices;
    }

    /// <summary>A value of a metric's curve.</summary>
    /// <param name="Name">As the trainer logged it.</param>
    /// <param name="Step">For <see cref="CurvePart.At"/>: the last point at or before it.</param>
    public sealed record Metric(string Name, CurvePart Part, long? Step = null) : RunTerm
    {
        public override TermKind Kind => TermKind.Number;

        public override string Text => Part switch
        {
            CurvePart.Last => $"metric[{Quoted(Name)}]",
            CurvePart.At => string.Create(CultureInfo.InvariantCulture, $"metric[{Quoted(Name)}, step={Step}]"),
            _ => $"metric[{Quoted(Name)}, {Part.ToString().ToLowerInvariant()}]",
        };

        public override string Description => Part switch
        {
            CurvePart.Last => $"Last value of {Name}.",
            CurvePart.First => $"First value of {Name}.",
            CurvePart.Min => $"Smallest value of {Name}.",
            CurvePart.Max => $"Largest value of {Name}.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Name} at step {Step:N0}, or the last before."),
        };
    }

    /// <summary>A number about a snapshot's images.</summary>
    /// <param name="Name">"fid", "kid", …</param>
    /// <param name="Solver">Null: any.</param>
    /// <param name="Step">For <see cref="EvaluationPart.At"/>.</param>
    public sealed record Evaluation(string Name, string? Solver, int Nfe, int Head, EvaluationPart Part, int? Step = null) : RunTerm
    {
        public override TermKind Kind => TermKind.Number;

        public override string Text
        {
            get
            {
                var parts = new List<string>();
                if (Solver is not null)
                {
                    parts.Add(Solver);
                }

                parts.Add(string.Create(CultureInfo.InvariantCulture, $"nfe={Nfe}"));
                if (Head != 1)
                {
                    parts.Add(string.Create(CultureInfo.InvariantCulture, $"head={Head}"));
                }

                if (Part != EvaluationPart.Last)
                {
                    parts.Add(Part == EvaluationPart.Best ? "best" : string.Create(CultureInfo.InvariantCulture, $"step={Step}"));
                }

                return $"{Name}[{string.Join(", ", parts)}]";
            }
        }

        public override string Description => string.Create(
            CultureInfo.InvariantCulture,
            $"{Name} at NFE {Nfe}{(Solver is null ? "" : $" with {Solver}")}{(Head == 1 ? "" : $", head {Head}")}, {Part switch { EvaluationPart.Last => "last evaluated", EvaluationPart.Best => "best of all steps", _ => $"at step {Step:N0}" }}.");

        /// <summary>Which end of its values is the good one.</summary>
        public bool LargerIsBetter => MetricLabel.LargerIsBetter(Name);
    }

    private static string Quoted(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/') ? name : $"\"{name}\"";
}
