using System.Globalization;
using Microsoft.AspNetCore.Components;
using OrderSync.Console.Design;
using OrderSync.Console.Gateway;
using OrderSync.Console.SignIn;

namespace OrderSync.Console.Attention;

/// <summary>One cause with its records: tried again, accepted, stopped, reopened, one of them or all, with how far it is.</summary>
public sealed partial class GroupPage
{
    private const string Path = "/attention/group";
    private Group? group;
    private RowPage page = new([], 0, null, [], []);
    private Which which = null!;
    private string? problem;

    [SupplyParameterFromQuery]
    private string? After { get; set; }

    [SupplyParameterFromQuery]
    private string? Confirm { get; set; }

    /// <summary>What is under way: where to go on, what, how many are done and left.</summary>
    [SupplyParameterFromQuery]
    private string? Next { get; set; }

    [SupplyParameterFromQuery]
    private string? Verb { get; set; }

    [SupplyParameterFromQuery]
    private long Count { get; set; }

    [SupplyParameterFromQuery]
    private long Left { get; set; }

    /// <summary>The button: accept, retry, reopen; of one record, with its id and connection behind it.</summary>
    [SupplyParameterFromForm]
    private string? Do { get; set; }

    [CascadingParameter]
    private Session? Session { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    private string Here => $"{Http.Request.Path}{Http.Request.QueryString}";

    /// <summary>Where an action goes on that was too much for one request.</summary>
    internal static string GoingOn(Which which, string verb, string next, Done done) =>
        string.Create(CultureInfo.InvariantCulture, $"{which.Query(Path)}&next={next}&verb={verb}&count={done.Count}&left={done.Left}");

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        which = Which.Read(Http.Request.QueryString.Value ?? "");
        if (Next is { Length: > 0 })
            return;
        var stop = Http.RequestAborted;
        var groups = Gateway.GetAsync<GroupList>(which.Query("/v1/office/attention/groups"), stop);
        page = await Gateway.GetAsync<RowPage>(which.Query("/v1/office/attention") + $"&limit=50&after={After ?? Before}", stop);
        group = (await groups).Groups is [var one, ..] ? one : null;
    }

    // Before the first: the page then says nothing of parked messages, which belong to no group.
    private static string Before => $"0_{Guid.Empty:N}_{Guid.Empty:N}";

    private Task AllAsync() => RunAsync(Do is "accept" or "retry" or "reopen" ? Do : "", null, 0);

    private Task StopAsync() => RunAsync("stop", null, 0);

    private Task GoOnAsync() => RunAsync(Verb ?? "", Next, Count);

    private async Task RunAsync(string verb, string? after, long before)
    {
        if (verb is not ("accept" or "retry" or "stop" or "reopen"))
            return;
        try
        {
            var done = await Gateway.AllAsync(verb, which, after, Http.RequestAborted);
            done = done with { Count = done.Count + before };
            if (done.Next is { } next)
                Navigation.NavigateTo(GoingOn(which, verb, next, done));
            else
                Navigation.GoTo(Http, which.Reason == "stopped" ? "/attention?reason=stopped" : "/attention", AttentionWords.Said(which, verb, done.Count, done.Left));
        }
        catch (GatewayProblem no)
        {
            problem = no.Message;
        }
    }

    private async Task OneAsync()
    {
        if (Do?.Split('|', 3) is not [("accept" or "retry" or "stop" or "reopen") and var verb, var id, var connection] || !Guid.TryParse(id, out var record))
            return;
        try
        {
            await Gateway.OneAsync(verb, record, connection, Http.RequestAborted);
            var left = Math.Max(0, (group?.Count ?? 1) - 1);
            // Whether it is taken now is seen on its page; in the list it stays while it is not.
            Navigation.GoTo(Http, which.Query(Path), which.Reason == "refused" && verb == "retry" ? "It was judged again. If it still shows here, the cause stands." : AttentionWords.Said(verb, 1, left));
        }
        catch (GatewayProblem no)
        {
            problem = no.Message;
        }
    }
}
