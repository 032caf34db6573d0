using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using Polly;

namespace OrderSync.Gateway.Office;

internal sealed record ConnectionRequest(string? Connector, IReadOnlyList<string>? Kinds, JsonElement Settings);

internal sealed record ConnectionRow(Guid Id, string Name, string Connector, IReadOnlyList<string> Kinds, string? Account);

internal sealed record ConnectionList(IReadOnlyList<ConnectionRow> Connections);

/// <summary>
/// A company's connections. The gateway knows which connector takes which kinds; settings and secrets are the connector's own and are
/// handed to it without being looked at or kept.
/// </summary>
internal sealed class Connections(NpgsqlDataSource database, IHttpClientFactory http, IConfiguration configuration, TimeProvider time)
{
    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select connection_id, name, connector, kinds, account from connection where company_id = $1 order by name", office.CompanyId);
        var rows = new List<ConnectionRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<string[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return Results.Ok(new ConnectionList(rows));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string name, ConnectionRequest request, CancellationToken stop)
    {
        if (name.Length > 60 || request is not { Connector.Length: > 0 and <= 40, Kinds.Count: > 0 and <= 20 } || request.Kinds.Any(kind => kind is not { Length: > 0 and <= 40 }))
            return Problems.Bad("connection.incomplete", "Send connector (such as \"zoho\"), kinds (such as [\"order\",\"customer\"]) and settings.");
        if (configuration[$"services:{request.Connector}:http:0"] is not { Length: > 0 } address)
            return Problems.NotFound("connection.connectorUnknown", $"No connector {request.Connector} runs here.");

        // The row comes first, so that a crash in between leaves a connection that can be seen and put again, not one that only the connector knows.
        var (id, connector) = await SaveAsync(office, name, request, stop);
        if (connector != request.Connector)
            return Problems.Conflict("connection.nameTaken", $"The connection {name} belongs to the connector {connector}. Choose another name.");

        using var message = new HttpRequestMessage(HttpMethod.Put, new Uri(new Uri(address), $"/manage/connections/{office.CompanyId}/{id}"));
        message.Headers.Add("X-OrderSync-Key", configuration["Internal:Key"]);
        message.Content = new StringContent(request.Settings.ValueKind == JsonValueKind.Undefined ? "{}" : request.Settings.GetRawText(), new MediaTypeHeaderValue("application/json"));
        try
        {
            using var answer = await http.CreateClient("connectors").SendAsync(message, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode)
                return Results.Content(text, answer.Content.Headers.ContentType?.ToString() ?? "application/problem+json", statusCode: (int)answer.StatusCode);

            using var json = JsonDocument.Parse(text);
            var account = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("account", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            await SetAccountAsync(office.CompanyId, id, account, stop);
            return Results.Ok(new ConnectionRow(id, name, request.Connector, request.Kinds, account));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or ExecutionRejectedException or JsonException || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return Problems.Busy("connection.connectorAway", $"The connection is stored, but the connector {request.Connector} does not answer, so its settings are not. Send the same request again.", 5);
        }
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
