using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CatchUp.Dashboard.Tests.Access;

/// <summary>Deny by default: walks all there is, as a stranger.</summary>
public sealed class EveryEndpointTests(AccessHost host) : IClassFixture<AccessHost>
{
    /// <summary>All that a stranger may have: the sign-in page, what it is drawn with, and whether the process lives.</summary>
    private static readonly string[] Open = ["GET /sign-in", "POST /sign-in", "GET /app.css", "GET /favicon.svg", "GET /js/theme.js", "GET /health/live"];

    [Fact]
    public async Task Every_endpoint_refuses_strangers_but_for_the_way_to_sign_in()
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 60, $"Only {endpoints.Count} endpoints are mapped: the walk misses most of them.");
        var (walked, open, wrong) = (0, new HashSet<string>(), new List<string>());
        foreach (var endpoint in endpoints)
        {
            foreach (var method in Methods(endpoint))
            {
                var address = Address(endpoint);
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
                using var answer = await stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                walked++;
                var named = $"{(method == "HEAD" ? "GET" : method)} {WithoutFingerprint(address)}";
                if (answer.StatusCode == HttpStatusCode.Unauthorized && !Open.Contains(named))
                {
                    continue;
                }

                if (answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location?.OriginalString.StartsWith("/sign-in?returnUrl=", StringComparison.Ordinal) == true)
                {
                    continue;
                }

                if (Open.Contains(named))
                {
                    open.Add(named);
                }
                else
                {
                    wrong.Add($"{method} {address} answered {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
        Assert.True(walked > endpoints.Count / 2);
    }

    [Fact]
    public async Task Addresses_that_are_not_mapped_refuse_strangers_too()
    {
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        foreach (var (address, status) in new[] { ("/nothing", HttpStatusCode.Found), ("/api/v1/nothing", HttpStatusCode.Unauthorized), ("/nothing.js", HttpStatusCode.Unauthorized), ("/_blazor?id=1", HttpStatusCode.Unauthorized), ("/_framework/blazor.web.js", HttpStatusCode.Unauthorized) })
        {
            using var answer = await stranger.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == status, $"{address} answered {answer.StatusCode}");
        }
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST", "PUT", "DELETE"];

    /// <summary>The pattern with something in every parameter's place.</summary>
    private static string Address(RouteEndpoint endpoint)
    {
        var address = new StringBuilder();
        foreach (var segment in endpoint.RoutePattern.PathSegments)
        {
            address.Append('/');
            foreach (var part in segment.Parts)
            {
                address.Append(part switch
                {
                    Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                    Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
                    _ => "1",
                });
            }
        }

        return address.Length == 0 ? "/" : address.ToString();
    }

    /// <summary>app.abc123.css is app.css.</summary>
    private static string WithoutFingerprint(string address)
    {
        var (folder, file) = (Path.GetDirectoryName(address), Path.GetFileName(address).Split('.'));
        return file.Length == 3 && file[1].Length == 10 ? Path.Combine(folder!, $"{file[0]}.{file[2]}") : address;
    }
}
