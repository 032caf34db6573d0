using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office;

internal sealed record ConnectionRequest(string? Connector, IReadOnlyList<string>? Kinds, JsonElement Settings);

internal sealed record ConnectionRow(Guid Id, string Name, string Connector, IReadOnlyList<string> Kinds, string? Account);

/// <summary>A connection with what its connector shows of its settings; Answered tells whether the connector answered, Hook is the path at which the destination can say that something changed there.</summary>
internal sealed record ConnectionDetail(Guid Id, string Name, string Connector, IReadOnlyList<string> Kinds, string? Account, JsonElement? Settings, bool Answered, string Hook);

internal sealed record ConnectionList(IReadOnlyList<ConnectionRow> Connections);

/// <summary>
/// A company's connections. The gateway knows which connector takes which kinds; settings and secrets are the connector's own and are
/// handed to it without being looked at or kept.
/// </summary>
internal sealed class Connections(NpgsqlDataSource database, ConnectorCalls connectors, RelaySignal relay, IConfiguration configuration, TimeProvider time)
{
    private const string Parked = "parked";

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select connection_id, name, connector, kinds, account from connection where company_id = $1 order by name", office.CompanyId);
        var rows = new List<ConnectionRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Row(reader));
        return Results.Ok(new ConnectionList(rows));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string name, ConnectionRequest request, CancellationToken stop)
    {
        if (name.Length > 60 || request is not { Connector.Length: > 0 and <= 40, Kinds.Count: > 0 and <= 20 } || request.Kinds.Any(kind => kind is not { Length: > 0 and <= 40 }))
            return Problems.Bad("connection.incomplete", "Send connector (such as \"zoho\"), kinds (such as [\"order\",\"customer\"]) and settings.");
        if (!connectors.Runs(request.Connector))
            return Problems.NotFound("connection.connectorUnknown", $"No connector {request.Connector} runs here.");

        // What cannot be taken makes no connection that would gather records nobody delivers.
        var settings = request.Settings.ValueKind == JsonValueKind.Undefined ? "{}" : request.Settings.GetRawText();
        if (await FindAsync(office.CompanyId, name, stop) is null
            && await connectors.SendAsync(office, request.Connector, HttpMethod.Post, "/manage/settings/try", settings, stop) is { Status: StatusCodes.Status400BadRequest } refused)
            return refused.AsResult();

        // The row comes first, so that a crash in between leaves a connection that can be seen and put again, not one that only the connector knows.
        var (id, connector) = await SaveAsync(office, name, request, stop);
        if (connector != request.Connector)
            return Problems.Conflict("connection.nameTaken", $"The connection {name} belongs to the connector {connector}. Choose another name.");

        var answer = await connectors.SendAsync(office, request.Connector, HttpMethod.Put, $"/manage/connections/{office.CompanyId}/{id}", settings, stop);
        if (answer is null)
            return Problems.Busy("connection.connectorAway", $"The connection is stored, but the connector {request.Connector} does not answer, so its settings are not. Send the same request again.", 5);
        if (!answer.Succeeded)
            return answer.AsResult();

        var account = AccountOf(answer.Text);
        await SetAccountAsync(office.CompanyId, id, account, stop);
        return Results.Ok(new ConnectionRow(id, name, request.Connector, request.Kinds, account));
    }

    /// <summary>A connection with its settings as its connector shows them: secrets only as set or not set.</summary>
    public async Task<IResult> GetAsync(OfficeIdentity office, string name, CancellationToken stop)
    {
        if (await FindAsync(office.CompanyId, name, stop) is not { } found)
            return Unknown(name);
        var answer = await connectors.SendAsync(office, found.Connector, HttpMethod.Get, $"/manage/connections/{office.CompanyId}/{found.Id}", null, stop);
        return Results.Ok(new ConnectionDetail(
            found.Id, found.Name, found.Connector, found.Kinds, found.Account, answer is { Succeeded: true } ? answer.Json() : null, answer is not null, Hooks.PathOf(office.CompanyId, found)));
    }

    /// <summary>
    /// Hands a request on to the connector's own pages of this connection, without knowing what is in it. What changes something is audited before it is sent.
    /// </summary>
    public async Task<IResult> ForwardAsync(OfficeIdentity office, string name, string path, HttpRequest request, CancellationToken stop)
    {
        if (await FindAsync(office.CompanyId, name, stop) is not { } found)
            return Unknown(name);
        if (!ConnectorCalls.IsPlain(path))
            return Problems.NotFound("request.pathUnknown", "Nothing is at this address. Each part of it is made of letters, digits, hyphens and underscores.");

        using var reader = new StreamReader(request.Body);
        var body = HttpMethods.IsGet(request.Method) ? null : await reader.ReadToEndAsync(stop);
        if (!HttpMethods.IsGet(request.Method))
            await NoteAsync(office, name, $"connection.{path.Replace('/', '.')}", new { request.Method }, stop);
        var answer = await connectors.SendAsync(office, found.Connector, new HttpMethod(request.Method), PlaceOf(office, found, path, request), body, stop, Approved.AddressOf(request, configuration, found.Connector));
        return answer?.AsResult() ?? Away(found.Connector);
    }

    /// <summary>Makes all of a connection due that stands still: what waits here for its connector, and what its connector refused.</summary>
    public async Task<IResult> RetryAllAsync(OfficeIdentity office, string name, CancellationToken stop)
    {
        if (await FindAsync(office.CompanyId, name, stop) is not { } found)
            return Unknown(name);
        await using (var connection = await database.OpenConnectionAsync(stop))
        {
            await using var batch = CompanyBatch.For(connection, office.CompanyId);
            batch.Add("update outbox set due = $3 where company_id = $1 and connection_id = $2 and due > $3", office.CompanyId, found.Id, time.GetUtcNow());
            AuditLog.Add(batch, office, time.GetUtcNow(), "connection.retryAll", name, null, null);
            await batch.ExecuteNonQueryAsync(stop);
        }

        relay.Wake();
        var answer = await connectors.SendAsync(office, found.Connector, HttpMethod.Post, $"/manage/connections/{office.CompanyId}/{found.Id}/retry", """{"all":true}""", stop);
        return answer?.AsResult() ?? Away(found.Connector);
    }

    // Parked messages are the connector's, not one connection's: the company is named in the query, whatever else the caller says there.
    private static string PlaceOf(OfficeIdentity office, ConnectionRow found, string path, HttpRequest request)
    {
        if (path != Parked && !path.StartsWith($"{Parked}/", StringComparison.Ordinal))
            return $"/manage/connections/{office.CompanyId}/{found.Id}/{path}{request.QueryString}";
        var query = QueryString.Create(request.Query.Where(pair => !pair.Key.Equals("company", StringComparison.OrdinalIgnoreCase)));
        return $"/manage/{path}{query.Add("company", office.CompanyId.ToString())}";
    }

    private static IResult Unknown(string name) => Problems.NotFound("connection.unknown", $"No connection is named {name}.");

    private static IResult Away(string connector) =>
        Problems.Busy("connection.connectorAway", $"The connector {connector} does not answer. Nothing is lost; send the same request again.", 5);

    private static string? AccountOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("account", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private async Task<ConnectionRow?> FindAsync(Guid company, string name, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select connection_id, name, connector, kinds, account from connection where company_id = $1 and name = $2", company, name);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Row(reader) : null;
    }

    /// <summary>A connection's name; null where the company has none with this id.</summary>
    public async Task<string?> NameAsync(Guid company, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select name from connection where company_id = $1 and connection_id = $2", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetString(0) : null;
    }

    private static ConnectionRow Row(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<string[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4));

    private async Task NoteAsync(OfficeIdentity office, string name, string action, object after, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        AuditLog.Add(batch, office, time.GetUtcNow(), action, name, null, after);
        await batch.ExecuteNonQueryAsync(stop);
    }

    private async Task<(Guid Id, string Connector)> SaveAsync(OfficeIdentity office, string name, ConnectionRequest request, CancellationToken stop)
    {
        var company = office.CompanyId;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            insert into connection (company_id, connection_id, name, connector, kinds) values ($1, $2, $3, $4, $5)
            on conflict (company_id, name) do update set kinds = case when connection.connector = excluded.connector then excluded.kinds else connection.kinds end
            returning connection_id, connector
            """, company, Guid.CreateVersion7(), name, request.Connector!, request.Kinds!.Distinct().ToArray());
        // That settings were given, not which: secrets are among them.
        AuditLog.Add(batch, office, time.GetUtcNow(), "connection.put", name, null, new { request.Connector, request.Kinds });
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetGuid(0), reader.GetString(1));
    }

    private async Task SetAccountAsync(Guid company, Guid id, string? account, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("update connection set account = $3 where company_id = $1 and connection_id = $2", company, id, CompanyBatch.Maybe(account));
        await batch.ExecuteNonQueryAsync(stop);
    }
}
