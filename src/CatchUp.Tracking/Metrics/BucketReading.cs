using CatchUp.Tracking.Database;

namespace CatchUp.Tracking.Metrics;

/// <summary>
/// Reads stretches of series from the finest level whose buckets are no more than a limit. The level is guessed from the density of the whole series, so that one range query
/// a series is enough for evenly spaced points; a wrong guess is noticed by the number of rows and mended. All that is read at once is asked on one way to the server.
/// </summary>
internal static class BucketReading
{
    /// <summary>Statements in one text.</summary>
    private const int AtOnce = 64;

    /// <param name="context">Read in its transaction, if it has one.</param>
    /// <param name="sets">The parts of a set get buckets of the same width.</param>
    /// <param name="limit">For each part.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task ReadAsync(CatchUpContext context, IReadOnlyList<IReadOnlyList<SeriesPart>> sets, int limit, CancellationToken cancellation)
    {
        List<Set> all = [.. sets.Where(parts => parts.Count > 0).Select(parts => new Set(parts, parts.Max(part => Guess(part, limit))))];
        await RowsAsync(context, all, limit, cancellation);
        for (var over = all.FindAll(TooMany); over.Count > 0; over = over.FindAll(TooMany))
        {
            over.ForEach(set => set.Level++);
            await RowsAsync(context, over, limit, cancellation);
        }

        for (var fits = all.FindAll(MayBeFiner); fits.Count > 0; fits = fits.FindAll(MayBeFiner))
        {
            var before = fits.ConvertAll(set => set.Parts.Select(part => part.Buckets).ToList());
            fits.ForEach(set => set.Level--);
            await RowsAsync(context, fits, limit, cancellation);
            for (var i = fits.Count - 1; i >= 0; i--)
            {
                if (fits[i].Fullest > limit)
                {
                    fits[i].Level++;
                    fits[i].Restore(before[i]);
                    fits.RemoveAt(i);
                }
            }
        }

        foreach (var set in all.FindAll(set => set.Fullest > limit))
        {
            await CoarserAsync(context, set, limit, cancellation);
        }

        all.ForEach(set => set.TellWidth());

        bool TooMany(Set set) => set.Fullest > limit && set.Level < Rollup.Levels;

        // A quarter full is the most that a level can be whose finer one fits surely; fuller ones are not tried in vain more than once.
        // Below the first level are the points themselves, and a level's counts tell how many.
        bool MayBeFiner(Set set) => set.Level > 0 && set.Fullest <= limit
            && (set.Level == 1 ? set.Parts.Max(part => part.Buckets.Sum(bucket => bucket.Count)) <= limit + (2 * Rollup.Fan) : set.Fullest * Rollup.Fan <= limit * 2);
    }

    /// <summary>When the first and the last finite point of each bucket were logged, by step.</summary>
    public static async Task<IReadOnlyList<Dictionary<long, long>>> TimesAsync(CatchUpContext context, IReadOnlyList<SeriesPart> parts, CancellationToken cancellation)
    {
        var times = parts.Select(_ => new Dictionary<long, long>()).ToList();
        await AskAsync(
            context,
            [
                .. parts.Select((part, index) =>
                {
                    var (source, unit, first, last) = Place(part, part.Width);
                    var fan = part.Width / unit;
                    void Read(System.Data.Common.DbDataReader row) => times[index][row.GetInt64(0)] = row.GetInt64(1);
                    return source == 0
                        ? new Sql.Question(
                            $"SELECT step, at FROM points WHERE run_id = @run{index} AND metric_id = @metric{index} AND step BETWEEN @from{index} AND @to{index}",
                            Read, ($"@run{index}", part.Top.Run), ($"@metric{index}", part.Top.Metric), ($"@from{index}", first), ($"@to{index}", last))
                        : new Sql.Question(
                            $"""
                            SELECT p.step, p.at FROM (
                              SELECT MIN(first_step) AS step FROM buckets WHERE run_id = @run{index} AND level = @level{index} AND metric_id = @metric{index} AND bucket BETWEEN @from{index} AND @to{index} GROUP BY bucket / @fan{index}
                              UNION
                              SELECT MAX(last_step) FROM buckets WHERE run_id = @run{index} AND level = @level{index} AND metric_id = @metric{index} AND bucket BETWEEN @from{index} AND @to{index} GROUP BY bucket / @fan{index}
                            ) ends JOIN points p ON p.run_id = @run{index} AND p.metric_id = @metric{index} AND p.step = ends.step
                            """,
                            Read, ($"@run{index}", part.Top.Run), ($"@level{index}", source), ($"@metric{index}", part.Top.Metric), ($"@from{index}", first), ($"@to{index}", last), ($"@fan{index}", fan));
                }),
            ],
            cancellation);
        return times;
    }

    private static int Guess(SeriesPart part, int limit)
    {
        var (first, last) = (Math.Max(part.From, part.Top.FirstStep), Math.Min(part.To, part.Top.LastStep));
        if (first > last)
        {
            return 0;
        }

        var points = part.Top.Summary.Count * (last - first + 1.0) / (part.Top.LastStep - part.Top.FirstStep + 1);
        var level = 0;
        while (level < Rollup.Levels && Math.Min(points, (last / Rollup.Width(level)) - (first / Rollup.Width(level)) + 1) > limit)
        {
            level++;
        }

        return level;
    }

