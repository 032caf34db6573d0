using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Office.People;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>A second company on the gateway with one of everything, and the names by which a stranger could ask for it.</summary>
public sealed class OtherCompany
{
    private const string ApiKey = "os_test-key-of-the-other-company-0002";

    private OtherCompany(Guid id) => Id = id;

    public Guid Id { get; }

    /// <summary>All ids of this company, whatever they are ids of.</summary>
    public IReadOnlyList<Guid> Ids { get; private set; } = [];

    /// <summary>Values of text parameters and body properties by name. Null: the name says nothing of a company, so it is left out.</summary>
    public Dictionary<string, string?> Texts { get; } = new()
    {
        ["limit"] = null, ["since"] = null, ["day"] = null, ["state"] = null, ["from"] = null, ["to"] = null, ["kind"] = null, ["destinationState"] = null, ["next"] = null, ["after"] = null, ["seen"] = null, ["version"] = null, ["place"] = null, ["quantity"] = null, ["currency"] = null,
        ["name"] = "Erp of Bea", ["destination"] = "Erp of Bea", ["rep"] = "Bea of B", ["branch"] = "BSIDE", ["reference"] = "R-OF-B", ["customer"] = "Customer of Bea",
        ["search"] = "Customer of Bea", ["customerNumber"] = "CUST-OF-B", ["code"] = "CODE-OF-B", ["sku"] = "SKU-OF-B", ["externalNumber"] = "EXT-OF-B", ["hardwareId"] = "hardware of B", ["email"] = "bea@b.example",
        ["connection"] = "Erp of Bea", ["source"] = "Erp of Bea", ["collection"] = null, ["reason"] = null, ["path"] = null, ["cause"] = null, ["subject"] = "device of Bea", ["number"] = "", ["sha256"] = "", ["id"] = "", ["cursor"] = "", ["hashes"] = null, ["decided"] = null, ["idempotency-Key"] = null, ["afterPart"] = null, ["afterLine"] = null,
    };

