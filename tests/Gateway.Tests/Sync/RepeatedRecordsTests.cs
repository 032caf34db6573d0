using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>What the careful path promises when records meet each other.</summary>
[Collection("gateway")]
public sealed class RepeatedRecordsTests(GatewayFixture gateway)
{
    private static string Outcome(JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    [Fact]
    public async Task F040_A_correction_that_meets_another_correction_at_the_same_moment_is_a_conflict_and_both_are_kept()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var id = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        await device.PushAsync(An.Order(id, customer, sku: "NO-SUCH"));

        // Another gateway looks at the record, then mends it; the push has found the record there and waits for it.
        await using var other = await gateway.Database.Administrator.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await Run(other, $"select from gateway.record where record_id = '{id}' for update");
        var push = device.PushAsync(An.Order(id, customer, rev: 2));
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from pg_locks where not granted") > 0, "the push waits for the other correction");
        await Run(other, $"""
            insert into gateway.capture select company_id, record_id, 2, sha256('other'), 'other', 'accepted', device_id, now() from gateway.record where record_id = '{id}';
            update gateway.record set rev = 2, sha256 = sha256('other'), state = 'accepted', code = null, field = null, params = null where record_id = '{id}'
            """);
        await transaction.CommitAsync();

        Assert.Equal("conflict", Outcome(Assert.Single(await push)));
        Assert.Equal(3, (await gateway.RecordAsync(id)).GetProperty("captures").GetArrayLength());
    }

    [Fact]
    public async Task An_order_is_not_accepted_on_the_strength_of_a_customer_that_turns_out_to_be_a_conflict()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer, email: "not an address"));

        var verdicts = await device.PushAsync(An.Customer(customer, "Somebody else"), An.Order(customer: customer));

        Assert.Equal("conflict", Outcome(verdicts[0]));
        Assert.Equal("waiting", Outcome(verdicts[1]));
    }

    [Fact]
    public async Task A_lower_revision_that_comes_late_is_superseded_and_its_bytes_are_kept()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var id = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer), An.Order(id, customer, rev: 2));

        var late = Assert.Single(await device.PushAsync(An.Order(id, customer)));

        Assert.Equal("superseded", late.GetProperty("state").GetString());
        Assert.Equal(2, (await gateway.RecordAsync(id)).GetProperty("captures").GetArrayLength());
    }

    [Fact]
    public async Task F075_An_order_with_an_unknown_customer_code_is_held_says_so_again_and_goes_on_once_the_office_adds_the_code()
    {
        using var device = await gateway.EnrolAsync();
        var code = $"C-{Guid.NewGuid():N}";
        var order = An.Order();
        order["body"]!["customer"] = new System.Text.Json.Nodes.JsonObject { ["code"] = code };
        var first = Assert.Single(await device.PushAsync(order));
        var again = Assert.Single(await device.PushAsync(order));
        Assert.Equal("held", first.GetProperty("state").GetString());
        Assert.Contains(code, first.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(WithoutProof(first), WithoutProof(again));

        var customer = Guid.CreateVersion7();
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = customer, code, body = new { name = "Late" } } } })).EnsureSuccessStatusCode();

        var id = order["id"]!.GetValue<Guid>();
        var record = await Eventually.GetAsync(() => gateway.RecordAsync(id), found => found.GetProperty("state").GetString() == "accepted", "the order goes on");
        Assert.StartsWith("SO-MAIN-", record.GetProperty("number").GetString(), StringComparison.Ordinal);
        Assert.Single(record.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(customer, await gateway.Scalar<Guid>($"select customer_id from gateway.record where record_id = '{id}'"));
    }

    [Fact]
    public async Task A_connection_made_in_the_middle_of_a_push_gets_a_delivery_and_its_outbox_row_or_neither()
    {
        using var device = await gateway.EnrolAsync();
        await gateway.Execute($$"""
            create function gateway.connect_now() returns trigger language plpgsql security definer set search_path = gateway as $$
            begin
                perform set_config('app.company', '{{gateway.CompanyId}}', true);
                insert into connection (company_id, connection_id, name, connector, kinds) values ('{{gateway.CompanyId}}', gen_random_uuid(), 'sudden', 'sudden', '{customer}') on conflict do nothing;
                return null;
            end $$;
            create trigger connect_now after insert on gateway.delivery for each row execute function gateway.connect_now()
            """.Replace("as $$", "as $f$", StringComparison.Ordinal).Replace("end $$;", "end $f$;", StringComparison.Ordinal));
        try
        {
            var customer = An.Customer();
            await device.PushAsync(customer);

            Assert.Equal(0, await gateway.Scalar<long>("""
                select count(*) from gateway.outbox o where not exists (select from gateway.delivery d
                    where d.company_id = o.company_id and d.record_id = o.record_id and d.connection_id = o.connection_id and d.rev = o.rev)
                """));
        }
        finally
        {
            await TakeAwayAsync();
        }

        // The relay works meanwhile on the table that the trigger stands on: whoever of the two PostgreSQL ends begins again.
        async Task TakeAwayAsync(int triesLeft = 5)
        {
            try
            {
                await gateway.Execute("""
                    drop trigger connect_now on gateway.delivery;
                    drop function gateway.connect_now();
                    delete from gateway.outbox where connector = 'sudden';
                    delete from gateway.connection where name = 'sudden'
                    """);
            }
            catch (Npgsql.PostgresException deadlock) when (deadlock.SqlState == Npgsql.PostgresErrorCodes.DeadlockDetected && triesLeft > 1)
            {
                await TakeAwayAsync(triesLeft - 1);
            }
        }
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // It states when it was given.
    private static string WithoutProof(System.Text.Json.JsonElement verdict) => string.Join(' ', verdict.EnumerateObject().Where(member => member.Name != "proof"));
}
