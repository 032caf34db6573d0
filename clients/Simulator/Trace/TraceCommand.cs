using System.CommandLine;
using System.Net;
using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Trace;

/// <summary>The command line of <c>trace</c>: the whole way of one record, as the office's timeline has it.</summary>
internal static class TraceCommand
{
    private const int Width = 80;
    private const int MostShown = 10;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Pretty = new(ContractJson.Options) { WriteIndented = true };

    public static Command Create()
    {
        var record = new Argument<string>("record") { Description = "The record's id, its number, or the device's own reference." };
        var json = new Option<bool>("--json") { Description = "All the gateway knows of it, as JSON." };
        var gateway = new Option<string?>("--gateway") { Description = "Address of the gateway (default: the one that `up` started)" };
        var key = new Option<string?>("--company", "--api-key") { Description = "The company, by an API key of its office (default: the one that `up` made)" };
        var command = new Command("trace", "Shows the whole way of one record: device, gateway, connector, ERP and mail, with times and attempts.") { record, json, gateway, key };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(record), parsed.GetValue(json), parsed.GetValue(gateway), parsed.GetValue(key), stop));
        return command;
    }

    private static Task<int> RunAsync(string record, bool json, string? gateway, string? apiKey, CancellationToken stop) => Ending.OfAsync(
        async () =>
        {
            var (address, key) = Surroundings.FindOffice(gateway, apiKey);
            using var http = new Http(address, Wait);
            var office = new OfficeApi(http, key, new Patience(TimeProvider.System, TimeProvider.System.GetUtcNow() + Wait));
            return await FindAsync(office, record.Trim(), stop) is { } id && await ShowAsync(office, id, json, stop);
        },
        "Stopped.", stop);

    private static async Task<bool> ShowAsync(OfficeApi office, Guid id, bool json, CancellationToken stop)
    {
        try
        {
            var found = await office.RecordAsync(id, stop);
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(found, Pretty));
            else
                foreach (var line in TraceText.Of(found.Deserialize<TracedRecord>(ContractJson.Options)!, TimeZoneInfo.Local, Width))
                    Console.WriteLine(line);
            return true;
        }
        catch (Refusal unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            await Console.Error.WriteLineAsync($"There is no record {id} at this company.");
            return false;
        }
    }

    /// <summary>The one record that is called so; else what there is instead is said.</summary>
    private static async Task<Guid?> FindAsync(OfficeApi office, string record, CancellationToken stop)
    {
        if (Guid.TryParse(record, out var id))
            return id;

        var found = await office.FindAsync("number", record, stop);
        if (found.Count == 0)
            found = await office.FindAsync("reference", record, stop);
        // What is named as a whole goes before what only begins so.
        if (found.Where(one => Same(one.Number, record) || Same(one.Reference, record)).ToList() is { Count: > 0 } exact)
            found = exact;
        if (found is [var only])
            return only.Id;

        await Console.Error.WriteLineAsync(found.Count == 0
            ? $"No record has the id, number or reference {record}, nor one that begins so."
            : $"{found.Count} records are called {record}, or begin so. Name one by its id:");
        foreach (var one in found.Take(MostShown))
            await Console.Error.WriteLineAsync($"  {one.Id}  {one.Kind} {one.Number ?? one.Reference}, {one.State}");
        return null;
    }

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
