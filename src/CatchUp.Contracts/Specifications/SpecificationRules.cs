using System.Text.RegularExpressions;

namespace CatchUp.Contracts.Specifications;

/// <summary>What must hold between several keys. Each rule names the key to change.</summary>
public static partial class SpecificationRules
{
    public static IReadOnlyList<SpecificationProblem> Check(RunSpecification specification)
    {
        var problems = new List<SpecificationProblem>();
        CheckInitialRun(specification.InitialRun, problems);
        if (specification.Kind == RunKind.Evaluate)
        {
            // Data, network and heads are those of the run it evaluates.
            CheckReEvaluation(specification, problems);
            return problems;
        }

        var dataset = CheckDataset(specification, problems);
        CheckResolution(specification, dataset, problems);
        CheckNetworkKind(specification.Network, dataset, problems);
        CheckGroupNormalisation(specification, problems);
        CheckEvaluation(specification, dataset, problems);
        CheckObjective(specification, dataset, problems);
        return problems;
    }

    /// <summary>Why this run needs the model of another one, as the start of a sentence; null when it does not.</summary>
    public static string? NeedsInitialRun(RunSpecification specification) => specification switch
    {
        { Objective.Kind: ObjectiveKind.ConsistencyDistillation } => "consistency-distillation learns from another run's model",
        { Objective.Kind: ObjectiveKind.ProgressiveDistillation } => "progressive-distillation learns from another run's model",
        { Objective.Kind: ObjectiveKind.FinalDistillation } => "final-distillation learns from another run's trajectories",
        { Coupling.Kind: CouplingKind.Reflow } => "the reflow coupling pairs noise with another run's images",
        _ => null,
    };

    /// <summary>Output heads of the network this objective trains.</summary>
    public static int HeadsOf(ObjectiveSpecification objective) => objective switch
    {
        { Kind: not ObjectiveKind.CatchUp } => 1,
        { Order: CatchUpOrder.Rk12 } => 1,
        { Order: CatchUpOrder.Rk23 } => 2,
        _ => 3,
    };

    private static void CheckInitialRun(InitialRunSpecification initial, List<SpecificationProblem> problems)
    {
        if (initial.Run == InitialRunSpecification.None && initial.Step != 0)
        {
            problems.Add(new("initialRun.step", "A step without a run says nothing. Name the run in initialRun.run, or remove the step."));
        }
    }

    private static void CheckReEvaluation(RunSpecification specification, List<SpecificationProblem> problems)
    {
        if (specification.InitialRun.Run == InitialRunSpecification.None)
        {
            problems.Add(new("initialRun.run", "An evaluation needs the run whose snapshot it evaluates. Name its id in initialRun.run."));
        }

        if (specification.Evaluation.Samples < 2)
        {
            problems.Add(new("evaluation.samples", "An evaluation needs at least 2 images."));
        }

        CheckEvaluationLists(specification.Evaluation, problems);
        CheckProtocol(specification.Evaluation, problems);
    }

    /// <returns>The data set in the shape that is asked for; null when that is not known.</returns>
    private static KnownDataset? CheckDataset(RunSpecification specification, List<SpecificationProblem> problems)
    {
        var data = specification.Data;
        var before = problems.Count;
        var dataset = KnownDataset.Find(data);
        if (dataset is null)
        {
            problems.Add(data.Dataset.StartsWith(KnownDataset.FolderPrefix, StringComparison.Ordinal)
                ? new("data.dataset", "After folder: comes the name of a folder of the worker's data folder, of 1 to 40 lower-case letters, digits and hyphens.")
                : Unknown("data.dataset", "data set", data.Dataset, KnownDataset.All.Select(known => known.Name)));
            return null;
        }

        if (dataset.Side == 0)
        {
            problems.Add(new("data.side", $"The pictures of {dataset.Name} can have any size. Set the side in pixels that they are resized to."));
        }

        if (dataset.Channels is not (1 or 3))
        {
            problems.Add(new("data.channels", data.Channels == 0
                ? $"The pictures of {dataset.Name} can be grey or coloured. Use 1 for grey or 3 for RGB."
                : "Images have 1 channel or 3. Use 1 for grey or 3 for RGB."));
        }

        return problems.Count == before ? dataset : null;
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
            return;
        }

