namespace CatchUp.Dashboard.Access;

/// <summary>Names to put endpoints behind. An endpoint that names none is for people who have signed in, when sign-in is on.</summary>
public static class AccessPolicies
{
    /// <summary>
    /// For workers and nobody else, always, also where people need no sign-in. It asks the authentication scheme of the same name;
    /// while no such scheme is registered, nobody passes.
    /// </summary>
    public const string Worker = "worker";
}
