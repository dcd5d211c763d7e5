using CatchUp.Contracts.Journal;
using CatchUp.Dashboard.Charts;
using CatchUp.Statistics.Comparisons;
using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.FidNfe;

/// <summary>What is drawn of some numbers of images, and what stays apart from it.</summary>
public sealed record FidPicture
{
    public static FidPicture Nothing { get; } = new();

    /// <summary>Those there are, without those of gates; the most used first.</summary>
    public IReadOnlyList<FidProtocol> Protocols { get; private init; } = [];

    /// <summary>The one that is drawn; null without any number.</summary>
    public FidProtocol? Protocol { get; private init; }

    /// <summary>Solvers and heads of its numbers.</summary>
    public IReadOnlyList<FidSampler> Samplers { get; private init; } = [];

    /// <summary>Null: all of them.</summary>
    public FidSampler? Sampler { get; private init; }

    public IReadOnlyList<FidLine> Lines { get; private init; } = [];

    /// <summary>Numbers of the same metric that cannot be compared with those of the lines.</summary>
    public IReadOnlyList<FidApart> Apart { get; private init; } = [];

    /// <summary>Subjects without a number of the drawn protocol.</summary>
    public IReadOnlyList<FidSubject> Absent { get; private init; } = [];

    public IReadOnlyList<int> Nfes { get; private init; } = [];

    /// <summary>The NFE of tables: the one asked for, or the usual 4, or the largest. 0 without any number.</summary>
    public int Nfe { get; private init; }

    public CheckpointChoice Choice { get; private init; }

    public string Metric => Protocol?.Metric ?? "fid";

    public string Word => MetricWord.Of(Metric);

    public bool LargerIsBetter => MetricLabel.LargerIsBetter(Metric);

    public Better Better => LargerIsBetter ? Better.Higher : Better.Lower;

    public static FidPicture Of(IReadOnlyList<Evaluation> evaluations, IReadOnlyList<FidSubject> subjects, FidView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var runs = subjects.SelectMany(subject => subject.Runs).Select(run => run.Id).ToHashSet();
        var of = evaluations.Where(evaluation => runs.Contains(evaluation.RunId) && evaluation.Gate == 0).ToList();
        var protocols = FidLines.Protocols(of);
        if (protocols.Count == 0)
        {
            return Nothing with { Absent = subjects, Choice = view.Choice };
        }

        var chosen = protocols.FirstOrDefault(protocol => protocol.Key == view.Protocol) ?? protocols[0];
        var samplers = FidLines.Samplers(of, chosen);
        var sampler = samplers.FirstOrDefault(one => one.Key == view.Sampler);
        var lines = FidLines.Of(of, chosen, subjects, view.Choice, sampler);
        List<int> nfes = [.. lines.SelectMany(line => line.Points).Select(point => point.Nfe).Distinct().Order()];
        var there = lines.Select(line => line.Subject).ToHashSet();
        return new()
        {
            Protocols = protocols,
            Protocol = chosen,
            Samplers = samplers,
            Sampler = sampler,
            Lines = lines,
            Apart =
            [
                .. protocols.Where(protocol => protocol.Metric == chosen.Metric && protocol.Key != chosen.Key)
                    .Select(protocol => new FidApart(protocol, ProtocolDifference.Words(protocol, chosen), FidLines.Of(of, protocol, subjects, view.Choice))),
            ],
            Absent = [.. subjects.Where(subject => !there.Contains(subject.Key))],
            Nfes = nfes,
            Nfe = view.At is { } at && nfes.Contains(at) ? at : nfes.Contains(4) ? 4 : nfes.Count > 0 ? nfes[^1] : 0,
            Choice = view.Choice,
        };
    }

    /// <summary>Why the subject has no line: how it was measured instead, or that it was not.</summary>
    public string WhyAbsent(FidSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return Apart.FirstOrDefault(apart => apart.Lines.Any(line => line.Subject == subject.Key)) is { } apart ? $"measured otherwise: {apart.Why}" : "no number yet";
    }
}
