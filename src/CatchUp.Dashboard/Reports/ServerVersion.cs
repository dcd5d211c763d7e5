using System.Reflection;

namespace CatchUp.Dashboard.Reports;

/// <summary>Which version of the server is this.</summary>
internal static class ServerVersion
{
    /// <summary>"0.1.0+f452f26": the version and the commit it was built from, where that is known.</summary>
    public static string Text { get; } = Shorten(typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    private static string Shorten(string version) => version.Split('+') is [var number, { Length: > 12 } commit] ? $"{number}+{commit[..12]}" : version;
}
