using System.Text;
using CatchUp.Contracts.Workers;
using CatchUp.Tracking.Accounts;
using CatchUp.Tracking.Alerts;
using CatchUp.Tracking.Annotations;
using CatchUp.Tracking.Configurations;
using CatchUp.Tracking.Evaluations;
using CatchUp.Tracking.Metrics;
using CatchUp.Tracking.Reports;
using CatchUp.Tracking.Reproductions;
using CatchUp.Tracking.Runs;
using CatchUp.Tracking.Samples;
using CatchUp.Tracking.Searches;
using CatchUp.Tracking.Sources;
using CatchUp.Tracking.Sweeps;
using CatchUp.Tracking.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CatchUp.Tracking.Database;

/// <summary>All that is remembered. Times are UTC ticks, enumerations are words, names are snake_case so that SQL written by hand reads well.</summary>
public sealed class CatchUpContext(DbContextOptions<CatchUpContext> options) : DbContext(options)
{
    internal DbSet<SweepEntity> Sweeps => Set<SweepEntity>();

    internal DbSet<RunEntity> Runs => Set<RunEntity>();

    internal DbSet<SearchEntryEntity> SearchEntries => Set<SearchEntryEntity>();

    internal DbSet<AttemptEntity> Attempts => Set<AttemptEntity>();

    internal DbSet<RunEventEntity> RunEvents => Set<RunEventEntity>();

    internal DbSet<LogEntity> Logs => Set<LogEntity>();

    internal DbSet<CheckpointEntity> Checkpoints => Set<CheckpointEntity>();

    internal DbSet<MetricEntity> Metrics => Set<MetricEntity>();

    internal DbSet<PointEntity> Points => Set<PointEntity>();

    internal DbSet<BucketEntity> Buckets => Set<BucketEntity>();

    internal DbSet<SampleEntity> Samples => Set<SampleEntity>();

    internal DbSet<SamplePictureEntity> SamplePictures => Set<SamplePictureEntity>();

    internal DbSet<EvaluationEntity> Evaluations => Set<EvaluationEntity>();

    internal DbSet<WorkerEntity> Workers => Set<WorkerEntity>();

    internal DbSet<WorkerTokenEntity> WorkerTokens => Set<WorkerTokenEntity>();

    internal DbSet<SlotEntity> Slots => Set<SlotEntity>();

    internal DbSet<AccountEntity> Accounts => Set<AccountEntity>();

    internal DbSet<ApiTokenEntity> ApiTokens => Set<ApiTokenEntity>();
    internal DbSet<RunExclusionEntity> RunExclusions => Set<RunExclusionEntity>();

    internal DbSet<WebhookEntity> Webhooks => Set<WebhookEntity>();

    internal DbSet<AlertEventEntity> AlertEvents => Set<AlertEventEntity>();

    internal DbSet<AlertDeliveryEntity> AlertDeliveries => Set<AlertDeliveryEntity>();

    internal DbSet<RunTagEntity> RunTags => Set<RunTagEntity>();

    internal DbSet<SavedViewEntity> SavedViews => Set<SavedViewEntity>();

    internal DbSet<ReportEntity> Reports => Set<ReportEntity>();

    internal DbSet<ReportBlockEntity> ReportBlocks => Set<ReportBlockEntity>();

    internal DbSet<ReportImageEntity> ReportImages => Set<ReportImageEntity>();

    internal DbSet<CertificateEntity> Certificates => Set<CertificateEntity>();

