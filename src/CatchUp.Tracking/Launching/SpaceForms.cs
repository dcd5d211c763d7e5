namespace CatchUp.Tracking.Launching;

/// <summary>The words by which a space says how a parameter is drawn, in the words of people.</summary>
public static class SpaceForms
{
    public static string Describe(string form) => form switch
    {
        "uniform" => "Any number between the two, all alike.",
        "logUniform" => "A number between the two, each decade alike; both above 0.",
        "integer" => "A whole number between the two.",
        "normal" => "A bell: its mean and its deviation.",
        "logNormal" => "The natural logarithm has a bell: its mean and its deviation.",
        "choice" => "One of the values.",
        "fixed" => "This value.",
        "step" => "Only low, low + step, low + 2 steps and so on.",
        "log" => "Of whole numbers: each decade alike.",
        "within" => "Bounds of a bell.",
        "when" => "It exists only when other keys have these values: when: { coupling.kind: learned }.",
        _ => "",
    };
}
