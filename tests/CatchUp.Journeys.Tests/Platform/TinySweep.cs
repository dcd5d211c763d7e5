namespace CatchUp.Journeys.Tests.Platform;

/// <summary>Sweep files small enough for a test: real networks on generated shapes, seconds long.</summary>
internal static class TinySweep
{
    /// <summary>One run of rectified flow, with two evaluations on the way.</summary>
    public static string OneRun(string name, int iterations, int checkpointEvery = 100) => $$"""
        name: {{name}}
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4, dropout: 0.1 }
          training: { iterations: {{iterations}}, batchSize: 8, logEvery: 1, checkpointEvery: {{checkpointEvery}} }
          samples: { every: 0 }
        evaluation: { every: {{iterations / 2}}, solvers: [euler], nfe: [1, 2], samples: 100 }
        """;

    /// <summary>Two runs, rectified flow and RK12, with checkpoints, sample grids and evaluations on the way.</summary>
    public static string TwoRuns(string name = "tiny", int iterations = 60, int checkpointEvery = 10) => $$"""
        name: {{name}}
        project: journeys
        base:
          preset: fashion-tiny
          data: { dataset: synthetic }
          network: { channels: 8, channelMultipliers: [1], patchSize: 4, dropout: 0.1 }
          training: { iterations: {{iterations}}, batchSize: 8, logEvery: 1, checkpointEvery: {{checkpointEvery}} }
          samples: { every: {{iterations / 2}}, images: 9, neighbours: true, trajectories: 4 }
        space:
          objective:
            - { kind: rectified-flow }
            - { kind: catch-up, order: rk12 }
        objective: { metric: fid, solver: euler, nfe: 2, goal: minimize }
        evaluation: { every: {{iterations / 2}}, solvers: [euler], nfe: [1, 2], samples: 100 }
        schedule: { maxParallel: 1 }
        """;
}
