using CatchUp.Tracking.Evaluations;

namespace CatchUp.Dashboard.Tests.FidNfe;

/// <summary>Numbers of images, all of one protocol.</summary>
internal static class Measured
{
    public static Evaluation Of(long run, int nfe, double value, int step = 300, double? margin = null) => new()
    {
        RunId = run,
        Step = step,
        Solver = "euler",
        Nfe = nfe,
        Head = 1,
        Metric = "fid",
        Extractor = "an-extractor",
        Reference = "some images",
        Samples = 500,
        NoiseBank = 1,
        Quantisation = "8 bit",
        Fingerprint = "same",
        Value = value,
        Low = value - margin,
        High = value + margin,
    };
}
