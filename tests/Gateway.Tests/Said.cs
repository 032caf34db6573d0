using System.Text.Json;

namespace OrderSync.Gateway.Tests;

/// <summary>What a verdict says, for tests that look at a part of it.</summary>
internal static class Said
{
    public static string Outcome(this JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    public static string? Code(this JsonElement verdict) => verdict.TryGetProperty("code", out var code) ? code.GetString() : null;

    public static string? State(this JsonElement verdict) => verdict.TryGetProperty("state", out var state) ? state.GetString() : null;
}
