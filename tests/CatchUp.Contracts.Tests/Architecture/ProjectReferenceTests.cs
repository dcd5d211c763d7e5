using System.Xml.Linq;

namespace CatchUp.Contracts.Tests.Architecture;

/// <summary>The arrows between projects are the architecture; this is their table.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["CatchUp.Flow"] = [],
        ["CatchUp.Contracts"] = [],
        ["CatchUp.Hosting"] = [],
        ["CatchUp.Search"] = ["CatchUp.Contracts"],
        ["CatchUp.Statistics"] = [],
        ["CatchUp.Trainer"] = ["CatchUp.Flow", "CatchUp.Contracts"],
        ["CatchUp.Worker"] = ["CatchUp.Contracts", "CatchUp.Hosting"],
        ["CatchUp.Tracking"] = ["CatchUp.Contracts", "CatchUp.Search", "CatchUp.Statistics"],
        ["CatchUp.Migrations.Sqlite"] = ["CatchUp.Tracking"],
        ["CatchUp.Migrations.PostgreSql"] = ["CatchUp.Tracking"],
        ["CatchUp.Benchmarks"] = ["CatchUp.Contracts"],
        ["CatchUp.Benchmarks.Tracking"] = ["CatchUp.Contracts", "CatchUp.Hosting", "CatchUp.Search", "CatchUp.Tracking", "CatchUp.Migrations.Sqlite", "CatchUp.Migrations.PostgreSql"],
        ["CatchUp.Dashboard"] = ["CatchUp.Tracking", "CatchUp.Contracts", "CatchUp.Search", "CatchUp.Statistics", "CatchUp.Hosting", "CatchUp.Worker", "CatchUp.Migrations.Sqlite", "CatchUp.Migrations.PostgreSql"],
    };

    /// <summary>Packages that only the named projects may use, by the beginning of the package's name.</summary>
    private static readonly Dictionary<string, string[]> Owners = new()
    {
        ["TorchSharp"] = ["CatchUp.Flow", "CatchUp.Trainer"],
        ["libtorch"] = ["CatchUp.Flow", "CatchUp.Trainer"],
        ["Microsoft.EntityFrameworkCore.Sqlite"] = ["CatchUp.Migrations.Sqlite"],
        ["Npgsql"] = ["CatchUp.Migrations.PostgreSql"],
        ["Microsoft.EntityFrameworkCore"] = ["CatchUp.Tracking", "CatchUp.Migrations.Sqlite", "CatchUp.Migrations.PostgreSql"],
        ["MudBlazor"] = ["CatchUp.Dashboard"],
        ["Microsoft.Diagnostics.Tracing.TraceEvent"] = ["CatchUp.Benchmarks"],
    };

    private static readonly string Root = FindRoot();

    public static TheoryData<string> Projects() => [.. Directory
        .EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => path.Split(Path.DirectorySeparatorChar)[0] is "src" or "migrations" or "benchmarks")
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_the_arrows_allow(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        Assert.True(Arrows.TryGetValue(name, out var allowed), $"{name} is not in the table of arrows. Add it to this test and to the design first.");

        Assert.Equal(allowed.Order(), References(path).Where(reference => !reference.BuildOnly).Select(reference => reference.Name).Order());
    }

    [Fact]
    public void The_dashboard_builds_the_trainer_without_referencing_it()
    {
        var reference = Assert.Single(References("src/CatchUp.Dashboard/CatchUp.Dashboard.csproj"), reference => reference.Name == "CatchUp.Trainer");

        Assert.True(reference.BuildOnly);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_stay_with_their_owners(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var project = XDocument.Load(Path.Combine(Root, path));
        var packages = project.Descendants("PackageReference").Select(element => element.Attribute("Include")!.Value).ToList();
        if (project.Descendants("UsesTorch").Any())
        {
            packages.Add("TorchSharp");
        }

        foreach (var package in packages)
        {
            // The longest match names the owners, so that a provider is not covered by the family it belongs to.
            var family = Owners.Keys.Where(prefix => package.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(prefix => prefix.Length);
            Assert.True(family is null || Owners[family].Contains(name), $"{name} must not use {package}: only {string.Join(", ", Owners[family ?? "MudBlazor"])} may.");
        }
    }

    private static IEnumerable<(string Name, bool BuildOnly)> References(string path) => XDocument
        .Load(Path.Combine(Root, path))
        .Descendants("ProjectReference")
        .Select(element => (
            Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value),
            element.Attribute("ReferenceOutputAssembly")?.Value == "false"));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "CatchUp.Platform.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests run outside the repository: no CatchUp.Platform.sln above them.");
        }

        return directory.FullName;
    }
}
