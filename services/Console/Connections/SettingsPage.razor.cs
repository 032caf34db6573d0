using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using OrderSync.Console.Design;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.Connections;

/// <summary>The settings of a connection, or of one to be made, as its connector describes them.</summary>
public sealed partial class SettingsPage
{
    private const int LongestName = 60;

    private ConnectorEntry? entry;
    private ConnectorAbout? about;
    private List<SettingField> form = [];
    private HashSet<string> kinds = [];
    private string? problem, nameError, kindError;
    private string wanted = "";

    /// <summary>An existing connection.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>The connector of a new one.</summary>
    [Parameter]
    public string? ConnectorName { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [CascadingParameter]
    private SignIn.Session Session { get; set; } = null!;

    private bool isNew => Name is null;

    private string title => entry?.Title ?? Words.Label(ConnectorName ?? "");

    private string Here => $"/connections/{Uri.EscapeDataString(Name ?? wanted)}";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var connection = Name is null ? null : await Gateway.GetAsync<ConnectionDetail>($"/v1/office/connections/{Uri.EscapeDataString(Name)}", default);
        entry = (await Gateway.GetAsync<ConnectorList>("/v1/office/connectors", default)).Find(connection?.Connector ?? ConnectorName!);
        // A form without the values that stand there would take them away when it is saved.
        about = connection is { Answered: false } || entry is not { Answered: true } ? null : entry.About;
        ConnectorName = connection?.Connector ?? ConnectorName;
        kinds = [.. connection?.Kinds ?? about?.Kinds ?? []];
        wanted = isNew ? title : "";
        form = [.. (about?.Settings ?? []).Select(setting => new SettingField(setting, connection?.Settings?.Settings?[setting.Name]))];
    }

    private async Task SaveAsync()
    {
        var sent = Http.Request.Form;
        kinds = [.. sent["kind"].OfType<string>()];
        if (isNew)
            wanted = sent["name"].ToString().Trim();
        var settings = new JsonObject();
        foreach (var field in form)
            field.Take(sent, settings);
        nameError = isNew && (wanted.Length is 0 or > LongestName || wanted.Contains('/', StringComparison.Ordinal) || wanted.Equals("new", StringComparison.OrdinalIgnoreCase))
            ? "Enter a name of 1 to 60 characters, without a slash." : null;
        if (nameError is null && isNew && (await Gateway.HearAsync<ConnectionDetail>($"/v1/office/connections/{Uri.EscapeDataString(wanted)}")).Answer is not null)
            nameError = $"There is a connection {wanted} already. Choose another name, or open that one.";
        kindError = kinds.Count == 0 ? "Choose at least one kind of records." : null;
        if (nameError is not null || kindError is not null)
        {
            problem = "Nothing was saved. See below.";
            return;
        }

        var saved = await Gateway.HearAsync<JsonObject>(HttpMethod.Put, $"/v1/office/connections/{Uri.EscapeDataString(Name ?? wanted)}", new { connector = ConnectorName, kinds, settings });
        if (saved.Answer is not null)
        {
            Navigation.GoTo(Http, Here, !isNew ? "The settings are saved and count from now on."
                : about!.Approved ? $"{wanted} is made. Connect it by signing in at {title}, then test it." : $"{wanted} is made. Test it to see whether it works.");
            return;
        }

        var errors = ErrorsOf(saved.Problem);
        foreach (var field in form)
            field.Error = errors.TryGetValue(field.Setting.Name, out var error) ? field.Plain(error) : null;
        problem = form.Exists(field => field.Error is not null) ? "Nothing was saved. See what is marked below." : $"Nothing was saved. {saved.WhyNot}";
    }

    private static Dictionary<string, string> ErrorsOf(GatewayProblem? no)
    {
        var errors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (no?.Details is { } details && details.TryGetProperty("errors", out var all) && all.ValueKind == System.Text.Json.JsonValueKind.Object)
            foreach (var error in all.EnumerateObject())
                errors[error.Name] = error.Value.GetString() ?? "";
        return errors;
    }
}
