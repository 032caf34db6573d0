using Microsoft.AspNetCore.Components;
using OrderSync.Console.Design;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.Connections;

/// <summary>How one connection is, and what can be done about it.</summary>
public sealed partial class ConnectionOverview
{
    private ConnectionDetail? connection;
    private Heard<Standing> standing = new(null, null);
    private ConnectorEntry? entry;
    private List<Capability> lacking = [];
    private LastApproval? approval;
    private TestResult? test;
    private string? problem;
    private Uri? going;

    /// <summary>The connection's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [CascadingParameter]
    private SignIn.Session Session { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Approval { get; set; }

    private string Here => $"/connections/{Uri.EscapeDataString(Name)}";

    private string title => entry?.Title ?? Words.Label(connection!.Connector);

    private Health health => Health.Of(connection!.Answered, standing.Answer);

    private bool approvable => entry?.About?.Approved == true;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var (detail, state, capabilities, connectors) = (
            Gateway.GetAsync<ConnectionDetail>($"/v1/office/connections/{Uri.EscapeDataString(Name)}", default), Gateway.HearAsync<Standing>(Page("state")),
            Gateway.HearAsync<CapabilityList>(Page("capabilities")), Gateway.GetAsync<ConnectorList>("/v1/office/connectors", default));
        (connection, standing, entry) = (await detail, await state, (await connectors).Find((await detail).Connector));
        lacking = [.. ((await capabilities).Answer?.Capabilities ?? []).Where(one => !one.Taken)];
        if (Approval is not null)
            approval = (await Gateway.HearAsync<ApprovalAnswer>(Page("approval"))).Answer?.Last;
    }

    private string Page(string page) => ConnectorAnswers.Path(Name, page);

    private async Task TestAsync() =>
        (test, problem) = await Gateway.HearAsync<TestResult>(HttpMethod.Post, Page("test"), new { }) is { } heard ? (heard.Answer, heard.WhyNot) : default;

    private Task PauseAsync() => DoAsync("pause", new { reason = Http.Request.Form["reason"].ToString().Trim() }, $"{Name} is paused. Records gather here until you resume it.");

    private Task ResumeAsync() => DoAsync("resume", new { }, $"{Name} goes on.");

    private async Task RetryAsync()
    {
        problem = await Gateway.TellAsync(HttpMethod.Post, $"/v1/office/connections/{Uri.EscapeDataString(Name)}/retry-all", new { });
        if (problem is null)
            Navigation.GoTo(Http, Here, "All that stood still is tried again now.");
    }

    private async Task ConnectAsync()
    {
        var begun = await Gateway.HearAsync<ApprovalStart>(HttpMethod.Post, Page("connect"), new { });
        (going, problem) = (begun.Answer?.Url, begun.WhyNot);
    }

    private async Task DoAsync(string what, object body, string done)
    {
        problem = await Gateway.TellAsync(HttpMethod.Post, Page(what), body);
        if (problem is null)
            Navigation.GoTo(Http, Here, done);
    }
}
