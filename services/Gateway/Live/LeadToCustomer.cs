using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Live;

/// <summary>What is known of the customer beyond the lead; all of it may be left out.</summary>
internal sealed record LeadToCustomerRequest
{
    /// <summary>Fields of a customer's body that the lead does not have, or has otherwise.</summary>
    public JsonObject? Customer { get; init; }
}

/// <summary>The customer a lead became.</summary>
/// <param name="Id">Its id: the lead's own, so that an ERP that has the lead already has the customer.</param>
/// <param name="Name">As shown.</param>
internal sealed record LiveCustomer(Guid Id, string Name);

/// <summary><c>POST /v1/live/leads/{id}/customer</c>: makes a lead a customer, once. The lead's record stays as it was captured.</summary>
internal sealed class LeadToCustomer(NpgsqlDataSource database, FeedSignal feed, Releases releases, TimeProvider time)
{
    private const string Lead = "lead";
    private static readonly FrozenSet<string> Shared = new[] { "name", "company", "contact", "email", "phone", "taxNumber", "billing", "shipping", "notes" }.ToFrozenSet();

    public async Task<LiveAnswer> MakeAsync(HttpContext http, Guid lead, LeadToCustomerRequest request, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        var language = Sentences.LanguageOf(http.Request);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await FindAsync(connection, transaction, device, lead, stop) is not { } found)
            return No(StatusCodes.Status404NotFound, new("lead.unknown", null));
        if (found.RepDisabled)
            return No(StatusCodes.Status403Forbidden, new("live.userDisabled", null));
        if (found.Customer is { } there)
            return LiveAnswer.Of(StatusCodes.Status200OK, new LiveCustomer(lead, there));
        if (found.State != "accepted")
            return No(StatusCodes.Status409Conflict, new("lead.notAccepted", null));

        if (BodyOf(found.Bytes, request) is not { } customer)
            return No(StatusCodes.Status400BadRequest, new("record.unreadable", "customer"));
        if (CustomerKind.WhyNot(customer) is { } fault)
            return No(StatusCodes.Status400BadRequest, fault);
        var row = CustomerKind.RowOf(customer, null);
        var doubted = await CustomerKeys.ClaimAsync(connection, transaction, device.CompanyId, [(lead, row.Body)], time.GetUtcNow(), stop);
        if (doubted is [var one, ..])
            return No(StatusCodes.Status409Conflict, new("lead.possibleDuplicate", null, new Dictionary<string, string> { ["which"] = one.Name }), one.Other);

        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId, transaction);
        RecordChildren.AddCustomers(batch, device.CompanyId, [(lead, 1, row)]);
        RecordRows.AddLast(batch, device.CompanyId, [lead], []);
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(stop);
        feed.Committed(device.CompanyId);
        releases.Look();
        return LiveAnswer.Of(StatusCodes.Status200OK, new LiveCustomer(lead, row.Name));

        LiveAnswer No(int status, Fault fault, Guid? id = null) => LiveAnswer.Problem(status, fault.Code, Sentences.Of(fault.Code, language, fault.Params), id);
    }

    // Locked: two that convert it at once do it once.
    private static async Task<Found?> FindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DeviceIdentity device, Guid lead, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId, transaction);
        batch.Add("select 1 from record where company_id = $1 and record_id = $2 and kind = $3 and rep_id = $4 for no key update", device.CompanyId, lead, Lead, device.RepId);
        batch.Add("""
            select r.state, x.bytes, c.name, p.disabled from record r join rep p on p.company_id = $1 and p.rep_id = r.rep_id join capture x on x.company_id = $1 and x.record_id = r.record_id and x.rev = r.rev and x.sha256 = r.sha256
            left join customer c on c.company_id = $1 and c.customer_id = r.record_id
            where r.company_id = $1 and r.record_id = $2 and r.kind = $3 and r.rep_id = $4
            """, device.CompanyId, lead, Lead, device.RepId);
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        return await reader.ReadAsync(stop) ? new(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3)) : null;
    }

    private static CustomerBody? BodyOf(byte[] bytes, LeadToCustomerRequest request)
    {
        try
        {
            var body = new JsonObject(JsonNode.Parse(PushedRecord.BodyOf(bytes).GetRawText())!.AsObject().Where(field => Shared.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
            foreach (var (name, value) in request.Customer ?? [])
                body[name] = value?.DeepClone();
            return body.Deserialize<CustomerBody>(ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Found(string State, byte[] Bytes, string? Customer, bool RepDisabled);
}
