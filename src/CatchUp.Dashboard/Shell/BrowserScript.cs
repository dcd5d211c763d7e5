using Microsoft.JSInterop;
using MudBlazor;

namespace CatchUp.Dashboard.Shell;

/// <summary>Functions of scripts that are called once and leave nothing behind.</summary>
internal static class BrowserScript
{
    /// <summary>Of <c>connection.js</c>: loads a module and calls one of its functions, in one way to the browser and back.</summary>
    public const string Call = "catchup.call";

    private const string Shell = "./js/shell.js";

    public static async Task RunAsync(this IJSRuntime browser, string module, string function, params object?[] arguments)
    {
        try
        {
            await browser.InvokeVoidAsync(Call, [module, function, .. arguments]);
        }
        catch (JSDisconnectedException)
        {
            // The tab is closed.
        }
    }

    /// <summary>On a phone the tabs are wider than the screen.</summary>
    public static Task RevealCurrentTabAsync(this IJSRuntime browser) => browser.RunAsync(Shell, "revealCurrentTab");

    public static Task ScrollToEndAsync(this IJSRuntime browser, Microsoft.AspNetCore.Components.ElementReference element) => browser.RunAsync(Shell, "scrollToEnd", element);

    /// <summary>Puts a text into the clipboard and says so, or why not.</summary>
    /// <param name="done">What is said then.</param>
    public static async Task CopyAsync(this IJSRuntime browser, ISnackbar snackbar, string text, string done)
    {
        try
        {
            await browser.RunAsync(Shell, "copy", text);
            snackbar.Add(done, Severity.Success);
        }
        catch (JSException)
        {
            snackbar.Add("The browser did not allow copying. Its address must be https or this machine's own.", Severity.Warning);
        }
    }
}
