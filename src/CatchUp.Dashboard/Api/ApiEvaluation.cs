using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Api;

/// <summary>A number about a run's images; one with a gate above 0 was measured on so few of them to compare a search's trials before the full evaluation. Only evaluations of one fingerprint may be ranked together.</summary>
internal sealed record ApiEvaluation(
    long Id, long RunId, int Step, string Solver, int Nfe, int Head, string Metric, string Extractor, string Reference, int Samples, int Gate, int NoiseBank, string Quantisation, string Fingerprint,
    double Value, double? Low, double? High, double SampleSeconds, double EvaluateSeconds, DateTimeOffset At, string ExtractorSha256, string ReferenceSha256)
{
    public static ApiEvaluation From(Evaluation evaluation) => new(
        evaluation.Id, evaluation.RunId, evaluation.Step, evaluation.Solver, evaluation.Nfe, evaluation.Head, evaluation.Metric, evaluation.Extractor, evaluation.Reference, evaluation.Samples,
        evaluation.Gate, evaluation.NoiseBank, evaluation.Quantisation, evaluation.Fingerprint, evaluation.Value, evaluation.Low, evaluation.High, evaluation.SampleSeconds, evaluation.EvaluateSeconds, evaluation.At,
        evaluation.ExtractorSha256, evaluation.ReferenceSha256);
}
