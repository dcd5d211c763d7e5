using System.Runtime.Versioning;

// As the benchmarks that are tested.
[assembly: SupportedOSPlatform("linux")]
