using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>A captured change of a customer, to be put in.</summary>
/// <param name="Record">The record it came as.</param>
/// <param name="Customer">Whom it changes.</param>
/// <param name="Body">Its body as captured.</param>
/// <param name="Insisted">The office has seen both versions and takes this one.</param>
internal sealed record CustomerChange(Guid Record, Guid Customer, JsonObject Body, bool Insisted);

/// <summary>A field of a change: what the device knew, what the office has, what was captured.</summary>
internal sealed record ChangedField(string Field, JsonNode? Base, JsonNode? Current, JsonNode? Captured)
{
    /// <summary>Somebody else has changed it meanwhile, to something else.</summary>
    public bool Conflicts => !CustomerChanges.Same(Current, Base) && !CustomerChanges.Same(Current, Captured);
}

/// <summary>
/// A change carries the values the device knew of the fields it changes. Values are compared, not versions: what touches other fields than somebody else's change goes
/// in; where one field was changed twice, nothing goes in and the office chooses between the whole versions.
/// </summary>
internal static class CustomerChanges
{
    public const string Conflict = "customer.changeConflict";

    /// <summary>What can be changed; codes and numbers are the office's.</summary>
    private static readonly FrozenSet<string> Fields =
        new[] { "name", "company", "contact", "email", "phone", "taxNumber", "billing", "shipping", "priceList", "paymentTerms", "notes", "rep" }.ToFrozenSet();

    /// <summary>Why a body is no change that can be put in; null = it is one.</summary>
    public static Fault? WhyNot(CustomerBody body)
    {
        if (body.Base is not { ValueKind: JsonValueKind.Object } known || !known.EnumerateObject().Any())
            return new Fault("customer.changeEmpty", "base");
        return known.EnumerateObject().FirstOrDefault(field => !Fields.Contains(field.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other
            ? new Fault("customer.changeField", "base", new Dictionary<string, string> { ["name"] = other.Name })
            : null;
    }

    /// <summary>The fields of a change beside the customer as it stands.</summary>
    public static IReadOnlyList<ChangedField> Compare(JsonObject change, JsonObject current) =>
        [.. change["base"]!.AsObject().Select(field => new ChangedField(field.Key, field.Value, current[field.Key], change[field.Key]))];

    /// <summary>Equal, where absent, null and empty are the same.</summary>
    public static bool Same(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(Plain(one), Plain(other));

    /// <summary>Puts changes in, each customer locked meanwhile. Two round trips.</summary>
    /// <returns>Those that cannot go in, with what the office is told.</returns>
    public static async Task<IReadOnlyList<(Guid Record, Fault Fault)>> ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<CustomerChange> changes, CancellationToken stop)
    {
        if (changes.Count == 0)
            return [];

        var (stays, bodies) = await ReadAsync(connection, transaction, company, [.. changes.Select(change => change.Customer).Distinct()], stop);
        var refused = new List<(Guid, Fault)>();
        var written = new HashSet<Guid>();
        foreach (var change in changes)
        {
            var customer = stays[change.Customer];
            var body = bodies[customer];
            var fields = Compare(change.Body, body);
            var conflicts = change.Insisted ? [] : fields.Where(field => field.Conflicts).ToList();
            if (conflicts.Count > 0)
            {
                refused.Add((change.Record, new Fault(Conflict, conflicts[0].Field, new Dictionary<string, string>
                {
                    ["which"] = (string?)body["name"] ?? customer.ToString(), ["id"] = customer.ToString(), ["fields"] = string.Join(", ", conflicts.Select(field => field.Field)),
                })));
                continue;
            }

            foreach (var field in fields)
            {
                if (Plain(field.Captured) is { } value)
                    body[field.Field] = value;
                else
                    body.Remove(field.Field);
            }

            written.Add(customer);
        }

        await WriteAsync(connection, transaction, company, [.. written.Select(id => (id, bodies[id]))], refused, stop);
        return refused;
    }

    private static async Task<(Dictionary<Guid, Guid> Stays, Dictionary<Guid, JsonObject> Bodies)> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid[] customers, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            select s.customer_id, s.body from customer s
            where s.company_id = $1 and s.customer_id = any(array(select coalesce(c.merged_into, c.customer_id) from customer c where c.company_id = $1 and c.customer_id = any($2)))
            order by s.customer_id for update
            """, company, customers);
        batch.Add("select customer_id, coalesce(merged_into, customer_id) from customer where company_id = $1 and customer_id = any($2)", company, customers);
        var (stays, bodies) = (new Dictionary<Guid, Guid>(), new Dictionary<Guid, JsonObject>());
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            bodies[reader.GetGuid(0)] = JsonNode.Parse(reader.GetString(1))!.AsObject();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            stays[reader.GetGuid(0)] = reader.GetGuid(1);
        return (stays, bodies);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<(Guid Id, JsonObject Body)> written, IReadOnlyList<(Guid Record, Fault Fault)> refused, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            update customer c set body = u.body, name = u.name, email = u.email, rev = c.rev + 1
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as u (id, body, name, email) where c.company_id = $1 and c.customer_id = u.id
            """, company, written.Select(one => one.Id).ToArray(), written.Select(one => one.Body.ToJsonString(ContractJson.Options)).ToArray(),
            written.Select(one => (string)one.Body["name"]!).ToArray(), written.Select(one => (string?)one.Body["email"]).ToArray());
        batch.Add("""
            update record r set state = 'held', code = $3, field = u.field, params = u.params::jsonb from unnest($2::uuid[], $4::text[], $5::text[]) as u (id, field, params)
            where r.company_id = $1 and r.record_id = u.id
            """, company, refused.Select(one => one.Record).ToArray(), Conflict, refused.Select(one => one.Fault.Field).ToArray(), refused.Select(one => one.Fault.ParamsJson()!.ToJsonString()).ToArray());
        await batch.ExecuteNonQueryAsync(stop);
    }

    // A new node: one that has a parent cannot be put elsewhere.
    private static JsonNode? Plain(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject parts:
                var filled = new JsonObject(parts.Select(part => KeyValuePair.Create(part.Key, Plain(part.Value))).Where(part => part.Value is not null));
                return filled.Count == 0 ? null : filled;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return value.GetValue<string>().Trim() is { Length: > 0 } text ? JsonValue.Create(text) : null;
            default:
                return node.DeepClone();
        }
    }
}
