using System.Text.RegularExpressions;

namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between several keys. Each rule names the key to change.</summary>
public static partial class SpecificationRules
{
    public static IReadOnlyList<SpecificationProblem> Check(RunSpecification specification)
    {
        var problems = new List<SpecificationProblem>();
        var dataset = CheckDataset(specification, problems);
        CheckResolution(specification, dataset, problems);
        CheckGroupNormalisation(specification.Network, problems);
        CheckEvaluation(specification, dataset, problems);
        return problems;
    }

    /// <summary>Output heads of the network this objective trains.</summary>
    public static int HeadsOf(ObjectiveSpecification objective) => objective switch
    {
        { Kind: ObjectiveKind.RectifiedFlow } => 1,
        { Order: CatchUpOrder.Rk12 } => 1,
        { Order: CatchUpOrder.Rk23 } => 2,
        _ => 3,
    };

    private static KnownDataset? CheckDataset(RunSpecification specification, List<SpecificationProblem> problems)
    {
        var name = specification.Data.Dataset;
        var dataset = KnownDataset.Find(name);
        if (dataset is null)
        {
            problems.Add(Unknown("data.dataset", "data set", name, KnownDataset.All.Select(known => known.Name)));
        }

        return dataset;
    }

    private static void CheckResolution(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        if (dataset is null)
        {
            return;
        }

        var network = specification.Network;
        if (dataset.Side % network.PatchSize != 0)
        {
            problems.Add(new("network.patchSize", $"Patches of {network.PatchSize} pixels do not divide the {dataset.Side}×{dataset.Side} images of {dataset.Name}. Use {Words(Divisors(dataset.Side))}."));
            return;
        }

        // The decoder doubles what the encoder halved: an odd side in between would not come back.
        var side = dataset.Side / network.PatchSize;
        var levels = network.ChannelMultipliers.Count;
        var possible = 1;
        while (possible < 6 && side % (1 << possible) == 0)
        {
            possible++;
        }

        if (levels > possible)
        {
            problems.Add(new("network.channelMultipliers", $"{levels} resolution levels halve the network's {side}×{side} pixels {levels - 1} times, which leaves a fraction of a pixel. Use at most {possible} multipliers with this data set and patchSize."));
        }
    }

    /// <summary>Group normalisation splits channels into min(32, channels/4) groups (METHOD, networks), also where the decoder joins a skip connection.</summary>
    private static void CheckGroupNormalisation(NetworkSpecification network, List<SpecificationProblem> problems)
    {
        foreach (var channels in NormalisedChannels(network))
        {
            var groups = Math.Min(32, channels / 4);
            if (channels % groups != 0)
            {
                problems.Add(new("network.channels", $"With {network.Channels} channels and the multipliers {string.Join(", ", network.ChannelMultipliers)} a layer would have {channels} channels, which do not split into its {groups} groups. Use a multiple of 4, or of 32 where layers exceed 128 channels."));
                return;
            }
        }
    }

    private static IEnumerable<int> NormalisedChannels(NetworkSpecification network)
    {
        var skips = new Stack<int>([network.Channels]);
        var current = network.Channels;
        yield return current;
        for (var level = 0; level < network.ChannelMultipliers.Count; level++)
        {
            if (level > 0)
            {
                skips.Push(current);
            }

            for (var block = 0; block < network.Blocks; block++)
            {
                yield return current = network.Channels * network.ChannelMultipliers[level];
                skips.Push(current);
            }
        }

        for (var level = network.ChannelMultipliers.Count - 1; level >= 0; level--)
        {
            for (var block = 0; block <= network.Blocks; block++)
            {
                yield return current + skips.Pop();
                yield return current = network.Channels * network.ChannelMultipliers[level];
            }
        }
    }

    private static void CheckEvaluation(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        var evaluation = specification.Evaluation;
        CheckDistinct("evaluation.metrics", evaluation.Metrics, problems);
        CheckDistinct("evaluation.solvers", evaluation.Solvers, problems);
        CheckDistinct("evaluation.nfe", evaluation.Nfe, problems);
        CheckDistinct("evaluation.heads", evaluation.Heads, problems);
        if (evaluation.Samples == 0)
        {
            return;
        }

        if (evaluation.Samples == 1)
        {
            problems.Add(new("evaluation.samples", "One image has no spread to compare. Use at least 2 images, or 0 for no evaluations."));
        }

        if (evaluation.Solvers.Contains(SolverKind.Heun) && SolverNfe.Of(SolverKind.Heun, evaluation.Nfe).Count == 0)
        {
            problems.Add(new("evaluation.nfe", $"heun takes odd numbers of evaluations only, and {Words(evaluation.Nfe)} has none. Add 3, say, or remove heun from evaluation.solvers."));
        }

        var heads = HeadsOf(specification.Objective);
        if (evaluation.Heads.All(head => head > heads))
        {
            problems.Add(new("evaluation.heads", $"This objective trains {heads} output head{(heads == 1 ? "" : "s")}, so none of the heads {string.Join(", ", evaluation.Heads)} can be evaluated. Add head 1."));
        }

        CheckSampleCount(evaluation, problems);
        CheckReference(evaluation, problems);
        var extractor = KnownExtractor.Find(evaluation.Extractor);
        if (extractor is null)
        {
            problems.Add(Unknown("evaluation.extractor", "feature extractor", evaluation.Extractor, KnownExtractor.All.Select(known => known.Name)));
        }
        else if (dataset is not null && !extractor.Takes(dataset.Side, dataset.Channels))
        {
            problems.Add(new("evaluation.extractor", $"{extractor.Name} takes images of {extractor.Side}×{extractor.Side} pixels and {extractor.Channels} channel; those of {dataset.Name} have {dataset.Side}×{dataset.Side} and {dataset.Channels}. Choose another extractor, or samples 0 for no evaluations."));
        }
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

    private static void CheckDistinct<T>(string path, IReadOnlyList<T> values, List<SpecificationProblem> problems)
    {
        if (values.Distinct().Count() != values.Count)
        {
            problems.Add(new(path, "A value is there twice. Name each once."));
        }
    }

    private static SpecificationProblem Unknown(string path, string what, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var closest = ClosestWord.Find(name, names);
        var hint = closest is null ? $"Known: {string.Join(", ", names)}." : $"Did you mean {closest}?";
        return new(path, $"There is no {what} '{name}'. {hint}", closest);
    }

    private static IEnumerable<int> Divisors(int side) => Enumerable.Range(1, 8).Where(size => side % size == 0);

    private static string Words(IEnumerable<int> numbers) => string.Join(", ", numbers);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex ReferenceName();
}