        var sides = Enumerable.Range(0, levels).Select(level => side >> level).ToList();
        // One that lies between two levels, as the paper's 16 does for 28×28 images, names no block and changes nothing.
        foreach (var resolution in network.AttentionResolutions.Where(resolution => resolution > sides[0] || resolution < sides[^1]).Take(1))
        {
            problems.Add(new("network.attentionResolutions", $"There are no blocks of resolution {resolution} to have attention: the levels are {Words(sides)}."));
        }

        if (network.Kind == NetworkKind.Adm)
        {
            CheckAttentionHeads(network, sides, problems);
        }
    }

    /// <summary>ADM's attention has heads of equal width, at the named resolutions and always at the lowest.</summary>
    private static void CheckAttentionHeads(NetworkSpecification network, List<int> sides, List<SpecificationProblem> problems)
    {
        var attending = network.ChannelMultipliers.Where((_, level) => level == sides.Count - 1 || network.AttentionResolutions.Contains(sides[level])).Select(multiplier => network.Channels * multiplier);
        if (attending.Cast<int?>().FirstOrDefault(channels => channels % network.ChannelsPerHead != 0) is { } odd)
        {
            problems.Add(new("network.channelsPerHead", $"Attention over {odd} channels cannot have heads of {network.ChannelsPerHead}. Use a divisor of {odd}, such as 32."));
        }
    }

    private static void CheckNetworkKind(NetworkSpecification network, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        if (!network.ResampleFilter.SequenceEqual([1, 1]) && !network.ResampleFilter.SequenceEqual([1, 3, 3, 1]))
        {
            problems.Add(new("network.resampleFilter", $"The resampling filter is [1, 1] or [1, 3, 3, 1], not [{Words(network.ResampleFilter)}]."));
        }

        if (network.Kind == NetworkKind.SongUNet)
        {
            if (network.ClassConditional)
            {
                problems.Add(new("network.classConditional", "songunet knows no classes. Use false, or network.kind adm."));
            }

            return;
        }

        Only(network.PatchSize == 1, "patchSize", "1");
        Only(network.Encoder == EncoderKind.Standard, "encoder", "standard");
        Only(network.ResampleFilter is [1, 1], "resampleFilter", "[1, 1]");
        Only(network.Embedding == TimeEmbedding.Positional, "embedding", "positional");
        Only(network.ChannelMultNoise == 1, "channelMultNoise", "1");
        if (network.ClassConditional && dataset is { Classes: 0 })
        {
            problems.Add(new("network.classConditional", $"The images of {dataset.Name} have no classes. Use false, or another data set."));
        }

        void Only(bool holds, string key, string value)
        {
            if (!holds)
            {
                problems.Add(new($"network.{key}", $"This is a choice of songunet; adm has none. Use {value}, or network.kind songunet."));
            }
        }
    }

    /// <summary>Group normalisation splits channels into min(32, channels/4) groups, of adm into 32 (METHOD, networks), also where the decoder joins a skip connection.</summary>
    private static void CheckGroupNormalisation(RunSpecification specification, List<SpecificationProblem> problems)
    {
        var (network, coupling) = (specification.Network, specification.Coupling);
        CheckGroups("network.channels", network, network.Kind == NetworkKind.Adm, problems);
        if (coupling.Kind == CouplingKind.Learned)
        {
            CheckGroups("coupling.encoderChannels", network with { Channels = coupling.EncoderChannels, Blocks = coupling.EncoderBlocks }, isAdm: false, problems);
        }
    }

    private static void CheckGroups(string key, NetworkSpecification network, bool isAdm, List<SpecificationProblem> problems)
    {
        foreach (var channels in NormalisedChannels(network))
        {
            var groups = isAdm ? 32 : Math.Min(32, channels / 4);
            if (channels % groups != 0)
            {
                var advice = isAdm ? "Use a multiple of 32." : "Use a multiple of 4, or of 32 where layers exceed 128 channels.";
                problems.Add(new(key, $"With {network.Channels} channels and the multipliers {Words(network.ChannelMultipliers)} a layer would have {channels} channels, which do not split into its {groups} groups. {advice}"));
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

    private static void CheckObjective(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        var (objective, coupling) = (specification.Objective, specification.Coupling);
        if (NeedsInitialRun(specification) is { } need && specification.InitialRun.Run == InitialRunSpecification.None)
        {
            problems.Add(new("initialRun.run", $"{char.ToUpperInvariant(need[0])}{need[1..]}. Name that run in initialRun.run, by its id or its variant's name."));
        }

        if (objective.Kind == ObjectiveKind.ProgressiveDistillation && objective.TimeSteps % 2 != 0)
        {
            problems.Add(new("objective.timeSteps", $"progressive-distillation turns two teacher steps into one, which {objective.TimeSteps} steps do not allow. Use an even number."));
        }

        if (objective.Kind == ObjectiveKind.FinalDistillation && coupling.Kind != CouplingKind.Independent)
        {
            problems.Add(new("coupling.kind", "final-distillation makes its own pairs from the initial run's trajectories, starting from N(0, I). Leave coupling.kind at independent."));
        }

        if (coupling is { Kind: CouplingKind.Reflow, Solver: SolverKind.Heun } && SolverNfe.Of(coupling.Solver, [coupling.Nfe]).Count == 0)
        {
            problems.Add(new("coupling.nfe", $"heun takes odd numbers of evaluations only. Use {coupling.Nfe + 1}, say, or another coupling.solver."));
        }

        if (objective.WaveletWeight > 0 && objective.Kind is not (ObjectiveKind.RectifiedFlow or ObjectiveKind.CatchUp))
        {
            problems.Add(new("objective.waveletWeight", "The wavelet term compares with the true image, which distillations do not see. Use 0, or the objectives rectified-flow or catch-up."));
        }

        if (objective is { Kind: ObjectiveKind.CatchUp, CatchUpLoss: CatchUpLoss.Perceptual } && dataset is not null
            && (KnownExtractor.Find(specification.Evaluation.Extractor) is not { } extractor || !extractor.Takes(dataset.Side, dataset.Channels)))
        {
            problems.Add(new("objective.catchUpLoss", $"The perceptual loss looks at images through evaluation.extractor, and '{specification.Evaluation.Extractor}' does not take those of {dataset.Name}. Choose an extractor that does, or mse."));
        }
    }

    private static void CheckEvaluation(RunSpecification specification, KnownDataset? dataset, List<SpecificationProblem> problems)
    {
        var evaluation = specification.Evaluation;
        CheckEvaluationLists(evaluation, problems);
        if (evaluation.Samples == 0)
        {
            return;
        }

        if (evaluation.Samples == 1)
        {
            problems.Add(new("evaluation.samples", "One image has no spread to compare. Use at least 2 images, or 0 for no evaluations."));
        }

        var heads = HeadsOf(specification.Objective);
        if (evaluation.Heads.All(head => head > heads))
        {
            problems.Add(new("evaluation.heads", $"This objective trains {heads} output head{(heads == 1 ? "" : "s")}, so none of the heads {string.Join(", ", evaluation.Heads)} can be evaluated. Add head 1."));
        }

        CheckProtocol(evaluation, problems);
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

    private static void CheckProtocol(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
    {
        if (evaluation.Solvers.Contains(SolverKind.Heun) && SolverNfe.Of(SolverKind.Heun, evaluation.Nfe).Count == 0)
        {
            problems.Add(new("evaluation.nfe", $"heun takes odd numbers of evaluations only, and {Words(evaluation.Nfe)} has none. Add 3, say, or remove heun from evaluation.solvers."));
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

    private static void CheckEvaluationLists(EvaluationSpecification evaluation, List<SpecificationProblem> problems)
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
