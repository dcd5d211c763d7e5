using System.Text.RegularExpressions;

namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between the keys of an evaluation and what it measures.</summary>
internal static partial class EvaluationRules
{
    public static void Check(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        var evaluation = specification.Evaluation;
        CheckLists(evaluation, problems);
        CheckGates(evaluation, problems);
        if (evaluation.Samples == 0)
        {
            CheckNeighbours(specification, dataset, problems);
            return;
        }

        if (evaluation.Samples == 1)
        {
            problems.Add(new("evaluation.samples", "One image has no spread to compare. Use at least 2 images, or 0 for no evaluations."));
        }

        var heads = SpecificationRules.HeadsOf(specification.Objective);
        if (evaluation.Heads.All(head => head > heads))
        {
            problems.Add(new("evaluation.heads", $"This objective trains {heads} output head{(heads == 1 ? "" : "s")}, so none of the heads {string.Join(", ", evaluation.Heads)} can be evaluated. Add head 1."));
        }

        CheckProtocol(evaluation, problems);
        var extractor = KnownExtractor.Find(evaluation.Extractor);
        if (extractor is null)
        {
            problems.Add(SpecificationRules.Unknown("evaluation.extractor", "feature extractor", evaluation.Extractor, KnownExtractor.All.Select(known => known.Name)));
        }
        else if (dataset is not null && !extractor.Takes(dataset.Side, dataset.Channels))
        {
            problems.Add(new("evaluation.extractor", $"{extractor.Name} takes images of {extractor.Side}×{extractor.Side} pixels and {extractor.Channels} channel; those of {dataset.Name} have {dataset.Side}×{dataset.Side} and {dataset.Channels}. Choose another extractor, or samples 0 for no evaluations."));
        }
    }

    /// <summary>Of a run that evaluates another one.</summary>
    public static void CheckReEvaluation(RunSpecification specification, List<SpecificationProblem> problems)
    {
        if (specification.InitialRun.Run == InitialRunSpecification.None)
        {
            problems.Add(new("initialRun.run", "An evaluation needs the run whose snapshot it evaluates. Name its id in initialRun.run."));
        }

        if (specification.Evaluation.Samples < 2)
        {
            problems.Add(new("evaluation.samples", "An evaluation needs at least 2 images."));
        }

        if (specification.Evaluation.Gates.Count > 0)
        {
            problems.Add(new("evaluation.gates", "Gates stop a search's trials within their last evaluation, and an evaluation of another run's snapshot is no trial. Remove evaluation.gates."));
        }

        CheckLists(specification.Evaluation, problems);
        CheckProtocol(specification.Evaluation, problems);
    }

    /// <summary>With evaluations their own rules say it.</summary>
    private static void CheckNeighbours(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        if (!specification.Samples.Neighbours || specification.Samples.Images == 0)
        {
            return;
        }

        var extractor = KnownExtractor.Find(specification.Evaluation.Extractor);
        if (extractor is null)
        {
            problems.Add(SpecificationRules.Unknown("evaluation.extractor", "feature extractor", specification.Evaluation.Extractor, KnownExtractor.All.Select(known => known.Name)));
        }
        else if (dataset is not null && !extractor.Takes(dataset.Side, dataset.Channels))
        {
            problems.Add(new("samples.neighbours", $"The nearest training images are told by the features of {extractor.Name}, which does not take images of {dataset.Side}×{dataset.Side} pixels and {SpecificationRules.Words([dataset.Channels])} channels. Choose another evaluation.extractor, or set samples.neighbours to false."));
        }
    }

    private static void CheckGates(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        var gates = evaluation.Gates;
        if (gates.Count == 0)
        {
            return;
        }

        if (gates.Zip(gates.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            problems.Add(new("evaluation.gates", $"Gates rise, and {SpecificationRules.Words(gates)} does not. Write {SpecificationRules.Words(gates.Distinct().Order())}."));
        }

        if (gates.Max() >= evaluation.Samples)
        {
            problems.Add(new("evaluation.gates", $"A gate measures fewer images than the full evaluation, and {gates.Max()} is not below the {evaluation.Samples} of evaluation.samples. Lower it, or raise evaluation.samples."));
        }

        if (!evaluation.GateMetrics().Any())
        {
            problems.Add(new("evaluation.gates", "evaluation.metrics names nothing that gates measure: fid-infinity is extrapolated from many images. Add fid to it, or remove evaluation.gates."));
        }
    }

    private static void CheckProtocol(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        if (evaluation.Solvers.Contains(SolverKind.Heun) && SolverNfe.Of(SolverKind.Heun, evaluation.Nfe).Count == 0)
        {
            problems.Add(new("evaluation.nfe", $"heun takes odd numbers of evaluations only, and {SpecificationRules.Words(evaluation.Nfe)} has none. Add 3, say, or remove heun from evaluation.solvers."));
        }

        CheckSampleCount(evaluation, problems);
        CheckReference(evaluation, problems);
    }

    private static void CheckSampleCount(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        if (evaluation.Samples < 4 && evaluation.Metrics.Any(metric => metric is EvaluationMetric.Precision or EvaluationMetric.Recall))
        {
            problems.Add(new("evaluation.samples", "precision and recall look at the 3 nearest neighbours of an image. Use at least 4 images."));
        }

        // A quarter of the images must have more of them than there are features: see FrechetExtrapolation.
        if (evaluation.Metrics.Contains(EvaluationMetric.FidInfinity) && KnownExtractor.Find(evaluation.Extractor) is { } extractor && evaluation.Samples < 4 * (extractor.Features + 1))
        {
            problems.Add(new("evaluation.samples", $"fid-infinity is extrapolated from quarters of the images, and each needs more images than {extractor.Name} has features. Use at least {4 * (extractor.Features + 1)} images, or remove fid-infinity from evaluation.metrics."));
        }
    }

    private static void CheckReference(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        if (evaluation.Reference is EvaluationSpecification.DefaultReference or EvaluationSpecification.DatasetReference)
        {
            return;
        }

        if (!ReferenceName().IsMatch(evaluation.Reference))
        {
            problems.Add(new("evaluation.reference", $"'{evaluation.Reference}' is no name of a reference: it is default, dataset, or a file name without .npz, of letters, digits, dots, hyphens and underscores."));
        }

        foreach (var metric in evaluation.Metrics.Where(metric => metric is EvaluationMetric.Kid or EvaluationMetric.Precision or EvaluationMetric.Recall))
        {
            problems.Add(new("evaluation.metrics", $"{metric.ToString().ToLowerInvariant()} compares with the features of real images, and a file such as {evaluation.Reference}.npz has statistics only. Remove it, or set evaluation.reference to dataset."));
        }
    }

    private static void CheckLists(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        CheckDistinct("evaluation.metrics", evaluation.Metrics, problems);
        CheckDistinct("evaluation.solvers", evaluation.Solvers, problems);
        CheckDistinct("evaluation.nfe", evaluation.Nfe, problems);
        CheckDistinct("evaluation.heads", evaluation.Heads, problems);
    }

    private static void CheckDistinct<T>(string path, IReadOnlyList<T> values, List<SpecificationProblem> problems)
    {
        if (values.Distinct().Count() != values.Count)
        {
            problems.Add(new(path, "A value is there twice. Name each once."));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex ReferenceName();
}