    internal DbSet<SourcePatchEntity> SourcePatches => Set<SourcePatchEntity>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<PointKind>().HaveConversion<short>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<SweepEntity>(sweep =>
        {
            sweep.ToTable("sweeps");
            sweep.HasIndex(s => s.RequestId).IsUnique();
            sweep.HasIndex(s => s.Requires).HasFilter("requires IS NOT NULL");
            sweep.HasIndex(s => s.ClosesAt).HasFilter("closes_at IS NOT NULL");
            sweep.HasIndex(s => s.Id, "ix_sweeps_searching").HasFilter("search IS NOT NULL AND NOT search_ended");
            sweep.HasIndex(s => s.DeadlineAt).HasFilter("deadline_at IS NOT NULL");
        });
        modelBuilder.Entity<RunEntity>(run =>
        {
            run.ToTable("runs");
            run.HasOne<SweepEntity>().WithMany().HasForeignKey(r => r.SweepId).OnDelete(DeleteBehavior.Cascade);

            // The claim reads these two and nothing else of a run: whatever else is stored, they are as long as the queue.
            run.HasIndex(r => new { r.SweepId, r.Priority, r.Position, r.Id, r.Dataset, r.Extractor, r.ParentRunId, r.Kind }, "ix_runs_queued").IsDescending(false, true, false, false, false, false, false, false).HasFilter("state = 'Queued'");
            run.HasIndex(r => r.SweepId, "ix_runs_running").HasFilter("state = 'Running'");
            run.HasIndex(r => new { r.SweepId, r.Trial, r.Replicate });
            run.HasIndex(r => r.ParentRunId).HasFilter("parent_run_id IS NOT NULL");
            run.HasIndex(r => r.ReproducesRunId).HasFilter("reproduces_run_id IS NOT NULL");
            run.HasIndex(r => new { r.CreatedAt, r.Id, r.Archived });
            run.HasIndex(r => new { r.UpdatedAt, r.Id, r.Archived });
            run.HasIndex(r => new { r.State, r.EndedAt, r.Archived, r.UpdatedAt });
            run.HasIndex(r => new { r.Project, r.Id });
            run.HasIndex(r => new { r.Configuration, r.Archived, r.CreatedAt });

            // What lists count, sort and search by, without the rows, which are long: of 100,000 runs a fifth to a fifteenth of the time.
            run.HasIndex(r => new { r.SweepId, r.State, r.Archived, r.CreatedAt, r.UpdatedAt, r.Step, r.Steps, r.BestValue, r.BestEvaluationId, r.LastLoss, r.Trial, r.Replicate, r.Name, r.Project, r.Configuration }, "ix_runs_listed");
            run.HasIndex(r => r.Id, "ix_runs_not_indexed").HasFilter("configuration IS NULL");
        });
        modelBuilder.Entity<ConfigurationKeyEntity>(key =>
        {
            key.ToTable("configuration_keys");
            key.HasIndex(k => k.Path).IsUnique();
        });
        modelBuilder.Entity<SweepValueEntity>(value =>
        {
            value.ToTable("sweep_values");
            value.HasKey(v => new { v.SweepId, v.KeyId });
            value.HasOne<SweepEntity>().WithMany().HasForeignKey(v => v.SweepId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<RunValueEntity>(value =>
        {
            value.ToTable("run_values");
            value.HasKey(v => new { v.RunId, v.KeyId });
            BelongsToRun(value, nameof(RunValueEntity.RunId));
        });
        modelBuilder.Entity<RunTagEntity>(tag =>
        {
            tag.ToTable("run_tags");
            tag.HasKey(t => new { t.RunId, t.Tag });
            tag.HasIndex(t => t.Tag);
            BelongsToRun(tag, nameof(RunTagEntity.RunId));
        });
        modelBuilder.Entity<SavedViewEntity>(view =>
        {
            view.ToTable("saved_views");
            view.HasIndex(v => v.Name).IsUnique();
        });
        modelBuilder.Entity<ReportEntity>(report =>
        {
            report.ToTable("reports");
            report.HasIndex(r => r.UpdatedAt);
        });
        modelBuilder.Entity<ReportBlockEntity>(block =>
        {
            block.ToTable("report_blocks");
            block.HasKey(b => new { b.ReportId, b.Sha256 });
            block.HasOne<ReportEntity>().WithMany().HasForeignKey(b => b.ReportId).OnDelete(DeleteBehavior.Cascade);
            block.HasIndex(b => b.Sha256);
        });
        modelBuilder.Entity<ReportImageEntity>(image =>
        {
            image.ToTable("report_images");
            image.HasKey(i => new { i.ReportId, i.BlockSha256, i.Sha256 });
            image.HasOne<ReportBlockEntity>().WithMany().HasForeignKey(i => new { i.ReportId, i.BlockSha256 }).OnDelete(DeleteBehavior.Cascade);
            image.HasIndex(i => i.Sha256);
        });
        modelBuilder.Entity<SearchEntryEntity>(entry =>
        {
            entry.ToTable("search_entries");
            entry.HasKey(e => new { e.SweepId, e.Number });
            entry.HasOne<SweepEntity>().WithMany().HasForeignKey(e => e.SweepId).OnDelete(DeleteBehavior.Cascade);
            entry.HasIndex(e => new { e.SweepId, e.Trial, e.Number });
        });
        modelBuilder.Entity<AttemptEntity>(attempt =>
        {
            attempt.ToTable("attempts");
            attempt.HasKey(a => new { a.RunId, a.Number });
            attempt.HasOne<RunEntity>().WithMany().HasForeignKey(a => a.RunId).OnDelete(DeleteBehavior.Cascade);
            attempt.HasIndex(a => a.RequestId).IsUnique();
            attempt.HasIndex(a => new { a.Incarnation, a.Slot }, "ix_attempts_live_slot").IsUnique().HasFilter("live");
            attempt.HasIndex(a => a.RunId, "ix_attempts_live_run").IsUnique().HasFilter("live");
            attempt.HasIndex(a => a.LeaseExpiresAt, "ix_attempts_live_lease").HasFilter("live");
            attempt.HasIndex(a => new { a.EndedAt, a.AssignedAt });
        });
        modelBuilder.Entity<RunEventEntity>(entry =>
        {
            entry.ToTable("run_events");
            BelongsToRun(entry, nameof(RunEventEntity.RunId));
            entry.HasIndex(e => new { e.RunId, e.Id });
            entry.HasIndex(e => e.At);
        });
        modelBuilder.Entity<LogEntity>(line =>
        {
            line.ToTable("logs");
            BelongsToRun(line, nameof(LogEntity.RunId));
            line.HasIndex(l => new { l.RunId, l.Id });
        });
        modelBuilder.Entity<CheckpointEntity>(checkpoint =>
        {
            checkpoint.ToTable("checkpoints");
            BelongsToRun(checkpoint, nameof(CheckpointEntity.RunId));
            checkpoint.HasIndex(c => new { c.RunId, c.Type, c.Step, c.Sha256 }).IsUnique();
            checkpoint.HasIndex(c => c.Sha256);
        });
        modelBuilder.Entity<MetricEntity>(metric =>
        {
            metric.ToTable("metrics");
            metric.HasIndex(m => m.Name).IsUnique();
        });

        // These two have no foreign keys and are made by hand in each provider's first migration: they are the size of the database.
        modelBuilder.Entity<PointEntity>(point =>
        {
            point.ToTable("points", table => table.ExcludeFromMigrations());
            point.HasKey(p => new { p.RunId, p.MetricId, p.Step });
        });
        modelBuilder.Entity<BucketEntity>(bucket =>
        {
            bucket.ToTable("buckets", table => table.ExcludeFromMigrations());
            bucket.HasKey(b => new { b.RunId, b.Level, b.MetricId, b.Bucket });
        });
        modelBuilder.Entity<SampleEntity>(sample =>
        {
            sample.ToTable("samples");
            BelongsToRun(sample, nameof(SampleEntity.RunId));
            sample.HasIndex(s => new { s.RunId, s.Step, s.Solver, s.Nfe, s.Head, s.NoiseBank }).IsUnique();
            sample.HasIndex(s => s.Sha256);
        });
        modelBuilder.Entity<SamplePictureEntity>(picture =>
        {
            picture.ToTable("sample_pictures");
            picture.HasKey(p => new { p.SampleId, p.Kind });
            picture.HasOne<SampleEntity>().WithMany().HasForeignKey(p => p.SampleId).OnDelete(DeleteBehavior.Cascade);
            picture.HasIndex(p => p.Sha256);
        });
        modelBuilder.Entity<EvaluationEntity>(evaluation =>
        {
            evaluation.ToTable("evaluations");
            BelongsToRun(evaluation, nameof(EvaluationEntity.RunId));

            // A number of a run as columns and filters ask for it.
            evaluation.HasIndex(e => new { e.RunId, e.Metric, e.Nfe, e.Head, e.Gate, e.Step, e.Id, e.Solver, e.Value, e.Fingerprint }, "ix_evaluations_asked").IsDescending(false, false, false, false, false, true, true, false, false, false);
            evaluation.HasIndex(e => new { e.RunId, e.Step, e.SnapshotSha256, e.Solver, e.Nfe, e.Head, e.Metric, e.Fingerprint }).IsUnique();
        });
        modelBuilder.Entity<CertificateEntity>(certificate =>
        {
            certificate.ToTable("certificates");
            certificate.HasKey(c => c.RunId);
            BelongsToRun(certificate, nameof(CertificateEntity.RunId));
        });
        modelBuilder.Entity<SourcePatchEntity>(patch =>
        {
            patch.ToTable("source_patches");
            patch.HasKey(p => p.Sha256);
        });
        modelBuilder.Entity<RunExclusionEntity>(exclusion =>
        {
            exclusion.ToTable("run_exclusions");
            exclusion.HasKey(e => new { e.RunId, e.Worker });
            BelongsToRun(exclusion, nameof(RunExclusionEntity.RunId));
        });
        modelBuilder.Entity<WebhookEntity>(webhook => webhook.ToTable("webhooks"));
        modelBuilder.Entity<AlertEventEntity>(entry =>
        {
            entry.ToTable("alert_events");
            BelongsToRun(entry, nameof(AlertEventEntity.RunId));
        });
        modelBuilder.Entity<AlertDeliveryEntity>(delivery =>
        {
            delivery.ToTable("alert_deliveries");
            delivery.HasOne<WebhookEntity>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
            delivery.HasIndex(d => new { d.WebhookId, d.Key }).IsUnique();
            delivery.HasIndex(d => new { d.State, d.DueAt });
            delivery.HasIndex(d => new { d.Kind, d.CreatedAt });
        });
        modelBuilder.Entity<WorkerEntity>(worker =>
        {
            worker.ToTable("workers");
            worker.HasKey(w => w.Incarnation);
            worker.HasIndex(w => w.Name);
            worker.Property(w => w.Contract).HasDefaultValue(WorkerContract.Version).HasSentinel(-1);
            worker.Property(w => w.Standing).HasDefaultValue(WorkerStanding.Accepted);
        });
        modelBuilder.Entity<WorkerTokenEntity>(token =>
        {
            token.ToTable("worker_tokens");
            token.HasIndex(t => t.Hash).IsUnique();
        });
        modelBuilder.Entity<SlotEntity>(slot =>
        {
            slot.ToTable("slots");
            slot.HasKey(s => new { s.Incarnation, s.Slot });
            slot.HasOne<WorkerEntity>().WithMany().HasForeignKey(s => s.Incarnation).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<AccountEntity>(account =>
        {
            account.ToTable("accounts");
            account.HasKey(a => a.Name);
        });
        modelBuilder.Entity<ApiTokenEntity>(token =>
        {
            token.ToTable("api_tokens");
            token.HasOne<AccountEntity>().WithMany().HasForeignKey(t => t.Account).OnDelete(DeleteBehavior.Cascade);
            token.HasIndex(t => t.Sha256).IsUnique();
        });

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
        }
    }

    private static void BelongsToRun<T>(EntityTypeBuilder<T> entity, string property)
        where T : class
        => entity.HasOne(typeof(RunEntity)).WithMany().HasForeignKey(property).OnDelete(DeleteBehavior.Cascade);

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
