namespace CatchUp.Statistics.Importance;

/// <summary>
/// What a forest predicts for a value of one key when all other keys are averaged over: a_j(x) = E[ŷ | x_j = x] of the functional ANOVA
/// (Hutter, Hoos and Leyton-Brown 2014).
/// </summary>
/// <param name="From">The smallest number that it stands for; more numbers than <see cref="Feature.MostLevels"/> share predictions. Missing: no value, or any rare category.</param>
/// <param name="To">The largest.</param>
/// <param name="Share">The share of runs that have such a value.</param>
/// <param name="Mean">Mean over the trees, in the metric's unit.</param>
/// <param name="Deviation">Standard deviation over the trees: how far to trust the mean.</param>
public sealed record MarginalPrediction(FeatureValue From, FeatureValue To, double Share, double Mean, double Deviation);
