using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// The journeys start whole servers and trainers: one at a time, or two cores serve nobody.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
