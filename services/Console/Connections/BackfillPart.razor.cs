using System.Globalization;
using Microsoft.AspNetCore.Components;
using OrderSync.Console.Design;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.Connections;

/// <summary>Back-fills of one connection: one runs at a time, and goes on whoever looks.</summary>
public sealed partial class BackfillPart
{
    private IReadOnlyList<Backfill> list = [];
    private Backfill? running;
    private BackfillCounted? counted;
    private string? problem;

    /// <summary>The connection's name.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Kinds of records it takes.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Kinds { get; set; } = [];

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [CascadingParameter]
    private SignIn.Session Session { get; set; } = null!;

    private string Here => $"/connections/{Uri.EscapeDataString(Name)}";

    private string Path => $"/v1/office{Here}/backfill";

    private long Missing => counted!.Counts.Sum(one => one.Missing);

    private string Between => To is { Length: > 0 } ? $"from {Day(From)} to {Day(To)}" : $"from {Day(From)} on";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        list = (await Gateway.GetAsync<BackfillList>(Path, Http.RequestAborted)).Backfills;
        running = list.FirstOrDefault(one => one.State is "listing" or "running");
        if (running is not null || !Session.MayChange || From is not { Length: > 0 })
            return;
        var heard = await Gateway.HearAsync<BackfillCounted>(HttpMethod.Post, Path, Wanted(From, To, dryRun: true), Http.RequestAborted);
        (counted, problem) = (heard.Answer, heard.WhyNot);
    }

    private async Task StartAsync()
    {
        var sent = Http.Request.Form;
        problem = await Gateway.TellAsync(HttpMethod.Post, Path, Wanted(sent["from"], sent["to"], dryRun: false), Http.RequestAborted);
        if (problem is null)
            Navigation.GoTo(Http, Here, $"They go to {Name} now, the oldest first.");
    }

    private async Task CancelAsync()
    {
        problem = await Gateway.TellAsync(HttpMethod.Post, $"{Path}/{running!.Id}/cancel", null, Http.RequestAborted);
        if (problem is null)
            Navigation.GoTo(Http, Here, "It is ended. What was sent stays there.");
    }

    private static object Wanted(string? from, string? to, bool dryRun) => new { from, to = string.IsNullOrEmpty(to) ? null : to, dryRun };

    // By hand an address may say anything; the gateway then says what is wrong with it.
    private static string Day(string? date) => DateOnly.TryParse(date, CultureInfo.InvariantCulture, out var day) ? day.ToString("d MMM yyyy", CultureInfo.InvariantCulture) : date ?? "";

    private static string Since(Backfill one) => one.From is { } from ? $"from {Day(from)} {(one.To is { } to ? $"to {Day(to)}" : "on")}" : "";
}
