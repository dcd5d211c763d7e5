using System.Runtime.Versioning;
using Xunit.Sdk;
using Xunit.v3;

[assembly: SupportedOSPlatform("linux")]

// The journeys start whole servers and trainers: one at a time, or two cores serve nobody.
[assembly: Parallelization(Mode = ParallelMode.None)]
