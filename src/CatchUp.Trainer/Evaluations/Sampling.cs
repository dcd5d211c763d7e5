using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Solvers;
using CatchUp.Trainer.Runs;

namespace CatchUp.Trainer.Evaluations;

/// <summary>One way to turn noise into images: a solver, its number of network evaluations (null for a solver that counts its own), and the head that drives it.</summary>
internal sealed record Sampling(Solver Solver, int? Nfe, int Head)
{
    /// <summary>All that a specification asks for, without heads that the network lacks and numbers that a solver cannot use.</summary>
    public static IReadOnlyList<Sampling> All(EvaluationSpecification evaluation, int heads) =>
    [
        .. from kind in evaluation.Solvers.Distinct()
           let solver = Recipe.Solver(kind, evaluation.Tolerance)
           from head in evaluation.Heads.Distinct().Where(head => head <= heads)
           from nfe in Numbers(kind, solver, evaluation)
           select new Sampling(solver, nfe, head),
    ];

    /// <summary>As file and metric names have it: euler-8, euler-8-head2, or rk45, whose number of evaluations may differ from step to step.</summary>
    public string Label => (Nfe is { } nfe ? $"{Solver.Name}-{nfe}" : Solver.Name) + (Head == 1 ? "" : $"-head{Head}");

    /// <summary>Whether a stored result came about this way, whatever an adaptive solver counted.</summary>
    public bool Made(StoredResult stored, string? metric = null, int gate = 0) => Made(stored.Solver, stored.Nfe, stored.Head) && stored.Metric == metric && stored.Gate == gate;

    /// <inheritdoc cref="Made(StoredResult, string?, int)"/>
    public bool Made(string solver, int nfe, int head) => solver == Solver.Name && head == Head && (Nfe is null || nfe == Nfe);

    private static IEnumerable<int?> Numbers(SolverKind kind, Solver solver, EvaluationSpecification evaluation) => solver.IsAdaptive
        ? [null]
        : SolverNfe.Of(kind, [.. evaluation.Nfe.Distinct().Order()]).Select(nfe => (int?)nfe);
}
