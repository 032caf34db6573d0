using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests;

/// <summary>The main job with everything running.</summary>
[Collection("whole system")]
public sealed class SixtyOrdersTests(SharedSystem shared)
{
    internal const string AllThere = "stored 60 · in ERP 60 · mailed 60 · attention 0 · captured 26236.19 · ERP 26236.19";

    [Fact]
    public async Task F100_F104_F113_Sixty_orders_are_each_once_in_the_ERP_and_mailed_and_a_second_replay_changes_nothing()
    {
        await using var company = await shared.System.CompanyAsync("Company of sixty orders");

        var (code, output) = await company.ReplayAsync();
        Assert.True(code == 0, output);
        Assert.Equal(AllThere, LastLine(output));

        var (again, second) = await company.ReplayAsync();
        Assert.True(again == 0, second);
        Assert.Equal(AllThere, LastLine(second));
        Assert.Contains("60 duplicates", second, StringComparison.Ordinal);

        await ATraceShowsTheWholeWayAsync(company);
        await OneTraceRunsFromThePushToTheErpAsync(shared.Telemetry);
    }

    private static async Task ATraceShowsTheWholeWayAsync(WholeCompany company)
    {
        var (code, output) = await company.SimulatorAsync("trace", "w-1001");
        Assert.True(code == 0, output);
        foreach (var step in new[] { "order SO-MAIN-", "W-1001 · 332.58 USD · accepted", "Replay captured it.", "came and was accepted", "It is in zoho.", "mail server.", "zoho: done as ", "email: done", "trace  " })
            Assert.Contains(step, output, StringComparison.Ordinal);

        (code, output) = await company.SimulatorAsync("trace", "W-9999");
        Assert.Equal((1, "No record has the id, number or reference W-9999, nor one that begins so."), (code, output.Trim()));
    }

    private static async Task OneTraceRunsFromThePushToTheErpAsync(OtlpReceiver telemetry)
    {
        var call = await telemetry.SpanAsync(
            span => span.Service == "zoho" && span.Kind == OtlpSpanKind.Client && span.Attributes.Any(attribute => attribute.Value.ToString()!.Contains("/salesorders", StringComparison.Ordinal))
                && telemetry.Spans.Any(other => other.TraceId == span.TraceId && other.Service == "gateway" && other.Kind == OtlpSpanKind.Server && other.Name.Contains("/v1/sync/push", StringComparison.Ordinal)),
            "a call of the ERP in the trace of the push that stored its order");
        var services = telemetry.Trace(call.TraceId).Select(span => span.Service).Distinct().ToList();
        Assert.Contains("gateway", services);
        Assert.Contains("zoho", services);
    }

    internal static string LastLine(string output) => output.TrimEnd().Split('\n')[^1].Trim();
}
