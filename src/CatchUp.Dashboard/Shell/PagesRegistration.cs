using CatchUp.Dashboard.Access;
using CatchUp.Dashboard.Compare;
using CatchUp.Dashboard.Charts;
using CatchUp.Dashboard.Home;
using CatchUp.Dashboard.Live;
using CatchUp.Dashboard.Startup;
using CatchUp.Dashboard.Sweeps;
using CatchUp.Hosting.Bus;
using MassTransit;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;

namespace CatchUp.Dashboard.Shell;

/// <summary>Composes the pages into the host.</summary>
public static class PagesRegistration
{
    // 'unsafe-inline' is for styles alone: MudBlazor writes its theme into a style element.
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddPageServices();
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    /// <summary>What the components inject, without the host that connects them to browsers: for tests that bring a browser of their own.</summary>
    internal static void AddPageServices(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new AccessOptions());
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ReadySweeps>();
        services.AddSingleton<HomeReading>();
        services.AddSingleton<SharedCurves>();
        services.AddSingleton<DifferenceLearning>();
        services.AddAnswers();
        services.AddScoped<BrowserClock>();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomLeft;
            options.SnackbarConfiguration.VisibleStateDuration = 4000;
            options.SnackbarConfiguration.ShowTransitionDuration = 100;
            options.SnackbarConfiguration.HideTransitionDuration = 100;
            options.SnackbarConfiguration.MaxDisplayedSnackbars = 3;
        });
    }

    /// <summary>The pages' ear on the bus: a temporary queue of this process.</summary>
    public static void AddPagesConsumers(this IBusRegistrationConfigurator bus) => bus.AddNewsConsumer<NewsConsumer>();

    public static void MapPages(this WebApplication app)
    {
        // Also outside Development: "dotnet run" serves MudBlazor's files from the package folder. Without effect once published.
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        // The API answers with problem details of its own; files that are missing need no page.
        app.UseWhen(static context => PagePaths.IsPage(context.Request.Path), static pages =>
        {
            pages.UseExceptionHandler("/error", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        });
        // Behind the branch above, so that what is executed again is routed again.
        app.UseRouting();
        app.Use(static (context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            return next(context);
        });
        app.UseAccess();
        app.UseAntiforgery();
        app.MapStaticAssets().OpenSignInAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
