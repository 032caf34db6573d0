using System.Diagnostics;
using System.Text.Json;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Gateway.Tests.Traffic.Storm;

/// <summary>After an outage all devices come back in the same second. The full run has as many as a large installation, and judges times and memory.</summary>
[InCi]
public sealed class StormTests(StormSite site, ITestOutputHelper output) : IClassFixture<StormSite>
{
    // One company is as large as half of all the others together.
    private static readonly int[] Sizes = Servers.Full ? [2_200, 400, 400, 400, 400, 400, 400, 400] : [40, 10, 10];
    private static readonly int Records = Servers.Full ? 20 : 6;
    private static readonly TimeSpan Target = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task F132_After_an_outage_all_that_devices_captured_is_stored_once_within_minutes_and_no_company_waits_for_another()
    {
        var companies = new List<(Guid Company, HttpClient Office)>();
        var devices = new List<StormDevice>();
        foreach (var (size, i) in Sizes.Select((size, i) => (size, i)))
        {
            companies.Add(await site.OpenCompanyAsync($"company {i}"));
            devices.AddRange(await site.DevicesAsync(companies[i].Company, companies[i].Office, size, Records));
        }

        var (bystander, itsOffice) = await site.OpenCompanyAsync("bystander");
        using var calm = await TestDevice.EnrolAsync(itsOffice, site.Gateway.Url, "Grace");
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = site.Gateway.Url, Timeout = TimeSpan.FromSeconds(60) };
        var tally = new StormDevice.Tally();
        var ends = new CancellationTokenSource();
        var began = Stopwatch.StartNew();
        var (pushes, pulls, asks) = (new List<double>(), new List<double>(), new List<double>());
        var others = GoOnAsync(calm, itsOffice, pushes, pulls, asks, ends.Token);

        var ids = await Task.WhenAll(devices.Select(device => device.RunAsync(http, tally, Sizes[companies.FindIndex(company => company.Company == device.Company)] * Records)));

        var took = began.Elapsed;
        await ends.CancelAsync();
        await others;
        var peak = PeakMemory(site.Gateway.ProcessId);
        output.WriteLine($"{devices.Count} devices, {ids.Sum(device => device.Length)} records in {took.TotalSeconds:0} s; devices: half after {At(tally.Seconds, 0.5):0.0} s, 95 % after {At(tally.Seconds, 0.95):0.0} s");
        output.WriteLine($"stored of each company when the first had all: {string.Join(", ", companies.Select(company => $"{tally.AtFirstEnd!.GetValueOrDefault(company.Company)} of {tally.Stored[company.Company]}"))}");
        output.WriteLine($"refused: {string.Join(", ", tally.Refused.GroupBy(refusal => refusal.Status).Select(status => $"{status.Count()} with {status.Key}, told to wait {status.Min(refusal => refusal.Wait)} to {status.Max(refusal => refusal.Wait)} s"))}");
        output.WriteLine($"another company meanwhile: {Times("pushes", pushes)}; {Times("pulls", pulls)}; {Times("office requests", asks)}");
        output.WriteLine($"gateway: {peak:0} MB at most");

        var all = ids.SelectMany(device => device).ToHashSet();
        Assert.Equal(devices.Sum(device => device.Records), all.Count);
        foreach (var (company, i) in companies.Select((company, i) => (company.Company, i)))
        {
            Assert.Equal(Sizes[i] * Records, await site.Scalar<long>($"select count(*) from gateway.record where company_id = '{company}' and state = 'accepted'"));
            Assert.Equal(0, await site.Scalar<long>($"select count(*) from gateway.record where company_id = '{company}' and not record_id = any(array[{string.Join(',', ids.Where((_, d) => devices[d].Company == company).SelectMany(device => device).Select(id => $"'{id}'::uuid"))}])"));
            Assert.True(await site.Scalar<bool>($"select count(distinct counter) = count(*) and max(counter) = count(*) and count(distinct record_id) = count(*) from gateway.record_number where company_id = '{company}'"), "numbers are dense");
            Assert.True(await site.Scalar<bool>($"select count(*) = (select pos from gateway.company_feed where company_id = '{company}') from gateway.feed where company_id = '{company}'"), "feed positions are dense");
        }

        Assert.All(tally.Refused.Where(refusal => refusal.Status != 0), refusal => Assert.True(refusal.Wait >= 1, $"{refusal}"));
        if (!Servers.Full)
            return;
        Assert.Contains(tally.Refused, refusal => refusal.Status == 429);
        Assert.True(took < Target, $"took {took}");
        Assert.True(tally.Refused.Where(refusal => refusal.Status != 0).Select(refusal => refusal.Wait).Distinct().Count() > 3, "refused devices come back at different times");
        Assert.Equal(Sizes.Length, tally.AtFirstEnd!.Count);
        Assert.InRange((double)tally.AtFirstEnd.Values.Max() / tally.AtFirstEnd.Values.Min(), 1, 3);
        Assert.InRange(peak, 1, StormSite.HeapLimit + 250);
        Assert.All([pushes, pulls, asks], times => Assert.InRange(At(times, 0.95), 0, 2));
    }

    // A rep and somebody of the office of a company that was not cut off.
    private static async Task GoOnAsync(TestDevice device, HttpClient office, List<double> pushes, List<double> pulls, List<double> asks, CancellationToken ends)
    {
        using var http = new HttpClient { BaseAddress = office.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", device.AccessToken);
        var cursor = "";

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        do
        {
            var started = Stopwatch.GetTimestamp();
            await device.PushAsync(An.Customer());
            pushes.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            started = Stopwatch.GetTimestamp();
            var lines = (await http.GetStringAsync($"/v1/sync/pull?cursor={cursor}", CancellationToken.None)).TrimEnd().Split('\n');
            pulls.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            cursor = JsonSerializer.Deserialize<JsonElement>(lines[^1]).GetProperty("end").GetProperty("cursor").GetString();
            started = Stopwatch.GetTimestamp();
            (await office.GetAsync("/v1/office/summary", CancellationToken.None)).EnsureSuccessStatusCode();
            asks.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        while (await TickAsync(pace, ends));
    }

    private static async Task<bool> TickAsync(PeriodicTimer pace, CancellationToken ends)
    {
        try
        {
            return await pace.WaitForNextTickAsync(ends);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Times(string what, List<double> times) => $"{times.Count} {what}, p50 {At(times, 0.5):0.00}, p95 {At(times, 0.95):0.00}, longest {At(times, 1):0.00} s";

    private static double At(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }

    private static double PeakMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }
}
