namespace OrderSync.Gateway;

/// <summary>RFC 9457 problem details: <c>type</c> is the stable code, <c>detail</c> says what to do.</summary>
internal static class Problems
{
    public static IResult Bad(string code, string detail) => Of(StatusCodes.Status400BadRequest, code, detail);

    public static IResult Unauthorized(string code, string detail) => Of(StatusCodes.Status401Unauthorized, code, detail);

    public static IResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static IResult Conflict(string code, string detail) => Of(StatusCodes.Status409Conflict, code, detail);

    public static IResult TooLarge(string code, string detail) => Of(StatusCodes.Status413PayloadTooLarge, code, detail);

    /// <summary>Our own trouble: nothing was judged, the client sends again after <paramref name="seconds"/>.</summary>
    public static IResult Busy(string code, string detail, int seconds) => new WithRetryAfter(Of(StatusCodes.Status503ServiceUnavailable, code, detail), seconds);

    /// <summary>Too often: nothing was looked at, the client waits and sends again.</summary>
    public static IResult TooMany(string code, string detail, TimeSpan wait) =>
        new WithRetryAfter(Of(StatusCodes.Status429TooManyRequests, code, detail), Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)));

    public static IResult Of(int status, string code, string detail) => Results.Problem(detail, statusCode: status, type: code);

    private sealed class WithRetryAfter(IResult inner, int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return inner.ExecuteAsync(httpContext);
        }
    }
}
