using Npgsql;

namespace OrderSync.Gateway.Tests.Storage;

/// <summary>Promise 5, asked of PostgreSQL itself: a company sees only its own, whatever a query forgets.</summary>
[Collection("gateway")]
public sealed class RowLevelSecurityTests(GatewayFixture gateway)
{
    [Fact]
    public async Task Every_table_and_partition_forces_row_level_security_and_belongs_to_a_role_nobody_logs_in_as()
    {
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_class c join pg_roles o on o.oid = c.relowner
            where c.relnamespace = 'gateway'::regnamespace and c.relkind in ('r', 'p') and c.relname not like '\_\_migrations%'
                and not (c.relrowsecurity and c.relforcerowsecurity and not o.rolcanlogin)
            """));
        Assert.True(await gateway.Scalar<long>("select count(*) from pg_class where relnamespace = 'gateway'::regnamespace and relispartition and relrowsecurity") > 40);
    }

    [Fact]
    public async Task A_view_shows_no_more_than_who_asks_may_see()
    {
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_class c where c.relnamespace = 'gateway'::regnamespace and c.relkind in ('v', 'm') and not coalesce(c.reloptions::text[] @> array['security_invoker=true'], false)
            """));
    }

    [Fact]
    public async Task No_service_role_owns_bypasses_or_may_become_an_owner()
    {
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_roles r where r.rolname in ('gateway', 'gateway_auth', 'gateway_relay', 'gateway_ops', 'gateway_lookup', 'gateway_epoch', 'gateway_owner')
                and (r.rolsuper or r.rolbypassrls or r.rolcreaterole)
            """));
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member
            where r.rolname in ('gateway', 'gateway_auth', 'gateway_relay', 'gateway_ops')
            """));
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from information_schema.role_table_grants g join pg_class c on c.relname = g.table_name and c.relnamespace = 'gateway'::regnamespace
            where g.grantee in ('gateway', 'gateway_auth', 'gateway_relay', 'gateway_ops', 'gateway_lookup', 'gateway_epoch', 'PUBLIC') and c.relispartition
            """));
    }

    [Fact]
    public async Task Policies_either_compare_the_company_or_are_for_one_named_role()
    {
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_policies where schemaname = 'gateway'
                and not (roles = '{public}' and qual like '%company_id = %' and qual like '%app.company%' and qual not ilike '% or %')
                and not (roles <@ '{gateway_relay,gateway_ops,gateway_lookup,gateway_epoch}' and qual = 'true')
            """));
    }

    [Fact]
    public async Task Every_primary_unique_and_foreign_key_begins_with_the_company()
    {
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_constraint k join pg_class c on c.oid = k.conrelid
            where c.relnamespace = 'gateway'::regnamespace and k.contype in ('p', 'u', 'f') and c.relname not like '\_\_migrations%'
                and (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) <> 'company_id'
            """));
        // An e-mail says who signs in before any company is known: decision 0017.
        Assert.Equal(0, await gateway.Scalar<long>("""
            select count(*) from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = 'gateway'::regnamespace and i.indisunique and i.indexrelid <> 'gateway.person_signs_in'::regclass and c.relname not like '\_\_migrations%'
                and (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) <> 'company_id'
            """));
    }

    [Fact]
    public async Task Under_its_own_connection_string_the_service_sees_nothing_without_a_company_and_nothing_of_another()
    {
        using var device = await gateway.EnrolAsync();
        await using var service = NpgsqlDataSource.Create(gateway.Database.ConnectionStringAs("gateway"));
        await using var connection = await service.OpenConnectionAsync();
        foreach (var table in new[] { "device", "record", "capture", "item", "outbox", "connection", "refresh_token", "actor" })
        {
            Assert.Equal(0L, await Count(connection, "", table));
            Assert.Equal(0L, await Count(connection, Guid.NewGuid().ToString(), table));
        }

        Assert.NotEqual(0L, await Count(connection, gateway.CompanyId.ToString(), "device"));
        var denied = await Assert.ThrowsAsync<PostgresException>(() => Count(connection, gateway.CompanyId.ToString(), "record_p0"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        var foreign = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var command = new NpgsqlCommand($"insert into tax (company_id, code, name, rate) values ('{gateway.CompanyId}', 'X', 'X', 1)", connection);
            await command.ExecuteNonQueryAsync();
        });
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, foreign.SqlState);
    }

    [Fact]
    public async Task Each_service_role_has_short_limits_so_that_no_forgotten_transaction_holds_others_up()
    {
        Assert.Equal(4, await gateway.Scalar<long>("""
            select count(*) from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
            where r.rolname in ('gateway', 'gateway_auth', 'gateway_relay', 'gateway_ops')
                and s.setconfig @> array['idle_in_transaction_session_timeout=5s', 'statement_timeout=30s', 'lock_timeout=5s']
            """));
    }

    private static async Task<long> Count(NpgsqlConnection connection, string company, string table)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('app.company', $1, true)") { Parameters = { new NpgsqlParameter { Value = company } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select count(*) from gateway.{table}"));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }
}
