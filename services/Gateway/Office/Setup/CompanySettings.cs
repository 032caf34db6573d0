using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Setup;

/// <summary>A setting as it is to be.</summary>
/// <param name="Value">A number, a word, a list of words, or true or false, as the setting has it; null = the default again.</param>
internal sealed record SettingRequest(JsonElement? Value);

/// <summary>One setting of the company.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">As it is in force.</param>
/// <param name="Default">As it is while nobody has set it.</param>
/// <param name="Least">The least value of a number.</param>
/// <param name="Most">The greatest value of a number.</param>
/// <param name="About">What it does.</param>
/// <param name="Words">The words it may be; absent for other settings.</param>
internal sealed record SettingRow(string Name, JsonElement Value, JsonElement Default, int? Least, int? Most, string About, IReadOnlyList<string>? Words = null);

internal sealed record SettingList(IReadOnlyList<SettingRow> Settings);

/// <summary>What a company may set, and the defaults; devices have those that are set in their download.</summary>
internal sealed class CompanySettings(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string[] Choices = [Choice.Warn, Choice.Hold, Choice.Refuse];

    private static readonly Known[] All =
    [
        new("orderHistory", 20, 0, 100, "How many of a customer's newest orders devices have."),
        new("keepAcknowledged", 45, 14, 400, "Days for which devices keep what was acknowledged, to offer it again after a restore. More than backups reach back, by a week."),
        new("customersBelongToRep", false, "Whether a customer captured on a device is given to the rep who captured it; else all devices have it until the office says whose it is."),
        new(Policy.CreditLimit, Choice.Warn, "What is done about an order above its customer's credit limit: it goes on and the office is told, the office decides, or the rep mends it.", Choices),
        new(Policy.CouponUsed, Choice.Warn, "What is done about a coupon that was used before. allow: coupons may be used any number of times.", [Choice.Allow, .. Choices]),
        new(Policy.PriceOutdated, Choice.Warn, "What is done about a price from a version of the price list that has changed since.", Choices),
        new(Policy.OrdersTakeStock, false, "Whether orders lower the stock that devices know, as sales do, until the ERP's next word on it."),
        new(Policy.CustomerCode, "", "The pattern of codes given to customers captured without one, such as C-{yyyy}-{n:00000}; empty = none are given. There are {yyyy}, {yy}, {MM} and, once, {n} or {n:000}.",
            value => CustomerCodes.WhyNot(value.ValueKind == JsonValueKind.String ? value.GetString() : null)),
        .. Scope.Classes.Select(kind => new Known(Policy.NeedsConnection(kind), Policy.NeedsConnectionUsually(kind),
            $"What devices of the class {kind} can do with a connection only: a list out of {string.Join(", ", Policy.Operations)}.",
            value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String && Policy.Operations.Contains(name.GetString()))
                ? null : $"{Policy.NeedsConnection(kind)} is a list out of {string.Join(", ", Policy.Operations)}.")),
    ];

    public async Task<IResult> ListAsync(OfficeIdentity office, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select name, value::text from company_setting where company_id = $1", office.CompanyId);
        var set = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            set[reader.GetString(0)] = JsonSerializer.Deserialize<JsonElement>(reader.GetString(1));
        return Results.Ok(new SettingList([.. All.Select(known => known.Row(set.TryGetValue(known.Name, out var value) ? value : null))]));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string name, SettingRequest request, CancellationToken stop)
    {
        if (Array.Find(All, one => one.Name == name) is not { } known)
            return Problems.NotFound("setting.unknown", $"There is no setting of this name. There are {string.Join(", ", All.Select(one => one.Name))}.");
        var wanted = request.Value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value ? value : (JsonElement?)null;
        if (wanted is { } sent && known.WhyNot(sent) is { } why)
            return Problems.Bad("setting.value", why);

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var before = await ReadAsync(connection, transaction, office.CompanyId, name, stop);
        if (before?.GetRawText() == wanted?.GetRawText())
            return Results.Ok(known.Row(wanted));

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        if (wanted is { } now)
            batch.Add("""
                insert into company_setting (company_id, name, value) values ($1, $2, $3::jsonb) on conflict (company_id, name) do update set value = excluded.value where company_setting.value <> excluded.value
                """, office.CompanyId, name, now.GetRawText());
        else
            batch.Add("delete from company_setting where company_id = $1 and name = $2", office.CompanyId, name);
        AuditLog.Add(batch, office, time.GetUtcNow(), "setting.put", name, new { Value = before }, new { Value = wanted });
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.Ok(known.Row(wanted));
    }

    private static async Task<JsonElement?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string name, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("select value::text from company_setting where company_id = $1 and name = $2 for update", company, name);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? JsonSerializer.Deserialize<JsonElement>(reader.GetString(0)) : null;
    }

    /// <summary>A setting there is: whole numbers have a range, words are listed, others say what they take; the rest are true or false.</summary>
    private sealed record Known(string Name, object Default, int? Least, int? Most, string About, IReadOnlyList<string>? Words = null, Func<JsonElement, string?>? Wrong = null)
    {
        public Known(string name, bool usual, string about)
            : this(name, usual, null, null, about)
        {
        }

        public Known(string name, string usual, string about, IReadOnlyList<string> words)
            : this(name, usual, null, null, about, words)
        {
        }

        public Known(string name, object usual, string about, Func<JsonElement, string?> wrong)
            : this(name, usual, null, null, about, null, wrong)
        {
        }

        public string? WhyNot(JsonElement value)
        {
            if (Wrong is not null)
                return Wrong(value);
            if (Words is not null)
                return value.ValueKind == JsonValueKind.String && Words.Contains(value.GetString()) ? null : $"{Name} is one of {string.Join(", ", Words)}.";
            if (Least is null)
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{Name} is true or false.";
            return value.ValueKind == JsonValueKind.Number && value.GetRawText().All(char.IsAsciiDigit) && value.TryGetInt32(out var number) && number >= Least && number <= Most
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{Name} is a whole number from {Least} to {Most}.");
        }

        public SettingRow Row(JsonElement? set)
        {
            var usual = JsonSerializer.SerializeToElement(Default, ContractJson.Options);
            return new(Name, set ?? usual, usual, Least, Most, About, Words);
        }
    }
}