    public static async Task<OtherCompany> CreateAsync(GatewayFixture gateway)
    {
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company of Bea", ApiKey);
        var other = new OtherCompany(await gateway.Scalar<Guid>("select company_id from gateway.company where name = 'Company of Bea'"));
        using var office = gateway.OfficeOf(ApiKey);
        var customer = Guid.NewGuid();
        (await office.PutAsJsonAsync("/v1/office/taxes", new { taxes = new[] { new { code = "TAX-OF-B", rate = 8 } } })).EnsureSuccessStatusCode();
        (await office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku = "SKU-OF-B", name = "Item of Bea", price = 10 } } })).EnsureSuccessStatusCode();
        (await office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = customer, number = "CUST-OF-B", code = "CODE-OF-B", body = new { name = "Customer of Bea", email = "bea@b.example" } } } }))
            .EnsureSuccessStatusCode();
        await gateway.Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{other.Id}', gen_random_uuid(), 'Erp of Bea', 'nobody', '{{order,customer}}')");

        await gateway.Execute($"""
            insert into gateway.backfill (company_id, backfill_id, connection_id, mode, kinds, from_date, state, created_at, updated_at)
            select company_id, gen_random_uuid(), connection_id, 'missing', kinds, '2026-01-01', 'done', now(), now() from gateway.connection where company_id = '{other.Id}'
            """);

        await gateway.Execute($"""
            insert into gateway.parked (company_id, parked_id, at, reason, connector, body) values ('{other.Id}', gen_random_uuid(), now(), 'It cannot be read.', 'nobody', 'what Bea''s connector said')
            """);

        var (_, invitation) = await TestPerson.InviteAsync(office, "owner", "bea@b.example", "Person of Bea");
        (await office.PostAsJsonAsync("/v1/office/welcome", new { code = invitation, password = TestPerson.Password })).EnsureSuccessStatusCode();

        using var device = await TestDevice.EnrolAsync(office, gateway.Gateway.Url, "Bea of B");
        await gateway.Execute($"update gateway.branch set code = 'BSIDE' where company_id = '{other.Id}'; update gateway.series set prefix = replace(prefix, 'MAIN', 'BSIDE') where company_id = '{other.Id}'");
        var order = An.Order(customer: customer, sku: "SKU-OF-B");
        order["body"]!["reference"] = "R-OF-B";
        var verdicts = await device.PushAsync(order, An.Customer(name: "Customer of Bea, captured"));
        await gateway.Execute($"update gateway.delivery set external_number = 'EXT-OF-B' where company_id = '{other.Id}'");
        (await device.SendAsync("""[{"kind":"order","body":"without an id, of Bea"}]"""u8.ToArray())).EnsureSuccessStatusCode();
        var record = await office.GetFromJsonAsync<JsonElement>($"/v1/office/records/{order["id"]!.GetValue<Guid>()}");

        await gateway.Execute($"""
            insert into gateway.alert (company_id, alert_id, at, kind, subject, device_id, last_at)
            values ('{other.Id}', gen_random_uuid(), now(), 'token.theft', 'device of Bea', '{device.Id}', now())
            """);
        await gateway.Execute($"insert into gateway.device_switch (company_id, device_id, name, is_on, changed_at, changed_by) values ('{other.Id}', '{device.Id}', 'offlineMode', true, now(), 'Bea of B')");
        var pulled = await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync();
        other.Texts["cursor"] = JsonSerializer.Deserialize<JsonElement>(pulled.TrimEnd().Split('\n')[^1]).GetProperty("end").GetProperty("cursor").GetString();
        other.Texts["number"] = verdicts[0].GetProperty("number").GetString();
        other.Texts["sha256"] = record.GetProperty("captures")[0].GetProperty("sha256").GetString();
        other.Texts["id"] = await gateway.Scalar<string>($"select encode(sha256, 'hex') from gateway.unreadable where company_id = '{other.Id}'");
        // What the gateway does by itself after a push is done, so that only a stranger's call can change a row from here on.
        await Eventually.TrueAsync(() => gateway.Scalar<bool>($"""
            select exists (select from gateway.sum_position s join gateway.company_feed f using (company_id) where company_id = '{other.Id}' and s.pos = f.pos)
                and not exists (select from gateway.outbox where company_id = '{other.Id}' and tries = 0)
            """), "the other company's records are summed and sent");
        other.Ids = await IdsOfAsync(gateway, other.Id);
        return other;
    }

    /// <summary>
    /// Count and checksum of this company's rows in every table. When an outbox row is due is the relay's business; wrong tries at an e-mail are counted with whose
    /// it is, whoever tries.
    /// </summary>
    public async Task<SortedDictionary<string, string>> ChecksumsAsync(GatewayFixture gateway)
    {
        var checksums = new SortedDictionary<string, string>();
        foreach (var table in (await TablesAsync(gateway)).Where(table => table != "sign_in_try"))
            checksums[table] = await gateway.Scalar<string>($"""
                select count(*) || ' ' || coalesce(md5(string_agg(row, ',' order by row)), '')
                from (select (to_jsonb(t) - 'due' - 'tries')::text as row from gateway.{table} t where company_id = '{Id}') rows
                """);
        return checksums;
    }

    /// <summary>Every column of a company that holds an id, so that things of tables to come are asked for as well.</summary>
    public static async Task<IReadOnlyList<Guid>> IdsOfAsync(GatewayFixture gateway, Guid company)
    {
        var ids = new HashSet<Guid>();
        foreach (var table in await TablesAsync(gateway))
            foreach (var column in (await gateway.Scalar<string[]>($"""
                select coalesce(array_agg(column_name::text), array[]::text[]) from information_schema.columns
                where table_schema = 'gateway' and table_name = '{table}' and data_type = 'uuid' and column_name <> 'company_id'
                """)))
                ids.UnionWith(await gateway.Scalar<Guid[]>($"select coalesce(array_agg(distinct {column}) filter (where {column} is not null), array[]::uuid[]) from gateway.{table} where company_id = '{company}'"));
        return [.. ids.Order()];
    }

    private static async Task<string[]> TablesAsync(GatewayFixture gateway) => await gateway.Scalar<string[]>("""
        select array_agg(c.relname::text) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'company_id'
        where c.relnamespace = 'gateway'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        """);
}
