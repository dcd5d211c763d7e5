using System.Diagnostics;

namespace CatchUp.Journeys.Tests.Chaos;

/// <summary>The attempt that has come to the moment, and the worker that makes it.</summary>
/// <param name="Directory">The attempt's run directory on the worker's disk.</param>
/// <param name="Trainer">Null before it was started.</param>
internal sealed record Victim(WorkerProcess Worker, string Directory, Process? Trainer);
