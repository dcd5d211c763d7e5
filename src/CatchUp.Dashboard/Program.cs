using CatchUp.Dashboard.Startup;

return await CommandLine.RunAsync(args, async options =>
{
    await using var dashboard = await DashboardHost.StartAsync(options);
    await dashboard.AnnounceAsync(Console.Out);
    await dashboard.UntilStoppedAsync();
});
