namespace CatchUp.Statistics.Importance;

/// <summary>What a configuration says for a key: a number, a word, or nothing, which is the default and counts as a value of its own.</summary>
public readonly record struct FeatureValue
{
    /// <param name="number">NaN counts as missing.</param>
    public FeatureValue(double number) => Number = double.IsNaN(number) ? null : number;

    public FeatureValue(string text) => Text = text;

    public FeatureValue(bool truth) => Text = truth ? "true" : "false";

    public double? Number { get; }

    public string? Text { get; }

    public bool IsMissing => Number is null && Text is null;

    public override string ToString() => Text ?? Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
