namespace CatchUp.Dashboard.Access;

/// <summary>How a door says no.</summary>
internal static class DoorAnswer
{
    public static Task RefuseAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words + "\n", context.RequestAborted);
    }
}
