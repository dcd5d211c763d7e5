using CatchUp.Contracts.Journal;
using CatchUp.Contracts.Specifications;
using CatchUp.Flow.Solvers;
using CatchUp.Trainer.Runs;

namespace CatchUp.Trainer.Evaluations;

/// <summary>One way to turn noise into images: a solver, its number of network evaluations, and the head that drives it.</summary>
internal sealed record Sampling(Solver Solver, int Nfe, int Head)
{
    /// <summary>All that a specification asks for, without heads that the network lacks.</summary>
    public static IReadOnlyList<Sampling> All(EvaluationSpecification evaluation, int heads) =>
    [
        .. from solver in evaluation.Solvers.Distinct()
           from head in evaluation.Heads.Distinct().Where(head => head <= heads)
           from nfe in evaluation.Nfe.Distinct().Order()
           select new Sampling(Recipe.Solver(solver), nfe, head),
    ];

    /// <summary>As file and metric names have it: euler-8, or euler-8-head2.</summary>
    public string Label => Head == 1 ? $"{Solver.Name}-{Nfe}" : $"{Solver.Name}-{Nfe}-head{Head}";

    public StoredResult Result(string? metric = null) => new(Solver.Name, Nfe, Head, metric);
}