    /// <summary>Few buckets asked of a very long series: the top level's, several at a time.</summary>
    private static async Task CoarserAsync(CatchUpContext context, Set set, int limit, CancellationToken cancellation)
    {
        await RowsAsync(context, [set], int.MaxValue - 1, cancellation);
        while (set.Fullest > limit)
        {
            set.Merged *= Rollup.Fan;
            foreach (var part in set.Parts)
            {
                var merged = new List<BucketEntity>();
                foreach (var row in part.Buckets)
                {
                    if (merged.Count == 0 || merged[^1].Bucket != row.Bucket / Rollup.Fan)
                    {
                        merged.Add(Rollup.Empty(part.Top.Run, 0, part.Top.Metric, row.Bucket / Rollup.Fan));
                    }

                    Rollup.Add(merged[^1], row);
                }

                part.Buckets = merged;
            }
        }
    }

    /// <summary>Whole buckets of each set's level; of each part one more than the limit when there are more.</summary>
    private static Task RowsAsync(CatchUpContext context, IReadOnlyList<Set> sets, int limit, CancellationToken cancellation) =>
        AskAsync(context, [.. sets.SelectMany(set => set.Parts.Select(part => (set.Level, Part: part))).Select((pair, index) => Rows(pair.Part, pair.Level, index, limit))], cancellation);

    /// <summary>Made of as many rows each as the level below has for one; and rows enough for one bucket too many.</summary>
    private static Sql.Question Rows(SeriesPart part, int level, int index, int limit)
    {
        var buckets = part.Buckets = [];
        var (run, metric) = (part.Top.Run, part.Top.Metric);
        var width = Rollup.Width(level);
        var (source, unit, first, last) = Place(part, width);
        (string, object?)[] parameters = [($"@run{index}", run), ($"@level{index}", source), ($"@metric{index}", metric), ($"@from{index}", first), ($"@to{index}", last), ($"@limit{index}", (limit + 1L) * (width / unit))];
        if (source == 0)
        {
            return new Sql.Question(
                $"SELECT step, value FROM points WHERE run_id = @run{index} AND metric_id = @metric{index} AND step BETWEEN @from{index} AND @to{index} ORDER BY step LIMIT @limit{index}",
                row =>
                {
                    var step = row.GetInt64(0);
                    Rollup.Add(BucketOf(step), step, Sql.Double(row, 1));
                },
                parameters);
        }

        var piece = Rollup.Empty(run, source, metric, 0);
        return new Sql.Question(
            $"""
            SELECT bucket, minimum, maximum, first_step, first_value, last_step, last_value, count, not_finite FROM buckets
            WHERE run_id = @run{index} AND level = @level{index} AND metric_id = @metric{index} AND bucket BETWEEN @from{index} AND @to{index} ORDER BY bucket LIMIT @limit{index}
            """,
            row =>
            {
                piece.Bucket = row.GetInt64(0);
                piece.Count = row.GetInt64(7);
                piece.NotFinite = row.GetInt64(8);
                piece.FirstStep = Sql.Long(row, 3);
                if (piece.FirstStep is not null)
                {
                    (piece.Minimum, piece.Maximum) = (row.GetDouble(1), row.GetDouble(2));
                    (piece.FirstValue, piece.LastStep, piece.LastValue) = (row.GetDouble(4), row.GetInt64(5), row.GetDouble(6));
                }

                Rollup.Add(BucketOf(piece.Bucket * unit), piece);
            },
            parameters);

        BucketEntity BucketOf(long step)
        {
            if (buckets.Count == 0 || buckets[^1].Bucket != step / width)
            {
                buckets.Add(Rollup.Empty(run, level, metric, step / width));
            }

            return buckets[^1];
        }
    }

    /// <summary>Which stored level buckets of a width are made from, how wide its own are, and the first and last of them that the part's whole buckets need.</summary>
    private static (int Source, long Unit, long First, long Last) Place(SeriesPart part, long width)
    {
        var level = 0;
        while (level < Rollup.Levels && Rollup.Width(level) < width)
        {
            level++;
        }

        var source = Rollup.Source(level);
        var unit = Rollup.Width(source);
        return (source, unit, part.From / width * width / unit, ((part.To / width * width) + (width - 1)) / unit);
    }

    private static async Task AskAsync(CatchUpContext context, List<Sql.Question> questions, CancellationToken cancellation)
    {
        foreach (var some in questions.Chunk(AtOnce))
        {
            await Sql.AskAsync(context, some, cancellation);
        }
    }

    /// <summary>Parts that are read at one level.</summary>
    private sealed class Set(IReadOnlyList<SeriesPart> parts, int level)
    {
        public IReadOnlyList<SeriesPart> Parts => parts;

        public int Level { get; set; } = level;

        /// <summary>How many of the level's buckets are one.</summary>
        public long Merged { get; set; } = 1;

        public int Fullest => parts.Max(part => part.Buckets.Count);

        public void Restore(List<List<BucketEntity>> buckets)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                parts[i].Buckets = buckets[i];
            }
        }

        public void TellWidth()
        {
            foreach (var part in parts)
            {
                part.Width = Rollup.Width(Level) * Merged;
            }
        }
    }
}
