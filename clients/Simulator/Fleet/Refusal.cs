using System.Net;

namespace OrderSync.Simulator.Fleet;

/// <summary>A server understood and said no: asking again does not help.</summary>
internal sealed class Refusal(string what, HttpStatusCode status, string? code, string? detail)
    : Exception($"{what}: {(int)status}{(code is null ? "" : " " + code)}{(detail is null ? "" : ": " + detail.TrimEnd('.'))}.")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The stable code of the problem, if the answer had one.</summary>
    public string? Code { get; } = code;
}
