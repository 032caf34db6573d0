using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>Calls Tryton as a person at work in it does: signs in once, then a method after the other.</summary>
public sealed class TrytonRpc : IDisposable
{
    // Tryton refuses a body without a length, and its own server closes what it is done with.
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly string path;
    private JsonObject context = [];

    /// <summary>Calls to one database; "" for what is asked of the server itself.</summary>
    public TrytonRpc(Uri server, string database)
    {
        http.BaseAddress = server;
        path = database.Length == 0 ? "" : $"{database}/";
    }

    /// <summary>Signs in; later calls are this user's and go to its company.</summary>
    public async Task SignInAsync(string user, string password, CancellationToken stop)
    {
        var session = (JsonArray)(await AskAsync("common.db.login", [user, new JsonObject { ["password"] = password }, "en"], stop))!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Session", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{session[0]}:{session[1]}")));
        await ReadContextAsync(stop);
    }

    /// <summary>Reads the user's company and language anew.</summary>
    public async Task ReadContextAsync(CancellationToken stop) =>
        context = (JsonObject)(await AskAsync("model.res.user.get_preferences", [true, new JsonObject()], stop))!;

    /// <summary>Calls a method of a model.</summary>
    /// <param name="method">Behind "model.", such as "party.party.create".</param>
    /// <param name="parameters">All but the context.</param>
    /// <param name="stop">Gives up.</param>
    public Task<JsonNode?> CallAsync(string method, JsonArray parameters, CancellationToken stop) => WithContextAsync($"model.{method}", parameters, stop);

    /// <summary>The id of the first row that a search finds.</summary>
    public async Task<int?> FindAsync(string model, JsonArray domain, CancellationToken stop) =>
        (await CallAsync($"{model}.search", [domain, 0, 1, null], stop)) is JsonArray { Count: > 0 } ids ? (int)ids[0]! : null;

    /// <summary>Creates a row; answers its id.</summary>
    public async Task<int> CreateAsync(string model, JsonObject values, CancellationToken stop) =>
        (int)(await CallAsync($"{model}.create", [new JsonArray(values)], stop))!.AsArray()[0]!;

    /// <summary>Goes through a wizard's states, each with what was entered before it; answers what the last one shows.</summary>
    public async Task<JsonNode?> WizardAsync(string name, CancellationToken stop, params (string State, JsonObject Data)[] states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var session = (int)((JsonArray)(await WithContextAsync($"wizard.{name}.create", [], stop))!)[0]!;
        JsonNode? shown = null;
        foreach (var (state, data) in states)
            shown = await WithContextAsync($"wizard.{name}.execute", [session, data, state], stop);
        await WithContextAsync($"wizard.{name}.delete", [session], stop);
        return shown;
    }

    /// <summary>A decimal as Tryton spells it.</summary>
    public static JsonObject Amount(decimal figure) => new() { ["__class__"] = "Decimal", ["decimal"] = figure.ToString(CultureInfo.InvariantCulture) };

    /// <summary>A date as Tryton spells it.</summary>
    public static JsonObject Date(int year, int month, int day) => new() { ["__class__"] = "date", ["year"] = year, ["month"] = month, ["day"] = day };

    /// <summary>Calls any method; what Tryton refuses is thrown in its words.</summary>
    public async Task<JsonNode?> AskAsync(string method, JsonArray parameters, CancellationToken stop)
    {
        var body = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = parameters };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, stop);
        var text = await answer.Content.ReadAsStringAsync(stop);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"Tryton answered {(int)answer.StatusCode} to {method}.");
        var said = JsonNode.Parse(text)!;
        return said["error"] is { } error ? throw new InvalidOperationException($"Tryton refused {method}: {error.ToJsonString()}") : said["result"]?.DeepClone();
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private Task<JsonNode?> WithContextAsync(string method, JsonArray parameters, CancellationToken stop)
    {
        parameters.Add(context.DeepClone());
        return AskAsync(method, parameters, stop);
    }
}
