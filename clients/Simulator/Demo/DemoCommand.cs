using System.CommandLine;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Demo;

/// <summary>The command line of <c>demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seed = new Option<int?>("--seed") { Description = "What the bad line does follows from it (default: another one each time; it is printed)." };
        var wait = CountOption.Create("--wait", "Minutes until the demo gives up waiting.", 5, 60);
        var pace = CountOption.Create("--pace", "Milliseconds between two captures.", 400, 10_000, least: 0);
        var gateway = new Option<string?>("--gateway") { Description = "Address of the gateway (default: the one that `up` started)" };
        var key = new Option<string?>("--company", "--api-key") { Description = "The company, by an API key of its office (default: the one that `up` made)" };
        var sandbox = new Option<string?>("--sandbox") { Description = "Address of the ERP sandbox (default: the one that `up` started)" };
        var mail = new Option<string?>("--mail") { Description = "Address of the mail page, a maildev (default: the one that `up` started)" };
        var command = new Command("demo", "Three devices capture offline, come back, and everything is followed into the ERP and the mail box.") { seed, wait, pace, gateway, key, sandbox, mail };
        command.SetAction((parsed, stop) => Ending.OfAsync(
            async () =>
            {
                var where = Surroundings.Find(parsed.GetValue(gateway), parsed.GetValue(key), parsed.GetValue(sandbox), parsed.GetValue(mail));
                using var run = new DemoRun(
                    where, where.Mail ?? throw new CannotReplay("The mail page is not known. Start the parts with ./ordersync up, or name it with --mail."),
                    parsed.GetValue(seed) ?? Random.Shared.Next(), TimeSpan.FromMilliseconds(parsed.GetValue(pace)), TimeSpan.FromMinutes(parsed.GetValue(wait)));
                return await run.RunAsync(stop);
            },
            "Stopped. What the devices captured is kept, and what is stored goes on by itself.", stop));
        return command;
    }
}
