using System.CommandLine;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Faults;

/// <summary>The command line of <c>faults</c>.</summary>
internal static class FaultsCommand
{
    public static Command Create()
    {
        var file = new Option<FileInfo?>("--file") { Description = "Sends a file of past sales, as `replay` takes it, in place of seeded orders. Best into a fresh system: what is there already is not sent again." };
        var orders = CountOption.Create("--orders", "How many seeded orders.", 200, 20_000);
        var rounds = CountOption.Create("--rounds", "How often each part is killed.", 1, 50);
        var devices = CountOption.Create("--devices", "How many devices send at once.", 3, 50);
        var seed = new Option<int?>("--seed") { Description = "Orders, lines, faults and kills follow from it (default: another one each time; it is printed)." };
        var wait = CountOption.Create("--wait", "Minutes until it gives up waiting.", 20, 24 * 60);
        var command = new Command("faults", "Kills every part that `up` runs while devices on bad lines send orders, then checks what was promised.") { file, orders, rounds, devices, seed, wait };
        command.SetAction((parsed, stop) => Ending.OfAsync(
            async () =>
            {
                var where = Surroundings.Find(null, null, null);
                using var run = new FaultsRun(
                    new FaultsOptions(parsed.GetValue(file)?.FullName, parsed.GetValue(orders), parsed.GetValue(rounds), parsed.GetValue(devices), parsed.GetValue(seed) ?? Random.Shared.Next(1_000_000), TimeSpan.FromMinutes(parsed.GetValue(wait))),
                    where, where.Mail ?? throw new CannotReplay("The mail page is not known. Start everything with ./ordersync up first."));
                return await run.RunAsync(stop);
            },
            "Stopped. What is stored goes on by itself.", stop));
        return command;
    }
}
