using System.Runtime.CompilerServices;

namespace CatchUp.Flow.Tests;

/// <summary>Finds folders of the repository from the place of this source file.</summary>
internal static class Repository
{
    public static string Folder(string relative) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", relative));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
