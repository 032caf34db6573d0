using System.CommandLine;
using OrderSync.Money;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;
using OrderSync.Simulator.Targets;

namespace OrderSync.Simulator.Replay;

/// <summary>The command line of <c>replay</c>.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "CSV with the columns " + string.Join(", ", SalesFile.Columns) + ".",
        };
        var rounding = new Option<string>("--rounding")
        {
            Description = "Where tax is rounded: on the devices, in the connection and in the ERP.",
            DefaultValueFactory = _ => "document",
        };
        rounding.AcceptOnlyFromAmong("line", "document");
        var currency = new Option<string>("--currency") { Description = "Currency of the file's prices.", DefaultValueFactory = _ => "USD" };
        var devices = CountOption.Create("--devices", "How many devices send at once.", 1, 50);
        var line = new Option<string>("--line")
        {
            Description = "The devices' lines: good, or bad (cut at any byte, late, delivered twice and out of order).",
            DefaultValueFactory = _ => "good",
        };
        line.AcceptOnlyFromAmong("good", "bad");
        var seed = new Option<int?>("--seed") { Description = "What a bad line does follows from it (default: another one each time; it is printed)." };
        var download = new Option<bool>("--download") { Description = "The devices also keep what the server knows, as an app does that sells from it." };
        var limit = new Option<int?>("--limit") { Description = "Replays only so many orders from the start of the file." };
        CountOption.AtLeastOne(limit, int.MaxValue);
        var rate = new Option<int?>("--rate") { Description = "Orders that are captured a second; at the end it says how long they took into the ERP (default: all are captured at once)." };
        CountOption.AtLeastOne(rate, 1_000);
        var wait = CountOption.Create("--wait", "Minutes until the replay gives up waiting.", 15, 24 * 60);
        var ambiguity = new Option<int?>("--ambiguity") { Description = "Seconds that a lost answer of the ERP is waited for before one looks (default: the connector's own, 120 for Zoho and Tryton)." };
        CountOption.AtLeastOne(ambiguity, 3600);
        var into = new Option<string>("--into") { Description = "The ERP: the sandbox's, or the real Tryton that `up --with-tryton` starts.", DefaultValueFactory = _ => "zoho" };
        into.AcceptOnlyFromAmong([.. ReplayTargets.Names]);
        var connection = new Option<string?>("--connection") { Description = "Name of the connection to the ERP (default: the ERP's own)." };
        var gateway = new Option<string?>("--gateway") { Description = "Address of the gateway (default: the one that `up` started)" };
        var key = new Option<string?>("--company", "--api-key") { Description = "The company, by an API key of its office (default: the one that `up` made)" };
        var sandbox = new Option<string?>("--sandbox") { Description = "Address of the ERP sandbox (default: the one that `up` started)" };

        var command = new Command("replay", "Sends a file of past sales as devices would, and waits until each order is in the ERP and mailed.")
        {
            file, rounding, currency, devices, line, seed, download, limit, rate, wait, ambiguity, into, connection, gateway, key, sandbox,
        };
        command.SetAction((parsed, stop) => RunAsync(
            new ReplayOptions(
                parsed.GetRequiredValue(file).FullName,
                parsed.GetValue(rounding) == "line" ? RoundingLevel.Line : RoundingLevel.Document,
                parsed.GetValue(currency)!,
                parsed.GetValue(devices),
                parsed.GetValue(limit) ?? int.MaxValue,
                TimeSpan.FromMinutes(parsed.GetValue(wait)),
                parsed.GetValue(into)!,
                parsed.GetValue(connection) ?? parsed.GetValue(into)!,
                parsed.GetValue(line) == "bad" ? parsed.GetValue(seed) ?? Random.Shared.Next() : null,
                parsed.GetValue(ambiguity),
                parsed.GetValue(rate),
                parsed.GetValue(download)),
            () => Surroundings.Find(parsed.GetValue(gateway), parsed.GetValue(key), parsed.GetValue(sandbox)),
            stop));
        return command;
    }

    private static Task<int> RunAsync(ReplayOptions options, Func<Surroundings> surroundings, CancellationToken stop) => Ending.OfAsync(
        async () =>
        {
            var sales = SalesFile.Read(options.File, options.Limit);
            using var run = new ReplayRun(options, surroundings(), sales);
            return await run.RunAsync(stop);
        },
        "Stopped. What is stored goes on by itself; the same command takes up where this one left off.", stop);
}
